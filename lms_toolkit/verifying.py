"""Says whether a certificate is real, and what is known of it today: revoked, replaced, expired, and as of when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lms_toolkit.certificate_files import is_file, read
from lms_toolkit.codes import is_code, is_mistyped, normal_code
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.model import Verdict

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.store import Store

REVOCATIONS_NAME = "revocations.json"
REVOCATIONS_KIND = "lms-toolkit-revocations/1"


@dataclass(frozen=True, slots=True)
class RevocationList:
    """The codes the issuer had revoked at `made_at` (aware, UTC), each with its day; `replaced` are among them."""

    made_at: datetime
    revoked: Mapping[str, date]
    replaced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What somebody brought along to verify with, besides the document.

    `keys`: the issuer's public keys, in place of our own. `revocations`: our signed list. `status_lists`: Bitstring
    Status Lists. No list may be older than `max_age`. `online` allows to ask the web for keys and lists.
    """

    keys: Path | None = None
    revocations: Path | None = None
    status_lists: tuple[Path, ...] = ()
    max_age: timedelta | None = None
    online: bool = False


def verify(
    document: str | Path,
    certifier: Certifier,
    store: Store | None = None,
    *,
    keys: Path | None = None,
    revocations: Path | None = None,
    evidence: Evidence | None = None,
    verify_url: str | None = None,
) -> Verdict:
    """Whether a certificate is real: `document` is its code, its address, or a file: PDF, badge, credential, record.

    The signature is checked with `keys`, or with our own public keys. Revocation is looked up in `store`, else in the
    signed list `revocations`; with neither, the verdict says that it was not checked. Addresses that do not begin with
    `verify_url` are somebody else's, and fetched if `evidence` allows it.
    Raises ConfigError for what is neither a file nor a code, ContentError for a list that cannot be trusted.
    """
    with_what = evidence or Evidence(keys, revocations)
    listed = _listed(with_what, certifier)
    verdict = _verdict(document, certifier, store, with_what, verify_url)
    return _as_of_today(verdict, store, listed)


def read_revocations(path: Path, certifier: Certifier, keys: Path | None = None) -> RevocationList:
    """Read a published list. Raises ContentError when it is not the issuer's, or was changed."""
    try:
        values = certifier.read_statement(REVOCATIONS_KIND, read(path), keys)
        return _revocation_list(values)
    except ContentError as error:
        raise ContentError(f"{path}: cannot be trusted: {error}; get the list from the issuer again") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{path}: is not a list of revocations; get it from the issuer again") from error


def _listed(evidence: Evidence, certifier: Certifier) -> RevocationList | None:
    if evidence.revocations is None:
        return None
    listed = read_revocations(evidence.revocations, certifier, evidence.keys)
    if evidence.max_age and listed.made_at < datetime.now(UTC) - evidence.max_age:
        raise ContentError(
            f"{evidence.revocations}: the list of {listed.made_at:%Y-%m-%d} is too old; get it from the issuer again"
        )
    return listed


def _verdict(
    document: str | Path, certifier: Certifier, store: Store | None, evidence: Evidence, verify_url: str | None
) -> Verdict:
    path, text = Path(document), str(document)
    if is_file(path):
        return _verify_bytes(read(path), certifier, evidence)
    if verify_url is not None and text.startswith(("https://", "http://")) and not text.startswith(verify_url):
        if not evidence.online:
            raise ConfigError(f"{text!r} is not an address of ours; --online fetches it")
        return _verify_bytes(certifier.fetch(text), certifier, evidence)
    if is_code(text):
        return _verify_code(text, certifier, store, evidence.keys)
    raise ConfigError(f"{text!r} is neither a file nor a certificate code")


def _verify_bytes(document: bytes, certifier: Certifier, evidence: Evidence) -> Verdict:
    if document.lstrip()[:1] == b"<":
        return Verdict("unknown", "this is a web page or a picture in SVG; give the PDF, the PNG or the JSON file")
    more: dict[str, Any] = {}
    if evidence.online:
        more["online"] = True
    if evidence.status_lists:
        more["status_lists"] = [read(path) for path in evidence.status_lists]
    if evidence.max_age:
        more["max_age"] = evidence.max_age
    return certifier.verify(document, evidence.keys, **more)


def _verify_code(text: str, certifier: Certifier, store: Store | None, keys: Path | None) -> Verdict:
    code = normal_code(text)
    if is_mistyped(text):
        return Verdict("unknown", f"{code} is not a code: its last character does not fit; it was probably mistyped")
    if store is None:
        raise ConfigError("a code can only be looked up where it was issued; give the PDF or the signed record instead")
    certificate = store.certificates.by_code(code)
    if certificate is None:
        return Verdict("unknown", f"no certificate with the code {code} was issued here")
    if certificate.is_erased:
        on = f" on {certificate.revoked_at:%Y-%m-%d}" if certificate.revoked_at else ""
        return Verdict("revoked", f"revoked{on}; nothing else is known of it any more", None, datetime.now(UTC))
    verdict = certifier.verify(certificate.signed_json.encode("utf-8"), keys)
    if verdict.record is not None and verdict.record.code != code:
        return Verdict("forged", f"the store's record under {code} is that of another certificate")
    return verdict


def _as_of_today(verdict: Verdict, store: Store | None, listed: RevocationList | None) -> Verdict:
    """A genuine certificate's verdict, with what is known of it since it was issued."""
    if verdict.record is None or verdict.verdict not in ("valid", "revoked"):
        return verdict
    judged = _with_revocation(verdict, store, listed)
    expires_on = verdict.record.expires_on
    if judged.verdict == "valid" and expires_on and expires_on < datetime.now(UTC).date():
        return replace(judged, verdict="expired", detail=f"genuine, and valid until {expires_on.isoformat()}")
    return judged


def _with_revocation(verdict: Verdict, store: Store | None, listed: RevocationList | None) -> Verdict:
    assert verdict.record is not None
    code = verdict.record.code
    stored = store.certificates.by_code(code) if store else None
    if stored:
        if stored.record != verdict.record and not stored.is_erased:
            return replace(verdict, verdict="forged", detail=f"another certificate was issued under the code {code}")
        revoked_on = stored.revoked_at.date() if stored.revoked_at else None
        return _judged(verdict, revoked_on, datetime.now(UTC), was_replaced=bool(stored.replaced_by))
    if verdict.verdict == "revoked" or (verdict.revocation_checked_at and listed is None):
        return verdict  # a status list has said so
    if listed is None:
        where = " (this store does not know the certificate)" if store else ""
        return replace(verdict, detail=f"{verdict.detail}; revocation not checked{where}")
    if code not in listed.revoked and listed.made_at.date() < verdict.record.issued_on:
        made_on = listed.made_at.date().isoformat()
        detail = f"{verdict.detail}; revocation not checked: the list of {made_on} is older than the certificate"
        return replace(verdict, detail=detail)
    return _judged(verdict, listed.revoked.get(code), listed.made_at, was_replaced=code in listed.replaced)


def _judged(verdict: Verdict, revoked_on: date | None, checked_at: datetime, *, was_replaced: bool) -> Verdict:
    if revoked_on and was_replaced:
        # Not by which one: whoever holds the old certificate need not learn what the new one says.
        detail = f"replaced on {revoked_on.isoformat()} by a corrected certificate; ask its holder for that one"
        return replace(verdict, verdict="replaced", detail=detail, revocation_checked_at=checked_at)
    if revoked_on:
        detail = f"revoked on {revoked_on.isoformat()}"
        return replace(verdict, verdict="revoked", detail=detail, revocation_checked_at=checked_at)
    if verdict.verdict == "revoked":
        return verdict  # a list that was handed over is newer than what we know
    detail = f"{verdict.detail.partition('; not revoked')[0]}; not revoked as of {checked_at:%Y-%m-%d %H:%M} UTC"
    return replace(verdict, detail=detail, revocation_checked_at=checked_at)


def _revocation_list(values: Mapping[str, Any]) -> RevocationList:
    made_at = datetime.fromisoformat(values["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("made_at has no time zone")
    entries: Sequence[Mapping[str, Any]] = values["revoked"]
    return RevocationList(
        made_at,
        {entry["code"]: date.fromisoformat(entry["revoked_on"]) for entry in entries},
        frozenset(entry["code"] for entry in entries if entry.get("replaced")),
    )
