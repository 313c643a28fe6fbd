"""Hands messages to a mail server, over one connection a run.

SMTP has no way to ask whether a message was taken: one that was sent whole and not answered may or may not be on its
way. All of it but the last line, without which no server takes it (RFC 5321, 4.1.1.4), is therefore sent first; only
then `hand_over` is called, and the line that ends it follows.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from types import TracebackType

from lms_toolkit.notification_config import MailConfig
from lms_toolkit.notifying.delivery import Delivery, HandOver
from lms_toolkit.notifying.wording import Text, one_line

_END = b".\r\n"
_MAX_NAME = 200
# Python folds a long name that is not encoded without its quotation marks: a comma in it would begin another address.
# So lines are as long as they may be (RFC 5322, 2.1.1), which no name of this length fills, in any script.
_UNFOLDED = policy.SMTPUTF8.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to one address. `id` makes its Message-ID: the same letter has the same, however often it is sent."""

    id: str
    to: str
    name: str
    language: str
    text: Text
    written_at: datetime
    attachments: Sequence[tuple[str, bytes]] = ()
    """Names and contents of PDF files."""

    def __repr__(self) -> str:
        return f"Letter(id={self.id!r})"


class MailServer:
    """A context manager; the connection is made for the first letter and closed at the end."""

    def __init__(self, config: MailConfig) -> None:
        self._config = config
        self._connection: smtplib.SMTP | None = None

    def deliver(self, letter: Letter, hand_over: HandOver) -> Delivery:
        """Hand over one letter."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Delivery("later", self._cannot(error), is_down=True)
        try:
            return self._send(server, letter, hand_over)
        except (OSError, smtplib.SMTPException) as error:  # before the last line: it cannot have been taken
            self.close()
            return Delivery("later", self._cannot(error), is_down=True)

    def _send(self, server: smtplib.SMTP, letter: Letter, hand_over: HandOver) -> Delivery:
        is_international = not (letter.to + self._config.sender).isascii()
        if is_international and not server.has_extn("smtputf8"):
            return Delivery("never", f"{self._config.host} takes no address with letters beyond ASCII")
        options = ("SMTPUTF8", "BODY=8BITMIME") if is_international else ()
        for code in self._envelope(server, letter, options):
            if code not in (250, 251, 354):
                self._reset(server)
                return self._judged(code)
        server.send(_in_transit(_message(letter, self._config), international=is_international))
        if not hand_over():
            self.close()  # without its last line the letter is not taken
            return Delivery("lost")
        return self._end(server)

    def _envelope(self, server: smtplib.SMTP, letter: Letter, options: Sequence[str]) -> Iterator[int]:
        """What the server answers to each line before the letter itself."""
        yield server.mail(self._config.sender, options)[0]
        yield server.rcpt(letter.to)[0]
        yield server.docmd("DATA")[0]

    def _end(self, server: smtplib.SMTP) -> Delivery:
        try:
            server.send(_END)
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException):
            self.close()
            return Delivery("unsure", f"{self._config.host} did not say whether it took the message", is_down=True)
        return Delivery("sent") if code == 250 else self._judged(code)

    def _judged(self, code: int) -> Delivery:
        """What a refusal means, RFC 5321, 4.2.1. The server's words are left out: they may repeat an address."""
        if code == 421:  # it closes the connection
            self.close()
        note = f"{self._config.host} refused with {code}"
        return Delivery("never", note) if 500 <= code < 600 else Delivery("later", note, is_down=code in (-1, 421))

    def _reset(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            config = self._config
            if config.security == "tls":
                context = ssl.create_default_context()
                self._connection = smtplib.SMTP_SSL(config.host, config.port, timeout=config.timeout, context=context)
            else:
                self._connection = smtplib.SMTP(config.host, config.port, timeout=config.timeout)
            if config.security == "starttls":
                self._connection.starttls(context=ssl.create_default_context())
            if config.user and config.password:
                self._connection.login(config.user, config.password.reveal())
            self._connection.ehlo_or_helo_if_needed()
        return self._connection

    def _cannot(self, error: OSError | smtplib.SMTPException) -> str:
        host = self._config.host
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"{host} did not accept the user or the password ({error.smtp_code})"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return f"{host} offers no {'STARTTLS' if self._config.security == 'starttls' else 'login'}"
        if isinstance(error, ssl.SSLError):
            return f"the certificate of {host}, or its encryption, is not trusted"
        if isinstance(error, smtplib.SMTPResponseException):
            return f"{host} refused with {error.smtp_code}"
        return f"no connection to {host} ({type(error).__name__})"

    def close(self) -> None:
        """End the connection at once; what was not handed over whole is not taken."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> MailServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None and error is None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
        self.close()


def _message(letter: Letter, config: MailConfig) -> EmailMessage:
    """The whole e-mail, the same bytes each time. EmailMessage refuses a header with a line break in it."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = config.sender
    message["To"] = Address(one_line(letter.name)[:_MAX_NAME], addr_spec=letter.to)
    message["Subject"] = letter.text.subject
    message["Date"] = letter.written_at
    message["Message-ID"] = f"<{letter.id}@{config.sender.rpartition('@')[2]}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers
    message.set_content(letter.text.body, cte="quoted-printable")
    for name, content in letter.attachments:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    if letter.attachments:
        message.set_boundary(f"part-{letter.id}")
    return message


def _in_transit(message: EmailMessage, *, international: bool) -> bytes:
    """The lines as they are sent (RFC 5321, 4.5.2), without the one that ends them."""
    lines = message.as_bytes(policy=_UNFOLDED if international else policy.SMTP)
    dotted = re.sub(rb"^\.", b"..", lines, flags=re.MULTILINE)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"
