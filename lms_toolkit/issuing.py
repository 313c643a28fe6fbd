"""Issues the certificate of an award, exactly once; verifies and revokes certificates.

Order of things: sign and draw, save the row, write the files, tell. Nothing is saved that could not be drawn. A run
that stops after the row is saved is completed by the next one, with the same bytes, because a record always draws
the same page. The database's one-certificate-per-award rule decides between two runs at once.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lms_toolkit.codes import is_code, is_mistyped, new_code, normal_code
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, ContentError, PlanRefused, PluginError, StoreError
from lms_toolkit.model import (
    Award,
    Certificate,
    CertificateRecord,
    Course,
    Edition,
    Event,
    Learner,
    Localized,
    Verdict,
)

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

__all__ = [
    "RevocationList",
    "certificates_of",
    "issue",
    "normal_code",
    "read_revocations",
    "revoke",
    "verify",
    "write_revocations",
]

REVOCATIONS_NAME = "revocations.json"
REVOCATIONS_KIND = "lms-toolkit-revocations/1"
MAX_DOCUMENT_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class RevocationList:
    """The codes the issuer had revoked at `made_at` (aware, UTC), each with its day."""

    made_at: datetime
    revoked: Mapping[str, date]


def issue(
    award: Award,
    course: Course,
    edition: Edition,
    learner: Learner,
    certifier: Certifier,
    store: Store,
    config: CertificateConfig,
    plugins: Plugins,
    at: datetime | None = None,
) -> Certificate:
    """The certificate of an award: issued now, or the one it already has, its files restored if they are gone.

    Raises PlanRefused for an award that is not earned, ContentError for text that cannot be printed.
    """
    if not award.earned:
        raise PlanRefused(f"award {award.id} is not earned, so there is nothing to certify; see its reasons")
    if not award.id:
        raise StoreError("an award must be saved before it is certified")
    issued_before = store.certificates.by_award(award.id)
    if issued_before:
        return _complete(issued_before, certifier, config, store, plugins)
    at = at or datetime.now(UTC)
    record = _record(award, course, edition, learner, config, at)
    drafted, pdf = _draft(record, certifier, config, plugins, at)
    saved = store.certificates.save(drafted)
    if saved.code != drafted.code:  # another run was first: its certificate is the award's
        return _complete(saved, certifier, config, store, plugins, tell=False)
    _write_files(saved, pdf, config)
    _tell("certificate.issued", saved, at, store, plugins)
    return saved


def certificates_of(store: Store, edition: str | None = None) -> list[Certificate]:
    """Every certificate, or those of one edition."""
    return list(store.certificates.all(edition))


def revoke(
    code: str,
    reason: str,
    store: Store,
    certifier: Certifier,
    config: CertificateConfig,
    plugins: Plugins,
    at: datetime | None = None,
) -> Certificate:
    """Revoke a certificate and rewrite the published list; revoking it again keeps the first day and reason.

    Raises ConfigError for a code that was never issued here.
    """
    found = store.certificates.by_code(normal_code(code))
    if found is None:
        raise ConfigError(
            f"no certificate has the code {normal_code(code)!r}; lms-toolkit certificates list shows them"
        )
    if found.revoked_at is None:
        at = at or datetime.now(UTC)
        found = store.certificates.revoke(found.code, at, reason)
        _tell("certificate.revoked", found, at, store, plugins)
    write_revocations(store, certifier, config)
    return found


def write_revocations(
    store: Store, certifier: Certifier, config: CertificateConfig, at: datetime | None = None
) -> Path:
    """Write the signed list of what is revoked, codes and days only; people's reasons stay in the store."""
    path = config.folder / REVOCATIONS_NAME
    while True:
        revoked = _revoked(store)
        made_at = (at or datetime.now(UTC)).replace(microsecond=0)
        values = {
            "made_at": made_at.isoformat(),
            "revoked": [{"code": code, "revoked_on": day.isoformat()} for code, day in sorted(revoked.items())],
        }
        _write(path, certifier.sign_statement(REVOCATIONS_KIND, values).encode("utf-8"))
        if _revoked(store) == revoked:  # else somebody revoked meanwhile, and our list may have replaced theirs
            return path


def read_revocations(path: Path, certifier: Certifier, keys: Path | None = None) -> RevocationList:
    """Read a published list. Raises ContentError when it is not the issuer's, or was changed."""
    try:
        values = certifier.read_statement(REVOCATIONS_KIND, _read(path), keys)
        return _revocation_list(values)
    except ContentError as error:
        raise ContentError(f"{path}: cannot be trusted: {error}; get the list from the issuer again") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{path}: is not a list of revocations; get it from the issuer again") from error


def verify(
    document: str | Path,
    certifier: Certifier,
    store: Store | None = None,
    *,
    keys: Path | None = None,
    revocations: Path | None = None,
) -> Verdict:
    """Whether a certificate is real: `document` is its code, its PDF or its signed record (a path).

    The signature is checked with `keys`, or with our own public keys. Revocation is looked up in `store`, else in the
    signed list `revocations`; with neither, the verdict says that it was not checked.
    Raises ConfigError for what is neither a file nor a code, ContentError for a list that cannot be trusted.
    """
    path = Path(document)
    listed = read_revocations(revocations, certifier, keys) if revocations else None
    if _is_file(path):
        verdict = certifier.verify(_read(path), keys)
    elif is_code(str(document)):
        verdict = _verify_code(str(document), certifier, store, keys)
    else:
        raise ConfigError(f"{str(document)!r} is neither a file nor a certificate code")
    return verdict if verdict.verdict != "valid" else _with_revocation(verdict, store, listed)


def _record(
    award: Award, course: Course, edition: Edition, learner: Learner, config: CertificateConfig, at: datetime
) -> CertificateRecord:
    language = award.language
    rule = course.certification
    name = _clean(learner.name)
    if not name:
        raise ContentError(f"award {award.id}: its learner has no name; give the account one and pull again")
    return CertificateRecord(
        code=new_code(),
        award_id=award.id,
        learner_name=name,
        course_id=course.id,
        course_title=_said({**course.title, **edition.title}, language, "the course has no title"),
        certificate_title=_said(rule.title, language, "the certificate has no title"),
        edition=edition.code,
        language=language,
        issued_on=at.date(),
        issuer=_clean(config.issuer),
        learning_hours=round(edition.learning_hours, 2),
        verify_url=config.verify_url,
        score_percent=_shown_score(award) if rule.show_score else None,
        modules=tuple(
            _said(course.module(slug).title, language, f"module {slug} has no title")
            for phase in edition.phases
            for slug in phase.modules
        ),
    )


def _shown_score(award: Award) -> float | None:
    return None if award.score_percent is None else round(award.score_percent, 2)


def _said(texts: Localized, language: str, lacking: str) -> str:
    if not texts.get(language):
        raise ContentError(f"{lacking} in {language!r}; add it to course.toml")
    return _clean(texts[language])


def _clean(text: str) -> str:
    # One spelling per text: é may also arrive as e + ´, and a name with a stray double space.
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _draft(
    record: CertificateRecord, certifier: Certifier, config: CertificateConfig, plugins: Plugins, at: datetime
) -> tuple[Certificate, bytes]:
    signed = certifier.sign(record)
    pdf = _draw(record, signed, certifier, plugins)
    return (
        Certificate(
            record=record,
            signed_json=signed,
            pdf_path=str(config.folder / f"{record.code}.pdf"),
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            issued_at=at,
        ),
        pdf,
    )


def _draw(record: CertificateRecord, signed: str, certifier: Certifier, plugins: Plugins) -> bytes:
    try:
        drawn: bytes | None = plugins.ask("lms_render_certificate", record=record, signed_json=signed)
        pdf = certifier.seal(drawn if drawn is not None else certifier.render(record, signed))
    except ContentError as error:
        raise ContentError(f"award {record.award_id}: {error}", error.findings) from error
    if drawn is not None and certifier.verify(pdf).record != record:
        raise PluginError(f"award {record.award_id}: the PDF drawn by a plugin does not carry its signed record")
    return pdf


def _complete(
    certificate: Certificate,
    certifier: Certifier,
    config: CertificateConfig,
    store: Store,
    plugins: Plugins,
    *,
    tell: bool = True,
) -> Certificate:
    """Write the files that an earlier run saved a row for and did not live to write, or that were lost since."""
    pdf_path, json_path = _paths(certificate.code, config)
    present = _digest(pdf_path)
    if present == certificate.pdf_sha256 and json_path.is_file():
        return certificate
    pdf = _draw(certificate.record, certificate.signed_json, certifier, plugins)
    redrawn = replace(certificate, pdf_path=str(pdf_path), pdf_sha256=hashlib.sha256(pdf).hexdigest())
    if redrawn.pdf_sha256 == present and json_path.is_file():
        return redrawn
    _write_files(certificate, pdf, config)
    if redrawn.pdf_sha256 != certificate.pdf_sha256:
        # Drawn by another version than the first time. Its record and signature are the same, so it is as genuine.
        _tell("certificate.redrawn", redrawn, datetime.now(UTC), store, plugins)
    elif tell and not _was_told(certificate, store):
        _tell("certificate.issued", certificate, certificate.issued_at, store, plugins)
    return redrawn


def _was_told(certificate: Certificate, store: Store) -> bool:
    return any(event.data["code"] == certificate.code for event in store.events.all("certificate.issued"))


def _paths(code: str, config: CertificateConfig) -> tuple[Path, Path]:
    return config.folder / f"{code}.pdf", config.folder / f"{code}.json"


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _write_files(certificate: Certificate, pdf: bytes, config: CertificateConfig) -> None:
    pdf_path, json_path = _paths(certificate.code, config)
    _write(json_path, certificate.signed_json.encode("utf-8"))
    _write(pdf_path, pdf)


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old one or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # certificates name people
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):  # a full disk may leave a draft; a missing folder leaves none
            draft.unlink()
        raise StoreError(f"{path}: cannot be written ({error.strerror}); check rights and free space") from error


def _tell(name: str, certificate: Certificate, at: datetime, store: Store, plugins: Plugins) -> None:
    record = certificate.record
    data = {
        "code": record.code,
        "award_id": record.award_id,
        "course_id": record.course_id,
        "edition": record.edition,
        "language": record.language,
    }
    event = Event(name, at, data)
    store.events.save(event)
    plugins.tell(event)


def _revoked(store: Store) -> dict[str, date]:
    return {
        certificate.code: certificate.revoked_at.date()
        for certificate in store.certificates.all()
        if certificate.revoked_at
    }


def _revocation_list(values: Mapping[str, Any]) -> RevocationList:
    made_at = datetime.fromisoformat(values["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("made_at has no time zone")
    entries: Sequence[Mapping[str, str]] = values["revoked"]
    return RevocationList(made_at, {entry["code"]: date.fromisoformat(entry["revoked_on"]) for entry in entries})


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text too long, or with characters no file name has
        return False


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise ContentError(f"{path}: is larger than {MAX_DOCUMENT_BYTES // 1_000_000} MB; no certificate is")
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error


def _verify_code(text: str, certifier: Certifier, store: Store | None, keys: Path | None) -> Verdict:
    code = normal_code(text)
    if is_mistyped(text):
        return Verdict("unknown", f"{code} is not a code: its last character does not fit; it was probably mistyped")
    if store is None:
        raise ConfigError("a code can only be looked up where it was issued; give the PDF or the signed record instead")
    certificate = store.certificates.by_code(code)
    if certificate is None:
        return Verdict("unknown", f"no certificate with the code {code} was issued here")
    verdict = certifier.verify(certificate.signed_json.encode("utf-8"), keys)
    if verdict.record is not None and verdict.record.code != code:
        return Verdict("forged", f"the store's record under {code} is that of another certificate")
    return verdict


def _with_revocation(verdict: Verdict, store: Store | None, listed: RevocationList | None) -> Verdict:
    """A genuine certificate's verdict, with what is known about its revocation."""
    assert verdict.record is not None
    code = verdict.record.code
    stored = store.certificates.by_code(code) if store else None
    if stored:
        if stored.record != verdict.record:
            return replace(verdict, verdict="forged", detail=f"another certificate was issued under the code {code}")
        return _judged(verdict, stored.revoked_at.date() if stored.revoked_at else None, datetime.now(UTC))
    if listed is None:
        where = " (this store does not know the certificate)" if store else ""
        return replace(verdict, detail=f"{verdict.detail}; revocation not checked{where}")
    if code not in listed.revoked and listed.made_at.date() < verdict.record.issued_on:
        made_on = listed.made_at.date().isoformat()
        detail = f"{verdict.detail}; revocation not checked: the list of {made_on} is older than the certificate"
        return replace(verdict, detail=detail)
    return _judged(verdict, listed.revoked.get(code), listed.made_at)


def _judged(verdict: Verdict, revoked_on: date | None, checked_at: datetime) -> Verdict:
    if revoked_on:
        detail = f"revoked on {revoked_on.isoformat()}"
        return replace(verdict, verdict="revoked", detail=detail, revocation_checked_at=checked_at)
    detail = f"{verdict.detail}; not revoked as of {checked_at:%Y-%m-%d %H:%M} UTC"
    return replace(verdict, detail=detail, revocation_checked_at=checked_at)
