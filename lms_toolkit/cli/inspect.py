"""`lms-toolkit inspect`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli.check import describe, is_problem
from lms_toolkit.commands import json_option, pass_app
from lms_toolkit.model import PackageReport


@click.command()
@click.argument("package", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings count as problems too.")
@json_option
@pass_app
def inspect(app: App, package: Path, strict: bool) -> None:
    """Say what a package is and what is wrong with it, ours or anybody's.

    It is read where it is: nothing is unpacked onto the disk.

    Example: lms-toolkit inspect dist/sure-cycles-migratoires-fr-scorm12.zip
    """
    from lms_toolkit.inspecting import inspect_package

    report = inspect_package(package, app.plugins)
    app.emit(report, _describe(report))
    if is_problem(report.findings, strict=strict):
        raise Exit(1)


def _describe(report: PackageReport) -> str:
    head = [
        f"{report.path}: {report.format or 'unknown kind of package'}",
        f"  title     {report.title or '–'}",
        f"  size      {report.size_bytes / 1024:.0f} KiB, {report.files} files",
        f"  sha256    {report.sha256}",
        *(f"  item      {item.identifier}  {item.title}" for item in report.items),
    ]
    return "\n".join([*head, describe(report.findings)])
