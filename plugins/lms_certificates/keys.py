"""The issuer's Ed25519 keys: one private key that signs, and the public list with which anybody verifies.

    <folder>/keys/signing.pem      PKCS 8, readable by its owner only, encrypted if a passphrase was given
    <folder>/keys/retired-….pem    keys that were rotated; nothing reads them again
    <folder>/public-keys.json      [{"kid", "publicKey", "created"}], safe to publish

The first signature makes a key where there is none. After a rotation the list keeps the old key, so that what it signed
stays verifiable. A DID document (did.json) serves as a list of public keys, too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms_certificates.multikey import from_multikey
from lms_toolkit.config import KEY_PASSPHRASE, Secret
from lms_toolkit.errors import ConfigError, StoreError
from lms_toolkit.model import KeyInfo

PRIVATE_NAME = "signing.pem"
PUBLIC_NAME = "public-keys.json"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key and the short name under which its public half is listed."""

    kid: str
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey(kid={self.kid!r})"


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The keys one trusts, by kid, and the file they came from."""

    path: Path
    by_kid: Mapping[str, Ed25519PublicKey]

    def knows(self, kid: str) -> bool:
        return kid in self.by_kid

    def verifies(self, kid: str, signature: bytes, message: bytes) -> bool:
        """Whether `signature` is that of the listed key `kid` over `message`."""
        try:
            self.by_kid[kid].verify(signature, message)
        except (KeyError, InvalidSignature):
            return False
        return True


def signing_key(folder: Path, passphrase: Secret | None = None) -> SigningKey:
    """The issuer's key, made when there is none yet, and listed among the public keys before it signs anything.

    Raises ConfigError when others can read it or the passphrase does not open it, StoreError when it cannot be written.
    """
    path = folder / "keys" / PRIVATE_NAME
    if not path.exists():
        _make_private(path, passphrase)
    key = _read_private(path, passphrase)
    _list_public(folder / PUBLIC_NAME, key)
    return key


def init_key(folder: Path, passphrase: Secret | None) -> SigningKey:
    """The issuer's first key. Raises ConfigError when there is one already."""
    path = folder / "keys" / PRIVATE_NAME
    if path.exists():
        raise ConfigError(f"{path}: there is a key already; lms-toolkit certificates keys rotate replaces it")
    return signing_key(folder, passphrase)


def rotate_key(folder: Path, passphrase: Secret | None) -> SigningKey:
    """A new key in place of the one that signs now, which stays in the public list and beside the new one, retired.

    Raises ConfigError when there is none, or it cannot be read: one whose key nobody holds is not rotated by mistake.
    """
    path = folder / "keys" / PRIVATE_NAME
    if not path.exists():
        raise ConfigError(f"{path}: there is no key to rotate; lms-toolkit certificates keys init makes the first one")
    old = _read_private(path, passphrase)
    _list_public(folder / PUBLIC_NAME, old)
    try:
        path.rename(path.with_name(f"retired-{old.kid}.pem"))
    except OSError as error:
        raise StoreError(f"{path}: cannot be moved ({error.strerror}); check rights") from error
    return signing_key(folder, passphrase)


def list_keys(folder: Path) -> list[KeyInfo]:
    """The keys of the issuer, oldest first, without reading a secret."""
    private = folder / "keys" / PRIVATE_NAME
    entries = _entries(folder / PUBLIC_NAME) if (folder / PUBLIC_NAME).exists() else []
    is_encrypted = private.exists() and b"ENCRYPTED" in private.read_bytes()
    last = entries[-1]["kid"] if entries and private.exists() else None
    return [
        KeyInfo(
            entry["kid"],
            date.fromisoformat(entry["created"]),
            is_current=entry["kid"] == last,
            is_encrypted=is_encrypted and entry["kid"] == last,
        )
        for entry in entries
    ]


def public_keys(path: Path) -> PublicKeys:
    """Read a list of public keys. Raises ConfigError when it is missing or is not such a list."""
    return PublicKeys(path, {entry["kid"]: _public(entry, path) for entry in _entries(path)})


def kid_of(public: Ed25519PublicKey) -> str:
    """The name of a key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def from_base64url(text: str) -> bytes:
    """Raises ValueError unless `text` is exactly what `base64url` writes: one spelling per value."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    if base64url(data) != text:
        raise ValueError("not base64url in its shortest form")
    return data


def _make_private(path: Path, passphrase: Secret | None) -> None:
    closed: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        closed = serialization.BestAvailableEncryption(passphrase.reveal().encode())
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, closed
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(draft, pem)
        # A link appears whole or not at all, and fails where a key is already: two first runs agree on one key.
        with suppress(FileExistsError):
            os.link(draft, path)
    except OSError as error:
        raise StoreError(
            f"{path}: the signing key cannot be written ({error.strerror}); check rights and space"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _write_private(path: Path, pem: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def _read_private(path: Path, passphrase: Secret | None) -> SigningKey:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(f"{path}: others can read this private key; run: chmod 600 {path}")
        private = _load(path.read_bytes(), passphrase, path)
    except OSError as error:
        raise ConfigError(f"{path}: the signing key cannot be read ({error.strerror})") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigError(f"{path}: is not an Ed25519 key; certificates are signed with Ed25519")
    return SigningKey(kid_of(private.public_key()), private)


def _load(pem: bytes, passphrase: Secret | None, path: Path) -> object:
    is_encrypted = b"ENCRYPTED" in pem
    if is_encrypted and not passphrase:
        raise ConfigError(f"{path}: this private key is encrypted; put its passphrase into {KEY_PASSPHRASE}")
    password = passphrase.reveal().encode() if is_encrypted and passphrase else None
    try:
        return serialization.load_pem_private_key(pem, password=password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if is_encrypted:
            raise ConfigError(f"{path}: the passphrase in {KEY_PASSPHRASE} does not open this private key") from error
        raise ConfigError(f"{path}: is not a PKCS 8 private key; restore it from your backup") from error


def _list_public(path: Path, key: SigningKey) -> None:
    """Add a key to the public list, unless it is there; also repairs a run that stopped between the two files."""
    entries = _entries(path) if path.exists() else []
    if any(entry["kid"] == key.kid for entry in entries):
        return
    public = key.private.public_key().public_bytes_raw()
    created = datetime.now(UTC).date().isoformat()
    entries = [*entries, {"kid": key.kid, "publicKey": base64url(public), "created": created}]
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        draft.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}); check rights and space") from error


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path}: the public keys cannot be read ({error.strerror}); ask the issuer for {PUBLIC_NAME}"
        ) from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not JSON; ask the issuer for {PUBLIC_NAME}") from error
    if isinstance(entries, dict):
        entries = _entries_of_did_document(entries, path)
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise ConfigError(f"{path}: is not a list of kid, publicKey and created; ask the issuer for {PUBLIC_NAME}")
    return entries


def _entries_of_did_document(document: Mapping[str, Any], path: Path) -> list[dict[str, Any]]:
    methods = document.get("verificationMethod")
    if not isinstance(methods, list):
        raise ConfigError(f"{path}: is not a list of kid, publicKey and created; ask the issuer for {PUBLIC_NAME}")
    found = []
    for method in methods:
        try:
            public = from_multikey(str(method["publicKeyMultibase"]))
        except (KeyError, TypeError, ValueError):
            continue  # a key of another kind, which signs nothing of ours
        found.append({"kid": kid_of(public), "publicKey": base64url(public.public_bytes_raw()), "created": ""})
    if not found:
        raise ConfigError(f"{path}: this DID document lists no Ed25519 key; ask the issuer for {PUBLIC_NAME}")
    return found


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in ("kid", "publicKey", "created"))


def _public(entry: Mapping[str, str], path: Path) -> Ed25519PublicKey:
    try:
        public = Ed25519PublicKey.from_public_bytes(from_base64url(entry["publicKey"]))
    except ValueError as error:
        raise ConfigError(f"{path}: publicKey of {entry['kid']!r} is not an Ed25519 public key") from error
    if kid_of(public) != entry["kid"]:
        raise ConfigError(
            f"{path}: {entry['kid']!r} is not the name of its key, {kid_of(public)}; the file was altered"
        )
    return public
