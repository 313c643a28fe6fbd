"""Signs a certificate's PDF as PAdES asks (ETSI EN 319 142-1, level B-B), and says who signed one.

For readers of PDF, which know nothing of our own signatures: they show who the institution's X.509 certificate says
signed the file, and whether it was changed since. pyHanko does the work, which the extra lms-toolkit[sign] brings. The
file is drawn, given room for a signature, sealed, and signed with the seal in it; the seal leaves that room out.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from lms_certificates.faults import forged
from lms_toolkit.certificate_config import SignConfig
from lms_toolkit.config import SIGN_PASSPHRASE
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Verdict

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

DIGITS = 16_384
"""Hexadecimal digits of the room for a signature; one with a chain of three certificates takes about 13,000."""
EXTRA = "pip install 'lms-toolkit[sign]'"
_ROOM = re.compile(rb"/Contents <[0-9a-f]{%d}>" % DIGITS)

# pyHanko logs each certificate it knows no root of; the verdict is one line, so these go to whoever set up logging.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def without_signature(pdf: bytes) -> bytes:
    """The file as it was before it was signed: zeros in the place of the signature."""
    return _ROOM.sub(b"/Contents <" + b"0" * DIGITS + b">", pdf)


def read_signer(identity: SignConfig) -> SimpleSigner:
    """Who signs. Raises ConfigError: file, rights, passphrase, a certificate out of date, or no pyHanko."""
    try:
        from pyhanko.sign.signers import SimpleSigner
    except ModuleNotFoundError as error:
        raise ConfigError(f"certificates.sign needs pyHanko: {EXTRA}") from error
    data, passphrase = _private(identity.file), _passphrase(identity)
    try:
        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(data, [], passphrase)
    except ValueError as error:
        raise ConfigError(
            f"{identity.file}: is no PKCS #12 file, or its passphrase is another; see {SIGN_PASSPHRASE} and "
            "certificates.sign.passphrase_file"
        ) from error
    _require_current(signer, identity.file)
    return signer


def sign_pdf(pdf: bytes, signer: SimpleSigner, seal: Callable[[bytes], bytes]) -> bytes:
    """The PDF, sealed and signed; `seal` changes no length. Raises ConfigError for a chain that takes too much room."""
    return asyncio.run(_sign(pdf, signer, seal))


def with_signer(verdict: Verdict, pdf: bytes) -> Verdict:
    """The verdict on a sealed page with the name of who signed it, where somebody did.

    Raises Fault when that signature is not over this file. Whether its certificate is one to trust is not asked.
    """
    if not _ROOM.search(pdf):
        return verdict
    try:
        name = _signed_by(pdf)
    except ModuleNotFoundError:
        name = f"not read; {EXTRA}"
    return replace(verdict, said={**verdict.said, "pdf_signed_by": name})


async def _sign(pdf: bytes, signer: SimpleSigner, seal: Callable[[bytes], bytes]) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    meta = PdfSignatureMetadata(field_name="Signature", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    writer, drawn = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    prepared, *_ = await PdfSigner(meta, signer).async_digest_doc_for_signing(
        writer, bytes_reserved=DIGITS, output=drawn
    )
    start, end = prepared.reserved_region_start, prepared.reserved_region_end  # those of < and behind >
    sealed = seal(drawn.getvalue())
    digest = hashlib.sha256(sealed[:start] + sealed[end:]).digest()
    made: bytes = (await signer.async_sign(digest, "sha256", use_pades=True)).dump()
    signature = made.hex().encode("ascii")
    if len(signature) > DIGITS:
        raise ConfigError(
            f"certificates.sign: a signature with these certificates takes {len(made)} bytes, and there is "
            f"room for {DIGITS // 2}; leave the root certificate out of the file"
        )
    return sealed[: start + 1] + signature.ljust(DIGITS, b"0") + sealed[end - 1 :]


def _signed_by(pdf: bytes) -> str:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    try:
        [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
        status = validate_pdf_signature(signature, nobody)
    except Exception as error:  # whatever was put into the room comes first
        raise forged(f"the signature (PAdES) in this PDF cannot be read ({type(error).__name__})") from error
    if not (status.intact and status.valid):
        raise forged("the signature (PAdES) in this PDF is not over this file")
    by = status.signing_cert
    return f"{by.subject.human_friendly}; certified by {by.issuer.human_friendly}, which was not checked"


def _require_current(signer: SimpleSigner, path: Path) -> None:
    if signer.signing_cert is None:
        raise ConfigError(f"{path}: has no certificate for its private key; export both into one file")
    last = signer.signing_cert.not_valid_after
    if last < datetime.now(UTC):
        raise ConfigError(
            f"{path}: the certificate expired on {last:%Y-%m-%d}; renew it, or take certificates.sign out"
        )


def _passphrase(identity: SignConfig) -> bytes | None:
    if identity.passphrase:
        return identity.passphrase.reveal().encode()
    if identity.passphrase_file:
        return _private(identity.passphrase_file).rstrip(b"\r\n")
    return None


def _private(path: Path) -> bytes:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(f"{path}: others can read this file, which signs for you; run: chmod 600 {path}")
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); see certificates.sign") from error
