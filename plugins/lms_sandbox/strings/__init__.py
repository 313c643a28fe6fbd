"""What the player's pages say, in English, French and Spanish; a page speaks its course's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es", "fr")
DEFAULT = "en"


@cache
def strings(language: str) -> Mapping[str, str]:
    """The texts of a language, or of English when the pages do not speak it; the texts name their own language."""
    primary = language.replace("_", "-").split("-")[0]
    known = primary if primary in LANGUAGES else DEFAULT
    path = Path(__file__).with_name(f"{known}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
