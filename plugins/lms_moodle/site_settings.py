"""What the companion tells of the site's settings, for enrolling and for the doctor; None where it is older."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lms_toolkit.model import Multilingual

_MULTILINGUAL: Mapping[str, Multilingual] = {"headings": "everywhere", "content": "texts", "off": "off"}
"""Where Moodle applies its filter Multi-Language Content, in the companion's words and in ours."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Settings of PHP and Moodle. Sizes are bytes, 0 for no limit; `last_cron` is seconds since 1970, 0 for never.

    `roles` are those our account may give in a course: short name → id. `missing_capabilities` are those of the
    service's role that our account lacks. `multilingual` is where the filter for several languages is applied.
    """

    roles: Mapping[str, int] = field(default_factory=dict)
    missing_capabilities: tuple[str, ...] = ()
    max_input_vars: int | None = None
    upload_max_filesize: int | None = None
    post_max_size: int | None = None
    site_max_bytes: int | None = None
    last_cron: int | None = None
    debug_display: bool = False
    multilingual: Multilingual = ""

    @classmethod
    def from_info(cls, answer: Mapping[str, Any]) -> SiteSettings:
        """From the answer of local_lmstoolkit_get_info."""
        roles = answer.get("roles")
        return cls(
            roles={str(name): int(ref) for name, ref in roles.items()} if isinstance(roles, dict) else {},
            missing_capabilities=tuple(str(name) for name in answer.get("missing_capabilities") or ()),
            max_input_vars=_number(answer, "max_input_vars"),
            upload_max_filesize=_number(answer, "upload_max_filesize"),
            post_max_size=_number(answer, "post_max_size"),
            site_max_bytes=_number(answer, "site_max_bytes"),
            last_cron=_number(answer, "last_cron"),
            debug_display=bool(answer.get("debugdisplay")),
            multilingual=_MULTILINGUAL.get(str(answer.get("multilang")), ""),
        )


def _number(answer: Mapping[str, Any], name: str) -> int | None:
    value = answer.get(name)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
