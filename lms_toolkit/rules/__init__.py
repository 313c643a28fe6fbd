"""Decides whether a learner earned an edition's certificate, from the rule in `course.toml`.

The award is earned when every reason is met. Arithmetic is exact, on the decimal text of each number, and nothing is
rounded before it is compared: 60 passes a mark of 60, and 59.999999 does not.
"""

from lms_toolkit.rules.by_hand import ALL, concerns, said, with_decisions
from lms_toolkit.rules.deciding import decide_award, decide_participation
from lms_toolkit.rules.facts import is_usable
from lms_toolkit.rules.page import day_of, end_of_day, is_over

__all__ = [
    "ALL",
    "concerns",
    "day_of",
    "decide_award",
    "decide_participation",
    "end_of_day",
    "is_over",
    "is_usable",
    "said",
    "with_decisions",
]
