"""Puts what people decided by hand into an award: each decision stands in its reasons, with who, when and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lms_toolkit.model import Award, Decision, Reason

ALL = "all"
"""The rule of a decision about everything that is still missing: an equivalence, an extension of every deadline."""
# One assessment has one reason, whose name tells what is the matter with it; "deployed" is in older decisions.
_OF_AN_ASSESSMENT = ("assessment", "deployed", "written", "usable-grade")


def with_decisions(award: Award, decisions: Sequence[Decision]) -> Award:
    """The award with these decisions applied, the newest of each rule last; without any, the award itself.

    A decision whose rule is in no reason is added as a reason of its own: nothing that was decided gets lost.
    """
    standing = sorted((one for one in decisions if one.stands), key=lambda one: one.decided_at)
    if not standing:
        return award
    reasons = list(award.reasons)
    for one in standing:
        reasons = _apply(one, reasons)
    return replace(award, reasons=tuple(reasons), earned=all(reason.met for reason in reasons))


def concerns(decision: Decision, reason: Reason) -> bool:
    """Whether a decision is about a reason."""
    if decision.rule == ALL:
        return decision.verdict == "met" and not reason.met
    if decision.rule in (reason.key, reason.subject or reason.rule):
        return True
    kind, _, subject = decision.rule.partition(":")
    return {kind, reason.rule} <= set(_OF_AN_ASSESSMENT) and subject == reason.subject


def _apply(decision: Decision, reasons: Sequence[Reason]) -> list[Reason]:
    if decision.verdict == "extended":
        subject = "" if decision.rule == ALL else decision.rule
        return [*reasons, Reason("extension", True, said(decision), _source(decision), subject, decision.id)]
    settled = [_settle(decision, reason) if concerns(decision, reason) else reason for reason in reasons]
    if any(reason.decision == decision.id for reason in settled):
        return settled
    met = decision.verdict == "met"
    return [*settled, Reason("decision", met, said(decision), _source(decision), decision.rule, decision.id)]


def _settle(decision: Decision, reason: Reason) -> Reason:
    sources = "; ".join(part for part in (reason.source, _source(decision)) if part)
    return replace(
        reason,
        met=decision.verdict == "met",
        fact=f"{reason.fact}; {said(decision)}",
        source=sources,
        decision=decision.id,
    )


def said(decision: Decision) -> str:
    """The decision in one line."""
    what = f"extended to {decision.until:%Y-%m-%d %H:%M} UTC" if decision.until else f"decided as {decision.verdict}"
    return f"{what} by {decision.decided_by} on {decision.decided_at:%Y-%m-%d}: {decision.reason}"


def _source(decision: Decision) -> str:
    return f"decision {decision.id}, {decision.decided_at:%Y-%m-%d %H:%M:%S} UTC"
