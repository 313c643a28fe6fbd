"""Writes `docs/cli.md` from the commands themselves: `python -m lms_toolkit.cli._reference > docs/cli.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from lms_toolkit.cli._group import cli

_HEAD = """# Command line

Made from the commands themselves; `python -m lms_toolkit.cli._reference > docs/cli.md` renews it, a test compares.

Results go to stdout, progress and advice to stderr. `--json` prints the records themselves, and errors as
`{"error": {"kind", "message", "exit_code"}}`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the work found problems: findings, refusals, a certificate that is not valid |
| 2 | wrong usage or configuration |
| 3 | the site cannot be reached, or refused |
| 130 | interrupted |
"""


def reference() -> str:
    """The whole page."""
    root = click.Context(cli, info_name="lms-toolkit")
    return "\n".join([_HEAD, *(_section(ctx) for ctx in leaves(root))])


def leaves(ctx: click.Context) -> Iterator[click.Context]:
    """Every command that does something, groups resolved, in the order of `--help`."""
    command = ctx.command
    if not isinstance(command, click.Group):
        yield ctx
        return
    for name in command.list_commands(ctx):
        child = command.get_command(ctx, name)
        if child is not None:
            yield from leaves(click.Context(child, info_name=name, parent=ctx))


def _section(ctx: click.Context) -> str:
    command = ctx.command
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    options = [_option(parameter) for parameter in command.params if isinstance(parameter, click.Option)]
    paragraphs = [_paragraph(text) for text in inspect.cleandoc(command.help or "").split("\n\n")]
    return "\n\n".join([f"## {ctx.command_path}", f"    {usage}", *paragraphs, "\n".join(options)]).rstrip() + "\n"


def _paragraph(text: str) -> str:
    joined = " ".join(text.replace("\b", "").split())
    example = joined.removeprefix("Example: ")
    return f"Example:\n\n    {example}" if example != joined else joined


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(click.Command('x')))}"
    default = f" (default: {option.default})" if option.show_default else ""
    return f"- {names}{value}: {option.help or ''}{default}".rstrip(": ")


if __name__ == "__main__":
    print(reference(), end="")
