"""The top command: knows its subcommands by name and imports one when it is called."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import rich_click as click

from lms_toolkit import __version__
from lms_toolkit.app import App
from lms_toolkit.cli._output import make_app
from lms_toolkit.errors import PluginError

BUILT_IN = {
    "courses": "List the courses, their editions, languages and modules.",
    "check": "Find what is wrong with a course: structure, links, media, questions.",
    "new": "Make the folder of a new course, ready to check and build.",
    "build": "Build the packages of courses.",
    "inspect": "Say what a package is and what is wrong with it, ours or anybody's.",
    "questions": "Bring questions in from other systems, and take them out.",
    "plugins": "List the plugins and how they are doing.",
    "sites": "List the sites named in the configuration.",
    "doctor": "Find what stands in the way of working with a site.",
    "plan": "Show what deploying an edition would do; nothing is written to the site.",
    "deploy": "Bring an edition of a course onto a site, exactly as declared.",
    "status": "Show what is deployed where, and what was changed by hand.",
    "enrol": "Enrol the people of a CSV or XLSX list in a deployed edition.",
    "sync": "Bring grades home, decide, issue and notify, for all deployed editions or some.",
    "grades": "Bring grades home, show them, export them.",
    "people": "See who is one person across sites and years, and say so.",
    "certify": "Decide who earned the certificate, and issue it.",
    "certificates": "List, show, verify and revoke certificates.",
    "report": "Write a report on an edition: one page of HTML that needs nothing else, to read, send or print.",
    "notifications": "See which messages could not be delivered, and try them again.",
    "worker": "Sync course pages together with other workers, on this machine and others.",
    "store": "Back up the store, check it, and answer people who ask for their data.",
    "schemas": "Install the control documents that SCORM packages carry.",
    "completion": "Print the line that switches on completion in your shell.",
}
"""Built-in commands: name → what it does, so that `--help` need not import them. A test holds it to the commands."""


class _InOrder(click.RichGroup):
    """Lists its commands as they come: in the order of a working day, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class Commands(click.RichGroup):
    """Built-in commands and those of plugins, imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*BUILT_IN, *sorted(self._plugin_commands(ctx))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in BUILT_IN:
            command: click.Command = getattr(import_module(f"lms_toolkit.cli.{name}"), name)
            return command
        if name not in self._plugin_commands(ctx):
            return None
        return _app(ctx).plugins.command(name)

    def _plugin_commands(self, ctx: click.Context) -> dict[str, Any]:
        """Commands of plugins that do not hide a built-in one."""
        return {name: value for name, value in _app(ctx).plugins.commands().items() if name not in BUILT_IN}

    def format_help(self, ctx: click.Context, formatter: Any) -> None:
        """Written from a stand-in with one line a command, because rich-click would import every command otherwise."""
        listing = _InOrder(name=self.name, params=self.params, help=self.help, epilog=self.epilog)
        for name in self.list_commands(ctx):
            listing.add_command(click.RichCommand(name=name, help=self._summary(ctx, name)))
        stand_in = click.RichContext(listing, info_name=ctx.info_name, help_option_names=ctx.help_option_names)
        listing.format_help(stand_in, formatter)

    def _summary(self, ctx: click.Context, name: str) -> str:
        if name in BUILT_IN:
            return BUILT_IN[name]
        value = self._plugin_commands(ctx)[name]
        if isinstance(value, str):
            return value.partition(" ")[2]
        return value.get_short_help_str()  # type: ignore[no-any-return]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except PluginError as error:
            raise click.UsageError(str(error)) from error


def _app(ctx: click.Context) -> App:
    """The run's App; `--help` and completion come before the group's own body, so it is made when first asked for."""
    root = ctx.find_root()
    if root.obj is None:
        root.obj = make_app(root.params.get("config"))
    app: App = root.obj
    return app


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "LMS_TOOLKIT"},
    epilog="Exit codes: 0 done, 1 the work found problems, 2 wrong usage or configuration, "
    "3 site unreachable or refused.",
)
@click.version_option(__version__, prog_name="lms-toolkit", message="%(prog)s %(version)s")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    is_eager=True,
    help="Settings file; the nearest lms-toolkit.toml upwards otherwise.",
)
@click.pass_context
def cli(ctx: click.Context, config: Path | None) -> None:
    """From a course's text to e-learning packages, Moodle and a certificate that anybody can check.

    Try it: lms-toolkit demo
    """
    app = _app(ctx)
    ctx.call_on_close(app.close)
