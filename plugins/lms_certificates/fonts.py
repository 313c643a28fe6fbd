"""Typefaces for names in any script: the ones in typst, then those of packages that are installed, then the issuer's.

Latin, Greek, Cyrillic and Hebrew are in typst's own Libertinus Serif. The extra `lms-toolkit[fonts]` brings packages
with Arabic, Chinese, Japanese, Korean and Indic letters; `[certificates] fonts` names a folder with any others.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

BASE = ("Libertinus Serif",)
PACKAGES = (
    "fontpkg_amiri",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_khmer",
    "fontpkg_noto_sans_tamil",
    "fontpkg_noto_sans_telugu",
    "fontpkg_noto_sans_thai",
    "cvttf_NotoSansCJK_Medium",
)
"""In the order in which a character is looked for; a list of our own, so that the same packages give the same page."""


def further_folders(own: Path | None) -> list[Path]:
    """The folders with typefaces beyond typst's own: the issuer's first."""
    found = [own] if own else []
    for name in PACKAGES:
        spec = find_spec(name)
        found += [Path(place) for place in (spec.submodule_search_locations or ()) if spec] if spec else []
    return found


def families_in(folders: list[Path]) -> list[str]:
    """The names of the typefaces in some folders, folder by folder."""
    import typst

    named: list[str] = []
    for folder in folders:
        faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        named += [family for family in sorted(faces.families()) if family not in named]
    return named
