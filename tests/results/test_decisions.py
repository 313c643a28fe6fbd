"""Decisions by hand stand in the award with who, when and why; deciding again costs what changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.certifying import decide, decide_changes, explain
from lms_toolkit.courses import load
from lms_toolkit.deciding_by_hand import asked_of_edition, decide_by_hand, rule_names
from lms_toolkit.errors import ConfigError, ContentError, PlanRefused
from lms_toolkit.grading import pull
from lms_toolkit.model import (
    Award,
    Course,
    Decision,
    Deployment,
    Grade,
    Learner,
    ParticipationRule,
    Requirement,
    ResultsPage,
    User,
)
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
JORGE = "idnumber:S-8"
MakeGrade = Callable[..., Grade]


@pytest.fixture
def pulled(
    platform: Any,
    site: Any,
    deployment: Deployment,
    store: Store,
    relay: Any,
    amina: User,
    jorge: User,
    make_grade: MakeGrade,
) -> Callable[..., None]:
    """Amina has passed; Jorge has 100 and nothing. Call it to pull again, with Jorge's second score."""
    store.deployments.save(deployment)

    def again(score: float | None = None) -> None:
        grades = [make_grade("module:cycles", 80.0), make_grade("module:acteurs", 80.0)]
        grades += [make_grade("module:cycles", 100.0, "8"), make_grade("module:acteurs", score, "8")]
        site.pages = {"": ResultsPage((amina, jorge), tuple(grades), ())}
        pull(platform, deployment, store, relay, NOON)
        relay.events.clear()

    again()
    return again


def run(course: Course, store: Store, relay: Any, now: datetime = LATER) -> dict[str, Award]:
    awards = decide(course, course.editions[0], "fr", "lab", store, relay, now)
    return {award.learner_id: award for award in awards if award.kind == "achievement"}


def by_hand(course: Course, store: Store, relay: Any, rule: str, verdict: Any = "met", **changes: Any) -> Decision:
    asked = asked_of_edition(course, course.editions[0], "fr", Learner(JORGE, "Jorge Prueba"), relay)
    values = {"reason": "passed in 2024", "by": "Board", "now": NOON, **changes}
    return decide_by_hand(asked, rule, verdict, store=store, **values)


def unmet(award: Award) -> list[str]:
    return [reason.key for reason in award.reasons if not reason.met]


def test_an_equivalence_settles_its_rule_and_is_in_the_reasons(
    course: Course, pulled: Any, store: Store, relay: Any
) -> None:
    assert unmet(run(course, store, relay)[JORGE]) == ["assessment:acteurs", "pass-mark"]
    made = by_hand(course, store, relay, "assessment:acteurs")
    award = run(course, store, relay)[JORGE]
    assert unmet(award) == ["pass-mark"]
    (reason,) = [one for one in award.reasons if one.decision == made.id]
    assert reason.fact.endswith("; decided as met by Board on 2026-05-04: passed in 2024")
    assert f"decision {made.id}, 2026-05-04 12:00:00 UTC" in explain(award)


def test_a_decision_about_all_settles_whatever_is_missing(
    course: Course, pulled: Any, store: Store, relay: Any
) -> None:
    by_hand(course, store, relay, "all")
    assert run(course, store, relay)[JORGE].earned


def test_no_later_pull_overrides_a_decision(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    by_hand(course, store, relay, "acteurs", "unmet", reason="copied from a colleague")
    pulled(100.0)
    award = run(course, store, relay)[JORGE]
    assert unmet(award) == ["assessment:acteurs"] and award.score_percent == 100.0


def test_a_decision_that_is_revoked_counts_no_more_and_stays_listed(
    course: Course, pulled: Any, store: Store, relay: Any
) -> None:
    made = by_hand(course, store, relay, "acteurs", "unmet")
    store.decisions.revoke(made.id, LATER, "Registrar", "wrong person")
    pulled(100.0)
    assert run(course, store, relay)[JORGE].earned
    (listed,) = store.decisions.all()
    assert (listed.revoked_by, listed.revocation_reason, listed.stands) == ("Registrar", "wrong person", False)
    assert store.decisions.revoke(made.id, NOON, "Else", "again") == listed
    with pytest.raises(ConfigError, match="no decision has the id 'x'"):
        store.decisions.revoke("x", NOON, "Else", "again")


def test_the_newest_of_two_decisions_stands(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    by_hand(course, store, relay, "all", now=NOON)
    by_hand(course, store, relay, "pass-mark", "unmet", now=LATER)
    assert unmet(run(course, store, relay)[JORGE]) == ["pass-mark"]


def test_decisions_are_about_one_learner(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    by_hand(course, store, relay, "all", "met")
    assert not any(
        reason.decision for id, one in run(course, store, relay).items() if id != JORGE for reason in one.reasons
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rule": "essay"}, "no rule of TINY-1 is called 'essay'; there are: assessment:cycles"),
        ({"reason": " "}, "needs a reason"),
        ({"by": ""}, "name of who decided"),
        ({"verdict": "extended"}, "needs the day it lasts to"),
        ({"until": NOON}, "only an extension has one"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(
    course: Course, pulled: Any, store: Store, relay: Any, changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem):
        by_hand(course, store, relay, **{"rule": "acteurs", **changes})
    assert store.decisions.all() == []


def test_an_award_that_is_earned_takes_no_decision(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    pulled(100.0)
    assert run(course, store, relay)[JORGE].earned
    with pytest.raises(PlanRefused, match="that is final; to take it back, revoke the certificate"):
        by_hand(course, store, relay, "acteurs", "unmet")


def test_rules_are_named_as_they_are_for_those_who_did_something(course: Course, relay: Any) -> None:
    asked = asked_of_edition(course, course.editions[0], "fr", Learner(JORGE, ""), relay)
    assert rule_names(asked) == ["assessment:cycles", "assessment:acteurs", "pass-mark", "cycles", "acteurs"]


# --- only what changed


def changes(course: Course, store: Store, relay: Any, now: datetime = LATER) -> tuple[int, bool]:
    done = decide_changes(course, course.editions[0], "fr", "lab", store, relay, now)
    return done.learners, done.everybody


def test_deciding_again_looks_at_those_with_something_new(
    course: Course, pulled: Any, store: Store, relay: Any
) -> None:
    assert changes(course, store, relay) == (2, True)
    assert changes(course, store, relay) == (0, False)
    pulled()
    assert changes(course, store, relay) == (0, False)  # the same facts, read again
    pulled(70.0)
    assert changes(course, store, relay) == (1, False)
    assert all(award.earned for award in store.awards.all())


def test_deciding_what_changed_gives_what_deciding_everything_does(
    course: Course, pulled: Any, store: Store, relay: Any
) -> None:
    changes(course, store, relay)
    pulled(10.0)
    by_hand(course, store, relay, "acteurs")
    changes(course, store, relay)
    stored = {award.learner_id: award for award in store.awards.all()}
    assert run(course, store, relay) == stored


def test_another_rule_is_applied_to_everybody(
    course: Course, pulled: Any, store: Store, relay: Any, with_rule: Callable[..., Course]
) -> None:
    changes(course, store, relay)
    easier = with_rule(course, pass_mark_percent=50.0, require_all_assessments=False)
    assert changes(easier, store, relay) == (2, True)
    assert all(award.earned for award in store.awards.all())


def test_somebody_new_on_the_page_is_decided(
    course: Course, pulled: Any, store: Store, relay: Any, platform: Any, site: Any, deployment: Deployment
) -> None:
    changes(course, store, relay)
    page = site.pages[""]
    site.pages[""] = replace(page, users=(*page.users, User("new", "n@example.org", "Noor", "Test", "S-9", "9")))
    pull(platform, deployment, store, relay, NOON)
    assert changes(course, store, relay) == (1, False)
    assert len(store.awards.all()) == 3


def test_what_arrives_while_deciding_is_decided_next_time(
    course: Course, pulled: Any, store: Store, relay: Any, make_grade: MakeGrade
) -> None:
    changes(course, store, relay)
    marks = store.undecided.marks("lab", "3")
    store.results.save([make_grade("module:acteurs", 61.0, "8")], [])
    with store.deciding.run() as decided:
        decided.unmark("lab", "3", marks)  # those that a run before the save had seen
    assert changes(course, store, relay) == (1, False)


def test_facts_read_fast_are_those_of_the_records(store: Store, pulled: Any) -> None:
    grades, completions = store.deciding.facts("lab", "3", ["7", "8"])
    assert [one for found in grades.values() for one in found] == store.results.grades("lab", "3")
    assert [one for found in completions.values() for one in found] == store.results.completions("lab", "3")


# --- a second certificate


def taking_part(course: Course, with_rule: Callable[..., Course]) -> Course:
    rule = ParticipationRule({"fr": "Attestation de participation"}, (Requirement("one", "done", ("cycles",)),))
    changed = with_rule(course, participation=rule)
    return replace(changed, editions=(replace(changed.editions[0], ends_on=date(2026, 5, 31), timezone="Europe/Rome"),))


def test_who_took_part_without_passing_earns_that_once_the_edition_is_over(
    course: Course, pulled: Any, store: Store, relay: Any, with_rule: Callable[..., Course]
) -> None:
    both = taking_part(course, with_rule)
    before, after = datetime(2026, 5, 31, 21, 59, tzinfo=UTC), datetime(2026, 5, 31, 22, 0, tzinfo=UTC)
    assert changes(both, store, relay, before) == (2, True)
    assert {award.kind for award in store.awards.all()} == {"achievement"}
    assert changes(both, store, relay, after) == (2, True)  # the last day is past: everybody's turn
    assert [(a.learner_id, a.earned) for a in store.awards.all() if a.kind == "participation"] == [(JORGE, True)]
    assert store.awards.get(JORGE, "tiny", "TINY-1", "participation") is not None


# --- course.toml

RULE = """
[[certification.requirements]]
slug = "r"
"""


@pytest.mark.parametrize(
    ("lines", "rule", "message"),
    [
        ('kind = "scored"\nof = ["cycles-migratoires"]', "missing-key", "percent is missing: kind scored needs it"),
        ('kind = "done"\nof = ["cycles"]', "unknown-slug", "names 'cycles'"),
        ('kind = "done"\nof = ["cycles-migratoires"]\nat_least = 2', "wrong-value", "asks for 2 of 1"),
        ('kind = "attended"\nof = ["cycles-migratoires"]\npercent = 80', "wrong-value", "which is no session"),
        ('kind = "any"\nat_least = 1\nof = ["cycles-migratoires"]', "missing-key", "any_of is missing"),
        ('kind = "done"\nof = ["cycles-migratoires"]\npercent = 5', "unknown-key", "kind done has no percent"),
        ('kind = "passed"\nof = ["cycles-migratoires"]', "wrong-value", "must be one of"),
        ('kind = "done"\nof = ["cycles-migratoires", "cycles-migratoires"]', "duplicate", "is given twice"),
    ],
)
def test_a_requirement_that_cannot_be_meant_is_named_with_its_line(
    tmp_path: Path, lines: str, rule: str, message: str
) -> None:
    from lms_toolkit.content import content_path

    text = (content_path("sure") / "course.toml").read_text(encoding="utf-8")
    before, mark, rest = text.partition("# The first module on its own")
    (tmp_path / "course.toml").write_text(before + RULE + lines + "\n\n" + mark + rest, encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        load(tmp_path)
    start = (before + RULE).count("\n")
    found = [one for one in raised.value.findings if one.rule == rule]
    assert any(message in one.message for one in found), raised.value.findings
    assert all(start - 1 <= one.line <= start + 4 for one in found)


# --- the command line


@pytest.fixture
def toolkit(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    from lms_toolkit.cli import main

    (tmp_path / "lms-toolkit.toml").write_text(f'[store]\nurl = "sqlite:///{tmp_path}/store.db"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*args: str) -> Any:
        monkeypatch.setattr("sys.argv", ["lms-toolkit", *args, "--json"])
        code = main()
        captured = capsys.readouterr()
        assert code == 0, captured.err
        return json.loads(captured.out)

    return call


def test_a_board_decides_on_the_command_line_and_takes_it_back(toolkit: Any, store: Store) -> None:
    store.people.save_learner(Learner(JORGE, "Jorge Prueba"))
    words = ("--as", "extended", "--until", "2026-08-14", "--reason", "illness", "--by", "Board")
    made = toolkit("certify", "decide", "jorge", "A9718837", "--rule", "final-essay", *words)
    assert made["until"].startswith("2026-08-14T21:59:59")  # the end of the day in Turin
    assert [one["id"] for one in toolkit("certify", "decisions", "A9718837")] == [made["id"]]
    revoked = toolkit("certify", "revoke", made["id"][:8], "--reason", "wrong one", "--by", "Board")
    assert revoked["revoked_by"] == "Board"


def test_a_diploma_from_a_file_on_the_command_line(toolkit: Any, tmp_path: Path) -> None:
    ids = (
        "migration-academy",
        "reintegration",
        "fair-recruitment",
        "migration-statistics",
        "labour-migration-capstone",
    )
    rows = [f"Amina Test,S-1,{id},X-1,2024-01-0{n},archive\n" for n, id in enumerate(ids, start=1)]
    (tmp_path / "past.csv").write_text("name,idnumber,course,edition,completed_on,evidence\n" + "".join(rows))
    assert toolkit("certify", "import", "past.csv", "--by", "Registrar") == {"rows": 5, "new": 5, "known": 0}
    (row,) = toolkit("certify", "programme", "labour-migration-diploma", "--lang", "es", "--dry-run")
    assert (row["learner"], row["kind"], row["decision"]) == ("Amina Test", "diploma", "earned")
    (award,) = toolkit("certify", "programme", "labour-migration-diploma", "--lang", "es", "--explain", "amina")
    assert all("archive" in reason["source"] for reason in award["reasons"])
    assert len(toolkit("people", "show", "amina")["participations"]) == 5
