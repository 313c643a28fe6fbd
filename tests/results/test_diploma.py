"""The diploma: the Academy and three courses within five years, and a capstone; on the last day, and one day late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.content import content_path
from lms_toolkit.courses.programme_file import find_programme, load_programme
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.model import Award, Course, Decision, Edition, Learner, Programme
from lms_toolkit.participations import read_participations
from lms_toolkit.programmes import Completed, add_years, as_course, decide_diploma, decide_programme
from lms_toolkit.store import Store

NOW = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)
AMINA = Learner("idnumber:S-1", "Amina Test")
COURSES = ("reintegration", "fair-recruitment", "migration-statistics")


@pytest.fixture(scope="session")
def diploma() -> Programme:
    return find_programme("labour-migration-diploma", [content_path("sure")])


def on(academy: date, *others: date, capstone: date | None = date(2030, 1, 1)) -> list[Completed]:
    found = [Completed("migration-academy", "A-1", academy, "award a")]
    found += [Completed(id, f"{id}-1", day, f"award {id}") for id, day in zip(COURSES, others, strict=False)]
    return [*found, Completed("labour-migration-capstone", "C", capstone, "award c")] if capstone else found


def decide(diploma: Programme, done: list[Completed]) -> Award:
    return decide_diploma(diploma, "en", AMINA.id, done)


def unmet(award: Award) -> list[str]:
    return [reason.key for reason in award.reasons if not reason.met]


FIRST = date(2021, 11, 8)


@pytest.mark.parametrize(("last", "earned"), [(date(2026, 11, 8), True), (date(2026, 11, 9), False)])
def test_the_last_day_of_the_five_years_counts_and_the_next_does_not(
    diploma: Programme, last: date, earned: bool
) -> None:
    award = decide(diploma, on(FIRST, date(2022, 1, 1), date(2023, 1, 1), last))
    assert award.earned == earned
    assert unmet(award) == ([] if earned else ["any-of"])


@pytest.mark.parametrize(("last", "earned"), [(date(2025, 2, 28), True), (date(2025, 3, 1), False)])
def test_five_years_from_the_29th_of_february_end_on_the_28th(diploma: Programme, last: date, earned: bool) -> None:
    assert decide(diploma, on(date(2020, 2, 29), date(2022, 1, 1), date(2023, 1, 1), last)).earned == earned


def test_years_are_added_as_calendars_do() -> None:
    assert add_years(date(2020, 2, 29), 5) == date(2025, 2, 28)
    assert add_years(date(2020, 2, 29), 4) == date(2024, 2, 29)
    assert add_years(date(2021, 2, 28), 3) == date(2024, 2, 28)
    assert add_years(date(2021, 12, 31), 5) == date(2026, 12, 31)


def test_the_period_may_begin_with_any_course(diploma: Programme) -> None:
    """The first course is too old; those after it are within five years, and the fourth one fills its place."""
    old = on(date(2020, 1, 1), date(2014, 1, 1), date(2021, 1, 1), date(2022, 1, 1))
    assert unmet(decide(diploma, old)) == ["any-of"]
    later = [*old, Completed("skills-and-migration", "S-1", date(2023, 1, 1), "award s")]
    award = decide(diploma, later)
    assert award.earned
    assert "from 2020-01-01 to 2025-01-01" in award.reasons[1].fact


def test_one_course_taken_three_times_is_one_course(diploma: Programme) -> None:
    again = [Completed("reintegration", f"R-{n}", date(2022, n, 1), "award") for n in (1, 2, 3)]
    award = decide(diploma, [*on(FIRST), *again])
    assert unmet(award) == ["any-of"]
    assert award.reasons[1].fact.startswith("1 of 3 courses")


def test_without_the_academy_or_the_capstone_there_is_no_diploma(diploma: Programme) -> None:
    days = (date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1))
    assert unmet(decide(diploma, on(FIRST, *days, capstone=None))) == ["capstone:labour-migration-capstone"]
    assert unmet(decide(diploma, on(FIRST, *days)[1:])) == ["required:migration-academy"]


def test_an_academy_outside_of_the_period_is_named_with_its_day(diploma: Programme) -> None:
    award = decide(diploma, on(date(2010, 7, 1), date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1)))
    assert "completed on 2010-07-01, outside of 2022-01-01 to 2027-01-01" in award.reasons[0].fact


def test_nothing_completed_earns_nothing(diploma: Programme) -> None:
    assert len(unmet(decide(diploma, []))) == 3


# --- from the store


def _course(id: str, edition: Edition) -> Course:
    course, _ = as_course(
        Programme(id, {"en": id}, ("en",), (), (), 1, 1, "", 1.0, {}),
    )
    return replace(course, editions=(edition,))


def _edition(code: str, timezone: str = "Europe/Rome", ends_on: date | None = None) -> Edition:
    return Edition(code, ("en",), "online", (), 60.0, timezone=timezone, ends_on=ends_on)


HEADER = "name;idnumber;email;course;edition;completed_on;evidence\n"


def write(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "participations.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def past(course: str, day: str, who: str = "Amina Test;S-1;amina@example.org") -> str:
    return f"{who};{course};OLD-1;{day};certificate 12 of the archive"


@pytest.fixture
def imported(store: Store, tmp_path: Path) -> Store:
    """Amina's Academy and two courses are from before there was a store; so is her capstone."""
    rows = [past("migration-academy", "2022-07-31"), past("fair-recruitment", "2023-01-01")]
    rows += [past("migration-statistics", "2024-01-01"), past("labour-migration-capstone", "2026-01-01")]
    store.participations.save(read_participations(write(tmp_path, *rows), "Registrar", NOW))
    return store


def award_in(store: Store, code: str, decided_at: datetime) -> None:
    store.people.save_learner(AMINA)
    store.awards.save(Award(AMINA.id, "reintegration", code, "en", True, 80.0, (), decided_at))


@pytest.mark.parametrize(
    ("decided_at", "earned"),
    [
        (datetime(2027, 7, 31, 21, 59, tzinfo=UTC), True),  # 23:59 in Rome, on the last day
        (datetime(2027, 7, 31, 22, 0, tzinfo=UTC), False),  # past midnight in Rome
    ],
)
def test_a_day_is_the_one_it_was_where_the_edition_is(
    diploma: Programme, imported: Store, relay: Any, decided_at: datetime, earned: bool
) -> None:
    award_in(imported, "R-1", decided_at)
    courses = [_course("reintegration", _edition("R-1"))]
    (award,) = decide_programme(diploma, "en", courses, imported, relay, NOW)
    assert (award.earned, award.kind) == (earned, "diploma")


def test_an_award_decided_late_is_of_the_editions_last_day(diploma: Programme, imported: Store, relay: Any) -> None:
    award_in(imported, "R-1", datetime(2028, 1, 1, tzinfo=UTC))
    courses = [_course("reintegration", _edition("R-1", ends_on=date(2026, 10, 30)))]
    (award,) = decide_programme(diploma, "en", courses, imported, relay, NOW)
    assert award.earned and "on 2026-10-30 (R-1)" in award.reasons[1].fact
    assert "certificate 12 of the archive" in award.reasons[0].source


def test_a_diploma_is_decided_once_and_told_once(diploma: Programme, imported: Store, relay: Any) -> None:
    award_in(imported, "R-1", datetime(2026, 5, 1, tzinfo=UTC))
    courses = [_course("reintegration", _edition("R-1"))]
    (first,) = decide_programme(diploma, "en", courses, imported, relay, NOW)
    assert decide_programme(diploma, "en", courses, imported, relay, NOW.replace(year=2040)) == [first]
    assert [event.data["kind"] for event in relay.events] == ["diploma"]


def test_a_capstone_that_a_board_accepted_counts_with_its_reason(
    diploma: Programme, store: Store, relay: Any, tmp_path: Path
) -> None:
    rows = [past(id, "2023-01-01") for id in ("migration-academy", *COURSES)]
    store.participations.save(read_participations(write(tmp_path, *rows), "Registrar", NOW))
    assert not decide_programme(diploma, "en", [], store, relay, NOW)[0].earned
    made = Decision(AMINA.id, diploma.id, diploma.id, "capstone", "met", "a published study", "Board", NOW)
    store.decisions.save(replace(made, rule="capstone:labour-migration-capstone"))
    (award,) = decide_programme(diploma, "en", [], store, relay, NOW)
    assert award.earned
    assert "decided as met by Board on 2027-01-15: a published study" in award.reasons[-1].fact


def test_an_edition_nobody_declares_any_more_is_named(diploma: Programme, imported: Store, relay: Any) -> None:
    award_in(imported, "GONE-1", datetime(2026, 5, 1, tzinfo=UTC))
    with pytest.raises(ConfigError, match="edition GONE-1, which no course reintegration declares any more"):
        decide_programme(diploma, "en", [], imported, relay, NOW)


# --- files


def test_a_file_imported_twice_changes_nothing(imported: Store, tmp_path: Path) -> None:
    before = imported.participations.all()
    assert imported.participations.save(read_participations(tmp_path / "participations.csv", "Else", NOW)) == []
    assert imported.participations.all() == before and len(before) == 4


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (past("x", "31.07.2022"), "row 2|completed_on is no day"),
        (past("x", "2022-02-30"), "completed_on is no day"),
        (past("x", "2022-02-03", "Amina Test;;"), "neither idnumber nor email"),
        (past("", "2022-02-03"), "course is empty"),
    ],
)
def test_a_row_with_a_fault_is_named_and_nothing_of_its_file_is_imported(
    tmp_path: Path, row: str, problem: str
) -> None:
    path = write(tmp_path, row, past("migration-academy", "2022-07-31"))
    with pytest.raises(ContentError, match=problem) as raised:
        read_participations(path, "Registrar", NOW)
    assert raised.value.findings[0].line == 2


def test_columns_that_are_missing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name,course,edition,completed_on\nAmina,x,y,2020-01-01\n", encoding="utf-8")
    with pytest.raises(ContentError, match="no column evidence") as raised:
        read_participations(path, "Registrar", NOW)
    assert len(raised.value.findings) == 2


def test_a_past_participation_with_an_address_of_somebody_else_is_a_learner_of_its_own(
    imported: Store, tmp_path: Path
) -> None:
    rows = [
        past("fair-recruitment", "2020-01-01", f"{name};;office@example.org") for name in ("Jorge Prueba", "Amina Test")
    ]
    new = imported.participations.save(read_participations(write(tmp_path, *rows), "Registrar", NOW))
    assert len({one.learner_id for one in new}) == 2


BROKEN = """
id = "d"
languages = ["en"]
title.en = "D"
learning_hours = 1
required = ["a"]
within_years = 5
[any_of]
at_least = 3
courses = ["b", "c"]
[[courses]]
id = "a"
title.fr = "A"
[[courses]]
id = "b"
title.en = "B"
"""


def test_faults_of_a_programme_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "programme.toml"
    path.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        load_programme(path)
    assert {(one.rule, one.line) for one in raised.value.findings} == {
        ("unknown-slug", 10),
        ("wrong-value", 9),
        ("missing-language", 13),
    }
