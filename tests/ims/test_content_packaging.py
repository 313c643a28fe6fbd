"""A content package validates, names every file, and its pages work where nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from lms_ims.imscp import ImsCp
from lms_toolkit.interfaces import Shell
from lms_toolkit.lom import learning_time
from lms_toolkit.model import PackageFile

MANIFEST = "ims-cp-1.1.4/_driver.xsd"
VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Amina Test\\; fils\nN:Amina Test\\; fils;;;;\nEND:VCARD"


def test_the_manifest_validates_with_its_lom(workshop: Any, faults: Any) -> None:
    assert faults(MANIFEST, workshop.content_package().manifest) == []


def test_lom_says_all_that_the_course_says_of_itself(workshop: Any) -> None:
    lom = workshop.content_package().manifest.find(".//{*}lom")
    assert {
        path: lom.findtext(f"{{*}}{path.replace('/', '/{*}')}")
        for path in (
            "general/title/string",
            "general/language",
            "general/description/string",
            "lifeCycle/version/string",
            "lifeCycle/contribute/entity",
            "educational/typicalLearningTime/duration",
            "rights/description/string",
        )
    } == {
        "general/title/string": "Le départ & l’arrivée",
        "general/language": "fr",
        "general/description/string": "Nommer les étapes ; Poser une question",
        "lifeCycle/version/string": "1.0",
        "lifeCycle/contribute/entity": VCARD,
        "educational/typicalLearningTime/duration": "PT1H30M",
        "rights/description/string": "CC BY 4.0",
    }
    assert [keyword.text for keyword in lom.iterfind("{*}general/{*}keyword/{*}string")] == ["migration", "retour"]


@pytest.mark.parametrize(("hours", "time"), [(2, "PT2H"), (0.5, "PT30M"), (1.25, "PT1H15M"), (0, "PT0H")])
def test_learning_time_is_an_iso_duration(hours: float, time: str) -> None:
    assert learning_time(hours) == time


def test_the_manifest_lists_every_file_once(workshop: Any) -> None:
    package = workshop.content_package()
    listed = [str(file.get("href")) for file in package.manifest.iterfind(".//{*}file")]
    assert package.names[0] == "imsmanifest.xml"
    assert sorted(listed) == sorted(package.names[1:])


def test_items_open_their_pages_in_order(workshop: Any) -> None:
    manifest = workshop.content_package().manifest
    hrefs = {one.get("identifier"): one.get("href") for one in manifest.iterfind(".//{*}resource")}
    items = manifest.findall(".//{*}organization/{*}item")
    assert [hrefs[item.get("identifierref")] for item in items] == [
        "lesson-bienvenue.html",
        "lesson-suite.html",
        "quiz.html",
    ]


def test_only_its_own_two_control_documents_go_in(workshop: Any) -> None:
    names = ("adlcp_v1p3.xsd", "imscp_v1p1.xsd", "xml.xsd")
    schemas = tuple(PackageFile(name, b"<schema/>") for name in names)
    workshop.shell = Shell(workshop.shell.templates, {"scorm2004-4th": schemas})
    package = workshop.content_package()
    assert [name for name in package.names if name.endswith(".xsd")] == ["imscp_v1p1.xsd", "xml.xsd"]
    assert len(package.package.notes) == 1


def test_a_build_says_that_nothing_is_recorded_and_what_is_missing(workshop: Any) -> None:
    assert workshop.build(ImsCp()).notes == (
        "a platform records nothing of an IMS content package: neither that it was read nor the quiz's score",
        "built without control documents: run lms-toolkit schemas install",
    )


@pytest.fixture
def page(workshop: Any, chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    with ZipFile(workshop.content_package().package.path) as archive:
        archive.extractall(tmp_path / "opened")
    page = chromium.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert faults == []


@pytest.mark.browser
def test_a_self_check_works_and_the_page_says_that_nothing_is_recorded(page: Page, tmp_path: Path) -> None:
    page.goto((tmp_path / "opened" / "lesson-bienvenue.html").as_uri())
    expect(page.locator("#lms-notices .notice")).to_contain_text("rien ne sera enregistré")
    page.get_by_label("Rabat").check()
    page.locator("form.self-check button[type=submit]").click()
    expect(page.locator("form.self-check [data-feedback]")).to_contain_text("Rabat est la capitale.")
    page.locator("#lms-finish").click()
    expect(page.locator("#lms-finish-result")).to_be_visible()


@pytest.mark.browser
def test_a_quiz_is_marked_where_nothing_is_recorded(page: Page, tmp_path: Path) -> None:
    page.goto((tmp_path / "opened" / "quiz.html").as_uri())
    for question in page.locator("fieldset.question").all():
        for box in question.locator("input[type=radio]").all()[:1]:
            box.check()
        for box in question.locator("input[type=checkbox]").all()[:1]:
            box.check()
        for place, select in enumerate(question.locator("select").all(), 1):
            select.select_option(index=place)
        for field in question.locator("input[type=text]").all():
            field.fill("12,5")
    page.locator("form#lms-quiz button[type=submit]").click()
    expect(page.locator("#lms-result-score")).to_contain_text("%")
    expect(page.locator("#lms-result-saved")).not_to_be_empty()
