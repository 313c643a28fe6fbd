"""What a command needs, ours or a plugin's: the App, `--json`, tables and percentages. Nothing here prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import ROUND_DOWN, Decimal
from typing import Any

import rich_click as click

from lms_toolkit.app import App

pass_app = click.make_pass_decorator(App)
"""Gives a command the App as its first argument; the command hands its result to `app.emit(data, text)`."""

Cell = str | int | float | None

_JSON = "lms_toolkit.json"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--json`, on every command that returns data."""
    return click.option(
        "--json", "as_json", is_flag=True, expose_value=False, callback=_remember_json, help="Print the result as JSON."
    )(command)


def _remember_json(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    ctx.find_root().meta[_JSON] = value


def wants_json() -> bool:
    """Whether the command that is running was given `--json`."""
    ctx = click.get_current_context(silent=True)
    return bool(ctx and ctx.find_root().meta.get(_JSON))


def table(columns: Iterable[str], rows: Iterable[Iterable[Cell]], title: str | None = None) -> Any:
    """A table for people, to hand to `app.emit`; wide cells fold instead of being cut."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text("" if cell is None else printable(str(cell))) for cell in row))
    return made


def printable(text: str) -> str:
    """A text that tells a terminal nothing: a name on a site may hold what moves the cursor or hides what was said."""
    return _CONTROLS.sub("\ufffd", text)


def percent(value: float | None) -> str:
    """Two decimals, cut and never rounded up: 59.999 must not read as a pass."""
    return "–" if value is None else str(Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_DOWN))
