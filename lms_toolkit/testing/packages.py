"""Small packages for tests, in SCORM 1.2, SCORM 2004 and IMS CP: one page per item, valid, and playable by any LMS."""

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


def tiny_scorm2004(
    path: Path, items: Mapping[str, str] = TWO_ITEMS, *, edition: str = "4th", text: str = "", mastery: float = 0.7
) -> TinyPackage:
    """The same in SCORM 2004, 3rd or 4th edition; `mastery` is the scaled passing score of the item `quiz`."""
    pages = [PackageFile(f"{identifier}.html", _page(title, text)) for identifier, title in items.items()]
    write_zip(path, [PackageFile("imsmanifest.xml", _manifest2004(items, edition, mastery)), *pages])
    return TinyPackage(path, sha256_file(path), dict(items))


def tiny_ims_cp(path: Path, items: Mapping[str, str] = TWO_ITEMS, *, text: str = "") -> TinyPackage:
    """The same pages as an IMS Content Package: no run-time, no records."""
    pages = [PackageFile(f"{identifier}.html", _page(title, text)) for identifier, title in items.items()]
    write_zip(path, [PackageFile("imsmanifest.xml", _manifest_cp(items)), *pages])
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


def _manifest2004(items: Mapping[str, str], edition: str, mastery: float) -> bytes:
    listed = "".join(_item2004(identifier, title, mastery) for identifier, title in items.items())
    resources = "".join(_resource(identifier).replace("scormtype", "scormType") for identifier in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest identifier="tiny" version="1.0" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"'
        ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">'
        f"<metadata><schema>ADL SCORM</schema><schemaversion>2004 {edition} Edition</schemaversion></metadata>"
        '<organizations default="tiny-org"><organization identifier="tiny-org"><title>Tiny</title>'
        f'<item identifier="tiny-root"><title>Tiny</title>{listed}</item></organization></organizations>'
        f"<resources>{resources}</resources></manifest>"
    ).encode()


def _item2004(identifier: str, title: str, mastery: float) -> str:
    sequencing = (
        '<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="primary" satisfiedByMeasure="true">'
        f"<imsss:minNormalizedMeasure>{mastery}</imsss:minNormalizedMeasure></imsss:primaryObjective>"
        "</imsss:objectives></imsss:sequencing>"
        if identifier == "quiz"
        else ""
    )
    reference = quoteattr(f"res-{identifier}")
    return (
        f"<item identifier={quoteattr(identifier)} identifierref={reference}>"
        f"<title>{escape(title)}</title>{sequencing}</item>"
    )


def _manifest_cp(items: Mapping[str, str]) -> bytes:
    listed = "".join(
        f"<item identifier={quoteattr(identifier)} identifierref={quoteattr(f'res-{identifier}')}>"
        f"<title>{escape(title)}</title></item>"
        for identifier, title in items.items()
    )
    resources = "".join(_resource(identifier).replace(' adlcp:scormtype="sco"', "") for identifier in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest identifier="tiny" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1">'
        "<metadata><schema>IMS Content</schema><schemaversion>1.1.4</schemaversion></metadata>"
        '<organizations default="tiny-org"><organization identifier="tiny-org"><title>Tiny</title>'
        f"{listed}</organization></organizations><resources>{resources}</resources></manifest>"
    ).encode()
