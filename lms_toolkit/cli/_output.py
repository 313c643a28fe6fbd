"""Results to stdout, progress and advice to stderr; `--json` prints the records themselves."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import rich_click as click

from lms_toolkit.app import Advance, App
from lms_toolkit.commands import printable, wants_json
from lms_toolkit.config import Site, load_config
from lms_toolkit.errors import ToolkitError
from lms_toolkit.model import Finding

_REDRAW_SECONDS = 0.1


def make_app(config: Path | None) -> App:
    """The App of this command line: settings read, output wired to the terminal."""
    return App(
        load_config(config),
        emit=emit,
        tell=tell,
        progress=progress,
        interactive=sys.stdin.isatty() and sys.stderr.isatty(),
    )


def emit(data: Any, text: Any = None) -> None:
    """Print a result: `data` as JSON if asked for, else `text` (or a table made by `table`)."""
    try:
        _print_result(data, text)
        sys.stdout.flush()
    except BrokenPipeError:
        give_up_stdout()  # the reader has seen enough, and left


def _print_result(data: Any, text: Any) -> None:
    if wants_json():
        print(json.dumps(plain(data), ensure_ascii=False, indent=2))
    elif isinstance(text, str):
        print(printable(text))
    elif text is not None:
        from rich.console import Console

        Console(soft_wrap=not sys.stdout.isatty()).print(text)


def give_up_stdout() -> None:
    """Stdout takes nothing any more, and must not say so once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(line: str) -> None:
    """Advice and progress in words."""
    print(printable(line), file=sys.stderr)


def error_line(error: ToolkitError | Finding, *, as_json: bool) -> None:
    if as_json and isinstance(error, ToolkitError):
        kind = type(error).__name__
        print(
            json.dumps(
                {"error": {"kind": kind, "message": str(error), "exit_code": error.exit_code}}, ensure_ascii=False
            )
        )
        return
    prefix = "Error: " if isinstance(error, ToolkitError) else f"  {error.severity}: "
    line = printable(" ".join(str(error).split()))
    print(f"{prefix}{line}", file=sys.stderr)


def plain(value: Any) -> Any:
    """A record as JSON can hold it. Sites are written without their token."""
    if isinstance(value, Site):
        return {"name": value.name, "platform": value.platform, "url": value.url, "token": bool(value.token)}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(plain(entry) for entry in value)
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """A progress bar on stderr; silent when stderr is not a terminal or with `--json`."""
    if not sys.stderr.isatty() or wants_json():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    # drawn here and by no thread of its own: a program with one thread may fork, as `build` does
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(title, total=None)
        drawn_at = 0.0

        def advance(done: int, total: int) -> None:
            nonlocal drawn_at
            is_due = time.monotonic() - drawn_at > _REDRAW_SECONDS
            drawn_at = time.monotonic() if is_due else drawn_at
            bar.update(task, completed=done, total=total or None, refresh=is_due)

        yield advance


def confirm(app: App, question: str, *, yes: bool) -> None:
    """Ask before something final; a script says `--yes`."""
    if yes:
        return
    if not app.interactive:
        raise click.UsageError(f"{question} This cannot be undone: say --yes to go on without being asked.")
    click.confirm(question, abort=True, err=True)
