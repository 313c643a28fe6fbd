"""Takes the pictures of docs/gallery.md anew: `python docs/make_gallery.py`, with playwright, Chromium and Pillow.

The course in them is made up, and so is its learner.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from lms_sandbox.preview import CourseSource, Preview
from lms_sandbox.server import Sandbox
from lms_toolkit.app import App
from lms_toolkit.building import build, make_shell
from lms_toolkit.config import load_config
from lms_toolkit.courses import load
from lms_toolkit.manager import Plugins

IMAGES = Path(__file__).with_name("images")
COLOURS = 160
DESK = {"width": 1120, "height": 760}
PHONE = {"width": 390, "height": 760}

COURSE = """\
id = "ways-home"
version = "1.0"
languages = ["en"]
title.en = "Ways home"
summary.en = "Preparing a return, step by step."
licence = "CC-BY-4.0"
authors = ["Amina Test"]

[[modules]]
slug = "preparing"
title.en = "Preparing a return"
objectives.en = ["Tell the stages of a migration cycle apart", "Plan a first conversation with somebody who returns"]
lessons = ["the-cycle", "a-first-talk", "papers"]
hours = 1.5

[packages]
navigation = "linear"

[certification]
title.en = "Certificate of completion"
"""
BRIDGE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 260" width="640" height="260" font-family="sans-serif">
<title>A bridge</title>
<rect width="640" height="260" fill="#dcebf3"/><circle cx="530" cy="62" r="30" fill="#f2c078"/>
<path d="M0 150 Q90 108 190 152 L190 260 L0 260 Z" fill="#7ea98a"/>
<path d="M450 152 Q560 102 640 146 L640 260 L450 260 Z" fill="#6d9a7b"/>
<rect y="204" width="640" height="56" fill="#8fbcd4"/>
<path d="M150 160 Q320 30 490 160" fill="none" stroke="#8a4b2d" stroke-width="13"/>
<path d="M110 166 H530" stroke="#8a4b2d" stroke-width="11"/>
<path d="M210 160 V122 M265 160 V94 M320 160 V84 M375 160 V94 M430 160 V122" stroke="#8a4b2d" stroke-width="5"/>
</svg>
"""
CYCLE = """\
---
title: The migration cycle
minutes: 6
---
Nobody leaves, or returns, in one day. A [cycle]{.term} has **stages**, and help fits one of them better than
another[^1].

::: figure Drawing: A. Test, CC BY 4.0
![A bridge between two shores](media/bridge.svg "Between two shores")

Two green shores with a brown arched bridge between them; the sun stands low on the right.
:::

## Three stages

:::: tabs
::: item Before
Information, papers, savings: what is known before leaving decides much of what follows.
:::
::: item During
Work, language, a network of people to turn to.
:::
::: item After
Coming back is a new start, seldom a way back into the old life.
:::
::::

::: case Samira comes home (made up)
After six years abroad, Samira returns to Fès with her two children. She has savings for half a year, and no recent
papers.
:::

## In figures

::: chart bar Returns supported in a region, made up for this page
| Year | Returns | With a project |
| --- | ---: | ---: |
| 2021 | 120 | 64 |
| 2022 | 168 | 97 |
| 2023 | 143 | 102 |
| 2024 | 195 | 151 |
:::

::: timeline
1998
: First agreement between the two agencies.

2011
: A common form for everybody who returns.

2024
: The form can be filled in before leaving.
:::

## Try it

::: self-check stage
:::

[^1]: Cassarino, J.-P. (2004). *Theorising return migration*.
"""
TALK = """\
---
title: A first conversation
minutes: 4
---
::: important Listen first
Whoever returns has decided a great deal already. Ask, and wait for the answer.
:::

::: steps A first conversation
1. Say who you are, and what happens with what you are told.
2. Ask what the person has in mind.
3. Write down together what comes first.
:::

::: reflection my-question
Which question would you like to be asked first?
:::
"""
PAPERS = """\
---
title: Papers and deadlines
minutes: 3
---
::: table Papers, and how long they take
| Paper | Where | Weeks |
| --- | --- | ---: |
| Passport | Consulate | 6 |
| School certificate | Last school | 3 |
| Insurance record | Social security | 8 |
:::
"""
QUESTIONS = """\
quiz:
  - id: first
    kind: single
    text: "What comes first in a first conversation?"
    options:
      - text: "Saying who you are, and what happens with what you are told"
        correct: true
        feedback: "Yes: it is the ground for everything else."
      - {text: "Filling in the form", feedback: "The form can wait until you know what for."}
      - {text: "Asking for papers"}
    feedback: "People speak freely once they know to whom, and what for."
  - id: order
    kind: ordering
    text: "Put the stages of a cycle in order."
    items: ["Departure", "Stay", "Return"]
    feedback: "A cycle may stop at each of them."
  - id: papers
    kind: matching
    text: "Where is it issued?"
    pairs: [{left: "Passport", right: "Consulate"}, {left: "School certificate", right: "Last school"}]
    feedback: "Begin with the insurance record: it takes longest."
  - id: bridge
    kind: hotspot
    text: "Where is the way across?"
    picture: media/bridge.svg
    alt: "Two shores, and a bridge between them."
    areas:
      - {text: "The left shore", x: 1, y: 55, width: 24, height: 42}
      - {text: "The bridge", x: 38, y: 26, width: 24, height: 40, correct: true}
      - {text: "The right shore", x: 75, y: 55, width: 24, height: 42}
    feedback: "Over the bridge."
  - {id: weeks, kind: numeric, text: "How many weeks does a passport take?", answer: 6, unit: weeks, feedback: "Six."}
self_checks:
  - id: stage
    kind: multiple
    text: "Which of these belong to **before**?"
    options:
      - {text: "Information", correct: true}
      - {text: "Savings", correct: true}
      - {text: "A new network", feedback: "That comes with the stay."}
    feedback: "Information and savings are there before anybody leaves."
"""
GLOSSARY = 'terms:\n  - {term: cycle, text: "Departure, stay and return, taken together."}\n'


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        write_course(folder / "course")
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_pages(browser, folder)
        take_player(browser, folder)
        browser.close()
    for path in IMAGES.glob("gallery-*.png"):
        shrink(path)


def write_course(folder: Path) -> None:
    texts = {
        "course.toml": COURSE,
        "en/glossary.yaml": GLOSSARY,
        "en/preparing/the-cycle.md": CYCLE,
        "en/preparing/a-first-talk.md": TALK,
        "en/preparing/papers.md": PAPERS,
        "en/preparing/questions.yaml": QUESTIONS,
        "en/preparing/media/bridge.svg": BRIDGE,
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def take_pages(browser: Browser, folder: Path) -> None:
    """What learners see of a module, as the web site that opens from a folder."""
    plugins = Plugins()
    course = load(folder / "course")
    shell = make_shell(folder / "data")
    package = build(course, course.modules[0], "en", plugins.format("web"), folder / "out", shell, plugins)
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(folder / "site")

    def address(page: str) -> str:
        return (folder / "site" / page).as_uri()

    with window(browser) as page:
        page.goto(address("lesson-the-cycle.html"))
        shoot(page, "lesson")
        page.evaluate("document.getElementById('s-three-stages').scrollIntoView()")
        shoot(page, "blocks")
        page.evaluate("document.getElementById('s-in-figures').scrollIntoView()")
        shoot(page, "figures")
        page.locator("#lms-finish").click()
        page.goto(address("lesson-a-first-talk.html"))
        page.locator("#lms-finish").click()
        page.goto(address("quiz.html"))
        shoot(page, "quiz")
        answer(page)
        page.evaluate("scrollTo(0, 0)")
        shoot(page, "result")
        page.goto(address("index.html"))
        shoot(page, "contents")
    with window(browser, color_scheme="dark") as page:
        page.goto(address("quiz.html"))
        page.evaluate("document.querySelector('fieldset.kind-hotspot').scrollIntoView()")
        shoot(page, "dark")
    with window(browser, viewport=PHONE, device_scale_factor=1.5) as page:
        page.goto(address("lesson-the-cycle.html"))
        shoot(page, "phone")
    with window(browser, viewport=PHONE, device_scale_factor=1.5, color_scheme="dark") as page:
        page.goto(address("quiz.html"))
        page.get_by_label("Saying who you are").check()
        shoot(page, "phone-dark")


def answer(page: Any) -> None:
    page.get_by_label("Saying who you are").check()
    for label, place in (("Departure", "1"), ("Stay", "3"), ("Return", "2")):
        page.get_by_label(label, exact=True).select_option(label=place)
    page.get_by_label("Passport", exact=True).select_option(label="Consulate")
    page.get_by_label("School certificate", exact=True).select_option(label="Last school")
    page.get_by_label("2. The bridge").check()
    page.get_by_role("textbox").fill("6")
    page.get_by_role("button", name="Submit").click()
    page.locator("#lms-result-score").wait_for()


def take_player(browser: Browser, folder: Path) -> None:
    """The sandbox's player, where the quiz of a linear module is closed at first; and `preview`."""
    app = App(load_config(env={"LMS_TOOLKIT_DATA_FOLDER": str(folder / "data")}))
    with Sandbox(folder / "sandbox") as sandbox, window(browser, viewport={"width": 1280, "height": 760}) as page:
        course = str(folder / "course")
        source = CourseSource(app, sandbox.as_site(), course, (), (), "scorm12", folder / "preview")
        page.goto(Preview(app, sandbox, source).open())
        sco = page.frame_locator("#sco")
        sco.locator("html.is-live").wait_for()
        page.goto(page.url.partition("?")[0])
        sco.locator("html.is-live").wait_for()
        sco.locator("#lms-finish").click()
        sco.locator("#lms-finish-result:not(:empty)").wait_for()
        page.locator("#sco").evaluate("frame => frame.contentWindow.scrollTo(0, 0)")
        shoot(page, "player")
        page.goto(f"{page.url.partition('?')[0]}?item=lesson-a-first-talk&debug=1")
        sco.locator("html.is-live").wait_for()
        page.locator("#calls tbody tr").first.wait_for()
        page.locator(".stage").evaluate("stage => stage.scrollTo(0, 330)")
        shoot(page, "preview")


@contextmanager
def window(browser: Browser, **settings: Any) -> Iterator[Any]:
    context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce", **settings})
    yield context.new_page()
    context.close()


def shoot(page: Any, name: str) -> None:
    page.screenshot(path=IMAGES / f"gallery-{name}.png")


def shrink(path: Path) -> None:
    """A palette is enough for pages of text, and a third of the size."""
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


if __name__ == "__main__":
    main()
