"""Draws a report's figures as plain SVG; colours come from the page's style sheet, numbers stand beside in a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lms_toolkit.reporting.figures import Progress, Scores
from lms_toolkit.reporting.wording import Wording

_WIDTH, _HEIGHT = 360, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 10, 26, 26


def progress_bar(progress: Progress) -> str:
    """The shares of those who are done and of those who are at it; for the eye, its numbers are beside it."""
    everybody = progress.done + progress.under_way + progress.not_begun
    done, part = (100 * count / everybody if everybody else 0 for count in (progress.done, progress.under_way))
    return (
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="rest" width="100" height="4"/>{_part("done", 0, done)}{_part("part", done, part)}</svg>'
    )


def share_bar(percent: float, css: str) -> str:
    """One share of a whole, such as that of right answers; for the eye, its number is beside it."""
    width = min(max(percent, 0), 100)
    return (
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="rest" width="100" height="4"/>{_part(css, 0, width)}</svg>'
    )


def _part(css: str, x: float, width: float) -> str:
    return f'<rect class="{css}" x="{_at(x)}" width="{_at(width)}" height="4"/>' if width > 0 else ""


def histogram(scores: Scores, words: Wording, name: str) -> str:
    """How many totals lie in each tenth, and where the pass mark is; `name` is what screen readers say."""
    most = max(scores.counts)
    step = _round_step(most)
    high = step * (most // step + 1)  # room above the highest bar for its number
    parts = [*_grid(high, step, words)]
    slot = (_WIDTH - _LEFT - _RIGHT) / len(scores.counts)
    for number, count in enumerate(scores.counts):
        x, top = _LEFT + number * slot + 2, _y(count, high)
        is_below = (number + 1) * 100 / len(scores.counts) <= scores.pass_mark_percent
        if count:
            box = f'x="{_at(x)}" y="{_at(top)}" width="{_at(slot - 4)}" height="{_at(_HEIGHT - _BOTTOM - top)}"'
            parts.append(f'<rect class="{"below" if is_below else "reached"}" {box}/>')
            parts.append(_text(x + slot / 2 - 2, top - 4, "value", words.number(count)))
    for tenth in range(0, len(scores.counts) + 1, 2):
        parts.append(_text(_LEFT + tenth * slot, _HEIGHT - _BOTTOM + 15, "tick", words.number(tenth * 10)))
    parts += _mark(scores.pass_mark_percent, words)
    return (
        f'<svg class="histogram" role="img" aria-label="{escape(name)}" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f"{''.join(parts)}</svg>"
    )


def _mark(percent: float, words: Wording) -> Sequence[str]:
    x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(max(percent, 0), 100) / 100
    label = words.say("pass_mark", mark=words.percent(percent))
    css = "mark end" if x > _WIDTH * 0.6 else "mark"
    return (
        f'<line class="mark" x1="{_at(x)}" x2="{_at(x)}" y1="{_TOP - 10}" y2="{_HEIGHT - _BOTTOM}"/>',
        _text(x - 4 if css.endswith("end") else x + 4, _TOP - 14, css, label),
    )


def _grid(high: int, step: int, words: Wording) -> list[str]:
    drawn = []
    for value in range(0, high + 1, step):
        y = _at(_y(value, high))
        drawn.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        drawn.append(_text(_LEFT - 5, _y(value, high) + 3.5, "tick end", words.number(value)))
    return drawn


def _y(value: float, high: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / high


def _round_step(most: int) -> int:
    """Steps of 1, 2, 5, 10 … so that there are four or five lines."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power * 5 >= most:
                return factor * power
        power *= 10


def _text(x: float, y: float, css: str, text: str) -> str:
    return f'<text class="{css}" x="{_at(x)}" y="{_at(y)}">{escape(text)}</text>'


def _at(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
