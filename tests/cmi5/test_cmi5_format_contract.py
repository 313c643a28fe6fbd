"""cmi5 keeps the contract of every format."""

from __future__ import annotations

from lms_cmi5.cmi5 import Cmi5
from lms_toolkit.testing import FormatContract


class TestCmi5(FormatContract):
    format_class = Cmi5
