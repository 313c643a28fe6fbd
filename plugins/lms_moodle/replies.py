"""Judges every answer of a Moodle site, because Moodle says "no" with HTTP 200 and errors in three shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from lms_moodle.errors import DOCS, NotJson, Redirected, refusal
from lms_toolkit.config import Site
from lms_toolkit.errors import ConfigError, Refused, Unreachable

EXCERPT = 80
MESSAGE = 300
TRANSIENT = frozenset({429, 502, 503, 504})
"""Statuses after which a read is worth repeating."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, as far as we look at it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def retry_after(self) -> float | None:
        """Seconds the site asks us to wait, when it says so in seconds."""
        value = self.headers.get("Retry-After", "").strip()
        return float(value) if value.isdigit() else None

    @property
    def date(self) -> datetime | None:
        """The site's time when it answered, when it says so."""
        try:
            date = parsedate_to_datetime(self.headers.get("Date", ""))
        except ValueError:
            return None
        return date if date.tzinfo else date.replace(tzinfo=UTC)


class Judge:
    """Turns replies of one site into values or errors; nothing it says contains the token."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def value(self, reply: Reply, function: str, *, writes: bool) -> Any:
        """The JSON value of a good answer. Raises the SiteError or ConfigError of any other."""
        if reply.status != 200:
            self._raise_status(reply, function, writes=writes)
        value = self._json(reply.text, function, writes=writes)
        if isinstance(value, dict):
            self._raise_refusal(value, function, writes=writes)
        return value

    def _raise_refusal(self, value: Mapping[str, Any], function: str, *, writes: bool) -> None:
        # {"exception", "errorcode", "message"} from REST, {"error", "errorcode"} from upload.php and token.php
        if "exception" not in value and not {"error", "errorcode"} <= value.keys():
            return
        said = [str(value.get(key) or "") for key in ("message", "error", "debuginfo")]
        message = self.safe(" ".join(text for text in said if text), MESSAGE)
        raise refusal(self._site.name, function, str(value.get("errorcode") or ""), message, writes=writes)

    def _json(self, text: str, function: str, *, writes: bool) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            excerpt = self.safe(text, EXCERPT)
            said = f"something that is not JSON: {excerpt!r}" if excerpt else "nothing"
            self._raise_unusable(f"answered {function} with {said}", writes=writes)

    def _raise_unusable(self, what: str, *, writes: bool) -> NoReturn:
        advice = "it may have been done; run the same command again, it looks first" if writes else "see its error log"
        message = f"{self._site.name} {what}; {advice}. See {DOCS}#answers"
        raise NotJson(message, outcome_unknown=writes)

    def _raise_status(self, reply: Reply, function: str, *, writes: bool) -> NoReturn:
        name = self._site.name
        if 300 <= reply.status < 400:
            raise Redirected(
                f"{name}: {self._host()} redirects to {_address(reply.headers.get('Location', ''))};"
                f" set sites.{name}.url to the address Moodle calls itself (wwwroot)"
            )
        if reply.status == 403:
            raise Refused(
                f"{name} refused {function} (HTTP 403): REST is off or a firewall is in the way. See {DOCS}#http403",
                "http403",
            )
        if reply.status == 404:
            raise ConfigError(f"{name}: there is no Moodle at {self._host()} (HTTP 404); correct sites.{name}.url")
        if reply.status == 413:
            raise Refused(
                f"{name} refused {function} (HTTP 413): the request exceeds the web server's body limit"
                f" (client_max_body_size or LimitRequestBody); raise it. See {DOCS}#http413",
                "http413",
            )
        wait = f"; it asks to wait {reply.retry_after:.0f} s" if reply.retry_after is not None else ""
        # 429 and 503 come from before Moodle's work; after a 502 or 504 it may still be going on.
        unknown = writes and reply.status not in (429, 503)
        message = f"{name} cannot answer {function} now (HTTP {reply.status}{wait}); try again later"
        raise Unreachable(message, outcome_unknown=unknown)

    def _host(self) -> str:
        return _address(self._site.url) + urlsplit(self._site.url).path

    def safe(self, text: str, length: int) -> str:
        """One short line without markup, and without anything that looks like a token."""
        text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", text)
        token = self._site.token.reveal()
        text = text.replace(token, "•••") if token else text
        text = re.sub(r"\b[0-9a-f]{32,128}\b", "•••", text, flags=re.IGNORECASE)
        text = " ".join(text.split())
        return text if len(text) <= length else text[: length - 1] + "…"

    def take(self, record: Any, key: str, kind: type[T], function: str) -> T:
        """`record[key]`, which must be of a kind; an answer without it is not the answer we know how to read."""
        value = record.get(key) if isinstance(record, dict) else None
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            message = f"{self._site.name} answered {function} without a usable {key!r}; upgrade Moodle or the companion"
            raise Unreachable(message)
        return value


def _address(url: str) -> str:
    """Scheme, host and port: what may be shown of any address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
