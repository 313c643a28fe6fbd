"""How long a package takes, split into rendering and zipping, beside plain zipping of the same ready files.

python benchmarks/build.py [COPIES] [COURSE_FOLDER]
"""

from __future__ import annotations

import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TypeVar

from lms_toolkit.archive import write_zip
from lms_toolkit.building import make_shell
from lms_toolkit.content import content_path
from lms_toolkit.courses import load
from lms_toolkit.interfaces import PackageFormat, Shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Module, ModuleContent, PackageFile, Question
from lms_toolkit.rendering import render_module

T = TypeVar("T")


def main(copies: int, folder: Path) -> None:
    course = load(folder)
    module = next(module for module in course.modules if module.content)
    language = next(iter(module.content))
    plugins = Plugins()
    fmt = plugins.format("scorm12")
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary)
        shell = make_shell(out / "data")
        timings = [_one(course, _copy(module, n), language, fmt, shell, plugins, out) for n in range(copies)]
    _report(f"{course.id}/{module.slug} ({language}), {copies} packages", timings)


def _copy(module: Module, number: int) -> Module:
    """The same module in slightly other words, so that nothing remembered from the last one helps."""
    mark = f" ({number})"
    contents = {language: _reworded(content, mark) for language, content in module.content.items()}
    return replace(module, slug=f"{module.slug}-{number}", content=contents)


def _reworded(content: ModuleContent, mark: str) -> ModuleContent:
    lessons = tuple(replace(lesson, markdown=lesson.markdown + "\n\n" + mark) for lesson in content.lessons)
    quiz = tuple(_reworded_question(question, mark) for question in content.quiz)
    self_checks = tuple(_reworded_question(question, mark) for question in content.self_checks)
    return replace(content, lessons=lessons, quiz=quiz, self_checks=self_checks)


def _reworded_question(question: Question, mark: str) -> Question:
    options = tuple(
        replace(option, text=option.text + mark, feedback=option.feedback + mark) for option in question.options
    )
    return replace(question, text=question.text + mark, feedback=question.feedback + mark, options=options)


def _one(
    course: Course, module: Module, language: str, fmt: PackageFormat, shell: Shell, plugins: Plugins, out: Path
) -> tuple[float, float, float]:
    """Milliseconds to render, to write our zip, and to zip the same files plainly."""
    rendering, files = _timed(lambda: tuple(fmt.files(render_module(course, module, language, plugins), shell)))
    zipping, _ = _timed(lambda: write_zip(out / "ours.zip", files))
    plain, _ = _timed(lambda: _zip_plainly(out / "plain.zip", files))
    return rendering, zipping, plain


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return (time.perf_counter() - started) * 1000, result


def _zip_plainly(path: Path, files: tuple[PackageFile, ...]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.read())


def _report(title: str, timings: list[tuple[float, float, float]]) -> None:
    rendering, zipping, plain = (median(column) for column in zip(*timings, strict=True))
    print(title)
    print(f"first package    {sum(timings[0][:2]):8.1f} ms  (with imports and templates)")
    print(f"median package   {rendering + zipping:8.1f} ms  = render {rendering:.1f} + zip {zipping:.1f}")
    print(f"plain zip        {plain:8.1f} ms  of the same ready files")
    print(f"ratio            {(rendering + zipping) / plain:8.2f}   package / plain zip")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 50,
        Path(sys.argv[2]) if len(sys.argv) > 2 else content_path("sure"),
    )
