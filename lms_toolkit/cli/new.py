"""`lms-toolkit new`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app


@click.command()
@click.argument("course", type=click.Path(path_type=Path))
@click.option("--lang", "languages", multiple=True, default=("en",), help="A language of the course: en, es or fr.")
@json_option
@pass_app
def new(app: App, course: Path, languages: tuple[str, ...]) -> None:
    """Make the folder of a new course, ready to check and build.

    COURSE is the folder to make; its name becomes the course's id. Nothing that is there is touched.

    Example: lms-toolkit new first-aid --lang fr --lang en
    """
    from lms_toolkit.scaffolding import scaffold

    files = scaffold(course, languages)
    listed = "\n".join(f"  {path.relative_to(course)}" for path in files)
    app.emit({"course": course.name, "folder": course, "files": list(files)}, f"{course}\n{listed}")
    app.tell(f"next: lms-toolkit check {course}, then lms-toolkit build {course}")
