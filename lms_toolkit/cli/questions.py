"""`lms-toolkit questions`: import, export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli.check import describe, is_problem
from lms_toolkit.commands import json_option, pass_app
from lms_toolkit.errors import ConfigError

_PARTS = ("quiz", "self-checks")


@click.group()
def questions() -> None:
    """Bring questions in from other systems, and take them out."""


@questions.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A questions.yaml.")
@click.option(
    "--from",
    "source",
    type=click.Choice(("gift", "moodlexml", "aiken")),
    help="What the file is; its content says so otherwise.",
)
@click.option("--encoding", default="utf-8", show_default=True, help="How its letters are written: utf-8, cp1252 …")
@click.option("--part", type=click.Choice(_PARTS), default="quiz", show_default=True, help="The list they go into.")
@json_option
@pass_app
def import_(app: App, file: Path, out: Path, source: Any, encoding: str, part: str) -> None:
    """Read GIFT, Moodle XML or Aiken into a questions.yaml; pictures go into media/ beside it.

    What our source has no words for is named with its line and left out; the exit code is 1 if a whole question was.

    Example: lms-toolkit questions import bank.gift -o questions.yaml
    """
    from lms_toolkit.questions.importing import import_questions, save

    imported = import_questions(file, source, encoding)
    written = save(imported, out, "quiz" if part == "quiz" else "self_checks")
    app.tell(f"{len(imported.questions)} questions in {out}" + (f", {len(written) - 1} files" if written[1:] else ""))
    data = {"questions": len(imported.questions), "files": written, "findings": imported.findings}
    app.emit(data, describe(imported.findings))
    if is_problem(imported.findings, strict=False):
        raise Exit(1)


@questions.command()
@click.argument("course")
@click.option("--module", "slug", required=True, help="The module whose questions to take.")
@click.option("--lang", "language", help="The language; the course's first otherwise.")
@click.option("--to", "target", type=click.Choice(("gift", "moodlexml")), default="moodlexml", show_default=True)
@click.option("--part", type=click.Choice(_PARTS), default="quiz", show_default=True, help="The list to take.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@json_option
@pass_app
def export(app: App, course: str, slug: str, language: str | None, target: Any, part: Any, out: Path) -> None:
    """Write the questions of a module as Moodle XML or GIFT.

    COURSE is a course id or folder. What the format cannot hold is named with its line.

    Example: lms-toolkit questions export sure --module cycles-migratoires --lang fr --to gift -o bank.gift
    """
    from lms_toolkit.questions.exporting import export_questions

    loaded = app.course(course)
    exported = export_questions(loaded, slug, language or loaded.languages[0], target, part)
    _write(out, exported.data)
    app.tell(f"{exported.questions} questions in {out}")
    data = {"questions": exported.questions, "file": out, "findings": exported.findings}
    app.emit(data, describe(exported.findings))
    if is_problem(exported.findings, strict=False):
        raise Exit(1)


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written ({error.strerror}); choose another name or folder") from error
