"""`lms-toolkit certificates list|show|verify|revoke`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._output import confirm
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Certificate, Verdict


@click.group()
def certificates() -> None:
    """List, show, verify and revoke certificates."""


@certificates.command("list")
@click.option("--edition", help="Only those of this edition.")
@json_option
@pass_app
def list_(app: App, edition: str | None) -> None:
    """List the certificates that were issued.

    Example: lms-toolkit certificates list --edition SURE-FR-M1
    """
    found = app.store.certificates.all(edition)
    rows = (
        (
            c.code,
            c.record.learner_name,
            c.record.edition,
            str(c.record.issued_on),
            "revoked" if c.revoked_at else "valid",
        )
        for c in found
    )
    text = table(("code", "learner", "edition", "issued", "state"), rows) if found else "no certificate yet"
    app.emit(found, text)


@certificates.command()
@click.argument("code")
@json_option
@pass_app
def show(app: App, code: str) -> None:
    """Show one certificate and the reasons it was earned.

    Example: lms-toolkit certificates show 7K3M-Q2XF-9ABC
    """
    certificate = _certificate(app, code)
    award = app.store.awards.by_id(certificate.record.award_id)
    app.emit({"certificate": certificate, "award": award}, _describe(certificate, award.reasons if award else ()))


@certificates.command()
@click.argument("document")
@click.option(
    "--keys", type=click.Path(path_type=Path, dir_okay=False), help="The issuer's public-keys.json; ours otherwise."
)
@click.option(
    "--revocations", type=click.Path(path_type=Path, dir_okay=False), help="The issuer's signed list of revocations."
)
@json_option
@pass_app
def verify(app: App, document: str, keys: Path | None, revocations: Path | None) -> None:
    """Say whether a certificate is valid, revoked or forged.

    DOCUMENT is a code, a PDF or a signed record. Nothing is asked of any server.

    Example: lms-toolkit certificates verify certificate.pdf
    """
    from lms_toolkit.issuing import verify as verify_document

    store = None if keys else app.store  # somebody else's certificate is not in our store
    verdict = verify_document(document, app.certifier, store, keys=keys, revocations=revocations)
    app.emit(verdict, _describe_verdict(verdict))
    if verdict.verdict != "valid":
        raise Exit(1)


@certificates.command()
@click.argument("code")
@click.option("--reason", required=True, help="Why; kept in the store.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_app
def revoke(app: App, code: str, reason: str, yes: bool) -> None:
    """Revoke a certificate; from now on, verification says so.

    Example: lms-toolkit certificates revoke 7K3M-Q2XF-9ABC --reason "issued in error" --yes
    """
    from lms_toolkit.issuing import revoke as revoke_certificate

    certificate = _certificate(app, code)
    confirm(app, f"Revoke {certificate.code} of {certificate.record.edition}?", yes=yes)
    revoked = revoke_certificate(
        certificate.code, reason, app.store, app.certifier, app.config.certificates, app.plugins
    )
    app.emit(revoked, f"{revoked.code} is revoked since {revoked.revoked_at:%Y-%m-%d %H:%M} UTC")


def _certificate(app: App, code: str) -> Certificate:
    from lms_toolkit.issuing import normal_code

    certificate = app.store.certificates.by_code(normal_code(code))
    if certificate is None:
        raise ConfigError(f"no certificate has the code {code!r}; lms-toolkit certificates list shows them")
    return certificate


def _describe(certificate: Certificate, reasons: tuple[object, ...]) -> str:
    record = certificate.record
    lines = [
        f"{record.certificate_title} {record.code}",
        f"  learner   {record.learner_name}",
        f"  course    {record.course_title} ({record.edition}, {record.language})",
        f"  issued    {record.issued_on} by {record.issuer}",
        f"  file      {certificate.pdf_path}",
        f"  state     {'revoked: ' + certificate.revocation_reason if certificate.revoked_at else 'valid'}",
        "  earned because",
    ]
    return "\n".join([*lines, *(f"    ✓ {getattr(r, 'rule', '')}: {getattr(r, 'fact', '')}" for r in reasons)])


def _describe_verdict(verdict: Verdict) -> str:
    lines = [f"{verdict.verdict.upper()}: {verdict.detail}"]
    if verdict.record:
        record = verdict.record
        lines.append(f"  {record.certificate_title}: {record.learner_name}, {record.course_title}, {record.issued_on}")
    return "\n".join(lines)
