"""The web-service functions of the sandbox, by name: what each takes, and what answers it."""

from __future__ import annotations

from collections.abc import Mapping

from lms_sandbox.functions import categories, companion, courses, enrolments, groups, site, users
from lms_sandbox.functions.function import Function

FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for module in (site, categories, courses, users, enrolments, groups, companion)
    for function in module.FUNCTIONS
}

__all__ = ["FUNCTIONS", "Function"]
