"""What a pull asks the companion: everything there is of a course, page by page, and later what has changed since.

See docs/companion.md. The pull's cursor is ours: `KIND|AFTER|OUTBOX` while everything is read, `@OUTBOX` once changes
can be asked for. A `!` behind it says that Moodle had totals to recalculate on the way: as nobody will tell which of
them turn out the same, the next pull reads everything again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar, cast, get_args

from lms_moodle.client import MoodleClient
from lms_toolkit.errors import CursorExpired, Unreachable
from lms_toolkit.model import (
    Answer,
    AnswerResult,
    Attempt,
    Completion,
    CompletionState,
    FactKind,
    Gone,
    Grade,
    ResultsPage,
    User,
)

GET_SNAPSHOT = "local_lmstoolkit_get_snapshot"
GET_CHANGES = "local_lmstoolkit_get_changes"
FUNCTIONS = frozenset({GET_SNAPSHOT, GET_CHANGES})

ROWS = 5000
"""Rows per page, the most that the companion gives."""
KINDS = ("users", "grades", "completions", "attempts")
"""People first: what follows is about them."""

OVERRIDDEN, HIDDEN, EXCLUDED, LOCKED = 1, 2, 4, 8
STATES: tuple[CompletionState, ...] = ("incomplete", "complete", "passed", "failed")
GONE = frozenset(get_args(FactKind))
RESULTS = frozenset(get_args(AnswerResult))
TOTAL = "total"

_READING = re.compile(r"(users|grades|completions|attempts)\|(\d*)\|(\d+)(!?)")
_READ = re.compile(r"@(\d+)(!?)")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Which function told something, of which course, and when."""

    client: MoodleClient
    function: str
    course_ref: str
    pulled_at: datetime


def results(client: MoodleClient, course_ref: str, cursor: str, pulled_at: datetime) -> ResultsPage:
    """The page after a cursor. Raises CursorExpired for one that leads nowhere, ours or not."""
    if not cursor:
        return _snapshot(client, course_ref, "users", None, None, pulled_at, stale=False)
    if found := _READING.fullmatch(cursor):
        kind, after, outbox, stale = found.groups()
        return _snapshot(client, course_ref, kind, after or None, int(outbox), pulled_at, stale=bool(stale))
    if found := _READ.fullmatch(cursor):
        return _changes(client, course_ref, int(found[1]), pulled_at, stale=bool(found[2]))
    raise CursorExpired(
        f"{client.site.name}: a pull of course {course_ref} cannot go on from another platform's cursor"
    )


def _snapshot(
    client: MoodleClient,
    course_ref: str,
    kind: str,
    after: str | None,
    outbox: int | None,
    pulled_at: datetime,
    *,
    stale: bool,
) -> ResultsPage:
    """local_lmstoolkit_get_snapshot. The outbox position that counts is the one from before the first row."""
    answer = _ask(client, GET_SNAPSHOT, courseid=int(course_ref), kind=kind, after=after, limit=ROWS)
    take, source = client.judge.take, Source(client, GET_SNAPSHOT, course_ref, pulled_at)
    stale = stale or take(answer, "needs_regrade", bool, GET_SNAPSHOT)
    outbox = take(answer, "cursor", int, GET_SNAPSHOT) if outbox is None else outbox
    last = answer.get("after")
    if last is None:
        following = KINDS[KINDS.index(kind) + 1 :]
        # At the end, what has changed since the first page is asked for at once: a reading may have been interrupted.
        cursor = f"{following[0]}||{outbox}" if following else f"@{outbox}"
    elif last == after or not isinstance(last, str) or not last.isascii() or not last.isdigit():
        _no_sense(source, "does not get on")
    else:
        cursor = f"{kind}|{last}|{outbox}"
    rows = _Rows(source, answer, {kind: take(answer, "rows", list, GET_SNAPSHOT)})
    return rows.page((), cursor + ("!" if stale else ""), more=True, whole=True)


def _changes(client: MoodleClient, course_ref: str, outbox: int, pulled_at: datetime, *, stale: bool) -> ResultsPage:
    """local_lmstoolkit_get_changes."""
    answer = _ask(client, GET_CHANGES, courseid=int(course_ref), cursor=outbox, limit=ROWS)
    take, source = client.judge.take, Source(client, GET_CHANGES, course_ref, pulled_at)
    stale = stale or take(answer, "needs_regrade", bool, GET_CHANGES)
    following, more = take(answer, "cursor", int, GET_CHANGES), take(answer, "more", bool, GET_CHANGES)
    if following < outbox or (more and following == outbox):
        _no_sense(source, "does not get on")
    rows = _Rows(source, answer, {kind: take(answer, kind, list, GET_CHANGES) for kind in KINDS})
    gone = _each(source, take(answer, "gone", list, GET_CHANGES), _gone)
    if more:
        return rows.page(gone, f"@{following}{'!' if stale else ''}", more=True, whole=False)
    return rows.page(gone, "" if stale else f"@{following}", more=False, whole=False)


class _Rows:
    """The rows of one answer, as records."""

    def __init__(self, source: Source, answer: Mapping[str, Any], rows: Mapping[str, list[Any]]) -> None:
        self._source = source
        self._rows = rows
        self._items = source.client.judge.take(answer, "items", list, source.function)
        self._stale = source.client.judge.take(answer, "needs_regrade", bool, source.function)

    def page(self, gone: tuple[Gone, ...], cursor: str, *, more: bool, whole: bool) -> ResultsPage:
        return ResultsPage(
            users=self._all("users", self._user),
            grades=self._all("grades", self._grade),
            completions=self._all("completions", self._completion),
            attempts=self._all("attempts", self._attempt),
            gone=gone,
            cursor=cursor,
            more=more,
            whole=whole,
        )

    def _all(self, kind: str, record: Callable[[Any], T]) -> tuple[T, ...]:
        return _each(self._source, self._rows.get(kind, ()), record)

    def _item(self, place: object) -> str:
        item = self._items[_whole(place)]
        return _text(item)

    def _user(self, row: Any) -> User:
        ref, username, email, first_name, last_name, idnumber = row
        return User(
            username=_text(username),
            email=_text(email),
            first_name=_text(first_name),
            last_name=_text(last_name),
            idnumber=_text(idnumber),
            ref=str(_whole(ref)),
        )

    def _grade(self, row: Any) -> Grade:
        ref, place, score, score_min, score_max, graded_at, flags = row
        item, flags = self._item(place), _whole(flags)
        return Grade(
            site=self._source.client.site.name,
            course_ref=self._source.course_ref,
            user_ref=str(_whole(ref)),
            item=item,
            score=_number(score),
            score_min=_number(score_min) or 0.0,
            score_max=_number(score_max) or 0.0,
            graded_at=_time(graded_at),
            pulled_at=self._source.pulled_at,
            source=self._source.function,
            overridden=bool(flags & (OVERRIDDEN | LOCKED)),
            hidden=bool(flags & HIDDEN),
            excluded=bool(flags & EXCLUDED),
            awaits_recalculation=self._stale and item == TOTAL,
        )

    def _completion(self, row: Any) -> Completion:
        ref, place, state, completed_at = row
        return Completion(
            site=self._source.client.site.name,
            course_ref=self._source.course_ref,
            user_ref=str(_whole(ref)),
            item=self._item(place),
            state=STATES[_whole(state)],
            completed_at=_time(completed_at),
            pulled_at=self._source.pulled_at,
            source=self._source.function,
        )

    def _attempt(self, row: Any) -> Attempt:
        ref, place, number, status, score, score_max, started_at, updated_at, answers = row
        return Attempt(
            site=self._source.client.site.name,
            course_ref=self._source.course_ref,
            user_ref=str(_whole(ref)),
            item=self._item(place),
            number=_whole(number),
            status=_text(status),
            score=_number(score),
            score_max=_number(score_max),
            started_at=_time(started_at),
            updated_at=_time(updated_at),
            answers=tuple(_answer(*answer) for answer in answers),
            pulled_at=self._source.pulled_at,
            source=self._source.function,
        )


def _answer(question: object, text: object, result: object, response: object, sco: object) -> Answer:
    if result not in RESULTS:
        raise ValueError(result)
    return Answer(_text(question), _text(text), cast(AnswerResult, result), _text(response), _text(sco))


def _gone(row: Any) -> Gone:
    kind, ref, item = row
    if kind not in GONE:
        raise ValueError(kind)
    return Gone(cast(FactKind, kind), str(_whole(ref)), _text(item))


def _each(source: Source, rows: Sequence[Any], record: Callable[[Any], T]) -> tuple[T, ...]:
    try:
        return tuple(map(record, rows))
    except (TypeError, ValueError, IndexError, OverflowError, OSError):  # the last two: times outside of any calendar
        _no_sense(source, "has rows that make no sense")


def _no_sense(source: Source, what: str) -> NoReturn:
    raise Unreachable(
        f"{source.client.site.name}: the answer of {source.function} for course {source.course_ref} {what};"
        " upgrade the companion and this toolkit"
    )


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float):
        raise TypeError
    return float(cast(float, value))


def _time(seconds: object) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(_whole(seconds), UTC)


def _ask(client: MoodleClient, function: str, **payload: object) -> dict[str, Any]:
    answer = client.read(function, payload=json.dumps(payload))
    try:
        value = json.loads(answer)
    except (TypeError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise Unreachable(f"{client.site.name} answered {function} without a JSON object; upgrade the companion")
    return value
