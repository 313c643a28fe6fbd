"""What `plan` and `deploy` share: their options, the plan they make, and how a plan is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.errors import ConfigError
from lms_toolkit.interfaces import Platform
from lms_toolkit.model import Course, Plan, Step

if TYPE_CHECKING:
    from lms_toolkit.preparing import Prepared
    from lms_toolkit.store import Store

_SIGNS = {"create": "+", "update": "~", "unchanged": "=", "skip": "·", "refuse": "!"}


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
        click.option(
            "--allow-track-loss", is_flag=True, help="Go on though learners lose what they did in removed lessons."
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


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with everything it was made of, ready to be applied."""

    plan: Plan
    platform: Platform
    course: Course
    prepared: Prepared


def make_plan(
    app: App,
    edition_code: str,
    site: str,
    language: str | None,
    format_name: str,
    per: str | None,
    *,
    allow_track_loss: bool,
) -> Planned:
    """Build what the edition needs, then look at the site and plan."""
    from lms_toolkit.deploying import declare, language_of, plan
    from lms_toolkit.preparing import modules_of, prepare

    course = app.course_of_edition(edition_code)
    _refuse_other_units(course, per)
    edition = course.edition(edition_code)
    chosen = language_of(edition, language)
    platform = app.platform(site)
    with app.progress("Building") as advance:
        prepared = prepare(
            course,
            modules_of(course, edition),
            chosen,
            format_name,
            app.config.data_folder / "packages",
            app.config.data_folder,
            app.plugins,
            advance,
        )
    declared = declare(course, edition, chosen, prepared.packages, app.config.site(site))
    made = plan(platform, declared, edition.code, prepared.skipped, allow_track_loss=allow_track_loss)
    return Planned(made, platform, course, prepared)


def _refuse_other_units(course: Course, per: str | None) -> None:
    """Grades come home, and certificates are earned, by module: a site needs a package for each."""
    if course.package_per != "module" and per is None:
        raise ConfigError(
            f"{course.id} makes one package per {course.package_per}, but grades and certificates go by module;"
            " deploy it with --per module, or build it and add the packages to the site by hand"
        )


def save_packages(store: Store, prepared: Prepared) -> None:
    """Remember the packages that go out, and what they were made from."""
    for entry in prepared.built:
        store.packages.save(entry.package, entry.fingerprint)


def describe(plan: Plan) -> str:
    """The plan as a tree: one line a step, its sign first, and a count."""
    head = f"{plan.edition} ({plan.language}) on {plan.site}"
    lines = [line for step in plan.steps for line in _step_lines(step)]
    return "\n".join([head, *lines, _count(plan)])


def _step_lines(step: Step) -> list[str]:
    indent = {"course": "  ", "section": "    ", "module": "      "}[step.kind]
    reason = f"  ({step.reason})" if step.reason else ""
    details = [f"{indent}      {change.field}: {change.found!r} → {change.declared!r}" for change in step.changes]
    return [f"{indent}{_SIGNS[step.action]} {step.action:<9} {step.kind} {step.title}{reason}", *details]


def _count(plan: Plan) -> str:
    actions = [step.action for step in plan.steps]
    counts = ", ".join(
        f"{actions.count(action)} to {action}" for action in ("create", "update", "refuse") if action in actions
    )
    return counts or "nothing to do: the site is as declared"
