"""`lms-toolkit notifications show|send|retry|drop`: what was to be told to people and programs, and was not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._output import confirm
from lms_toolkit.cli.sync import tell_delivered
from lms_toolkit.commands import json_option, pass_app, table

if TYPE_CHECKING:
    from lms_toolkit.store.outbox import Notification


@click.group()
def notifications() -> None:
    """See which messages could not be delivered, and try them again."""


@notifications.command()
@json_option
@pass_app
def show(app: App) -> None:
    """List the messages that wait, and those that need a person.

    `dead`: tried often enough. `unsure`: the mail server may have taken it, and nobody knows.

    Example: lms-toolkit notifications show
    """
    outbox = app.store.outbox
    listed = [*outbox.needing_a_person(), *outbox.waiting()]
    counts = ", ".join(f"{count} {state}" for state, count in outbox.counts().items()) or "no messages yet"
    columns = ("id", "event", "about", "to", "state", "tried", "next (UTC)", "why")
    app.emit(listed, table(columns, map(_cells, listed)) if listed else counts)
    if listed:
        app.tell(counts)


@notifications.command()
@json_option
@pass_app
def send(app: App) -> None:
    """Deliver the messages that are due; every sync does it too.

    Example: lms-toolkit notifications send
    """
    _send(app)


@notifications.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="All that are dead; those that are unsure have to be named.")
@click.option("--yes", is_flag=True, help="Send what may have arrived already, without being asked.")
@json_option
@pass_app
def retry(app: App, ids: tuple[str, ...], every: bool, yes: bool) -> None:
    """Try messages again that are dead or unsure.

    Example: lms-toolkit notifications retry 5f3a
    """
    outbox = app.store.outbox
    chosen = [outbox.get(id) for id in ids]
    if every:
        chosen += [one for one in outbox.needing_a_person() if one.state == "dead"]
    if not ids and not every:
        raise click.UsageError("name the messages, or say --all")
    if any(one.state == "unsure" for one in chosen):
        confirm(app, "Somebody may have got this message already. Send it again?", yes=yes)
    from datetime import UTC, datetime

    outbox.retry(sorted({one.id for one in chosen}), datetime.now(UTC))
    _send(app)


@notifications.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", required=True, help="Why they are not sent: it arrived, nobody needs it.")
@json_option
@pass_app
def drop(app: App, ids: tuple[str, ...], reason: str) -> None:
    """Let messages rest that are dead or unsure.

    Example: lms-toolkit notifications drop 5f3a --reason "the learner has it"
    """
    outbox = app.store.outbox
    count = outbox.drop([outbox.get(id).id for id in ids], reason)
    app.emit({"dropped": count}, f"{count} dropped")


def _send(app: App) -> None:
    from lms_toolkit.notifying import send_due

    delivered = send_due(app)
    app.emit(delivered, None if delivered != type(delivered)() else "nothing was due")
    tell_delivered(app, delivered)


def _cells(one: Notification) -> tuple[str | int, ...]:
    next_at = f"{one.next_at:%Y-%m-%d %H:%M}" if one.state == "waiting" else ""
    return (one.id[:8], one.event, one.subject, one.channel, one.state, one.attempts, next_at, one.note)
