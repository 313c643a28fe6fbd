"""Results to stdout, progress and advice to stderr; `--json` prints the records themselves."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import rich_click as click

from lms_toolkit.app import Advance, App
from lms_toolkit.config import Site, load_config
from lms_toolkit.errors import ToolkitError
from lms_toolkit.model import Finding

pass_app = click.make_pass_decorator(App)

Cell = str | int | float | None


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--json`, on every command that returns data."""
    return click.option(
        "--json", "as_json", is_flag=True, expose_value=False, callback=_remember_json, help="Print the result as JSON."
    )(command)


def _remember_json(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    ctx.find_root().meta["lms_toolkit.json"] = value


def _wants_json() -> bool:
    ctx = click.get_current_context(silent=True)
    return bool(ctx and ctx.find_root().meta.get("lms_toolkit.json"))


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
    if _wants_json():
        print(json.dumps(plain(data), ensure_ascii=False, indent=2))
    elif isinstance(text, str):
        print(text)
    elif text is not None:
        from rich.console import Console

        Console(soft_wrap=not sys.stdout.isatty()).print(text)


def give_up_stdout() -> None:
    """Stdout takes nothing any more, and must not say so once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(line: str) -> None:
    """Advice and progress in words."""
    print(line, file=sys.stderr)


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
    line = " ".join(str(error).split())
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


def percent(value: float | None) -> str:
    """Two decimals, cut and never rounded up: 59.999 must not read as a pass."""
    return "–" if value is None else str(Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_DOWN))


def table(columns: Iterable[str], rows: Iterable[Iterable[Cell]], title: str | None = None) -> Any:
    """A table for people; wide cells fold instead of being cut."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return made


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """A progress bar on stderr; silent when stderr is not a terminal or with `--json`."""
    if not sys.stderr.isatty() or _wants_json():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def confirm(app: App, question: str, *, yes: bool) -> None:
    """Ask before something final; a script says `--yes`."""
    if yes:
        return
    if not app.interactive:
        raise click.UsageError(f"{question} This cannot be undone: say --yes to go on without being asked.")
    click.confirm(question, abort=True, err=True)
