"""Writes the small files of a cartridge: discussion topics and web links (CC 1.1, imsdt and imswl)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from lms_ims.local_links import html_escape, parse
from lms_ims.names import Cartridge
from lms_toolkit.model import Activity, Course, RenderedModule
from lms_toolkit.units import COURSE_SLUG
from lms_toolkit.xml_writing import Writer, document


@dataclass(frozen=True, slots=True)
class WebLink:
    """An address that a lesson names, with the words it is named by."""

    url: str
    title: str

    @property
    def identifier(self) -> str:
        """Derives from the address alone, so that it stays when the text around it changes."""
        return f"link-{sha256(self.url.encode()).hexdigest()[:12]}"


def forums(module: RenderedModule) -> tuple[Activity, ...]:
    """The forums that come with this package, so that each of the course's comes once.

    A forum goes with the first module of the phase it is in; one that shares no phase with a module goes with the
    first module of all. A package of the whole course has them all, one of a single lesson has none.
    """
    activities = (one for one in module.course.activities if one.is_given_in(module.language))
    found = tuple(activity for activity in activities if activity.kind == "forum")
    if module.module.slug == COURSE_SLUG:
        return found
    return tuple(forum for forum in found if _home(module.course, forum) == module.module.slug)


def _home(course: Course, forum: Activity) -> str:
    phases = [phase for edition in course.editions for phase in edition.phases if phase.modules]
    own = (phase.modules[0] for phase in phases if forum.slug in phase.activities)
    every = (phase.modules[0] for phase in phases)
    return next(own, None) or next(every, None) or course.modules[0].slug


def web_links(module: RenderedModule) -> tuple[WebLink, ...]:
    """Every address of another site that the lessons name, each once."""
    found = (link for page in module.pages if page.html for link in _links(page.html))
    return tuple({link.url: link for link in reversed(list(found))}.values())[::-1]


def _links(html: str) -> Iterator[WebLink]:
    if "http" not in html:
        return
    for anchor in parse(html).iter("a"):
        url = anchor.get("href", "")
        if urlsplit(url).scheme in ("http", "https"):
            yield WebLink(url, " ".join(anchor.text_content().split()) or url)


def topic(forum: Activity, language: str, cartridge: Cartridge) -> bytes:
    writer = Writer(cartridge.topic_namespace)
    root = writer.root("topic", {None: cartridge.topic_namespace})
    writer.add(root, "title", forum.title[language])
    description = html_escape(forum.description.get(language, "").strip())
    paragraphs = "".join(f"<p>{part.strip()}</p>" for part in description.split("\n\n") if part.strip())
    writer.add(root, "text", paragraphs or f"<p>{html_escape(forum.title[language])}</p>", {"texttype": "text/html"})
    return document(root)


def web_link(link: WebLink, cartridge: Cartridge) -> bytes:
    writer = Writer(cartridge.link_namespace)
    root = writer.root("webLink", {None: cartridge.link_namespace})
    writer.add(root, "title", link.title)
    writer.add(root, "url", attributes={"href": link.url, "target": "_blank"})
    return document(root)
