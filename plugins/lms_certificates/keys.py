"""The issuer's Ed25519 keys: one private key that signs, and the public list with which anybody verifies.

    <folder>/keys/signing.pem      PKCS 8, readable by its owner only; made by the first signature
    <folder>/public-keys.json      [{"kid", "publicKey", "created"}], safe to publish

To rotate, move signing.pem away: the next signature makes a new key, and the list keeps the old one, so that what it
signed stays verifiable.
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms_toolkit.errors import ConfigError, StoreError

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


def signing_key(folder: Path) -> SigningKey:
    """The issuer's key, made when there is none yet, and listed among the public keys before it signs anything.

    Raises ConfigError when others can read it, StoreError when it cannot be written.
    """
    path = folder / "keys" / PRIVATE_NAME
    if not path.exists():
        _make_private(path)
    key = _read_private(path)
    _list_public(folder / PUBLIC_NAME, key)
    return key


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


def _make_private(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
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


def _read_private(path: Path) -> SigningKey:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(f"{path}: others can read this private key; run: chmod 600 {path}")
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ConfigError(f"{path}: the signing key cannot be read ({error.strerror})") from error
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path}: is not an unencrypted PKCS 8 private key; restore it from your backup") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigError(f"{path}: is not an Ed25519 key; certificates are signed with Ed25519")
    return SigningKey(kid_of(private.public_key()), private)


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
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise ConfigError(f"{path}: is not a list of kid, publicKey and created; ask the issuer for {PUBLIC_NAME}")
    return entries


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
