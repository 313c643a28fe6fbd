"""Draws a small table as a bar or line chart: plain SVG whose colours come from the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

CHARTS = ("bar", "line")
MAX_SERIES = 4
MAX_ROWS = 24

_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 44, 44
_STEPS = (1, 2, 2.5, 5, 10)


class ChartFault(Exception):
    """A table that cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A table read as numbers: `rows` name the places along the axis, each series has one value per row."""

    rows: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


def read_chart(tokens: Sequence[Token]) -> Chart:
    """The chart that a table's tokens mean. Raises ChartFault when they are not one table of names and numbers."""
    if not tokens or (tokens[0].type, tokens[-1].type) != ("table_open", "table_close"):
        raise ChartFault("holds one table and nothing else")
    table = _cells(tokens)
    head, body = table[0], table[1:]
    if not 1 <= len(head) - 1 <= MAX_SERIES or not 2 <= len(body) <= MAX_ROWS:
        raise ChartFault(f"draws 1 to {MAX_SERIES} columns of numbers and 2 to {MAX_ROWS} rows")
    numbers = [tuple(_number(cell) for cell in row[1:]) for row in body]
    return Chart(tuple(row[0] for row in body), tuple(head[1:]), tuple(zip(*numbers, strict=True)))


def _cells(tokens: Sequence[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or ()).strip())
    return rows


def _number(cell: str) -> float:
    """`1 234,5` and `1234.5` are the same; a sign such as % may follow."""
    plain = cell.rstrip(" %€$").replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        value = float(plain.replace("−", "-"))
    except ValueError as error:
        raise ChartFault(f"has {cell!r} where a number is needed") from error
    if not math.isfinite(value) or abs(value) > 1e12:
        raise ChartFault(f"has {cell!r}, which is too large to draw")
    return value


def chart_svg(chart: Chart, kind: str, name: str, language: str) -> str:
    """The drawing; `name` is what screen readers say, already escaped."""
    axis = _axis(chart)
    drawn = _bars(chart, axis, language) if kind == "bar" else _lines(chart, axis, language)
    parts = [*_grid(axis, language), *drawn, *_names(chart), *_legend(chart)]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    return f'<svg role="img" aria-label="{name}" {size}>{"".join(parts)}</svg>'


@dataclass(frozen=True, slots=True)
class _Axis:
    """The values up the side: from `low` to `high` in steps."""

    low: float
    high: float
    step: float

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def ticks(self) -> list[float]:
        return [self.low + number * self.step for number in range(round((self.high - self.low) / self.step) + 1)]


def _axis(chart: Chart) -> _Axis:
    """Always from 0, because a bar that begins elsewhere lies."""
    values = [value for series in chart.values for value in series]
    low, high = min(0.0, *values), max(0.0, *values)
    step = _round_step((high - low or 1) / 5)
    return _Axis(math.floor(low / step) * step, max(step, math.ceil(high / step) * step), step)


def _round_step(rough: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in _STEPS if factor * power >= rough)


def _grid(axis: _Axis, language: str) -> list[str]:
    lines = []
    for tick in axis.ticks():
        y = _at(axis.y(tick))
        css = "axis" if abs(tick) < axis.step / 1e6 else "grid"
        lines.append(f'<line class="{css}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"></line>')
        lines.append(_text(_LEFT - 8, axis.y(tick) + 5, "tick", _shown(tick, language)))
    return lines


def _slot(chart: Chart) -> float:
    return (_WIDTH - _LEFT - _RIGHT) / len(chart.rows)


def _middle(chart: Chart, row: int) -> float:
    return _LEFT + _slot(chart) * (row + 0.5)


def _bars(chart: Chart, axis: _Axis, language: str) -> list[str]:
    width = min(56.0, _slot(chart) * 0.8 / len(chart.series))
    drawn = []
    for number, values in enumerate(chart.values):
        for row, value in enumerate(values):
            x = _middle(chart, row) + (number - len(chart.series) / 2) * width
            top, foot = axis.y(max(value, 0)), axis.y(min(value, 0))
            box = f'x="{_at(x)}" y="{_at(top)}" width="{_at(width - 2)}" height="{_at(foot - top)}"'
            drawn.append(f'<rect class="series-{number + 1}" {box}></rect>')
            drawn += _value(chart, x + width / 2 - 1, top - 6, value, language)
    return drawn


def _lines(chart: Chart, axis: _Axis, language: str) -> list[str]:
    drawn = []
    for number, values in enumerate(chart.values):
        points = [(_middle(chart, row), axis.y(value)) for row, value in enumerate(values)]
        way = " ".join(f"{_at(x)},{_at(y)}" for x, y in points)
        drawn.append(f'<polyline class="line-{number + 1}" points="{way}"></polyline>')
        for (x, y), value in zip(points, values, strict=True):
            drawn.append(f'<circle class="series-{number + 1}" cx="{_at(x)}" cy="{_at(y)}" r="4"></circle>')
            if len(chart.series) == 1:  # numbers of lines that cross would lie on one another
                drawn += _value(chart, x, y - 10, value, language)
    return drawn


def _value(chart: Chart, x: float, y: float, value: float, language: str) -> list[str]:
    """Numbers on the drawing, as long as they do not run into each other."""
    if len(chart.rows) * len(chart.series) > 12:
        return []
    return [_text(x, y, "value", _shown(value, language))]


def _names(chart: Chart) -> list[str]:
    room = max(3, int(_slot(chart) / 8))  # characters: about 8 units each
    return [
        _text(_middle(chart, row), _HEIGHT - _BOTTOM + 22, "name", _short(name, room))
        for row, name in enumerate(chart.rows)
    ]


def _short(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"  # the table has it whole


def _legend(chart: Chart) -> list[str]:
    room = (_WIDTH - _LEFT - _RIGHT) / len(chart.series)
    drawn = []
    for number, name in enumerate(chart.series):
        x = _LEFT + number * room
        drawn.append(f'<rect class="series-{number + 1}" x="{_at(x)}" y="8" width="14" height="14" rx="3"></rect>')
        drawn.append(_text(x + 20, 20, "key", _short(name, int((room - 24) / 8))))
    return drawn


def _text(x: float, y: float, css: str, text: str) -> str:
    return f'<text class="{css}" x="{_at(x)}" y="{_at(y)}">{escape(text)}</text>'


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _shown(value: float, language: str) -> str:
    text = f"{round(value, 6):g}" if abs(value) < 1e6 else f"{value:.0f}"
    return text if language.partition("-")[0] == "en" else text.replace(".", ",")
