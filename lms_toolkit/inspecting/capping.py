"""Keeps a report readable: a file with a hundred thousand faults of one kind is told about in a hundred lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lms_toolkit.model import Finding
from lms_toolkit.model.package import Severity

Kind = tuple[Severity, str, str]
"""Severity, rule and file."""

MAX_ALIKE = 100
"""How many findings of one rule in one file are told one by one."""


def capped(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order; behind them, for each kind that was cut short, how many more there are."""
    counts: Counter[Kind] = Counter()
    kept: list[Finding] = []
    for finding in findings:
        kind = (finding.severity, finding.rule, finding.where)
        counts[kind] += 1
        if counts[kind] <= MAX_ALIKE:
            kept.append(finding)
    return [*kept, *(_rest(kind, count - MAX_ALIKE) for kind, count in counts.items() if count > MAX_ALIKE)]


def _rest(kind: Kind, count: int) -> Finding:
    severity, rule, where = kind
    return Finding(severity, rule, f"and {count} more of this kind", where, hint="mend these first")
