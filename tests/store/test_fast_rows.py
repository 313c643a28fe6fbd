"""What is read quickly, as the database keeps it, says what the column types say; on each database."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lms_toolkit.model import Award, Completion, Grade, Reason
from lms_toolkit.result_rows import completion_row, grade_row, moment_of
from lms_toolkit.store import Store
from lms_toolkit.store.award_rows import award_row, encoded

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
REFS = ["8", "7", "nobody"]


def told(rows: dict[str, list[Any]]) -> dict[str, list[str]]:
    """Rows with times and flags as values: SQLite writes fractions of a second, and 0 for no."""

    def plain(where: str, item: str, at: str | None, *more: Any) -> str:
        flags = [bool(one) if isinstance(one, int) else one for one in more]
        return repr((where, item, at and moment_of(at), *flags))

    return {ref: sorted(plain(*row) for row in some) for ref, some in rows.items()}


def test_rows_and_records_say_the_same(store: Store, make_grade: Callable[..., Grade]) -> None:
    late = NOON.replace(microsecond=7)
    grades = [
        make_grade("7"),
        replace(make_grade("7", "activity:é", 1e-9, score_min=-0.0, graded_at=late, source="ü"), score_max=1e22),
        make_grade("8", "activity:forum", math.nan, score_min=-5.0, graded_at=None),
        make_grade("8", "total", None, awaits_recalculation=True),
        make_grade("9"),
    ]
    completions = [
        Completion("lab", "3", "7", "module:a", "passed", late, NOON, "x"),
        Completion("lab", "3", "8", "module:a", "incomplete", None, NOON, "x"),
    ]
    store.results.save(grades, completions)
    rows, records = store.deciding.rows("lab", "3", REFS), store.deciding.facts("lab", "3", REFS)
    by_record = {ref: [grade_row(one) for one in some] for ref, some in records[0].items()}
    assert told(rows[0]) == told(by_record) and set(rows[0]) == {"7", "8"}
    assert told(rows[1]) == told({ref: [completion_row(one) for one in some] for ref, some in records[1].items()})
    assert [bool(row[7]) for row in sorted(rows[0]["8"], key=lambda row: row[1])] == [False, True]


texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
reasons = st.builds(Reason, texts, st.booleans(), texts, texts, texts, texts)


@given(st.lists(reasons, max_size=4))
def test_reasons_are_kept_as_any_json_and_come_back_the_same(some: list[Reason]) -> None:
    assert [Reason(**one) for one in json.loads(encoded(some))] == some


def test_what_a_reason_does_not_say_takes_no_room() -> None:
    kept = json.loads(encoded([Reason("pass-mark", False, "10 %")]))
    assert kept == [{"rule": "pass-mark", "met": False, "fact": "10 %"}]


def test_awards_of_a_run_come_back_as_they_were_decided(store: Store, make_award: Callable[..., Award]) -> None:
    decided = make_award(earned=False, reasons=(Reason("“é”", False, 'a "fact"', "lab: course 3", "essay", "d1"),))
    with store.deciding.run() as run:
        run.save([award_row(decided, "a" * 32, NOON)], [])
        standing = run.standing("tiny", "TINY-1", None)
        assert standing == run.standing("tiny", "TINY-1", [decided.learner_id])
    assert standing == {(decided.learner_id, "achievement"): ("a" * 32, False)}
    [kept] = store.awards.all()
    assert (kept.reasons, kept.id, kept.decided_at) == (decided.reasons, "a" * 32, NOON)
