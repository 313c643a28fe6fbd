"""The player's pages in a real browser: they speak the course's language, fit a phone, and work by keyboard."""

from __future__ import annotations

import pytest
import requests

from lms_sandbox.strings import LANGUAGES, strings
from lms_toolkit.testing import tiny_ims_cp, tiny_scorm12, tiny_scorm2004

WIDTHS = (320, 768, 1280)


@pytest.fixture
def visit(chromium, deployed):
    """Open a page as the learner, in a window of some width."""
    deployed.wire.sandbox.site.entrances["key"] = deployed.learner
    contexts = []

    def visit(path: str, width: int = 1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 640}, **options)
        contexts.append(context)
        page = context.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(f"{deployed.wire.sandbox.url}/enter/key?next={path}")
        assert faults == []
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language):
    english = strings("en")

    assert strings(language).keys() == english.keys()
    assert all(text.strip() for text in strings(language).values())
    for name, text in english.items():
        assert strings(language)[name].count("{") == text.count("{"), name


def test_an_unknown_language_is_answered_in_english():
    assert strings("de")["language"] == "en"
    assert strings("es-MX")["language"] == "es"


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(visit, deployed, width):
    page = visit("/", width)
    for path in ("/login", "/", "/course/1", "/play/1", "/play/1?debug=1", "/course/99"):
        page.goto(f"{deployed.wire.sandbox.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.browser
def test_a_phone_shows_the_lesson_first_and_the_contents_on_demand(visit):
    page = visit("/play/1", 320)
    frame = page.locator("iframe").bounding_box()

    assert frame is not None
    assert frame["y"] < 200
    assert frame["height"] >= 320
    assert not page.get_by_role("link", name="Première leçon").first.is_visible()
    page.get_by_text("Sommaire").click()
    assert page.get_by_role("link", name="Première leçon").first.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("code", "heading"), [("fr", "Sommaire"), ("es", "Contenidos"), ("en", "Contents")])
def test_a_course_is_shown_in_its_own_language(visit, deployed, code, heading):
    form = {"courses[0][id]": str(deployed.course), "courses[0][lang]": code}
    deployed.wire.call("core_course_update_courses", form)

    page = visit("/play/1", locale="en-GB")
    assert page.locator("html").get_attribute("lang") == code
    assert page.locator("summary").inner_text() == heading


@pytest.mark.browser
def test_every_page_says_that_it_is_a_sandbox(visit, deployed):
    page = visit("/login", locale="en-GB")
    for path in ("/login", "/", "/course/1", "/play/1"):
        page.goto(f"{deployed.wire.sandbox.url}{path}")
        assert page.locator(".badge").inner_text() in {strings(language)["sandbox"] for language in LANGUAGES}


@pytest.mark.browser
def test_a_learner_logs_in_and_reaches_the_lesson_by_keyboard_alone(chromium, deployed):
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(deployed.wire.sandbox.url)
    for target in ("Se connecter comme Amina Test", "Cours c1", "Commencer Leçon d’essai"):
        press_until_focused(page, target)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    assert page.locator("iframe").get_attribute("title") == "Contenu : Première leçon"
    assert page.frame_locator("iframe").locator("h1").inner_text() == "Première leçon"
    context.close()


def press_until_focused(page, name: str) -> None:
    """Tab on until the control of that name has the focus, and is seen to have it."""
    wanted = page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name))
    for _ in range(20):
        page.keyboard.press("Tab")
        if wanted.evaluate("control => control === document.activeElement"):
            assert wanted.evaluate("control => getComputedStyle(control).outlineStyle") != "none"
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_that_aa_asks_for(visit, deployed, scheme):
    page = visit("/", color_scheme=scheme)
    for path in ("/login", "/", "/course/1", "/play/1?debug=1"):
        page.goto(f"{deployed.wire.sandbox.url}{path}")
        assert page.evaluate(LOW_CONTRAST) == [], path


@pytest.fixture
def numbers(deployed, tmp_path):
    """Modules of every standard: their numbers."""
    others = [
        tiny_scorm2004(tmp_path / "2004.zip"),
        tiny_ims_cp(tmp_path / "cp.zip"),
        tiny_scorm12(tmp_path / "1.zip", {"one": "Seule"}),
    ]
    made = [deployed.wire.apply_module(deployed.course, package, key=f"module:{n}") for n, package in enumerate(others)]
    return [deployed.module, *(module["id"] for module in made)]


@pytest.fixture
def paths(deployed, numbers, built):
    """Every page kind: courses, a module of each standard with and without the calls, and one that is closed."""
    linear = [built(name, "linear") for name in ("scorm12", "scorm2004-4th")]
    made = [deployed.wire.apply_module(deployed.course, one, key=f"module:linear-{n}") for n, one in enumerate(linear)]
    plays = [f"/play/{number}{query}" for number in numbers for query in ("", "?debug=1")]
    shut = [f"/play/{module['id']}{query}" for module in made for query in ("", "?item=quiz")]
    return ("/login", "/", "/course/1", "/course/99", *plays, *shut)


@pytest.mark.browser
def test_no_page_has_a_barrier(visit, deployed, paths, barriers):
    page = visit("/", bypass_csp=True, reduced_motion="reduce")
    for path in paths:
        page.goto(f"{deployed.wire.sandbox.url}{path}")
        if page.locator("#sco").count():
            page.frame_locator("#sco").locator("body").wait_for()
        assert barriers(page) == [], path


def test_every_page_is_sound_html(deployed, paths, html_faults):
    with requests.Session() as learner:
        learner.headers["Origin"] = deployed.wire.sandbox.url
        learner.post(f"{deployed.wire.sandbox.url}/login", data={"username": "amina.test"}, timeout=10)
        answers = {path: learner.get(f"{deployed.wire.sandbox.url}{path}", timeout=10) for path in paths}
    assert {answer.status_code for path, answer in answers.items() if path != "/course/99"} == {200}
    assert html_faults({path.replace("?", "-"): answer.text for path, answer in answers.items()}) == []


@pytest.mark.browser
def test_calls_that_were_refused_stand_out(visit):
    page = visit("/play/1?debug=1")
    page.evaluate("API.LMSInitialize(''); API.LMSSetValue('cmi.core.lesson_status', 'done')")

    assert page.locator("#calls tr.wrong").count() == 1


LOW_CONTRAST = """() => {
  const channels = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = (rgb) => {
    const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = rgb.slice(0, 3).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const rgba = channels(getComputedStyle(e).backgroundColor);
      if (rgba.length === 3 || rgba[3] > 0) return rgba;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const colours = [channels(getComputedStyle(element).color), ground(element)];
    const [a, b] = colours.map(luminance).sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(element.tagName + " " + element.textContent.trim().slice(0, 40));
  }
  return found;
}"""
