"""A course with every kind of question, built in a SCORM edition and opened in a platform's window."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lms_toolkit.building import build, make_shell
from lms_toolkit.interfaces import Shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import (
    CertificationRule,
    Course,
    Lesson,
    Module,
    ModuleContent,
    Option,
    Package,
    Pair,
    Question,
)

LESSON = """\
Un texte, avec des accents : é, œ, ç.

::: self-check capitale
:::

![Un pont.](media/pont.svg)

## Vérifier

Encore un texte.
"""
CAPITAL = Question(
    "capitale", "single", "La capitale ?", options=(Option("Rabat", correct=True), Option("Fès")), feedback="Rabat."
)
QUIZ = (
    Question(
        "q-single",
        "single",
        "Quelle est la **bonne** réponse ?",
        options=(Option("La première"), Option("La bonne, à l’œil", correct=True)),
    ),
    Question(
        "q-multiple",
        "multiple",
        "Lesquelles sont paires ?",
        points=2,
        options=(Option("2", correct=True), Option("3"), Option("4", correct=True)),
    ),
    Question("q-true", "true-false", "Le ciel est vert.", options=(Option("Vrai"), Option("Faux", correct=True))),
    Question(
        "q-matching",
        "matching",
        "Associez.",
        pairs=(Pair("Maroc", "Rabat"), Pair("Tunisie", "Tunis")),
        distractors=("Alger",),
    ),
    Question("q-ordering", "ordering", "Remettez dans l’ordre.", items=("Un", "Deux", "Trois")),
    Question("q-fill", "fill-in", "Le contraire de décidé ?", answers=("contraint", "contrainte")),
    Question("q-numeric", "numeric", "La moitié de 25 ?", answer=12.5, tolerance=0.1, unit="%"),
)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><title>Un pont</title></svg>'


def make_course(folder: Path, *, quiz: tuple[Question, ...] = QUIZ, title: str = "Le départ & l’arrivée") -> Course:
    """The course `mini`: one module of two lessons and a quiz, its picture written into `folder`."""
    media = folder / "fr" / "depart" / "media"
    media.mkdir(parents=True, exist_ok=True)
    (media / "pont.svg").write_text(PICTURE, encoding="utf-8")
    lessons = (
        Lesson("bienvenue", "Bienvenue à tous", 3, LESSON, media.parent / "bienvenue.md"),
        Lesson("suite", "La suite", 2, "## Et après\n\n![Un pont.](media/pont.svg)\n", media.parent / "suite.md"),
    )
    module = Module(
        slug="depart",
        title={"fr": title},
        objectives={"fr": ("Commencer.",)},
        lessons=("bienvenue", "suite"),
        hours=1,
        pass_mark_percent=70,
        content={"fr": ModuleContent("fr", media.parent, lessons, quiz, (CAPITAL,))},
    )
    return Course(
        id="mini",
        version="1.0",
        languages=("fr",),
        title={"fr": "Petit cours"},
        summary={"fr": "Pour les essais."},
        modules=(module,),
        activities=(),
        editions=(),
        weights={},
        certification=CertificationRule({"fr": "Attestation"}),
        folder=folder,
    )


@dataclass
class Workshop:
    """Builds the course, or a changed one, into the test's own folder."""

    folder: Path
    plugins: Plugins
    shell: Shell

    def course(self, **changes: Any) -> Course:
        return make_course(self.folder / "course", **changes)

    def build(self, format_name: str, course: Course | None = None, out: str = "dist") -> Package:
        course = course or self.course()
        fmt = self.plugins.format(format_name)
        return build(course, course.modules[0], "fr", fmt, self.folder / out, self.shell, self.plugins)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path, Plugins(strict=True), make_shell(tmp_path / "data"))


@pytest.fixture(scope="session")
def schema_of() -> Callable[[str], etree.XMLSchema]:
    """The schema of an edition, by the format's name."""
    folder = Path(os.environ.get("LMS_TOOLKIT_TEST_XSD", Path(__file__).parents[3] / "shared" / "xsd"))
    if not folder.is_dir():
        pytest.skip("no XSD sets: set LMS_TOOLKIT_TEST_XSD to their folder")
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    return functools.cache(lambda name: etree.XMLSchema(etree.parse(str(folder / name / "_driver.xsd"), parser)))


# --- in the browser

HOST_PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Platform</title>
<link rel="stylesheet" href="host.css"><iframe id="sco" title="SCO"></iframe>{scripts}</html>"""
HOST_STYLE = "html, body { margin: 0; height: 100% } iframe { width: 100%; height: 100%; border: 0; display: block }"


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and keeps what is posted to /commit."""

    commits: list[Any]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        # as strict as a platform may be: no inline script or style runs
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_POST(self) -> None:
        self.commits.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = b'{"result": "true", "errorCode": 0}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@dataclass
class Window:
    """The platform's window, with the SCO in its frame, and what was committed to its server."""

    page: Any
    commits: list[Any] = field(default_factory=list)

    @property
    def sco(self) -> Any:
        return self.page.frame_locator("#sco")

    def is_live(self) -> None:
        self.sco.locator("html.is-live").wait_for()

    def get(self, expression: str) -> Any:
        return self.page.evaluate(expression)


@pytest.fixture
def platform_window(chromium: Any, tmp_path: Path) -> Callable[..., Any]:
    """`platform_window(zip, scripts)`: a context manager that opens a package beside a platform's scripts."""

    @contextmanager
    def opened(package: Path, scripts: list[Path]) -> Iterator[Window]:
        site = tmp_path / "site"
        with zipfile.ZipFile(package) as archive:
            archive.extractall(site)
        tags = "".join(f'<script src="{script.name}"></script>' for script in scripts)
        (site / "host.html").write_text(HOST_PAGE.format(scripts=tags), encoding="utf-8")
        (site / "host.css").write_text(HOST_STYLE, encoding="utf-8")
        (site / "favicon.ico").touch()  # browsers ask for one, and a 404 would look like a fault of ours
        for script in scripts:
            shutil.copy(script, site)
        with _serving(site) as (url, commits), _page(chromium) as page:
            page.goto(f"{url}/host.html")
            yield Window(page, commits)

    return opened


@contextmanager
def _serving(site: Path) -> Iterator[tuple[str, list[Any]]]:
    handler = type("Handler", (_Handler,), {"commits": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler.commits
    server.shutdown()
    server.server_close()


@contextmanager
def _page(chromium: Any) -> Iterator[Any]:
    """A page whose script must not fail."""
    context = chromium.new_context(viewport={"width": 900, "height": 700}, locale="fr-FR")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert not faults


class Learner:
    """Answers every kind of question: `right`, `partly` or `wrong` all through; and hands in."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def take_quiz(self, how: str) -> None:
        self.answer(how)
        self.window.sco.get_by_role("button", name="Valider mes réponses").click()

    def answer(self, how: str) -> None:
        is_right = how == "right"
        self._tick("La bonne, à l’œil" if is_right else "La première")
        for label in {"right": ("2", "4"), "partly": ("2",), "wrong": ("3",)}[how]:
            self._tick(label)
        self._tick("Faux" if is_right else "Vrai")
        self._pick("Maroc", "Alger" if how == "wrong" else "Rabat")
        self._pick("Tunisie", "Tunis" if is_right else "Alger")
        order = {"right": "123", "partly": "132", "wrong": "231"}[how]
        for item, place in zip(("Un", "Deux", "Trois"), order, strict=True):
            self._pick(item, place)
        self._write("Le contraire", "  CONTRAINT " if is_right else "{volontaire [,] libre}")
        self._write("La moitié", "12,45 %" if is_right else "13")

    def restart(self) -> None:
        self.window.sco.get_by_role("button", name="Recommencer le quiz").click()

    def finish_lesson(self) -> None:
        self.window.sco.get_by_role("button", name="J’ai terminé cette leçon").click()

    def _tick(self, label: str) -> None:
        self.window.sco.get_by_label(label, exact=True).check()

    def _pick(self, part: str, label: str) -> None:
        self.window.sco.get_by_label(part, exact=True).select_option(label=label)

    def _write(self, question: str, text: str) -> None:
        self.window.sco.locator(f"fieldset:has-text('{question}') input").fill(text)


@pytest.fixture
def learner() -> Callable[[Window], Learner]:
    return Learner
