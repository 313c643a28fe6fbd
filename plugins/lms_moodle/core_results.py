"""Grades from a site without the companion, by Moodle's own grade report, in the cheapest way that the course allows.

The report has no pages and no changes: each pull reads everything, of one group after the other where groups of at
most 200 cover everybody, else of the whole course at once, and of one learner after the other where that would take
longer than a web server waits. Completions and attempts cannot be had in bulk, so there are none. Each way says what
it costs before it begins. The cursor is `core|groups|ID` or `core|learners|ID`, the last one read; the answer for the
whole course is kept in a file meanwhile, so `core|course|N` is known to this process alone.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import IO, Any

from lms_moodle import functions
from lms_moodle.client import MoodleClient
from lms_moodle.functions import GRADE_REPORT as REPORT
from lms_toolkit.errors import AuthError, CursorExpired, Refused, Unreachable
from lms_toolkit.model import FactKind, Grade, ResultsPage, User

GROUP_MEMBERS = 200
"""The largest group whose answer is read at once; a learner in a hundred items is some 60 KB of it."""
COURSE_GRADES = 150_000
"""The most grades asked for in one call: it takes Moodle more than a second for each thousand."""
LEARNERS_PER_PAGE = 50
UNSEEN: frozenset[FactKind] = frozenset({"completion", "attempt"})
"""What cannot be had in bulk without the companion."""
LONGEST_LEARNER = 1 << 24
"""Characters of one learner's grades beyond which an answer is none."""
_PIECE = 1 << 16

_CURSOR = re.compile(r"core\|(groups|learners|course)\|(\d+)")

Tell = Callable[[str], None]
Groups = Mapping[int, set[str]]


class CoreResults:
    """Pulls of one site. Remembers the answer for a whole course between its pages."""

    def __init__(self, client: MoodleClient, tell: Tell) -> None:
        self._client = client
        self._tell = tell
        self._whole: dict[str, tuple[int, Iterator[ResultsPage]]] = {}

    def page(self, course_ref: str, cursor: str, pulled_at: datetime) -> ResultsPage:
        """The page after a cursor. Raises CursorExpired for one that cannot be gone on from."""
        if not cursor:
            return self._begin(course_ref, pulled_at)
        found = _CURSOR.fullmatch(cursor)
        if not found:
            raise self._expired(course_ref)
        way, last = found[1], int(found[2])
        if way == "groups":
            return self._group(course_ref, last, pulled_at)
        if way == "learners":
            return self._learners(course_ref, last, pulled_at)
        return self._part(course_ref, last)

    def _begin(self, course_ref: str, pulled_at: datetime) -> ResultsPage:
        learners = functions.get_learners(self._client, course_ref)
        groups = self._groups(course_ref)
        name, people = self._client.site.name, len(learners)
        if groups and learners <= set().union(*groups.values()):
            self._tell(f"{name}: no companion, so {len(groups)} calls, one per group, for {people} people")
            return self._group(course_ref, 0, pulled_at)
        items = self._items(course_ref, learners)
        size = f"{people} people × {items} grades"
        if people * items <= COURSE_GRADES:
            self._tell(f"{name}: no companion, so one slow call for {size}; groups of at most {GROUP_MEMBERS} help")
            self._whole[course_ref] = (0, whole_course(self._client, course_ref, pulled_at))
            try:
                return self._part(course_ref, 0)
            except Unreachable:  # a web server gives up after minutes; if nobody is there, the next call says so
                del self._whole[course_ref]
        self._tell(
            f"{name}: no companion and more than one call can bring, so {people} calls, one per person, for {size};"
            f" install the companion, or put everybody into groups of at most {GROUP_MEMBERS}"
        )
        return self._learners(course_ref, 0, pulled_at)

    def _groups(self, course_ref: str) -> Groups:
        """The groups of a course with their members, where none is too large and the account may see them."""
        try:
            places = functions.get_groups(self._client, course_ref)
            members = functions.get_group_members(self._client, [place.id for place in places]) if places else {}
        except (Refused, AuthError):
            return {}  # an account that may not see groups reads the course
        return {} if any(len(refs) > GROUP_MEMBERS for refs in members.values()) else members

    def _items(self, course_ref: str, learners: set[str]) -> int:
        """How many gradebook items one learner has; the report says it of one as well as of all."""
        for ref in sorted(learners, key=int)[:1]:
            answer = self._client.read(REPORT, courseid=int(course_ref), userid=int(ref))
            entries = self._client.judge.take(answer, "usergrades", list, REPORT)
            return sum(len(entry.get("gradeitems") or ()) for entry in entries)
        return 0

    def _group(self, course_ref: str, last: int, pulled_at: datetime) -> ResultsPage:
        """The group with the lowest id above the last; somebody in two groups comes twice."""
        groups = self._groups(course_ref)
        following = sorted(group for group in groups if group > last)
        if not following:
            raise self._expired(course_ref)
        answer = self._client.read(REPORT, courseid=int(course_ref), groupid=following[0])
        entries = self._client.judge.take(answer, "usergrades", list, REPORT)
        page = _page(self._client, course_ref, entries, pulled_at)
        more = len(following) > 1
        return replace(page, cursor=f"core|groups|{following[0]}" if more else "", more=more)

    def _learners(self, course_ref: str, last: int, pulled_at: datetime) -> ResultsPage:
        """The learners with the lowest ids above the last, one call each."""
        refs = sorted(ref for ref in map(int, functions.get_learners(self._client, course_ref)) if ref > last)
        some = refs[:LEARNERS_PER_PAGE]
        entries: list[Any] = []
        for ref in some:
            answer = self._client.read(REPORT, courseid=int(course_ref), userid=ref)
            entries += self._client.judge.take(answer, "usergrades", list, REPORT)
        page = _page(self._client, course_ref, entries, pulled_at)
        more = len(refs) > len(some)
        return replace(page, cursor=f"core|learners|{some[-1]}" if more else "", more=more)

    def _part(self, course_ref: str, number: int) -> ResultsPage:
        """The part of an answer for the whole course after a number of them."""
        at, parts = self._whole.get(course_ref, (-1, iter(())))
        if at != number:
            raise self._expired(course_ref)
        page = next(parts, None)
        if page is None:  # it broke off while this part was read
            del self._whole[course_ref]
            raise self._expired(course_ref)
        self._whole[course_ref] = (number + 1, parts)
        if not page.more:
            del self._whole[course_ref]
        return replace(page, cursor=f"core|course|{number + 1}" if page.more else "")

    def _expired(self, course_ref: str) -> CursorExpired:
        return CursorExpired(
            f"{self._client.site.name}: the reading of course {course_ref} was interrupted; begin again"
        )


def whole_course(client: MoodleClient, course_ref: str, pulled_at: datetime) -> Iterator[ResultsPage]:
    """Everybody's grades from one call, in pages; the answer, of tens of megabytes, is never in memory whole."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        client.read_into(file, REPORT, courseid=int(course_ref))
        file.seek(0)
        learners = _learners_in(file, client)
        some = list(islice(learners, LEARNERS_PER_PAGE))
        while True:
            following = list(islice(learners, LEARNERS_PER_PAGE))
            yield replace(_page(client, course_ref, some, pulled_at), more=bool(following))
            if not following:
                return
            some = following


def _learners_in(file: IO[str], client: MoodleClient) -> Iterator[Any]:
    """The entries of the one list in `{"usergrades": [{…}, {…}], …}`, one after the other."""
    decoder, text = json.JSONDecoder(), file.read(_PIECE)
    begun = re.match(r'\s*\{\s*"usergrades"\s*:\s*\[', text)
    if not begun:
        raise _unusable(client)
    at = begun.end()
    while True:
        at = _skip(text, at)
        if text.startswith("]", at):
            return
        try:
            entry, at = decoder.raw_decode(text, at)
        except ValueError:
            piece = file.read(max(_PIECE, len(text) - at))
            if not piece or len(text) - at > LONGEST_LEARNER:
                raise _unusable(client) from None
            text, at = text[at:] + piece, 0
            continue
        yield entry


def _skip(text: str, at: int) -> int:
    """Behind what stands between two entries."""
    while text[at : at + 1] in (" ", "\n", "\r", "\t", ","):
        at += 1
    return at


def _unusable(client: MoodleClient) -> Unreachable:
    return Unreachable(
        f"{client.site.name}: the answer of {REPORT} is damaged or none; try again, or see its error log"
    )


def _page(client: MoodleClient, course_ref: str, entries: Sequence[Any], pulled_at: datetime) -> ResultsPage:
    """People and grades; an empty grade says nothing, unless somebody emptied it by hand."""
    grades: list[Grade] = []
    refs: list[str] = []
    for entry in entries:
        ref = str(client.judge.take(entry, "userid", int, REPORT))
        refs.append(ref)
        of_learner = functions.grades_of(client, course_ref, ref, entry.get("gradeitems") or (), pulled_at)
        grades += [grade for grade in of_learner if grade.score is not None or grade.overridden]
    return ResultsPage(users=_users(client, refs), grades=tuple(grades), completions=(), unseen=UNSEEN)


def _users(client: MoodleClient, refs: Sequence[str]) -> tuple[User, ...]:
    return tuple(functions.get_users(client, "id", refs)) if refs else ()
