"""Fetches what a verification may ask the web for, when the person allowed it: DID documents, status lists, badges.

Addresses come from anybody's documents, so: https only, no redirects, public hosts only, not much, and not for long.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lms_toolkit.errors import Unreachable

TIMEOUT_SECONDS = 10
MAX_BYTES = 20_000_000


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def fetch(url: str) -> bytes:
    """The bytes at an address. Raises Unreachable: why not."""
    _require_public(url)
    request = Request(url, headers={"Accept": "application/json, */*", "User-Agent": "lms-toolkit"})
    try:
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
    except URLError as error:
        raise Unreachable(f"{url[:200]} cannot be fetched ({error.reason}); try later, or ask for the file") from error
    except (OSError, ValueError) as error:
        raise Unreachable(f"{url[:200]} cannot be fetched ({type(error).__name__}); ask for the file") from error
    if len(data) > MAX_BYTES:
        raise Unreachable(f"{url[:200]} is larger than {MAX_BYTES // 1_000_000} MB; no certificate is")
    return data


def _require_public(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Unreachable(f"{url[:200]} is not an https address, and no other is fetched")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError, ValueError) as error:
        raise Unreachable(f"{parts.hostname[:100]} is not known to the network; ask for the file instead") from error
    if not all(ipaddress.ip_address(entry[4][0]).is_global for entry in found):
        raise Unreachable(f"{parts.hostname[:100]} is a host of a private network, and is not asked")
