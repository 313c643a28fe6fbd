"""Checks Moodle XML question banks: what Moodle's import would stumble over (question/format/xml/format.php)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from lms_ims.reading import all_named, children, first_child, line_of, local, text
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, PackageItem

_SOURCE = "Moodle XML import"
_CATEGORY = "category"
_CHOSEN = frozenset({"multichoice", "truefalse", "shortanswer", "numerical"})
_FULL_PERCENT = 100.0


def describe(package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
    """The first category and the questions of a bank; None for anything else."""
    root = _root(package)
    if root is None:
        return None
    categories = [element for element in _questions(root) if element.get("type") == _CATEGORY]
    title = _inner(categories[0], _CATEGORY).rpartition("$course$/top/")[2] if categories else ""
    asked = [element for element in _questions(root) if element.get("type") != _CATEGORY]
    return title, tuple(
        PackageItem(text(first_child(element, "idnumber")), _inner(element, "name")) for element in asked
    )


def check(package: OpenedPackage) -> list[Finding]:
    """What Moodle would refuse or change; nothing for packages of other formats."""
    root = _root(package)
    if root is None:
        return []
    name = next(iter(package.files))
    return [
        *_repeated_ids(root, name),
        *(finding for element in _questions(root) for finding in _question(element, name)),
    ]


def _root(package: OpenedPackage) -> etree._Element | None:
    """The `<quiz>` of a bank, which is one file on its own."""
    names = list(package.files)
    root = read_xml(package, names[0]) if len(names) == 1 else None
    return root if root is not None and local(root) == "quiz" else None


def _questions(root: etree._Element) -> list[etree._Element]:
    return children(root, "question")


def _repeated_ids(root: etree._Element, name: str) -> Iterator[Finding]:
    category = ""
    seen: Counter[tuple[str, str]] = Counter()
    for element in _questions(root):
        if element.get("type") == _CATEGORY:
            category = _inner(element, _CATEGORY)
        elif text(first_child(element, "idnumber")):
            seen[category, text(first_child(element, "idnumber"))] += 1
    for (_, identifier), count in seen.items():
        if count > 1:
            message = f"{count} questions of one category have the ID number {identifier!r}; Moodle keeps it for one"
            yield Finding("error", "duplicate-identifier", message, name, hint="rename one", source=_SOURCE)


def _question(element: etree._Element, name: str) -> Iterator[Finding]:
    kind = element.get("type") or ""
    label = text(first_child(element, "idnumber")) or _inner(element, "name")
    if not kind:
        yield _error("question-type", "a question does not say its type", name, element)
    elif kind != _CATEGORY and not _inner(element, "name"):
        yield _error("missing-name", f"a {kind} question has no name", name, element)
    if kind in _CHOSEN and max(_fractions(element), default=0.0) <= 0:
        yield _error("no-right-answer", f"question {label!r} has no right answer", name, element)
    total = sum(fraction for fraction in _fractions(element) if fraction > 0)
    if kind == "multichoice" and text(first_child(element, "single")) == "false" and abs(total - _FULL_PERCENT) > 0.1:
        message = f"the right answers of question {label!r} add up to {total:g} %, not to 100"
        yield _error("fractions", message, name, element)


def _fractions(element: etree._Element) -> list[float]:
    found = []
    for answer in all_named(element, "answer"):
        try:
            found.append(float(answer.get("fraction", "0")))
        except ValueError:
            found.append(0.0)
    return found


def _inner(element: etree._Element, name: str) -> str:
    """The text inside `<name><text>…`."""
    outer = first_child(element, name)
    return text(first_child(outer, "text")) if outer is not None else ""


def _error(rule: str, message: str, name: str, element: etree._Element) -> Finding:
    return Finding("error", rule, message, name, line_of(element), source=_SOURCE)
