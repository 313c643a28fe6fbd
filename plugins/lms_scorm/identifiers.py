"""Names pages and their records, the same in every SCORM edition.

Identifiers come from slugs alone: Moodle keys learners' records on them, so they must outlive every new title or
order, and a course that changes from one edition to another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lms_toolkit.errors import ContentError
from lms_toolkit.model import RenderedModule, RenderedPage

ORGANIZATION = "organization"
SHARED = "resource-shared"
METADATA = "resource-metadata"
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,254}")


@dataclass(frozen=True, slots=True)
class ResourceList:
    """Which files belong to a page alone, and which to all: every file of the package is in exactly one place."""

    pages: tuple[tuple[RenderedPage, tuple[str, ...]], ...]
    shared: tuple[str, ...]


def page_name(page: RenderedPage) -> str:
    """The file a page is in: `lesson-<slug>.html`, `quiz.html`."""
    return f"{item_identifier(page)}.html"


def item_identifier(page: RenderedPage) -> str:
    """The identifier that learners' records hang on: `lesson-<slug>`, `quiz`."""
    return ncname(page.identifier)


def resource_identifier(page: RenderedPage) -> str:
    return ncname(f"resource-{item_identifier(page)}")


def manifest_identifier(module: RenderedModule) -> str:
    return ncname(f"manifest-{module.course.id}-{module.module.slug}-{module.language}")


def root_identifier(module: RenderedModule) -> str:
    """The item that opens nothing and holds all others: without it Moodle's previous and next break."""
    return ncname(f"module-{module.module.slug}")


def resource_list(module: RenderedModule, asset_names: Sequence[str]) -> ResourceList:
    uses = Counter(link for page in module.pages for link in page.links)
    own = tuple(
        (page, (page_name(page), *sorted(link for link in page.links if uses[link] == 1))) for page in module.pages
    )
    return ResourceList(own, tuple(sorted([*asset_names, *(link for link, count in uses.items() if count > 1)])))


def ncname(identifier: str) -> str:
    """The identifier, if XML allows it (xs:ID) and Moodle's column holds it; else a ContentError."""
    if not _NCNAME.fullmatch(identifier):
        raise ContentError(f"{identifier!r} cannot be an identifier in a manifest; use a slug of letters, digits and -")
    return identifier
