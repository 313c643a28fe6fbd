"""Every page kind of every format, with all blocks and kinds of questions, is sound HTML and has no barrier."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.building import build, make_shell
from lms_toolkit.courses import load
from lms_toolkit.manager import Plugins

FORMATS = ("scorm12", "scorm2004-4th", "imscp", "imscc11", "web", "cmi5")
"""Those with pages of their own; other editions have the same ones."""
SHELLS = ("scorm12", "web", "imscc11")
"""One of each look."""


def unpacked(draft: Any, format_name: str, folder: Path) -> dict[str, Path]:
    plugins = Plugins()
    course = load(draft.folder)
    fmt = plugins.format(format_name)
    package = build(course, course.modules[0], draft.language, fmt, folder, make_shell(folder / "data"), plugins)
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(folder / "site")
    for path in (folder / "site").rglob("*.html"):
        path.write_text(as_shown(path.read_text(encoding="utf-8"), format_name), encoding="utf-8")
    return {str(path.relative_to(folder / "site")): path for path in sorted((folder / "site").rglob("*.html"))}


def as_shown(html: str, format_name: str) -> str:
    """A platform that imports a cartridge keeps what is inside <body>, and puts title and frame around it."""
    if format_name != "imscc11":
        return html
    return html.replace("<body>", "<body><main><h1>Titre</h1>").replace("</body>", "</main></body>")


def test_every_format_with_pages_is_looked_at() -> None:
    assert set(Plugins().format_names()) == {*FORMATS, "scorm2004-3rd", "imscc13", "moodlexml"}


def test_every_page_is_sound_html(rich: Any, html_faults: Any, tmp_path: Path) -> None:
    pages = {
        f"{name}-{page}": path.read_text(encoding="utf-8")
        for name in FORMATS
        for page, path in unpacked(rich, name, tmp_path / name).items()
    }
    assert len(pages) > 10
    assert html_faults(pages) == []


def test_a_cartridge_tells_a_chart_by_its_table_alone(rich: Any, tmp_path: Path) -> None:
    text = unpacked(rich, "imscc11", tmp_path)["lesson-page.html"].read_text(encoding="utf-8")
    assert "<svg" not in text
    assert "Départs" in text


@pytest.mark.browser
@pytest.mark.parametrize("name", SHELLS)
def test_no_page_has_a_barrier(
    rich: Any, watched_page: Any, serve: Any, barriers: Any, tmp_path: Path, name: str
) -> None:
    pages = unpacked(rich, name, tmp_path / name)
    served = serve(tmp_path / name / "site")
    with watched_page(bypass_csp=True, reduced_motion="reduce") as page:
        for path in pages:
            page.goto(f"{served.url}/{path}")
            if name != "imscc11":
                page.locator("html.is-live").wait_for()
            for summary in page.locator("summary").all():
                summary.click()
            assert barriers(page) == [], path


@pytest.mark.browser
def test_a_quiz_that_was_marked_has_no_barrier(
    rich: Any, watched_page: Any, serve: Any, barriers: Any, tmp_path: Path
) -> None:
    unpacked(rich, "scorm12", tmp_path)
    served = serve(tmp_path / "site")
    with watched_page(bypass_csp=True, reduced_motion="reduce") as page:
        page.goto(f"{served.url}/quiz.html")
        page.locator("html.is-live").wait_for()
        page.locator("#lms-quiz [type=submit]").click()
        page.locator("#lms-incomplete a").first.wait_for()
        assert barriers(page) == []
        for question in page.locator("fieldset.question").all():
            for box in question.locator("input[type=radio], input[type=checkbox]").all()[:1]:
                box.check()
            for place, select in enumerate(question.locator("select").all(), 1):
                select.select_option(index=place)
            for field in question.locator("input[type=text], textarea").all():
                field.fill("12")
        page.locator("#lms-quiz [type=submit]").click()
        page.locator("#lms-result-score").wait_for()
        assert barriers(page) == []
