"""What `plan` and `deploy` share: their options, saved plans, and how a plan is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rich_click as click

from lms_toolkit.errors import ConfigError, PlanRefused
from lms_toolkit.model import Change, Plan, Step

_SIGNS = {"create": "+", "update": "~", "unchanged": "=", "retire": "-", "skip": "·", "refuse": "!"}
_LONG = 100
_BEFORE = 20
_INDENT = {"course": "  ", "module": "      ", "activity": "      "}


def edition_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """EDITION, --site and --lang: which course page of which site."""
    for option in (
        click.option("--lang", "language", help="Language to use, where the edition has several."),
        click.option("--site", required=True, help="A site named in the configuration."),
        click.argument("edition"),
    ):
        command = option(command)
    return command


def build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--delete", is_flag=True, help="Delete what is no longer declared, instead of hiding it."),
        click.option(
            "--allow-track-loss",
            is_flag=True,
            help="Go on though learners lose what they did in removed lessons, or dates of completion.",
        ),
        click.option(
            "--format", "format_name", default="scorm12", show_default=True, help="Kind of package to deploy."
        ),
        click.option(
            "--per", type=click.Choice(("module",)), help="Deploy one package per module, whatever course.toml says."
        ),
    ):
        command = option(command)
    return command


def write_plan(plan: Plan, path: Path) -> None:
    """Save what a plan is about: `deploy --plan` makes it anew, and goes on only if it is the same."""
    path.write_text(json.dumps(_saved(plan), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def refuse_unless_saved(plan: Plan, path: Path) -> None:
    """Raises PlanRefused when the course or the site is no longer what the saved plan was made for."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        differing = [name for name, value in _saved(plan).items() if saved[name] != value]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is no saved plan; make one with lms-toolkit plan … -o {path.name}") from error
    if differing:
        what = {"declared": "the course", "found": f"the site {plan.site}"}.get(differing[0], differing[0])
        raise PlanRefused(f"{path}: {what} has changed since this plan was saved; plan again, then deploy that")


def _saved(plan: Plan) -> dict[str, object]:
    from lms_toolkit.planning import declared_digest

    return {
        "site": plan.site,
        "edition": plan.edition,
        "language": plan.language,
        "declared": declared_digest(plan),
        "found": plan.site_digest,
        "steps": [[step.action, step.kind, step.key, step.reason] for step in plan.steps],
    }


def describe(plan: Plan) -> str:
    """The plan as a tree: one line a step, its sign first, and a count."""
    head = f"{plan.edition} ({plan.language}) on {plan.site}"
    lines = [line for step in plan.steps for line in _step_lines(step)]
    return "\n".join([head, *lines, _count(plan)])


def _step_lines(step: Step) -> list[str]:
    indent = _INDENT.get(step.kind, "    ")
    reason = f"  ({step.reason})" if step.reason else ""
    details = [f"{indent}      {change.field}: {_difference(change)}" for change in step.changes]
    return [f"{indent}{_SIGNS[step.action]} {step.action:<9} {step.kind} {step.title}{reason}", *details]


def _difference(change: Change) -> str:
    """Both values, or of long ones what differs and a little before it."""
    found, declared = change.found, change.declared
    if max(len(found), len(declared)) > _LONG:
        start = max(_same_at_start(found, declared) - _BEFORE, 0)
        end = _same_at_start(found[start:][::-1], declared[start:][::-1])
        found, declared = (_cut(value, start, len(value) - end) for value in (found, declared))
    return f"{found!r} → {declared!r}"


def _same_at_start(one: str, other: str) -> int:
    """How many characters two texts have in common before they differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (left, right) in pairs if left != right), min(len(one), len(other)))


def _cut(value: str, start: int, end: int) -> str:
    part = value[start : max(end, start)]
    part = part if len(part) <= _LONG else f"{part[:_LONG]}…"
    return f"{'…' if start else ''}{part}{'…' if end < len(value) else ''}"


def _count(plan: Plan) -> str:
    actions = [step.action for step in plan.steps]
    counts = ", ".join(
        f"{actions.count(action)} to {action}"
        for action in ("create", "update", "retire", "refuse")
        if action in actions
    )
    return counts or "nothing to do: the site is as declared"
