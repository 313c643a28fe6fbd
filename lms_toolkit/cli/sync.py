"""`lms-toolkit sync`, and `sync schedule`, which lets a machine do it by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._usual import with_usual
from lms_toolkit.commands import json_option, pass_app, table

if TYPE_CHECKING:
    from lms_toolkit.notifying import Delivered
    from lms_toolkit.sync_tasks import Synced

EVERY = ("5m", "15m", "30m", "1h", "2h", "6h", "12h", "1d")


@click.group(cls=with_usual("run", alone=True))
def sync() -> None:
    """Bring grades home, decide, issue and notify, for all deployed editions or some.

    `sync` and `sync EDITION` are short for `sync run`, whose `--help` lists its options.

    Example: lms-toolkit sync --site staging
    """


deadline_option = click.option(
    "--deadline",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one course page may take.",
)


@sync.command()
@click.argument("editions", nargs=-1)
@click.option("--site", help="Only what is deployed on this site.")
@deadline_option
@json_option
@pass_app
def run(app: App, editions: tuple[str, ...], site: str | None, deadline: float) -> None:
    """Bring deployed course pages up to date, one after the other: pull, decide, issue, notify.

    Then the diplomas: of every programme that concerns somebody, or, with EDITION or --site, of those that a course of
    these pages counts for. What is done is not done again. A page that fails keeps no other waiting; one that another
    sync works on is skipped. Ends with 3 when a site failed, else with 2 for the configuration, else with 1 for a
    course, a programme or a certificate that cannot be made.

    Example: lms-toolkit sync run SURE-FR-M1 --site staging
    """
    from lms_toolkit.notifying import send_due
    from lms_toolkit.syncing import exit_code, pages_to_sync, sync_all

    if site is not None:
        app.config.site(site)
    pages = pages_to_sync(app, editions, site)
    done: list[Synced] = []
    with app.progress("Syncing") as advance:
        for one in sync_all(app, pages, deadline, only_theirs=bool(editions or site)):
            done.append(one)
            advance(len(done), max(len(done), len(pages)))
            if one.note:
                app.tell(str(one))
    delivered = send_due(app)
    found = {"pages": [one for one in done if one.site], "programmes": [one for one in done if not one.site]}
    app.emit({**found, "notifications": delivered}, _shown(done))
    tell_delivered(app, delivered)
    if code := exit_code(done):
        raise Exit(code)


def _shown(done: list[Synced]) -> object:
    if not done:
        return "nothing is deployed yet: lms-toolkit deploy"
    rows = ((_named(one), one.site, one.outcome, one.users, one.changed, one.decided, one.issued) for one in done)
    return table(("edition", "site", "sync", "users read", "changed", "decided", "issued"), rows)


def _named(one: Synced) -> str:
    return f"{one.edition} ({one.language})" if one.language else one.edition


def tell_delivered(app: App, delivered: Delivered) -> None:
    """One line on what was sent, if there was anything."""
    counts = {
        "sent": delivered.sent,
        "put off": delivered.later,
        "given up": delivered.dead,
        "unsure": delivered.unsure,
        "dropped": delivered.dropped,
    }
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    if said:
        app.tell(f"notifications: {said}")


@sync.command()
@click.argument("editions", nargs=-1)
@click.option("--cron", "kind", flag_value="cron", help="A line for `crontab -e`.")
@click.option("--systemd", "kind", flag_value="systemd", help="A service and its timer.")
@click.option("--kubernetes", "kind", flag_value="kubernetes", help="A CronJob.")
@click.option("--every", type=click.Choice(EVERY), default="15m", show_default=True, help="How often.")
@click.option("--site", help="Only what is deployed on this site.")
@deadline_option
@click.option("--image", help="The container image with lms-toolkit, for --kubernetes.")
@click.option("--user", help="Who runs it, for --systemd; you, otherwise.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write to, instead of showing it."
)
@json_option
@pass_app
def schedule(
    app: App,
    editions: tuple[str, ...],
    kind: Literal["cron", "systemd", "kubernetes"] | None,
    every: str,
    site: str | None,
    deadline: float,
    image: str | None,
    user: str | None,
    out: Path | None,
) -> None:
    """Write what makes this machine sync by itself, with this very configuration; nothing is installed.

    No secret is written: where one comes from the environment, you are told which file to put it into.

    Example: lms-toolkit sync schedule --systemd --every 30m -o units
    """
    from lms_toolkit.scheduling import schedule_of

    if kind is None:
        raise click.UsageError("say which: --cron, --systemd or --kubernetes")
    if site is not None:
        app.config.site(site)
    sites = ("--site", site) if site else ()
    chosen = ("--", *editions) if editions else ()
    planned = schedule_of(app.config, every, ("sync", "run", *sites, "--deadline", f"{deadline:g}", *chosen))
    if kind == "cron":
        from lms_toolkit.scheduling import crontab

        files = {"lms-toolkit.crontab": crontab(planned)}
    elif kind == "systemd":
        from getpass import getuser

        from lms_toolkit.scheduling import systemd

        files = systemd(planned, user or getuser())
    else:
        from lms_toolkit.scheduling import kubernetes

        if not image:
            raise click.UsageError("--kubernetes needs --image: the container image with lms-toolkit")
        files = {"lms-toolkit-sync.yaml": kubernetes(planned, image)}
    if planned.secret:
        where = "a Secret named lms-toolkit" if kind == "kubernetes" else f"{planned.env_file}, readable by you alone"
        app.tell(f"put these variables into {where}: {', '.join(planned.secret)}")
    if kind == "kubernetes":
        app.tell(f"make the ConfigMap: kubectl create configmap lms-toolkit --from-file={planned.config}")
    _hand_over(app, files, out)


def _hand_over(app: App, files: dict[str, str], out: Path | None) -> None:
    if out is None:
        shown = [text if len(files) == 1 else f"# {name}\n{text}" for name, text in files.items()]
        app.emit(files, "\n".join(shown).rstrip("\n"))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    paths = [out / name for name in files]
    app.emit(paths, "\n".join(map(str, paths)))
