"""Reads `glossary.yaml`: the terms that a course explains in one language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from lms_toolkit.courses.explaining import explain
from lms_toolkit.courses.places import Document, Loc, content_error
from lms_toolkit.courses.shapes import Line, Table, Text
from lms_toolkit.courses.sources import read_text
from lms_toolkit.courses.yaml_reading import read_yaml
from lms_toolkit.model import Finding, Term

GLOSSARY_FILE = "glossary.yaml"


class TermEntry(Table):
    """One term and what it means."""

    term: Line
    text: Text = Field(description="What it means, in a sentence or two")
    also: list[Line] = Field(default=[], description="Other forms of the term, such as its plural")


class GlossaryTable(Table):
    """`glossary.yaml` of a language."""

    terms: list[TermEntry] = Field(min_length=1)


def read_glossary(path: Path, root: Path) -> tuple[Term, ...]:
    """The terms in `path`, in the course folder `root`, sorted; ContentError names every fault."""
    document = read_yaml(path, read_text(path, root))
    try:
        table = GlossaryTable.model_validate(document.data)
    except ValidationError as error:
        raise explain(error, document, {"": GlossaryTable, "terms": TermEntry}) from error
    faults = tuple(_explained_twice(document, table))
    if faults:
        raise content_error(faults)
    terms = (Term(entry.term, entry.text, tuple(entry.also)) for entry in table.terms)
    return tuple(sorted(terms, key=lambda term: _sort_key(term.term)))


def _sort_key(text: str) -> str:
    """Letters without accents or capitals: é goes with e."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _explained_twice(document: Document, table: GlossaryTable) -> Iterator[Finding]:
    first: dict[str, Loc] = {}
    for index, entry in enumerate(table.terms):
        for name in {name.casefold(): name for name in (entry.term, *entry.also)}.values():
            loc: Loc = ("terms", index, "term")
            if name.casefold() in first:
                line = document.places.of(first[name.casefold()])[0]
                yield document.error("duplicate", f"{name} is explained twice (first in line {line})", loc, "keep one")
            first.setdefault(name.casefold(), loc)
