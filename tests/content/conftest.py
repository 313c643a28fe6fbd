"""A course folder with one lesson and one quiz, its package in a real browser, and axe-core where it is installed."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lms_scorm.scorm12 import Scorm12
from lms_toolkit.building import build, make_shell
from lms_toolkit.courses import check, load
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Finding, RenderedModule
from lms_toolkit.rendering import render_module

COURSE = """\
id = "essai"
version = "1.0"
languages = ["{language}"]
title.{language} = "Un essai"
summary.{language} = "Pour les essais."

[[modules]]
slug = "depart"
title.{language} = "Le départ"
objectives.{language} = ["Commencer"]
lessons = ["page"]
hours = 1

[certification]
title.{language} = "Attestation"
"""

MAP = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" width="320" height="200">
<rect width="320" height="200" fill="#e5f1f5"/><path d="M20 180 L160 20 L300 180 Z" fill="#9dbf9e"/>
<circle cx="240" cy="60" r="30" fill="#f0b66d"/></svg>
"""

QUESTIONS = """\
quiz:
  - id: mot
    kind: fill-in
    text: "Le contraire de nuit ?"
    answers: ["jour"]
    feedback: "Jour."
"""

HOST_PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Platform</title>
<link rel="stylesheet" href="host.css"><script src="plain_api.js"></script>
<iframe id="sco" title="SCO"></iframe></html>"""
HOST_STYLE = "html, body { margin: 0; height: 100% } iframe { width: 100%; height: 100%; border: 0; display: block }"
# What a platform keeps, and no rules: those of SCORM 1.2 are held to by tests/packages.
PLAIN_API = """
window.kept = {};
window.API = {
  LMSInitialize: () => "true", LMSCommit: () => "true", LMSFinish: () => "true", LMSGetLastError: () => "0",
  LMSGetValue: (name) => window.kept[name] || "",
  LMSSetValue: (name, value) => { window.kept[name] = value; return "true"; },
};
window.open_page = (name) => { document.getElementById("sco").src = name; };
"""


THEME = '\n[theme]\naccent = "#7a2e6b"\nlogo = "logo.svg"\nlogo_alt.fr = "Maison d’essai"\n'
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" width="8" height="8"><rect width="8" height="8"/></svg>'
)

EVERYTHING = """\
Une [réinsertion]{.term}[^1], et [un lien](https://example.org/).

## Blocs

::: steps Comment
1. Un
2. Deux
:::

::: timeline
1998
: Départ
:::

:::: tabs
::: item Un
Texte.
:::
::: item Deux
Texte.
:::
::::

::: note
Une note.
:::

## Images

::: figure Photo : A. Test
![Un soleil](media/carte.svg "Le soleil")

Il est rond.
:::

::: video Un film
[Le film](media/film.mp4)
[Sous-titres](media/film.vtt)

**Amina :** Bonjour.
:::

## Nombres

::: chart line Retours
| Année | Retours | Départs |
| --- | ---: | ---: |
| 2019 | 12 | 8 |
| 2020 | 7 | 9 |
:::

::: table Retours
| Année | Retours |
| --- | ---: |
| 2019 | 12 |
:::

## Faire

::: reflection mon-projet
Qu’est-ce qui compte ?
:::

::: download
- [La carte](media/carte.svg)
:::

::: self-check essai
:::

::: references
- Cassarino (2004).
:::

::: glossary
:::

[^1]: Une note.
"""

EVERY_QUESTION = """\
settings: {attempts: 2, shuffle: true}
quiz:
  - id: soleil
    kind: hotspot
    text: "Où est le soleil ?"
    picture: media/carte.svg
    alt: "Un soleil."
    hint: "Il brille."
    areas:
      - {text: "Le sommet", x: 40, y: 8, width: 20, height: 30}
      - {text: "Le soleil", x: 65, y: 12, width: 20, height: 36, correct: true}
    feedback: "Le soleil est rond."
  - {id: avis, kind: short-text, text: "Votre avis ?", feedback: "Bien."}
  - {id: vrai, kind: true-false, text: "Le ciel est vert.", answer: false, feedback: "Non."}
  - {id: paires, kind: matching, text: "Associez.", pairs: [{left: a, right: b}, {left: c, right: d}], feedback: "Oui."}
  - {id: ordre, kind: ordering, text: "Rangez.", items: [un, deux, trois], feedback: "Oui."}
  - {id: mot, kind: fill-in, text: "Un mot ?", answers: [jour], feedback: "Oui."}
  - {id: nombre, kind: numeric, text: "Un nombre ?", answer: 12, unit: kg, feedback: "Oui."}
self_checks:
  - id: essai
    kind: multiple
    text: "Lesquels ?"
    options: [{text: a, correct: true}, {text: b}]
    feedback: "a."
"""


@dataclass
class Draft:
    """A course folder that a test writes to."""

    folder: Path
    language: str = "fr"
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def module(self) -> Path:
        return self.folder / self.language / "depart"

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def lesson(self, text: str) -> Draft:
        self.write(f"{self.language}/depart/page.md", f"---\ntitle: Une page\nminutes: 5\n---\n{text}\n")
        return self

    def questions(self, text: str) -> Draft:
        self.write(f"{self.language}/depart/questions.yaml", text)
        return self

    def course(self, text: str) -> Draft:
        """Adds tables to course.toml."""
        path = self.folder / "course.toml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        return self

    def findings(self, rule: str = "") -> list[Finding]:
        return [finding for finding in check(self.folder) if rule in ("", finding.rule)]

    def rendered(self) -> RenderedModule:
        course = load(self.folder)
        return render_module(course, course.modules[0], self.language, Plugins())

    @property
    def html(self) -> str:
        return self.rendered().pages[0].html

    def build(self, out: Path) -> Path:
        course = load(self.folder)
        return build(course, course.modules[0], self.language, Scorm12(), out, make_shell(out / "data"), Plugins()).path


@pytest.fixture
def make_draft(tmp_path: Path) -> Callable[..., Draft]:
    def make(language: str = "fr") -> Draft:
        draft = Draft(tmp_path / f"course-{language}", language)
        draft.write("course.toml", COURSE.format(language=language))
        draft.write(f"{language}/depart/media/carte.svg", MAP)
        return draft.lesson("Du texte.").questions(QUESTIONS)

    return make


@pytest.fixture
def draft(make_draft: Callable[..., Draft]) -> Draft:
    return make_draft()


@pytest.fixture
def rich(draft: Any) -> Any:
    """A course with every block and kind of question, and a look of its own."""
    draft.write("fr/glossary.yaml", 'terms:\n  - {term: réinsertion, text: "Reprendre sa place."}\n')
    draft.write("fr/depart/media/film.mp4", b"film")
    draft.write("fr/depart/media/film.vtt", "WEBVTT\n")
    draft.write("logo.svg", LOGO)
    return draft.lesson(EVERYTHING).questions(EVERY_QUESTION).course(THEME)


@dataclass
class Reader:
    """A browser window with a page of the package in its platform's frame."""

    page: Any
    url: str

    @property
    def sco(self) -> Any:
        return self.page.frame_locator("#sco")

    def open(self, name: str) -> Any:
        self.page.evaluate("name => open_page(name)", name)
        self.sco.locator("html.is-live").wait_for()
        return self.sco

    def leave(self) -> None:
        self.page.evaluate("() => open_page('about:blank')")
        self.page.frame_locator("#sco").locator("html:not(.is-live)").wait_for(state="attached")

    def kept(self, name: str) -> str:
        value: str = self.page.evaluate("name => kept[name] || ''", name)
        return value

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture
def site(serve: Any, tmp_path: Path) -> Callable[[Draft], str]:
    """Serves the package of a draft; gives its address."""

    def site(draft: Draft) -> str:
        folder = tmp_path / f"site-{uuid.uuid4().hex}"
        with zipfile.ZipFile(draft.build(folder.with_name(f"{folder.name}-dist"))) as archive:
            archive.extractall(folder)
        files = {"host.html": HOST_PAGE, "host.css": HOST_STYLE, "plain_api.js": PLAIN_API}
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return str(serve(folder).url)

    return site


@pytest.fixture
def read(chromium: Any, site: Callable[[Draft], str]) -> Iterator[Callable[..., Reader]]:
    """Opens a draft's package in a new window; faults on its console fail the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_window(draft: Draft, **settings: Any) -> Reader:
        url = site(draft)
        options = {"viewport": {"width": 900, "height": 700}, "locale": "fr-FR", **settings}
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.goto(f"{url}/host.html")
        return Reader(page, url)

    yield open_window
    for context in contexts:
        context.close()
    assert faults == []
