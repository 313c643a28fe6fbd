"""`lms-toolkit store backup|check|people`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._learner import find_learner
from lms_toolkit.cli._output import confirm
from lms_toolkit.cli.check import describe
from lms_toolkit.commands import json_option, pass_app

if TYPE_CHECKING:
    from lms_toolkit.store.erasing import Erased

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def store() -> None:
    """Back up the store, check it, and answer people who ask for their data."""


@store.command()
@click.argument("file", type=_FILE)
@json_option
@pass_app
def backup(app: App, file: Path) -> None:
    """Copy the store to FILE, as it is at this moment, also while other commands write to it.

    Keys and documents of certificates are files of their own: back up their folder too.

    Example: lms-toolkit store backup store-2026-11-22.db
    """
    from lms_toolkit.store.caring import backup as copy
    from lms_toolkit.store.caring import open_existing

    database = open_existing(app.config.database_url)
    try:
        size = copy(database, file)
    finally:
        database.close()
    folder = app.config.certificates.folder
    app.emit({"file": file, "size_bytes": size, "also": folder}, f"{file}: {size:,} bytes; back up {folder} too")


@store.command()
@json_option
@pass_app
def check(app: App) -> None:
    """Find what is wrong with the store and the certificates beside it.

    The file and its tables; rows about accounts that are not known; certificates whose documents are gone or altered;
    awards without a certificate; events that do not fit. Ends with 1 when something is found. Nothing is changed.

    Example: lms-toolkit store check
    """
    from lms_toolkit.checking_store import check_store

    findings = check_store(app.config.database_url, app.certifier, app.config.certificates)
    app.emit(findings, describe(findings))
    if findings:
        raise Exit(1)


@store.group()
def people() -> None:
    """Give people what is known of them, or erase it."""


@people.command("export")
@click.argument("learner")
@click.option("-o", "--out", type=_FILE, required=True, help="The JSON file to write.")
@json_option
@pass_app
def export(app: App, learner: str, out: Path) -> None:
    """Write everything that is known of LEARNER to a JSON file.

    LEARNER is an id, or part of a name, address or number that only one person has.

    Example: lms-toolkit store people export idnumber:S-8 -o jorge.json
    """
    from lms_toolkit.erasing import export_person

    counts = export_person(find_learner(app, learner), app.store, out, datetime.now(UTC))
    rows = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
    app.emit({"file": out, "rows": counts}, f"{out}: {rows}")


@people.command()
@click.argument("learner")
@click.option(
    "--certificates", is_flag=True, help="Erase the certificates too: they are revoked, and name nobody then."
)
@click.option("--yes", is_flag=True, help="Erase without being asked.")
@json_option
@pass_app
def erase(app: App, learner: str, certificates: bool, yes: bool) -> None:
    """Erase everything that is known of LEARNER; issued certificates stay verifiable, unless --certificates.

    The site is not changed: whoever is still enrolled there comes back with the next pull. docs/privacy.md says what
    stays, and why.

    Example: lms-toolkit store people erase idnumber:S-8 --yes
    """
    from lms_toolkit.erasing import erase_person

    if not app.store.people.get(learner) and not app.store.people.find(learner):
        app.emit({"learner_id": learner, "rows": {}}, f"nobody known is {learner!r}: nothing to erase")
        return
    one = find_learner(app, learner)
    confirm(app, f"Erase everything about {one.id}{', certificates too' if certificates else ''}?", yes=yes)
    config, now = app.config.certificates, datetime.now(UTC)
    erased = erase_person(one, app.store, app.certifier, config, app.plugins, now, with_certificates=certificates)
    app.emit(erased, _describe(erased))
    for site, page in erased.enrolled:
        app.tell(
            f"still enrolled on {site}, course {page}: the next pull brings this person back, from the beginning, and "
            "a certificate can be earned once more; end the enrolment there, pull, and erase again"
        )


def _describe(erased: Erased) -> str:
    rows = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in erased.rows.items()) or "nothing left to go"
    lines = [f"{erased.learner_id} is erased: {rows}"]
    if erased.certificates:
        lines.append(f"certificates that stay verifiable: {', '.join(erased.certificates)} (now {erased.stands_in})")
    return "\n".join(lines)
