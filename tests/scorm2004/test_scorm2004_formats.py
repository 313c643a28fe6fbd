"""Both editions of SCORM 2004 keep the contract of every format."""

from __future__ import annotations

from lms_scorm.scorm2004 import Scorm2004Fourth, Scorm2004Third
from lms_toolkit.testing import FormatContract


class TestScorm2004Third(FormatContract):
    format_class = Scorm2004Third


class TestScorm2004Fourth(FormatContract):
    format_class = Scorm2004Fourth
