"""SCORM 1.2 keeps the contract of every format."""

from __future__ import annotations

from lms_scorm.scorm12 import Scorm12
from lms_toolkit.testing import FormatContract


class TestScorm12(FormatContract):
    format_class = Scorm12
