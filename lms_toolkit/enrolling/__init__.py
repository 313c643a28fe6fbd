"""Reads a list of people as registrars send it, and enrols them in a deployed course page, or suspends them there."""

from lms_toolkit.enrolling.acting import enrol, enrol_people, withdraw
from lms_toolkit.enrolling.languages import into_language_groups
from lms_toolkit.enrolling.reading import read_learners, read_people
from lms_toolkit.enrolling.reporting import export_outcomes

__all__ = [
    "enrol",
    "enrol_people",
    "export_outcomes",
    "into_language_groups",
    "read_learners",
    "read_people",
    "withdraw",
]
