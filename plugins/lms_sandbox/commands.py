"""`lms-toolkit sandbox`, `preview` and `demo`."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app, table

if TYPE_CHECKING:
    from lms_sandbox.preview import Source
    from lms_sandbox.server import Sandbox

port_option = click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to use; 0 takes a free one.")


@click.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the sandbox keeps its data.")
@click.option("--port", type=click.IntRange(0, 65535), default=8052, show_default=True, help="0 takes a free one.")
@json_option
@pass_app
def sandbox(app: App, folder: Path | None, port: int) -> None:
    """Run the sandbox, a small local LMS.

    It speaks as Moodle does, plays SCORM 1.2 and 2004 in the browser, and answers on this computer only. It is for
    trying things out: logging in takes no password, so put no real people's data in it.

    Example: lms-toolkit sandbox --port 8052
    """
    from lms_sandbox.server import Sandbox

    home = folder or app.config.data_folder / "sandbox"
    with Sandbox(home, port) as running:
        settings = f'[sites.sandbox]\nplatform = "sandbox"\nurl = "{running.url}"\ntoken_file = "{running.token_path}"'
        app.emit(
            {"url": running.url, "folder": home, "token_file": running.token_path},
            f"The sandbox runs at {running.url}. To work with it, put this into lms-toolkit.toml:\n\n{settings}\n",
        )
        _serve(app, running)


def _serve(app: App, running: Sandbox) -> None:
    app.tell("Ctrl-C stops it.")
    try:
        running.wait()
    except KeyboardInterrupt:
        app.tell("stopped")


@click.command()
@click.argument("course")
@click.option("--lang", "languages", multiple=True, help="Only this language; all that are written otherwise.")
@click.option("--module", "slugs", multiple=True, help="Only this module; may be given several times.")
@click.option(
    "--format", "format_name", default="scorm12", show_default=True, help="Kind of package; it must play here."
)
@port_option
@click.option("--open/--no-open", "open_browser", default=False, help="Open the browser.")
@json_option
@pass_app
def preview(
    app: App,
    course: str,
    languages: tuple[str, ...],
    slugs: tuple[str, ...],
    format_name: str,
    port: int,
    open_browser: bool,
) -> None:
    """See a course or package as learners will.

    COURSE is a course id, a folder, or a package, also somebody else's (SCORM 1.2 or 2004, IMS CP, Common Cartridge, or
    a zip of pages with an index.html). It is built, put into a sandbox that lasts as long as this command, and shown
    with an invented learner; a page you have open reloads when you save a change.

    Example: lms-toolkit preview sure --module cycles-migratoires --format scorm12 --open
    """
    from lms_sandbox.preview import Preview
    from lms_sandbox.server import Sandbox

    with (
        TemporaryDirectory(prefix="lms-toolkit-preview-") as folder,
        Sandbox(Path(folder) / "sandbox", port) as running,
    ):
        source = _source(app, running, course, languages, slugs, format_name, Path(folder) / "packages")
        shown = Preview(app, running, source)
        url = shown.open()
        app.emit({"url": url}, url)
        app.tell("Ctrl-C stops it.")
        if open_browser:
            webbrowser.open(url)
        try:
            shown.watch()
        except KeyboardInterrupt:
            app.tell("stopped")


def _source(
    app: App,
    running: Sandbox,
    course: str,
    languages: tuple[str, ...],
    slugs: tuple[str, ...],
    format_name: str,
    out: Path,
) -> Source:
    from lms_sandbox.preview import CourseSource, PackageSource

    if Path(course).is_file():
        return PackageSource(app, Path(course), languages[0] if languages else "en")
    return CourseSource(app, running.as_site(), course, languages, slugs, format_name, out)


@click.command()
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("lms-toolkit-demo"),
    show_default=True,
    help="Folder for everything the demonstration makes.",
)
@click.option("--keep-running", is_flag=True, help="Leave the sandbox running, to take the module in the browser.")
@port_option
@json_option
@pass_app
def demo(app: App, out: Path, keep_running: bool, port: int) -> None:
    """From a course's text to a verified certificate, on this machine.

    Builds a module of the SURE course, deploys it into a sandbox, has three invented learners take it (one passes, one
    fails, one stops half-way), pulls their grades, issues the one certificate that is earned and verifies it.

    Example: lms-toolkit demo -o lms-toolkit-demo --keep-running
    """
    from lms_sandbox.demo import Demo

    with Demo(app, out, port) as running:
        steps = running.run()
        total = sum(step.seconds for step in steps)
        rows = [(step.title, step.result, f"{step.seconds:.2f}") for step in steps]
        app.emit(steps, table(("step", "result", "seconds"), [*rows, ("in all", "", f"{total:.2f}")]))
        app.tell(f"Everything is in {out}/, the certificate too: {out}/certificates/")
        if keep_running:
            app.tell(f"The sandbox runs at {running.sandbox.url}: log in as one of the learners and take the module.")
            _serve(app, running.sandbox)
