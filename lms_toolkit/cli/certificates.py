"""`lms-toolkit certificates list|show|verify|revoke|replace|badge|import|deliver|site|keys`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._output import confirm
from lms_toolkit.cli.certificate_delivery import deliver
from lms_toolkit.cli.certificate_keys import keys
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.model import Certificate, Verdict

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def certificates() -> None:
    """List, show, verify and revoke certificates."""


certificates.add_command(deliver)
certificates.add_command(keys)


@certificates.command("list")
@click.option("--edition", help="Only those of this edition.")
@json_option
@pass_app
def list_(app: App, edition: str | None) -> None:
    """List the certificates that were issued.

    Example: lms-toolkit certificates list --edition SURE-FR-M1
    """
    found = app.store.certificates.all(edition)
    rows = ((c.code, c.record.learner_name, c.record.edition, str(c.record.issued_on), _state(c)) for c in found)
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
    from lms_toolkit.revoking import issued

    certificate = issued(code, app.store)
    award = app.store.awards.by_id(certificate.record.award_id)
    app.emit({"certificate": certificate, "award": award}, _describe(certificate, award.reasons if award else ()))


@certificates.command()
@click.argument("document")
@click.option("--keys", type=_FILE, help="The issuer's public-keys.json or did.json; ours otherwise.")
@click.option("--revocations", type=_FILE, help="The issuer's signed list of revocations.")
@click.option("--status", type=_FILE, multiple=True, help="A Bitstring Status List of the issuer; may be repeated.")
@click.option("--max-age", type=click.IntRange(min=1), metavar="DAYS", help="Refuse lists that are older than this.")
@click.option("--online", is_flag=True, help="Ask the web for other issuers' keys and for status lists (https only).")
@json_option
@pass_app
def verify(
    app: App,
    document: str,
    keys: Path | None,
    revocations: Path | None,
    status: tuple[Path, ...],
    max_age: int | None,
    online: bool,
) -> None:
    """Say whether a certificate is valid, revoked, replaced, expired or forged, as of when, and what is wrong with it.

    DOCUMENT is a code, an address, a PDF, a PNG badge, a digital credential or a signed record; ours, or an Open Badge
    3.0 of another issuer. No server is asked anything, unless --online allows it.

    Example: lms-toolkit certificates verify certificate.pdf
    """
    from lms_toolkit.verifying import Evidence
    from lms_toolkit.verifying import verify as verify_document

    evidence = Evidence(keys, revocations, status, timedelta(days=max_age) if max_age else None, online)
    store = None if keys else app.store  # somebody else's certificate is not in our store
    url = app.config.certificates.verify_url
    verdict = verify_document(document, app.certifier, store, evidence=evidence, verify_url=url)
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
    from lms_toolkit.revoking import issued
    from lms_toolkit.revoking import revoke as revoke_certificate

    certificate = issued(code, app.store)
    confirm(app, f"Revoke {certificate.code} of {certificate.record.edition}?", yes=yes)
    revoked = revoke_certificate(
        certificate.code, reason, app.store, app.certifier, app.config.certificates, app.plugins
    )
    app.emit(revoked, f"{revoked.code} is revoked since {revoked.revoked_at:%Y-%m-%d %H:%M} UTC")


@certificates.command("replace")
@click.argument("code")
@click.option("--name", required=True, help="The learner's name, as it should have been.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_app
def replace_(app: App, code: str, name: str, yes: bool) -> None:
    """Issue a certificate with the corrected name, and revoke the one it replaces.

    Example: lms-toolkit certificates replace 7K3M-Q2XF-9ABC --name "Chloé Essai" --yes
    """
    from lms_toolkit.revoking import issued, replace_certificate

    old = issued(code, app.store)
    confirm(app, f"Replace {old.code} of {old.record.edition} by one with the name {name}?", yes=yes)
    new = replace_certificate(old.code, name, app.store, app.certifier, app.config.certificates, app.plugins)
    app.emit(new, f"{old.code} is replaced by {new.code}: {new.pdf_path}")


@certificates.command()
@click.argument("code")
@click.option("-o", "--out", type=_FILE, help="Where to write it; CODE.png here otherwise.")
@json_option
@pass_app
def badge(app: App, code: str, out: Path | None) -> None:
    """Write a certificate's badge: a picture with the digital credential inside, for profiles and wallets.

    Example: lms-toolkit certificates badge 7K3M-Q2XF-9ABC -o badge.png
    """
    from lms_toolkit.badges import write_badge

    path = write_badge(code, out, app.store, app.certifier)
    app.emit({"path": path}, str(path))


@certificates.command("import")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
@pass_app
def import_(app: App, folder: Path) -> None:
    """Rebuild a store that was lost from the certificates that were issued: PDFs, credentials, badges, signed records.

    Each is verified with our keys first. Put the published revocations.json into FOLDER too.

    Example: lms-toolkit certificates import backup/certificates
    """
    from lms_toolkit.restoring import restore, summary

    outcomes = restore(folder, app.store, app.certifier, app.config.certificates, app.plugins)
    refused = [one for one in outcomes if one.outcome == "refused"]
    for one in refused:
        app.tell(f"refused {one.paths[0]}: {one.note}")
    app.emit(outcomes, summary(outcomes))
    if refused:
        raise Exit(1)


@certificates.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write.")
@json_option
@pass_app
def site(app: App, out: Path) -> None:
    """Write the verification site: a folder of pages that any web server shows, with keys and status lists.

    Example: lms-toolkit certificates site -o public/
    """
    from lms_toolkit.publishing import publish

    published = publish(out, app.store, app.certifier, app.config.certificates)
    text = f"{published.certificates} certificates on {published.pages} pages in {out}; publish it at {published.url}"
    app.emit(published, text)


def _state(certificate: Certificate) -> str:
    if certificate.replaced_by:
        return f"replaced by {certificate.replaced_by}"
    if certificate.revoked_at:
        return "revoked"
    return f"valid until {certificate.record.expires_on}" if certificate.record.expires_on else "valid"


def _describe(certificate: Certificate, reasons: tuple[object, ...]) -> str:
    record = certificate.record
    revoked = (
        f" on {certificate.revoked_at:%Y-%m-%d}: {certificate.revocation_reason}" if certificate.revoked_at else ""
    )
    lines = [
        f"{record.certificate_title} {record.code}",
        f"  learner   {record.learner_name}",
        f"  course    {record.course_title} ({record.edition}, {record.language})",
        f"  issued    {record.issued_on} by {record.issuer}",
        f"  file      {certificate.pdf_path}",
        f"  state     {_state(certificate)}{revoked}",
        "  earned because",
    ]
    return "\n".join([*lines, *(f"    ✓ {getattr(r, 'rule', '')}: {getattr(r, 'fact', '')}" for r in reasons)])


def _describe_verdict(verdict: Verdict) -> str:
    lines = [f"{verdict.verdict.upper()}: {verdict.detail}"]
    if verdict.record:
        record = verdict.record
        lines.append(f"  {record.certificate_title}: {record.learner_name}, {record.course_title}, {record.issued_on}")
    lines += [f"  {name.replace('_', ' ')}: {text}" for name, text in verdict.said.items()]
    return "\n".join(lines)
