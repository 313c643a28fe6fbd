"""The files of a certificate: `CODE.pdf`, `CODE.json` (the signed record) and `CODE.credential.json`, written whole."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, ContentError, StoreError
from lms_toolkit.model import Certificate

MAX_DOCUMENT_BYTES = 20_000_000
CREDENTIAL_SUFFIX = ".credential.json"


def pdf_path(code: str, config: CertificateConfig) -> Path:
    return config.folder / f"{code}.pdf"


def json_path(code: str, config: CertificateConfig) -> Path:
    return config.folder / f"{code}.json"


def credential_path(code: str, config: CertificateConfig) -> Path:
    return config.folder / f"{code}{CREDENTIAL_SUFFIX}"


def are_there(certificate: Certificate, config: CertificateConfig) -> bool:
    """Whether the files of a certificate are, the PDF byte for byte as it was issued."""
    has_credential = not certificate.credential_json or credential_path(certificate.code, config).is_file()
    is_as_issued = digest(pdf_path(certificate.code, config)) == certificate.pdf_sha256
    return is_as_issued and has_credential and json_path(certificate.code, config).is_file()


def write_files(certificate: Certificate, pdf: bytes, config: CertificateConfig) -> None:
    """Write all of them; the PDF last, because a certificate whose PDF is there is complete."""
    write(json_path(certificate.code, config), certificate.signed_json.encode("utf-8"))
    if certificate.credential_json:
        write(credential_path(certificate.code, config), certificate.credential_json.encode("utf-8"))
    write(pdf_path(certificate.code, config), pdf)


def digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def write(path: Path, data: bytes) -> None:
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


def read(path: Path) -> bytes:
    """The bytes of a document that somebody handed over."""
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise ContentError(f"{path}: is larger than {MAX_DOCUMENT_BYTES // 1_000_000} MB; no certificate is")
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error


def is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text too long, or with characters no file name has
        return False
