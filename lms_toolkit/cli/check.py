"""`lms-toolkit check`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Finding


@click.command()
@click.argument("courses", nargs=-1)
@click.option("--strict", is_flag=True, help="Warnings count as problems too.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="A package built before: name what it has and the course, only one then, has no longer.",
)
@json_option
@pass_app
def check(app: App, courses: tuple[str, ...], strict: bool, against: Path | None) -> None:
    """Find what is wrong with a course: structure, links, media, questions.

    COURSES are course ids or folders; all known courses when none is named.

    Example: lms-toolkit check sure --strict
    """
    from lms_toolkit.courses import check as check_folder

    findings: list[Finding] = []
    for name in courses or tuple(sorted(app.course_folders())):
        findings += check_folder(app.course_folder(name), app.plugins.check_course)
    if against:
        findings += _against(app, courses, against)
    app.emit(findings, describe(findings))
    if is_problem(findings, strict=strict):
        raise Exit(1)


def _against(app: App, courses: tuple[str, ...], package: Path) -> list[Finding]:
    from lms_toolkit.courses.against_package import check_against

    if len(courses) != 1:
        raise ConfigError("--against compares one course with one package; name the course")
    return check_against(app.course(courses[0]), package, app.plugins)


def is_problem(findings: Iterable[Finding], *, strict: bool) -> bool:
    bad = {"error", "warning"} if strict else {"error"}
    return any(finding.severity in bad for finding in findings)


def describe(findings: Sequence[Finding]) -> str:
    """One line a finding, as compilers write them, and a count."""
    lines = [
        f"{finding.place}: {finding.severity}: {finding.message} [{finding.rule}]"
        + (f"\n    → {finding.hint}" if finding.hint else "")
        for finding in findings
    ]
    counts = ", ".join(
        f"{sum(finding.severity == severity for finding in findings)} {severity}s"
        for severity in ("error", "warning", "info")
    )
    return "\n".join([*lines, counts if lines else "nothing found"])
