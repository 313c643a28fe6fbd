"""Signs records, makes their digital credentials, draws and seals their PDF, and says whether a document is genuine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from lms_certificates import keys as key_files
from lms_certificates import statement
from lms_certificates.faults import Fault
from lms_certificates.keys import PUBLIC_NAME, PublicKeys, SigningKey, public_keys, signing_key
from lms_certificates.pades import read_signer, sign_pdf
from lms_certificates.record import KIND, to_values
from lms_certificates.seal import apply_seal, with_room
from lms_toolkit.config import CertificateConfig, Secret
from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import Certifier
from lms_toolkit.model import Achievement, Certificate, CertificateRecord, KeyInfo, Verdict

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

    from lms_certificates.checking import Checks
    from lms_certificates.pdf import Draughtsman

PNG = b"\x89PNG"


class PdfCertifier(Certifier):
    """Ed25519 signatures, Open Badges 3.0 and typst pages; keys are in the folder of the certificates."""

    name: ClassVar[str] = "pdf"

    def __init__(self, config: CertificateConfig) -> None:
        self.config = config

    @cached_property
    def _key(self) -> SigningKey:
        return signing_key(self.config.folder, self.config.passphrase)

    @cached_property
    def _did(self) -> str:
        from lms_certificates.did_document import issuer_did

        return issuer_did(self.config)

    @cached_property
    def _draughtsman(self) -> Draughtsman:
        from lms_certificates.pdf import Draughtsman

        return Draughtsman(self.config)

    @cached_property
    def _signer(self) -> SimpleSigner | None:
        return read_signer(self.config.sign) if self.config.sign else None

    # --- making

    def sign(self, record: CertificateRecord) -> str:
        return self.sign_statement(KIND, to_values(record))

    def sign_statement(self, kind: str, values: Mapping[str, Any]) -> str:
        return statement.sign_statement(kind, values, self._key)

    def credential(self, record: CertificateRecord, about: Achievement, status_index: int) -> str:
        from lms_certificates.credential import sign_credential

        return sign_credential(record, about, status_index, self._did, self._key)

    def achievement_of(self, certificate: Certificate) -> Achievement:
        from lms_certificates.credential import achievement_in

        if not certificate.credential_json:
            return super().achievement_of(certificate)
        return achievement_in(json.loads(certificate.credential_json), certificate.record)

    def status_list(self, number: int, revoked: Set[int], made_at: datetime) -> str:
        from lms_certificates.status_credential import sign_status_list

        return sign_status_list(number, revoked, made_at, self.config, self._did, self._key)

    def render(self, record: CertificateRecord, signed_json: str, credential_json: str = "") -> bytes:
        return self._draughtsman.draw(record, signed_json, credential_json)

    def badge(self, certificate: Certificate) -> bytes:
        from lms_certificates.baking import bake

        return bake(self._draughtsman.draw_badge(certificate.record), certificate.credential_json)

    def seal(self, pdf: bytes) -> bytes:
        if self._signer is None:
            return apply_seal(pdf, self._key)
        return sign_pdf(with_room(pdf), self._signer, lambda prepared: apply_seal(prepared, self._key))

    # --- keys

    def init_key(self, passphrase: Secret | None) -> str:
        return key_files.init_key(self.config.folder, passphrase).kid

    def rotate_key(self, passphrase: Secret | None) -> str:
        self.__dict__.pop("_key", None)
        return key_files.rotate_key(self.config.folder, passphrase).kid

    def list_keys(self) -> Sequence[KeyInfo]:
        return key_files.list_keys(self.config.folder)

    def issuer_document(self) -> str:
        from lms_certificates.did_document import did_document

        assert self._key  # makes the first key, and puts it into the list
        return json.dumps(did_document(self._did, self._public(None)), indent=2) + "\n"

    def site(self, certificates: Sequence[Certificate], made_at: datetime) -> Iterator[tuple[str, bytes]]:
        from lms_certificates.site import site_files

        assert self._key  # makes the first key, and puts it into the list
        return site_files(certificates, made_at, self.config, self._public(None))

    # --- checking

    def read_statement(self, kind: str, document: bytes, keys: Path | None = None) -> Mapping[str, Any]:
        try:
            return statement.read_statement(kind, document, self._public(keys))
        except Fault as fault:
            raise ContentError(fault.detail) from fault

    def verify(
        self,
        document: bytes,
        keys: Path | None = None,
        *,
        online: bool = False,
        status_lists: Sequence[bytes] = (),
        max_age: timedelta | None = None,
    ) -> Verdict:
        checks = self._checks(keys, online=online, status_lists=status_lists, max_age=max_age)
        from lms_certificates.documents import verify_document

        try:
            return verify_document(document, checks)
        except Fault as fault:
            return Verdict(fault.kind, fault.detail)

    def fetch(self, url: str) -> bytes:
        from lms_certificates.fetching import fetch

        return fetch(url)

    def read_issued(self, document: bytes) -> Certificate:
        from lms_certificates.documents import read_issued

        try:
            return read_issued(document, self._checks(None), self.sign)
        except Fault as fault:
            raise ContentError(fault.detail) from fault

    def _checks(
        self,
        keys: Path | None,
        *,
        online: bool = False,
        status_lists: Sequence[bytes] = (),
        max_age: timedelta | None = None,
    ) -> Checks:
        """What documents are checked with. With somebody else's keys, our own name and address say nothing."""
        from lms_certificates.checking import Checks

        is_own = keys is None
        return Checks(
            keys=self._public(keys),
            dids=(self._did,) if is_own else (),
            issuer=self.config.issuer if is_own else "",
            now=datetime.now(UTC),
            fetch=self.fetch if online else None,
            status_lists=status_lists,
            max_age=max_age,
        )

    def _public(self, path: Path | None) -> PublicKeys:
        return public_keys(path or self.config.folder / PUBLIC_NAME)
