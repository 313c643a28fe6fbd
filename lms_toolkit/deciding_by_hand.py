"""Records what a person decides about one rule of one learner: who, when, why. No pull and no run overrides it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from lms_toolkit.errors import ConfigError, PlanRefused
from lms_toolkit.model import Award, Course, Decision, DecisionVerdict, Edition, Learner, Programme
from lms_toolkit.rules import ALL, end_of_day

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store


def decide_by_hand(
    asked: Award,
    rule: str,
    verdict: DecisionVerdict,
    reason: str,
    by: str,
    now: datetime,
    store: Store,
    until: datetime | None = None,
) -> Decision:
    """Record a decision about a rule of the award `asked` for; the next run heeds it.

    Raises ConfigError for a rule the award does not have, a missing reason or name, an extension without a day;
    PlanRefused where the award is earned already, because that is final.
    """
    if not reason.strip() or not by.strip():
        raise ConfigError("a decision needs a reason and the name of who decided; give --reason and --by")
    if (until is not None) != (verdict == "extended"):
        raise ConfigError("an extension needs the day it lasts to, and only an extension has one; see --until")
    names = rule_names(asked)
    if rule != ALL and rule not in names:
        raise ConfigError(f"no rule of {asked.edition} is called {rule!r}; there are: {', '.join([*names, ALL])}")
    standing = store.awards.get(asked.learner_id, asked.course_id, asked.edition, asked.kind)
    if standing is not None and standing.earned:
        raise PlanRefused(
            f"{asked.learner_id} earned {asked.edition} on {standing.decided_at:%Y-%m-%d}, and that is final; "
            "to take it back, revoke the certificate"
        )
    return store.decisions.save(
        Decision(
            learner_id=asked.learner_id,
            course_id=asked.course_id,
            edition=asked.edition,
            rule=rule,
            verdict=verdict,
            reason=" ".join(reason.split()),
            decided_by=" ".join(by.split()),
            decided_at=now,
            until=until.astimezone(UTC) if until else None,
        )
    )


def asked_of_edition(course: Course, edition: Edition, language: str, learner: Learner, plugins: Plugins) -> Award:
    """What an edition asks of somebody who has done nothing: its rules by name."""
    award: Award = plugins.ask(
        "lms_decide_award",
        course=course,
        edition=edition,
        language=language,
        learner=learner,
        grades=(),
        completions=(),
        decisions=(),
    )
    return award


def asked_of_programme(programme: Programme, learner: Learner) -> Award:
    """What a programme asks of somebody who has completed nothing."""
    from lms_toolkit.programmes import decide_diploma

    return decide_diploma(programme, programme.languages[0], learner.id, ())


def rule_names(asked: Award) -> list[str]:
    """What decisions can be about: each reason's key, and the slugs that several reasons may be about."""
    names: dict[str, None] = {}
    for reason in asked.reasons:
        # What is not written in this language yet is an assessment in another one.
        names[f"assessment:{reason.subject}" if reason.rule == "written" else reason.key] = None
    for reason in asked.reasons:
        if reason.subject:
            names[reason.subject] = None
    return list(names)


def until_end_of(day: date | None, timezone: str) -> datetime | None:
    """An extension lasts to the end of its day, where the edition is."""
    return end_of_day(day, timezone) if day else None
