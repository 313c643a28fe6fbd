"""The demonstration's steps as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from lms_sandbox.demo import DemoStep


def table(steps: Sequence[DemoStep], out: Path) -> Table:
    total = sum(step.seconds for step in steps)
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, caption_justify="left", caption=f"Everything is in {out}/")
    made.add_column("step")
    made.add_column("result", overflow="fold")
    made.add_column("seconds", justify="right")
    for step in steps:
        made.add_row(Text(step.title), Text(step.result), f"{step.seconds:.2f}")
    made.add_section()
    made.add_row("in all", "", f"{total:.2f}")
    return made
