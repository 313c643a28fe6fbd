"""Settings of notifications: who is told of what, by e-mail or by webhook. Secrets come by variable or file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args
from urllib.parse import urlsplit

from lms_toolkit.errors import ConfigError

if TYPE_CHECKING:
    from lms_toolkit.config import Secret

Security = Literal["starttls", "tls", "none"]
EVENTS = ("certificate.issued", "sync.failed")
"""What can be told; docs/syncing.md says what each carries."""
TO_LEARNER = "mail:learner"
TO_OFFICE = "mail:office"
TO_WEBHOOK = "webhook:"
_PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_MAX_SECONDS = 3600
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

MakeSecret = Callable[[str], "Secret"]


@dataclass(frozen=True, slots=True)
class MailConfig:
    """One mail server, and who writes to whom. `timeout` is seconds for each answer of the server.

    `office` is told of everything in `events`; learners get their certificate's message only if `learners` is on.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: Secret | None = None
    office: str = ""
    learners: bool = False
    events: tuple[str, ...] = EVENTS
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address that is told; each message is signed with the secret. `timeout` is seconds."""

    name: str
    url: str = field(repr=False)  # many services put a secret into the path
    secret: Secret
    events: tuple[str, ...] = EVENTS
    timeout: float = 15.0

    @property
    def host(self) -> str:
        """What may be shown of the address."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class NotificationConfig:
    """Nobody is told anything unless it is set. `language` is the office's; `templates` a folder of own wording."""

    language: str = "en"
    templates: Path | None = None
    mail: MailConfig | None = None
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)

    def routes(self) -> dict[str, tuple[str, ...]]:
        """Who is to be told of each event, as the names of channels."""
        return {event: tuple(self._channels(event)) for event in EVENTS}

    def _channels(self, event: str) -> list[str]:
        channels = []
        if self.mail and self.mail.office and event in self.mail.events:
            channels.append(TO_OFFICE)
        if self.mail and self.mail.learners and event == "certificate.issued":
            channels.append(TO_LEARNER)
        return channels + [f"{TO_WEBHOOK}{hook.name}" for hook in self.webhooks.values() if event in hook.events]


def read_notification_config(
    table: Mapping[str, Any], base: Path, env: Mapping[str, str], make_secret: MakeSecret, path: Path | None
) -> NotificationConfig:
    """`[notifications]` of the settings file. Raises ConfigError naming the setting."""
    reader = _Reader(base, env, make_secret, path)
    reader.known(table, {"language", "templates", "mail", "webhooks"}, "notifications.")
    hooks = reader.table(table, "webhooks", "notifications.")
    return NotificationConfig(
        language=reader.text(table, "language", "notifications.", "en"),
        templates=base / reader.text(table, "templates", "notifications.") if "templates" in table else None,
        mail=reader.mail(reader.table(table, "mail", "notifications.")) if "mail" in table else None,
        webhooks={name: reader.webhook(name, reader.table(hooks, name, "notifications.webhooks.")) for name in hooks},
    )


@dataclass(frozen=True)
class _Reader:
    """Reads tables of one file; each error names the file and the setting."""

    base: Path
    env: Mapping[str, str]
    make_secret: MakeSecret
    path: Path | None

    def fault(self, where: str, what: str) -> ConfigError:
        return ConfigError(f"{self.path}: {where} {what}")

    def known(self, table: Mapping[str, Any], names: set[str], where: str) -> None:
        for secret in sorted(set(table) & {"password", "secret"}):
            advice = f"secrets do not belong in this file; use {secret}_env or {secret}_file"
            raise self.fault(f"{where}{secret}:", advice)
        unknown = sorted(set(table) - names)
        if unknown:
            raise self.fault(f"unknown setting {where}{unknown[0]}", f"(known here: {', '.join(sorted(names))})")

    def table(self, table: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
        value = table.get(name, {})
        if not isinstance(value, dict):
            raise self.fault(f"{where}{name}", "must be a table")
        return value

    def text(self, table: Mapping[str, Any], key: str, where: str, default: str = "") -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or not value.isprintable():
            raise self.fault(f"{where}{key}", "must be a text of one line")
        return value

    def seconds(self, table: Mapping[str, Any], where: str, default: float) -> float:
        value = table.get("timeout", default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MAX_SECONDS:
            raise self.fault(f"{where}timeout", f"must be a number of seconds above 0, and no more than {_MAX_SECONDS}")
        return float(value)

    def events(self, table: Mapping[str, Any], where: str) -> tuple[str, ...]:
        value = table.get("events", list(EVENTS))
        if not isinstance(value, list) or any(event not in EVENTS for event in value):
            raise self.fault(f"{where}events", f"must be a list of some of {', '.join(EVENTS)}")
        return tuple(value)

    def secret(self, table: Mapping[str, Any], key: str, where: str, variable: str) -> Secret:
        if f"{key}_file" in table:
            file = self.base / str(table[f"{key}_file"])
            try:
                return self.make_secret(file.read_text(encoding="utf-8").strip())
            except OSError as error:
                raise self.fault(f"{where}{key}_file:", f"{file} cannot be read ({error.strerror})") from error
            except UnicodeDecodeError:  # not chained: it holds what was read
                raise self.fault(f"{where}{key}_file:", f"{file} is no text in UTF-8") from None
        return self.make_secret(self.env.get(str(table.get(f"{key}_env", variable)), "").strip())

    def mail(self, table: Mapping[str, Any]) -> MailConfig:
        where = "notifications.mail."
        names = {"host", "port", "security", "user", "password_env", "password_file", "from", "office", "learners"}
        self.known(table, {*names, "events", "timeout"}, where)
        security = self._security(table, where)
        host = self.text(table, "host", where)
        if not _is_host(host):
            raise self.fault(f"{where}host", "must name the mail server")
        user = self.text(table, "user", where)
        if not user.isascii():
            raise self.fault(f"{where}user", "must have no letters beyond ASCII: they cannot be sent to a mail server")
        if user and security == "none" and host not in _LOOPBACK:
            raise self.fault(f"{where}security", 'must be "starttls" or "tls": a password is sent to no server without')
        learners = table.get("learners", False)
        if not isinstance(learners, bool):
            raise self.fault(f"{where}learners", "must be true or false")
        return MailConfig(
            host=host,
            sender=self._address(table, "from", where),
            port=self._port(table, where, _PORTS[security]),
            security=security,
            user=user,
            password=self._password(table, where) if user else None,
            office=self._address(table, "office", where) if "office" in table else "",
            learners=learners,
            events=self.events(table, where),
            timeout=self.seconds(table, where, 30.0),
        )

    def _security(self, table: Mapping[str, Any], where: str) -> Security:
        value = self.text(table, "security", where, "starttls")
        if value not in get_args(Security):
            raise self.fault(f"{where}security", f"must be one of {', '.join(get_args(Security))}")
        return cast("Security", value)

    def _port(self, table: Mapping[str, Any], where: str, default: int) -> int:
        value = table.get("port", default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 65536:
            raise self.fault(f"{where}port", "must be a number from 1 to 65535")
        return value

    def _address(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = self.text(table, key, where)
        if not is_address(value):
            raise self.fault(f"{where}{key}", 'must be one e-mail address, such as "office@example.org"')
        return value

    def _password(self, table: Mapping[str, Any], where: str) -> Secret:
        found = self.secret(table, "password", where, "LMS_TOOLKIT_SMTP_PASSWORD")
        if not found:
            raise self.fault(
                f"{where}user", "needs a password: set LMS_TOOLKIT_SMTP_PASSWORD, password_env or password_file"
            )
        if not found.reveal().isascii():
            raise self.fault(
                f"{where}user", "has a password with letters beyond ASCII, which cannot be sent; change it"
            )
        return found

    def webhook(self, name: str, table: Mapping[str, Any]) -> Webhook:
        where = f"notifications.webhooks.{name}."
        self.known(table, {"url", "secret_env", "secret_file", "events", "timeout"}, where)
        variable = f"LMS_TOOLKIT_{name.upper().replace('-', '_')}_SECRET"
        secret = self.secret(table, "secret", where, variable)
        if not secret:
            raise self.fault(where[:-1], f"needs a secret to sign with: set {variable}, secret_env or secret_file")
        timeout = self.seconds(table, where, 15.0)
        return Webhook(name, self._url(table, where), secret, self.events(table, where), timeout)

    def _url(self, table: Mapping[str, Any], where: str) -> str:
        """Only TLS outside of this machine. The address itself is not shown: it may hold a secret."""
        value = self.text(table, "url", where)
        try:
            parts = urlsplit(value)
            allowed = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
            is_plain = value.isascii() and " " not in value and parts.port != 0
            if allowed and is_plain and _is_host(parts.hostname or "") and parts.username is None:
                return value
        except ValueError:  # brackets or a port that are none
            pass
        advice = "must be an https address (http for this machine only), without a user or password in it"
        raise self.fault(f"{where}url", advice)


def _is_host(text: str) -> bool:
    """Whether a text can be asked for as a host: no label is empty or longer than 63 (RFC 1035, 2.3.4)."""
    try:
        return bool(text.encode("idna")) and " " not in text
    except UnicodeError:
        return False


def is_address(text: str) -> bool:
    """Whether a text is one plain e-mail address, and nothing that a mail program could read as more."""
    from email.headerregistry import Address

    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or not text.isprintable() or any(mark in text for mark in ' ,;:<>()[]\\"'):
        return False
    try:
        return Address(addr_spec=text).addr_spec == text
    except Exception:  # the standard library raises several kinds, IndexError among them
        return False
