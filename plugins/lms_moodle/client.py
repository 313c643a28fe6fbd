"""Talks to one Moodle site: owns the HTTP session, the timeouts and the token; nobody else imports requests."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import requests
from requests.adapters import HTTPAdapter
from requests_toolbelt import MultipartEncoder, MultipartEncoderMonitor
from urllib3.exceptions import NewConnectionError

import lms_toolkit
from lms_moodle.errors import Untrusted
from lms_moodle.pacing import LONGEST_REQUESTED_SECONDS, Pace, pace_of
from lms_moodle.parameters import MAX_VARIABLES, flatten
from lms_moodle.replies import TRANSIENT, Judge, Reply
from lms_toolkit.config import Site
from lms_toolkit.errors import AuthError, ConfigError, Refused, Unreachable
from lms_toolkit.interfaces import Progress

REST = "webservice/rest/server.php"
UPLOAD = "webservice/upload.php"
PUBLIC = "lib/ajax/service-nologin.php"
CALLS_KEPT = 10_000
PIECE_BYTES = 1 << 16
"""How much of a file is in memory, and between two reports of progress; the usual 16 KiB take eight times the work."""
LARGEST_REFUSAL = 1 << 16
"""Bytes up to which an answer may be a refusal, and is looked at whole."""
BUSY = frozenset({429, 503})
"""Statuses by which a site says that it has too much to do."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was sent; a repeated one counts again."""

    function: str
    writes: bool
    seconds: float


class MoodleClient:
    """One site's web services. Not thread-safe; one client per thread.

    `waits` are the seconds before each repetition of a read. Writes are never repeated here.
    `calls` has the latest requests, oldest first. `clock_skew` is how many seconds the site's clock was ahead of ours
    when it last answered, None while it has not said.
    """

    def __init__(
        self,
        site: Site,
        *,
        waits: Sequence[float] = (1.0, 3.0, 9.0),
        sleep: Callable[[float], None] = time.sleep,
        pace: Pace | None = None,
    ) -> None:
        if not site.token:
            where = f"; put it in {site.token_from}" if site.token_from else ""
            raise AuthError(f"{site.name}: no token is set{where}")
        self.site = site
        self.judge = Judge(site)
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.clock_skew: float | None = None
        self._pace = pace or pace_of(site.url)
        self._waits = tuple(waits)
        self._sleep = sleep
        self._session = requests.Session()
        self._session.auth = _no_auth
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _LargePieces())
        self._session.headers["User-Agent"] = f"lms-toolkit/{lms_toolkit.__version__}"

    def __repr__(self) -> str:
        return f"MoodleClient({self.site.name!r}, {self.site.url!r})"

    def close(self) -> None:
        self._session.close()

    def read(self, function: str, /, **params: object) -> Any:
        """Call a function that changes nothing; repeated with growing waits while the site is unavailable."""
        for wait in self._waits:
            try:
                return self._call(function, params, writes=False)
            except _Transient as failure:
                self._wait(failure, wait)
        try:
            return self._call(function, params, writes=False)
        except _Transient as failure:
            raise failure.error from None

    def write(self, function: str, /, **params: object) -> Any:
        """Call a function that changes the site, once. Raises Unreachable with `outcome_unknown` if it may be done."""
        try:
            return self._call(function, params, writes=True)
        except _Transient as failure:
            raise failure.error from None

    def call(self, function: str, /, **params: object) -> Any:
        """Call a function of which we do not know whether it writes: as if it did."""
        return self.write(function, **params)

    def _wait(self, failure: _Transient, seconds: float) -> None:
        asked = failure.retry_after or 0.0
        if asked > LONGEST_REQUESTED_SECONDS:
            raise failure.error from None
        self._sleep(max(seconds, asked))

    def _call(self, function: str, params: dict[str, object], *, writes: bool) -> Any:
        reply = self._post(REST, function, writes=writes, data=self._fields(function, params))
        try:
            return self.judge.value(reply, function, writes=writes)
        except Unreachable as error:
            if reply.status in TRANSIENT:
                raise _Transient(error, reply.retry_after) from None
            raise

    def _fields(self, function: str, params: dict[str, object]) -> list[tuple[str, str]]:
        fields = flatten(params)
        if len(fields) > MAX_VARIABLES:
            raise ValueError(f"{function}: {len(fields)} variables in one call; send it in chunks")
        return [
            *fields,
            ("moodlewsrestformat", "json"),
            ("moodlewssettingraw", "1"),  # texts as stored, so that they compare equal to what we sent
            ("moodlewssettingfileurl", "0"),
            ("wsfunction", function),
            # Last: if the site's max_input_vars cuts the form, the token goes first and Moodle says so.
            ("wstoken", self.site.token.reveal()),
        ]

    def read_into(self, file: IO[str], function: str, /, **params: object) -> None:
        """Call a function whose answer is too large for memory, once, and write the answer to a file as it comes.

        A refusal is raised; what else is in the file is for the caller to judge.
        """
        started = time.monotonic()
        try:
            with (
                self._pace.turn(),
                self._session.post(
                    f"{self.site.url}/{REST}",
                    timeout=(self.site.connect_timeout, self.site.read_timeout),
                    allow_redirects=False,
                    stream=True,
                    data=self._fields(function, params),
                ) as response,
            ):
                response.encoding = "utf-8"
                for piece in response.iter_content(PIECE_BYTES, decode_unicode=True):
                    file.write(piece)
                status, headers = response.status_code, response.headers
        except requests.RequestException as error:
            failure = self._unanswered(error, function, writes=False)  # not chained: the exception carries the token
            raise (failure.error if isinstance(failure, _Transient) else failure) from None
        finally:
            self.calls.append(Call(function, False, time.monotonic() - started))
        if status != 200 or file.tell() <= LARGEST_REFUSAL:
            file.seek(0)
            self.judge.value(Reply(status, headers, file.read(LARGEST_REFUSAL)), function, writes=False)

    def _post(self, path: str, function: str, *, writes: bool, **request: Any) -> Reply:
        with self._pace.turn():
            started = time.monotonic()
            try:
                response = self._session.post(
                    f"{self.site.url}/{path}",
                    timeout=(self.site.connect_timeout, self.site.read_timeout),
                    allow_redirects=False,
                    **request,
                )
            except requests.RequestException as error:
                # The exception carries the request and so the token: it is not chained.
                raise self._unanswered(error, function, writes=writes) from None
            finally:
                seconds = time.monotonic() - started
                self.calls.append(Call(function, writes, seconds))
        response.encoding = "utf-8"
        reply = Reply(response.status_code, response.headers, response.text)
        self._learn(reply, function, seconds)
        return reply

    def _learn(self, reply: Reply, function: str, seconds: float) -> None:
        """What an answer tells besides what it says: how the site is doing, and what time it is there."""
        if reply.status in BUSY:
            self._pace.refused(reply.retry_after)
        elif function != UPLOAD:  # how long an upload takes is a matter of its size
            self._pace.answered(function, seconds)
        if reply.date is not None:
            self.clock_skew = reply.date.timestamp() - time.time()

    def ask_publicly(self, function: str) -> Any:
        """Call a function that needs no token, without sending ours. Raises what `read` raises; never repeats."""
        call = [{"index": 0, "methodname": function, "args": {}}]
        try:
            return self.judge.value(self._post(PUBLIC, function, writes=False, json=call), function, writes=False)
        except _Transient as failure:
            raise failure.error from None

    def upload_nothing(self) -> None:
        """Let the site judge our token where files go up: it looks at other things than REST does. Changes nothing."""
        try:
            reply = self._post(UPLOAD, UPLOAD, writes=False, data={"token": self.site.token.reveal()})
        except _Transient as failure:
            raise failure.error from None
        self.judge.value(reply, UPLOAD, writes=False)

    def _unanswered(self, error: requests.RequestException, function: str, *, writes: bool) -> Exception:
        name, host = self.site.name, self.site.url
        if isinstance(error, requests.exceptions.SSLError):
            return Untrusted(f"{name}: the certificate of {host} is not trusted; renew it or set REQUESTS_CA_BUNDLE")
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
            return ConfigError(f"{name}: {host} is not an address that can be called; correct sites.{name}.url")
        if _never_sent(error):
            return _Transient(Unreachable(f"{name}: no connection to {host}; check the address, or try again later"))
        what = "did not answer in time" if isinstance(error, requests.Timeout) else "closed the connection"
        advice = "it may have been done; run the same command again, it looks first" if writes else "try again later"
        return _Transient(Unreachable(f"{name} {what} ({function}); {advice}", outcome_unknown=writes))

    def upload(
        self, path: Path, filename: str, *, item_id: int = 0, max_bytes: int = 0, progress: Progress | None = None
    ) -> int:
        """Put a file into a draft area of the token's user, read from disk in pieces; its draft item id.

        `item_id` 0 makes a new area. `max_bytes` is the site's limit, 0 when unknown. Raises Refused for a file that is
        too large, before sending it.
        """
        size = path.stat().st_size
        if max_bytes and size > max_bytes:
            raise Refused(
                f"{self.site.name}: {filename} has {size} bytes and the site takes {max_bytes};"
                " raise upload_max_filesize, post_max_size and the site's limit, or make it smaller",
                "fileoversized",
            )
        with path.open("rb") as file:
            form = MultipartEncoder(
                {
                    "token": self.site.token.reveal(),
                    "filepath": "/",
                    "itemid": str(item_id),
                    "file_1": (filename, file, "application/octet-stream"),
                }
            )
            body = MultipartEncoderMonitor(form, _report(progress))
            try:
                reply = self._post(UPLOAD, UPLOAD, writes=True, data=body, headers={"Content-Type": body.content_type})
            except _Transient as failure:
                raise failure.error from None
        return self._draft_item_id(self.judge.value(reply, UPLOAD, writes=True), size)

    def _draft_item_id(self, answer: Any, size: int) -> int:
        entry = answer[0] if isinstance(answer, list) and answer else {}
        if isinstance(entry, dict) and "error" in entry:
            # Moodle reports a file it did not take inside a list that otherwise says success.
            code = str(entry.get("errortype") or "")
            raise Refused(
                f"{self.site.name} refused the file ({code}): {self.judge.safe(str(entry['error']), 200)}", code
            )
        stored = self.judge.take(entry, "filesize", int, UPLOAD)
        if stored != size:
            raise Unreachable(f"{self.site.name} stored {stored} of {size} bytes; run the same command again")
        return self.judge.take(entry, "itemid", int, UPLOAD)


class _Transient(Exception):
    """Says that a read may be repeated; carries the error to raise when it may not."""

    def __init__(self, error: Unreachable, retry_after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.retry_after = retry_after


class _LargePieces(HTTPAdapter):
    """Sends bodies in larger pieces than requests does."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, blocksize=PIECE_BYTES, **options)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending what ~/.netrc holds for this host."""
    return request


def _never_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _report(progress: Progress | None) -> Callable[[MultipartEncoderMonitor], None] | None:
    if progress is None:
        return None
    return lambda monitor: progress(monitor.bytes_read, monitor.len)
