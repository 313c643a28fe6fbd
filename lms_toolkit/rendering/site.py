"""Puts links around the pages of a module, and a start page before them, where no platform does it.

For formats whose pages find their own way: a web site, or one unit that holds a whole module. The format's script
defines `lmsToolkit.adapter` as in `runtime/saving.js`, and what `runtime/contents.js` asks of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from lms_toolkit.interfaces import Shell
from lms_toolkit.model import PackageFile, RenderedModule, RenderedPage
from lms_toolkit.rendering.pages import (
    ASSETS,
    Around,
    memory_limit_exceeded,
    page_assets,
    page_document,
    template_html,
    template_text,
    text_direction,
)
from lms_toolkit.rendering.wording import wording

MEMORY_CHARS = 64_000
"""What is kept of one page, at most: browsers give a site some millions of characters, and an LRS a document some."""

_STYLE = f"{ASSETS}/page.css"
_SCRIPT = f"{ASSETS}/contents.js"


@dataclass(frozen=True, slots=True)
class Site:
    """How a format wants its pages joined: the start page's name, and its own script.

    `is_device_bound`: progress is kept in this browser alone, so the start page says so and offers to erase it.
    """

    start_name: str
    adapter: str
    is_device_bound: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """Pages of one module, under its title; the title is empty where there is only one module."""

    title: str
    pages: tuple[RenderedPage, ...]


def page_key(page: RenderedPage) -> str:
    """What a page's progress is kept under, from its slug alone: `lesson-<slug>`, `quiz`."""
    if page.kind == "quiz":
        return "quiz" if page.slug == "quiz" else f"quiz-{page.slug}"
    return f"lesson-{page.slug}"


def page_file_name(page: RenderedPage) -> str:
    return f"{page_key(page)}.html"


def site_files(module: RenderedModule, shell: Shell, site: Site) -> tuple[PackageFile, ...]:
    """The start page, all pages with links between them, their scripts and styles, and their media.

    Raises ContentError for a page whose answers would outgrow what is kept of it.
    """
    for page in module.pages:
        too_much = memory_limit_exceeded(page, MEMORY_CHARS)
        if too_much:
            raise too_much
    script = _script(module, shell, site)
    return (
        PackageFile(site.start_name, _start_page(module, shell, site)),
        *(PackageFile(page_file_name(page), _page(module, page, shell, site)) for page in module.pages),
        *(_styled(file, shell) for file in page_assets(shell, script)),
        PackageFile(_SCRIPT, _start_script(shell, script)),
        *module.media,
    )


def _styled(file: PackageFile, shell: Shell) -> PackageFile:
    """The style sheet of the pages with that of the links between them; any other file as it is."""
    if file.name != _STYLE:
        return file
    return replace(file, content=file.read() + template_text(shell, "page/contents.css").encode())


def _script(module: RenderedModule, shell: Shell, site: Site) -> str:
    data = json.dumps(_site_data(module), ensure_ascii=False, sort_keys=True)
    parts = (
        f"window.lmsToolkit.site = {data};",
        template_text(shell, "runtime/merging.js"),
        site.adapter,
        template_text(shell, "runtime/contents.js"),
    )
    return "\n".join(parts)


def _start_script(shell: Shell, script: str) -> bytes:
    """The start page's script: that of the pages without questions, and how the reader likes pages to look."""
    return "\n".join(("window.lmsToolkit = {};", template_text(shell, "runtime/view.js"), script)).encode()


def _site_data(module: RenderedModule) -> dict[str, Any]:
    """What the scripts need to know of the package as a whole."""
    course = module.course
    words = wording(module.language)
    return {
        "module": f"{course.id}/{module.module.slug}/{module.language}",
        "noPlatform": words["runtime"]["no_platform"],
        "pages": [page_key(page) for page in module.pages],
        "version": course.version,
        "words": words["contents"],
    }


def _page(module: RenderedModule, page: RenderedPage, shell: Shell, site: Site) -> bytes:
    position = module.pages.index(page)
    values = _common(module, site) | {
        "next": module.pages[position + 1] if position + 1 < len(module.pages) else None,
        "page": page,
        "previous": module.pages[position - 1] if position else None,
    }
    before = template_html(shell, "page/before.html.j2", values)
    return page_document(module, page, shell, Around(before, template_html(shell, "page/after.html.j2", values)))


def _start_page(module: RenderedModule, shell: Shell, site: Site) -> bytes:
    values = _common(module, site) | {
        "direction": text_direction(module.language),
        "effort": lambda page: _effort(page, module.language),
        "groups": [_Group(title, tuple(pages)) for title, pages in groupby(module.pages, lambda page: page.group)],
        "minutes": sum(page.minutes for page in module.pages),
        "objectives": module.module.objectives.get(module.language, ()),
    }
    return template_html(shell, "page/contents.html.j2", values).encode()


def _effort(page: RenderedPage, language: str) -> str:
    """What a page asks of the learner: minutes of reading, or a number of questions."""
    words = wording(language)
    if page.kind == "quiz":
        count = page.quiz_settings.length(page.questions)
        return words["contents"]["questions_one" if count == 1 else "questions"].format(count=count)
    return words["page"]["minutes_one" if page.minutes == 1 else "minutes"].format(minutes=page.minutes)


def _common(module: RenderedModule, site: Site) -> dict[str, Any]:
    return {
        "course": module.course,
        "key": page_key,
        "language": module.language,
        "module": module,
        "name": page_file_name,
        "site": site,
        "words": wording(module.language),
    }
