"""The web site keeps the contract of every format."""

from __future__ import annotations

from lms_toolkit.testing import FormatContract
from lms_web.web import Web


class TestWeb(FormatContract):
    format_class = Web
