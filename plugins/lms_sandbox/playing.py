"""Plays a module over HTTP as the browser's API adapter does: same pages, same data, same commits.

For the demonstration and for tests; what a person does in the player needs none of this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from lms_toolkit.errors import Refused, Unreachable


class LearnerBrowser:
    """A learner at the player's pages, logged in by name. Close it, or use it as a context manager."""

    def __init__(self, url: str, username: str) -> None:
        self._host = urlsplit(url).netloc
        self._connection = HTTPConnection(self._host, timeout=30)
        self._cookie = ""
        self._log_in(username)

    def items(self, module_id: int) -> list[str]:
        """The item identifiers of a module, in order."""
        found = re.findall(r'data-item="([^"]*)"', self._get(f"/play/{module_id}"))
        return [unescape(identifier) for identifier in found]

    def launch(self, module_id: int, item: str) -> dict[str, str]:
        """Open an item; the data model it starts with."""
        html = self._get(f"/play/{module_id}?item={quote(item)}")
        found = re.search(r'<script type="application/json" id="launch">(.*?)</script>', html, re.DOTALL)
        if found is None:
            raise Refused(f"the sandbox has no item {item} in module {module_id}", "itemnotfound")
        values: dict[str, str] = json.loads(found[1])["values"]
        return values

    def commit(self, module_id: int, item: str, values: Mapping[str, str]) -> dict[str, Any]:
        """Save what a SCO has set, as LMSCommit does; where the learner stands afterwards."""
        body = json.dumps({"item": item, "values": dict(values)})
        headers = {"Content-Type": "application/json"}
        answer: dict[str, Any] = json.loads(self._ask("POST", f"/play/{module_id}/tracks", body, headers)[1])
        return answer

    def _log_in(self, username: str) -> None:
        form = urlencode({"username": username})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response, _ = self._ask("POST", "/login", form, headers)
        cookie = response.getheader("Set-Cookie")
        if not cookie:
            raise Refused(f"the sandbox has no learner {username!r}; enrol one first", "nolearner")
        self._cookie = cookie.split(";", 1)[0]

    def _get(self, path: str) -> str:
        return self._ask("GET", path)[1]

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[HTTPResponse, str]:
        sent = {"Cookie": self._cookie, "Origin": f"http://{self._host}", **(headers or {})}
        try:
            self._connection.request(method, path, None if body is None else body.encode(), sent)
            response = self._connection.getresponse()
            text = response.read().decode()
        except OSError as error:
            raise Unreachable(f"the sandbox at {self._host} does not answer ({error}); start it again") from error
        if response.status >= 400:
            raise Refused(f"the sandbox refused {path} ({response.status}): {text[:200]}", str(response.status))
        return response, text

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> LearnerBrowser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
