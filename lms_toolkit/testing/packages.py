"""Small SCORM 1.2 packages for tests: one page per item, valid, and playable by any LMS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from lms_toolkit.archive import sha256_file, write_zip
from lms_toolkit.model import PackageFile

TWO_ITEMS: Mapping[str, str] = MappingProxyType({"lesson-one": "Première leçon", "quiz": "Quiz"})
"""Item identifier → title. An item named `quiz` has a mastery score."""


@dataclass(frozen=True, slots=True)
class TinyPackage:
    path: Path
    sha256: str
    items: Mapping[str, str]


def tiny_scorm12(path: Path, items: Mapping[str, str] = TWO_ITEMS, *, text: str = "", mastery: int = 70) -> TinyPackage:
    """Write a package with one SCO per item. `text` goes into each page, so that another text is another package."""
    pages = [PackageFile(f"{identifier}.html", _page(title, text)) for identifier, title in items.items()]
    write_zip(path, [PackageFile("imsmanifest.xml", _manifest(items, mastery)), *pages])
    return TinyPackage(path, sha256_file(path), dict(items))


def _page(title: str, text: str) -> bytes:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    body = f"<h1>{escape(title)}</h1><p>{escape(text)}</p>"
    return f'<!doctype html><html lang="fr"><head>{head}</head><body>{body}</body></html>'.encode()


def _manifest(items: Mapping[str, str], mastery: int) -> bytes:
    listed = "".join(_item(identifier, title, mastery) for identifier, title in items.items())
    resources = "".join(_resource(identifier) for identifier in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest identifier="tiny" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"'
        ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
        '<organizations default="tiny-org"><organization identifier="tiny-org"><title>Tiny</title>'
        f'<item identifier="tiny-root"><title>Tiny</title>{listed}</item></organization></organizations>'
        f"<resources>{resources}</resources></manifest>"
    ).encode()


def _item(identifier: str, title: str, mastery: int) -> str:
    score = f"<adlcp:masteryscore>{mastery}</adlcp:masteryscore>" if identifier == "quiz" else ""
    reference = quoteattr(f"res-{identifier}")
    return (
        f"<item identifier={quoteattr(identifier)} identifierref={reference}>"
        f"<title>{escape(title)}</title>{score}</item>"
    )


def _resource(identifier: str) -> str:
    href = quoteattr(f"{identifier}.html")
    return (
        f'<resource identifier={quoteattr(f"res-{identifier}")} type="webcontent" adlcp:scormtype="sco" href={href}>'
        f"<file href={href}/></resource>"
    )
