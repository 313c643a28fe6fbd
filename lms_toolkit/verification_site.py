"""The addresses of the public verification site, all made of the address that a certificate's QR code opens."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from lms_toolkit.errors import ConfigError

STATUS_PLACES = 131_072
"""Certificates in one status list: the least the Bitstring Status List specification allows."""


def site_url(verify_url: str) -> str:
    """Where the site begins: `https://example.org/v/c/` opens certificates of the site `https://example.org/v/`."""
    parts = urlsplit(verify_url)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return f"{parts.scheme}://{parts.netloc}{folder}/"


def folder_of_pages(verify_url: str) -> str:
    """The folder of the site in which each certificate has its page, such as `c`.

    Raises ConfigError for an address under which no folder can be served.
    """
    parts = urlsplit(verify_url)
    if parts.query or parts.fragment or not parts.path.endswith("/") or parts.scheme not in ("http", "https"):
        raise ConfigError(
            f"certificates.verify_url is {verify_url!r}; for a site of files it must end in a folder, as in "
            "https://verify.example.org/c/"
        )
    return parts.path.rstrip("/").rpartition("/")[2]


def achievement_url(verify_url: str, course_id: str, edition: str) -> str:
    """The address that stands for what was achieved: one for everybody who did the same."""
    return f"{site_url(verify_url)}a/{quote(course_id, safe='')}/{quote(edition, safe='')}"


def status_list_url(verify_url: str, number: int) -> str:
    """Where the status list with this number is published."""
    return f"{site_url(verify_url)}status/{number}.json"
