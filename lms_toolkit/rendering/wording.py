"""What pages say around an author's text, one file per language in `templates/strings/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache

from lms_toolkit.content import templates_path
from lms_toolkit.errors import ContentError

Wording = Mapping[str, Mapping[str, str]]
"""Section → key → text; texts may hold `{placeholders}`."""


@cache
def languages_with_wording() -> tuple[str, ...]:
    """The languages that pages can be made in."""
    return tuple(sorted(file.stem for file in (templates_path() / "strings").glob("*.toml")))


@lru_cache
def wording(language: str) -> Wording:
    """The strings of a language. Raises ContentError when nobody has translated them yet."""
    path = templates_path() / "strings" / f"{language}.toml"
    try:
        table: Wording = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(languages_with_wording())
        message = f"pages cannot be made in {language!r} (known: {known}); add templates/strings/{language}.toml"
        raise ContentError(message) from error
    return table
