"""`lms-toolkit people list|show|propose|merge|split|rename`."""

from __future__ import annotations

from datetime import UTC, datetime

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._learner import find_learner
from lms_toolkit.cli._output import confirm
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.errors import ConfigError


@click.group()
def people() -> None:
    """See who is one person across sites and years, and say so."""


@people.command("list")
@click.argument("text", default="")
@json_option
@pass_app
def list_(app: App, text: str) -> None:
    """List learners, or those whose name, address or number contains TEXT.

    Example: lms-toolkit people list amina
    """
    found = app.store.people.find(text)
    app.emit(found, table(("learner", "name"), ((one.id, one.name) for one in found)))


@people.command()
@click.argument("learner")
@json_option
@pass_app
def show(app: App, learner: str) -> None:
    """Show what is known of a learner: accounts, merges, awards, past participations, decisions.

    Example: lms-toolkit people show idnumber:S-8
    """
    one = find_learner(app, learner)
    accounts = app.store.people.accounts_of(one.id)
    merged = [said for said in app.store.people.merges() if said.learner_id == one.id]
    awards = app.store.awards.of_learner(one.id)
    past = app.store.participations.all(one.id)
    decisions = app.store.decisions.all(learner_id=one.id)
    lines = [
        f"{one.name} ({one.id})",
        *(f"account: {site} {user.ref}, {user.username}, {user.email or 'no address'}" for site, user in accounts),
        *(
            f"merged: {said.merged_id}, by {said.merged_by} on {said.merged_at:%Y-%m-%d}: {said.reason}"
            for said in merged
        ),
        *(
            f"award: {a.edition} ({a.kind}), {'earned' if a.earned else 'not yet'}, {a.decided_at:%Y-%m-%d}"
            for a in awards
        ),
        *(f"past: {p.course_id} {p.edition}, {p.completed_on}: {p.evidence} ({p.imported_from})" for p in past),
        *(f"decision: {d.id[:8]} {d.edition} {d.rule} {d.verdict} by {d.decided_by}" for d in decisions),
    ]
    data = {
        "learner": one,
        "accounts": [{"site": site, "user": user} for site, user in accounts],
        "merges": merged,
        "awards": awards,
        "participations": past,
        "decisions": decisions,
    }
    app.emit(data, "\n".join(lines))


@people.command()
@json_option
@pass_app
def propose(app: App) -> None:
    """List learners who may be one person, with the reasons. Nothing is merged.

    Example: lms-toolkit people propose
    """
    from lms_toolkit.people import propose_merges

    proposals = propose_merges(app.store.people.traces())
    rows = ((one.first_id, one.second_id, "\n".join(one.reasons)) for one in proposals)
    app.emit(proposals, table(("learner", "maybe the same as", "why"), rows) if proposals else "nobody to merge")


@people.command()
@click.argument("learner")
@click.argument("other")
@click.option("--reason", required=True, help="Why they are one person.")
@click.option("--by", required=True, help="Who says so.")
@click.option("--yes", is_flag=True, help="Merge without being asked.")
@json_option
@pass_app
def merge(app: App, learner: str, other: str, reason: str, by: str, yes: bool) -> None:
    """Say that two learners are one person: everything of OTHER becomes LEARNER's.

    Example: lms-toolkit people merge idnumber:S-8 site:staging:41 --reason "same passport" --by "Registrar's office"
    """
    from lms_toolkit.model import Merge

    kept, gone = find_learner(app, learner), find_learner(app, other)
    confirm(app, f"Make {gone.id} one with {kept.id}? This cannot be undone as a whole.", yes=yes)
    merged = app.store.people.merge(Merge(gone.id, kept.id, gone.name, reason, by, datetime.now(UTC)))
    app.emit(merged, f"{gone.id} is {merged.id} now")


@people.command()
@click.argument("site")
@click.argument("account")
@click.option("--yes", is_flag=True, help="Split without being asked.")
@json_option
@pass_app
def split(app: App, site: str, account: str, yes: bool) -> None:
    """Say that the person behind an account is somebody else; what was earned stays with the learner of before.

    Example: lms-toolkit people split staging 41
    """
    confirm(app, f"Make account {account} of {site} a learner of its own?", yes=yes)
    before, after = app.store.people.split(site, account)
    app.emit(
        {"before": before, "after": after}, f"account {account} of {site} is {after.id} now, no longer {before.id}"
    )


@people.command()
@click.argument("learner")
@click.argument("name", required=False)
@click.option("--as-on-site", is_flag=True, help="Go back to the name that sites have.")
@json_option
@pass_app
def rename(app: App, learner: str, name: str | None, as_on_site: bool) -> None:
    """Set the name as the learner wants it on certificates; pulls leave it alone.

    Example: lms-toolkit people rename idnumber:S-8 "Jorge Luis Prueba"
    """
    if bool(name and name.strip()) == as_on_site:
        raise ConfigError("give the new name, or --as-on-site to go back to the one that sites have")
    renamed = app.store.people.rename(
        find_learner(app, learner).id, None if as_on_site else " ".join((name or "").split())
    )
    app.emit(renamed, f"{renamed.id} is {renamed.name} on certificates that are issued from now on")
