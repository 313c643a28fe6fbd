"""What the documents say of hooks and commands is what the code does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from lms_toolkit import hookspecs
from lms_toolkit.cli._group import BUILT_IN, cli

ROOT = Path(__file__).parents[2]
HOOKS = {name: value for name, value in vars(hookspecs).items() if name.startswith("lms_")}


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_hook(name):
    """Each hook is documented with its exact signature."""
    headings = re.findall(r"^### (.+)$", (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8"), re.MULTILINE)
    signature = str(inspect.signature(HOOKS[name])).replace("'", "")
    assert f"{name}{signature}" in headings


def test_no_hook_is_documented_that_does_not_exist():
    documented = re.findall(r"^### (lms_\w+)", (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted(HOOKS)


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_each_hook_says_when_it_is_called_and_what_raising_does(name):
    text = " ".join((HOOKS[name].__doc__ or "").split())
    assert text.startswith("Called ")
    assert "aising" in text, text


def test_the_command_line_reference_is_up_to_date():
    from lms_toolkit.cli._reference import reference

    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_the_one_line_in_help_is_the_commands_own(name):
    import click

    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert (command.help or "").split("\n\n")[0].replace("\n", " ") == BUILT_IN[name]


def test_every_command_has_a_real_example_in_its_help():
    import click

    from lms_toolkit.cli._reference import leaves

    for ctx in leaves(click.Context(cli, info_name="lms-toolkit")):
        assert f"Example: {ctx.command_path}" in (ctx.command.help or "").replace("\n", " "), ctx.command_path
