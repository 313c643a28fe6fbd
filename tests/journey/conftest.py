"""Takes a module in a real browser as a learner does: reads, answers by the author's key, leaves and comes back.

Answers come from the course's own text, never from the page's key, so a page that marks wrongly is found out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from lms_toolkit.model import Question, QuizSettings
from lms_toolkit.rendering.questions import reference

Frame = FrameLocator


@pytest.fixture
def toolkit(tmp_path: Path) -> Callable[..., Any]:
    """Runs a command in a folder of its own, with the settings there; answers its JSON."""

    def run(*arguments: str | Path, code: int = 0) -> Any:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
        environment["LMS_TOOLKIT_DATA_FOLDER"] = str(tmp_path / "data")
        command = [sys.executable, "-m", "lms_toolkit", *map(str, arguments), "--json"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def learner() -> SimpleNamespace:
    """What a learner does in a module: `finish_lesson(frame)`, `answer_quiz(frame, quiz, right)`, and
    `answer_drawn(frame, quiz, settings)` for a quiz that draws its questions or shuffles them."""
    return SimpleNamespace(finish_lesson=finish_lesson, answer_quiz=answer_quiz, answer_drawn=answer_drawn)


def finish_lesson(frame: Frame) -> None:
    """Press the lesson's last button and wait until the page says that it is saved."""
    button = frame.locator("#lms-finish")
    button.click()
    expect(button).to_contain_text("✓")
    expect(frame.locator("#lms-saved")).to_have_class("saved is-saved")


def answer_quiz(frame: Frame, quiz: tuple[Question, ...], right: int) -> None:
    """Answer the first `right` questions right and the others wrong, and hand in."""
    fieldsets = frame.locator("#lms-quiz fieldset.question")
    expect(fieldsets).to_have_count(len(quiz))
    for number, question in enumerate(quiz):
        answer(fieldsets.nth(number), question, rightly=number < right)
    frame.locator("#lms-quiz button[type=submit]").click()
    expect(frame.locator("#lms-result")).to_be_visible()


def answer_drawn(frame: Frame, quiz: tuple[Question, ...], settings: QuizSettings) -> None:
    """Answer every question of this attempt right, whichever they are, and hand in."""
    fieldsets = frame.locator("#lms-quiz fieldset.question:visible")
    expect(fieldsets).to_have_count(settings.length(quiz))
    by_reference = {reference(question): question for question in quiz}
    for field in fieldsets.all():
        answer(field, by_reference[str(field.get_attribute("data-question"))], rightly=True)
    frame.locator("#lms-quiz button[type=submit]").click()
    expect(frame.locator("#lms-result")).to_be_visible()


def answer(field: Locator, question: Question, *, rightly: bool) -> None:
    if question.kind in ("single", "multiple", "true-false"):
        for index in _choices(question, rightly):
            field.locator(f"input[value='{index}']").check()
    elif question.kind in ("matching", "ordering"):
        for part, target in _places(question, rightly):
            select = field.locator(f"select[data-part='{part}']")
            label = select.locator(f"option[value='{target}']").text_content()
            select.select_option(label=label)  # by value, Playwright would take a label that reads the same
    elif question.kind == "fill-in":
        field.locator("input").fill(question.answers[0] if rightly else "zzz")
    else:
        assert question.answer is not None
        field.locator("input").fill(f"{question.answer if rightly else question.answer + 1000:g}")


def _choices(question: Question, rightly: bool) -> list[int]:
    wanted = [index for index, option in enumerate(question.options) if option.correct is rightly]
    return wanted if question.kind == "multiple" else wanted[:1]


def _places(question: Question, rightly: bool) -> Iterator[tuple[int, int]]:
    count = len(question.pairs or question.items)
    for part in range(count):
        yield part, part if rightly else (part + 1) % count
