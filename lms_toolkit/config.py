"""Settings: `lms-toolkit.toml`, then the environment. Secrets come by variable or file, and never show."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lms_toolkit.certificate_config import CertificateConfig, read_certificate_config
from lms_toolkit.errors import ConfigError
from lms_toolkit.notification_config import NotificationConfig, read_notification_config

__all__ = ["CONFIG_NAME", "KEY_PASSPHRASE", "CertificateConfig", "Config", "Secret", "Site", "load_config"]

CONFIG_NAME = "lms-toolkit.toml"
KEY_PASSPHRASE = "LMS_TOOLKIT_KEY_PASSPHRASE"
"""The variable with the passphrase of the issuer's private key, where it is encrypted."""
SIGN_PASSPHRASE = "LMS_TOOLKIT_SIGN_PASSPHRASE"
"""The variable with the passphrase of the file that `certificates.sign` names."""


class Secret:
    """A value that no repr, log or error shows; `reveal()` is called where it is sent."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Site:
    """One LMS we know by name. `token_from` says where its token is looked for. Timeouts are seconds."""

    name: str
    platform: str
    url: str
    token: Secret = field(default_factory=lambda: Secret(""))
    category: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 360.0
    token_from: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that is set, with its origin resolved; made once per command."""

    data_folder: Path
    database_url: str = field(repr=False)  # may hold a password
    sites: Mapping[str, Site]
    certificates: CertificateConfig
    course_folders: tuple[Path, ...] = ()
    disabled_plugins: frozenset[str] = frozenset()
    path: Path | None = None
    notifications: NotificationConfig = field(default_factory=NotificationConfig)
    repair_hours: float = 24.0
    """How long after a reading of everything a pull reads everything again; 0: never."""

    @property
    def repair_after(self) -> timedelta | None:
        """`repair_hours` as `pull` takes it."""
        return timedelta(hours=self.repair_hours) if self.repair_hours else None

    def site(self, name: str) -> Site:
        if name in self.sites:
            return self.sites[name]
        known = ", ".join(sorted(self.sites)) or "none yet"
        raise ConfigError(f"no site is named {name!r} (known: {known}); add [sites.{name}] to {CONFIG_NAME}")


def load_config(path: Path | None = None, env: Mapping[str, str] = os.environ) -> Config:
    """Read the settings. `path` or `LMS_TOOLKIT_CONFIG` names the file; else the nearest one upwards is used."""
    path = path or _named_by_environment(env) or _nearest(Path.cwd())
    data = _read(path) if path else {}
    _refuse_unknown(data, {"store", "sites", "plugins", "certificates", "courses", "notifications", "pull"}, path, "")
    base = path.parent if path else Path.cwd()
    data_folder = _data_folder(_table(data, "store", {"url", "folder"}, path), base, env)
    return Config(
        data_folder=data_folder,
        database_url=env.get("LMS_TOOLKIT_DATABASE_URL")
        or data.get("store", {}).get("url")
        or f"sqlite:///{data_folder / 'store.db'}",
        sites=_sites(data, base, env, path),
        certificates=_certificates(data, base, data_folder, env, path),
        course_folders=tuple(base / folder for folder in _texts(data, "courses", "folders", path)),
        disabled_plugins=_disabled(_texts(data, "plugins", "disabled", path), env),
        path=path,
        notifications=_notifications(data, base, env, path),
        repair_hours=_repair_hours(_table(data, "pull", {"repair_hours"}, path), path),
    )


def _named_by_environment(env: Mapping[str, str]) -> Path | None:
    return Path(env["LMS_TOOLKIT_CONFIG"]) if env.get("LMS_TOOLKIT_CONFIG") else None


def _nearest(folder: Path) -> Path | None:
    candidates = (parent / CONFIG_NAME for parent in (folder, *folder.parents))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}") from error


def _table(data: Mapping[str, Any], name: str, known: set[str], path: Path | None) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [{name}] must be a table")
    _refuse_unknown(table, known, path, f"{name}.")
    return table


def _refuse_unknown(table: Mapping[str, Any], known: set[str], path: Path | None, prefix: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise ConfigError(f"{path}: unknown setting {prefix}{unknown[0]} (known here: {', '.join(sorted(known))})")


def _data_folder(table: Mapping[str, Any], base: Path, env: Mapping[str, str]) -> Path:
    if env.get("LMS_TOOLKIT_DATA_FOLDER"):
        return Path(env["LMS_TOOLKIT_DATA_FOLDER"])
    if "folder" in table:
        return base / str(table["folder"])
    from platformdirs import user_data_path

    return user_data_path("lms-toolkit", appauthor=False)


def _sites(data: Mapping[str, Any], base: Path, env: Mapping[str, str], path: Path | None) -> dict[str, Site]:
    tables = data.get("sites", {})
    if not isinstance(tables, dict):
        raise ConfigError(f"{path}: [sites] must be a table")
    return {name: _site(name, table, base, env, path) for name, table in tables.items()}


def _site(name: str, table: Any, base: Path, env: Mapping[str, str], path: Path | None) -> Site:
    known = {
        "platform",
        "url",
        "token_env",
        "token_file",
        "token_keyring",
        "category",
        "connect_timeout",
        "read_timeout",
    }
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [sites.{name}] must be a table")
    if "token" in table:
        raise ConfigError(
            f"{path}: sites.{name}.token: secrets do not belong in this file; use token_env or token_file"
        )
    _refuse_unknown(table, known, path, f"sites.{name}.")
    url = str(table.get("url", "")).rstrip("/")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise ConfigError(f"{path}: sites.{name}.url must be the http(s) address of the site, not {url!r}")
    token, token_from = _token(name, table, base, env, path)
    return Site(
        name=name,
        platform=str(table.get("platform", "moodle")),
        url=url,
        token=token,
        category=str(table.get("category", "")),
        connect_timeout=_seconds(table, "connect_timeout", 10.0, name, path),
        read_timeout=_seconds(table, "read_timeout", 360.0, name, path),
        token_from=token_from,
    )


_MAX_SECONDS, _MAX_HOURS = 86_400, 87_600
"""A day and ten years: more is a slip, and the clocks of an operating system take no such times."""


def _seconds(table: Mapping[str, Any], key: str, default: float, name: str, path: Path | None) -> float:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MAX_SECONDS:
        raise ConfigError(
            f"{path}: sites.{name}.{key} must be a number of seconds above 0, and no more than {_MAX_SECONDS:,}"
        )
    return float(value)


def _token(
    name: str, table: Mapping[str, Any], base: Path, env: Mapping[str, str], path: Path | None
) -> tuple[Secret, str]:
    """The token, empty where there is none, and where it was looked for."""
    if "token_file" in table:
        file = base / str(table["token_file"])
        try:
            return Secret(file.read_text(encoding="utf-8").strip()), f"the file {file}"
        except OSError as error:
            raise ConfigError(f"{path}: sites.{name}.token_file: {file} cannot be read ({error.strerror})") from error
        except UnicodeDecodeError:  # not chained: it holds what was read
            raise ConfigError(f"{path}: sites.{name}.token_file: {file} is no text in UTF-8") from None
    if table.get("token_keyring"):
        return _token_from_keyring(name, path), "this machine's keyring"
    variable = str(table.get("token_env", f"LMS_TOOLKIT_{name.upper().replace('-', '_')}_TOKEN"))
    return Secret(env.get(variable, "").strip()), f"the environment variable {variable}"


def _token_from_keyring(name: str, path: Path | None) -> Secret:
    try:
        import keyring
    except ImportError as error:
        raise ConfigError(
            f"{path}: sites.{name}.token_keyring needs the keyring package: pip install keyring"
        ) from error
    try:
        value = keyring.get_password("lms-toolkit", name)
    except keyring.errors.KeyringError as error:
        raise ConfigError(
            f"{path}: sites.{name}.token_keyring: this machine's keyring gave no answer ({error})"
        ) from error
    return Secret(value or "")


def _repair_hours(table: Mapping[str, Any], path: Path | None) -> float:
    value = table.get("repair_hours", 24.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_HOURS:
        raise ConfigError(f"{path}: pull.repair_hours must be a number of hours up to {_MAX_HOURS:,}, or 0 for never")
    return float(value)


def _certificates(
    data: Mapping[str, Any], base: Path, data_folder: Path, env: Mapping[str, str], path: Path | None
) -> CertificateConfig:
    table = data.get("certificates", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [certificates] must be a table")
    key, sign = (Secret(env[name]) if env.get(name) else None for name in (KEY_PASSPHRASE, SIGN_PASSPHRASE))
    return read_certificate_config(table, base, data_folder, key, path, sign)


def _notifications(
    data: Mapping[str, Any], base: Path, env: Mapping[str, str], path: Path | None
) -> NotificationConfig:
    table = data.get("notifications", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [notifications] must be a table")
    return read_notification_config(table, base, env, Secret, path)


def _texts(data: Mapping[str, Any], name: str, key: str, path: Path | None) -> list[str]:
    """A table whose only setting is a list of texts."""
    values = _table(data, name, {key}, path).get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ConfigError(f"{path}: {name}.{key} must be a list of texts")
    return values


def _disabled(names: Sequence[str], env: Mapping[str, str]) -> frozenset[str]:
    from_env = env.get("LMS_DISABLED_PLUGINS", "").split(",")
    return frozenset(name.strip() for name in (*names, *from_env) if name.strip())
