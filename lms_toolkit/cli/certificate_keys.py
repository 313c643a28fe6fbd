"""`lms-toolkit certificates keys init|list|rotate`."""

from __future__ import annotations

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._output import confirm
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.config import KEY_PASSPHRASE, Secret


@click.group()
def keys() -> None:
    """Make, list and rotate the keys that sign certificates."""


@keys.command()
@click.option("--encrypt", is_flag=True, help=f"Encrypt the private key; asks, or takes {KEY_PASSPHRASE}.")
@json_option
@pass_app
def init(app: App, encrypt: bool) -> None:
    """Make the issuer's first key. Without this, the first certificate makes one that is not encrypted.

    Example: lms-toolkit certificates keys init --encrypt
    """
    kid = app.certifier.init_key(_passphrase(app, is_new=True) if encrypt else app.config.certificates.passphrase)
    app.emit({"kid": kid}, f"{kid}: keep {app.config.certificates.folder / 'keys'} private, and back it up")


@keys.command("list")
@json_option
@pass_app
def list_(app: App) -> None:
    """List the issuer's keys; no secret is read.

    Example: lms-toolkit certificates keys list
    """
    found = app.certifier.list_keys()
    rows = (
        (key.kid, str(key.created), "signs" if key.is_current else "retired", "yes" if key.is_encrypted else "")
        for key in found
    )
    app.emit(list(found), table(("key", "made", "state", "encrypted"), rows) if found else "no key yet")


@keys.command()
@click.option("--encrypt", is_flag=True, help=f"Encrypt the new key; asks, or takes {KEY_PASSPHRASE}.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_app
def rotate(app: App, encrypt: bool, yes: bool) -> None:
    """Sign with a new key from now on; what the old one signed stays valid, and the site must be written anew.

    Where the old key is encrypted, so is the new one, with the same passphrase.

    Example: lms-toolkit certificates keys rotate --yes
    """
    confirm(app, "Retire the key that signs now, and make a new one?", yes=yes)
    is_encrypted = any(key.is_encrypted for key in app.certifier.list_keys())
    passphrase = _passphrase(app, is_new=not is_encrypted) if is_encrypted or encrypt else None
    kid = app.certifier.rotate_key(passphrase)
    app.emit({"kid": kid}, f"{kid} signs from now on; write and publish the site anew: lms-toolkit certificates site")


def _passphrase(app: App, *, is_new: bool) -> Secret:
    """From the environment, else asked for, twice where it is new; never from the command line, where others look."""
    known = app.config.certificates.passphrase
    if known:
        return known
    if not app.interactive:
        raise click.UsageError(f"Put the passphrase of the private key into {KEY_PASSPHRASE}.")
    asked = "New passphrase of the private key" if is_new else "Passphrase of the private key"
    return Secret(click.prompt(asked, hide_input=True, confirmation_prompt=is_new, err=True))
