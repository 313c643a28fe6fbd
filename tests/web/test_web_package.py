"""The web site is whole, leads from page to page without a script, and says what it is."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.errors import ContentError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Question

NAMES = ["index.html", "lesson-bienvenue.html", "lesson-suite.html", "quiz.html"]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [str(value) for name, value in attrs if tag == "a" and name == "href"]


def links(path: Path) -> list[str]:
    reader = _Links()
    reader.feed(path.read_text(encoding="utf-8"))
    return [link for link in reader.found if not link.startswith("#")]


def test_pages_lead_on_and_back_without_a_script(web: Any) -> None:
    site = web.unpack()
    assert links(site / "index.html") == [NAMES[1], *NAMES[1:]]  # the start button, then the list
    assert links(site / "lesson-bienvenue.html") == ["index.html", "lesson-suite.html"]
    assert links(site / "lesson-suite.html") == ["index.html", "lesson-bienvenue.html", "quiz.html"]
    assert links(site / "quiz.html") == ["index.html", "lesson-suite.html", "index.html"]


def test_inspection_knows_the_site_and_finds_nothing_wrong(web: Any) -> None:
    report = inspect_package(web.build().path, Plugins())
    assert (report.format, report.title) == ("web", "Le départ")
    assert [item.identifier for item in report.items] == ["lesson-bienvenue", "lesson-suite", "quiz"]
    assert [item.title for item in report.items] == ["Bienvenue à tous", "La suite", "Quiz final"]
    assert report.findings == ()


def test_a_site_of_somebody_else_is_not_taken_for_ours(tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", "<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1></html>")
    assert inspect_package(path, Plugins()).format == "unknown"


def test_nothing_on_any_page_is_loaded_from_elsewhere(web: Any) -> None:
    site = web.unpack()
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".css"):
            assert "http://" not in path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")


def test_answers_that_outgrow_what_is_kept_are_refused_with_their_size(web: Any) -> None:
    course = web.course()
    module = course.modules[0]
    quiz = tuple(Question(f"q{number}", "fill-in", "?", answers=("x" * 200,)) for number in range(150))
    content = {"fr": replace(module.content["fr"], quiz=quiz)}
    with pytest.raises(ContentError, match=r"page quiz: .* can take \d+ characters and the format keeps 64000"):
        web.build(replace(course, modules=(replace(module, content=content),)))


def test_titles_with_markup_are_shown_as_written(web: Any) -> None:
    course = web.course()
    module = replace(course.modules[0], title={"fr": "<b>A & B</b>"}, objectives={"fr": ("x < y",)})
    site = web.unpack(replace(course, modules=(module,)))
    start = (site / "index.html").read_text(encoding="utf-8")
    assert "<h1>&lt;b&gt;A &amp; B&lt;/b&gt;</h1>" in start
    assert "<li>x &lt; y</li>" in start


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_progress_is_named_by_course_module_language_and_version(web: Any, version: str) -> None:
    site = web.unpack(web.course(version=version))
    script = (site / "assets" / "page.js").read_text(encoding="utf-8")
    assert '"module": "tiny/depart/fr"' in script
    assert f'"version": "{version}"' in script
