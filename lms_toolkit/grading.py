"""Brings grades and completions from a site into the store, and shows them.

Each page is saved before the next is asked for: a pull that stops half-way has lost nothing, and the next one starts
again and changes only what is new.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from lms_toolkit.errors import Refused
from lms_toolkit.model import Completion, CompletionState, Deployment, Event, Grade, PullSummary, ResultsPage, User
from lms_toolkit.people import resolve_learner, same_account

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Platform
    from lms_toolkit.manager import Plugins
    from lms_toolkit.model import Learner
    from lms_toolkit.store import Store

Advance = Callable[[int], None]
"""Told how many accounts have been read so far; how many there are is only known at the end."""


def pull(
    platform: Platform,
    deployment: Deployment,
    store: Store,
    plugins: Plugins,
    now: datetime,
    advance: Advance = lambda accounts: None,
) -> PullSummary:
    """Read everybody's results of one deployed course page and save them; one pull of a page at a time.

    Raises SiteError where the site fails, StoreError where the store does; the pages before stay saved.
    """
    with store.lock(f"pull:{deployment.site}:{deployment.course_ref}"):
        seen, grades, completions, changed = set[str](), 0, 0, 0
        for page in _pages(platform, deployment):
            _save_people(page.users, deployment, store, plugins, now)
            changed += store.results.save(page.grades, page.completions)
            seen.update(user.ref for user in page.users)
            grades, completions = grades + len(page.grades), completions + len(page.completions)
            advance(len(seen))
        summary = PullSummary(
            site=deployment.site,
            edition=deployment.edition,
            language=deployment.language,
            users=len(seen),
            grades=grades,
            completions=completions,
            changed=changed,
            pulled_at=now,
        )
        store.results.save_pull(summary)
    _tell(summary, store, plugins)
    return summary


def _pages(platform: Platform, deployment: Deployment) -> Iterator[ResultsPage]:
    asked: set[str | None] = set()
    after: str | None = None
    while after not in asked:
        asked.add(after)
        page = platform.results(deployment.course_ref, after)
        yield page
        if page.after is None:
            return
        after = page.after
    raise Refused(
        f"{deployment.site} gave the same page of results twice (after {after}), so the pull would never end; "
        "update the toolkit's plugin on the site",
        "repeatedpage",
    )


def _save_people(
    users: Sequence[User], deployment: Deployment, store: Store, plugins: Plugins, seen_at: datetime
) -> None:
    known = store.people.accounts(deployment.site, [user.ref for user in users])
    accounts = [(user, _learner(deployment.site, user, known.get(user.ref), plugins)) for user in users]
    store.people.save_accounts(deployment.site, accounts)
    store.people.save_enrolments(deployment.site, deployment.course_ref, [user.ref for user in users], seen_at)


def _learner(site: str, user: User, known: tuple[User, Learner] | None, plugins: Plugins) -> Learner:
    """The person behind an account, the same one as before where only the host's own answer would have changed.

    Else a new e-mail address or an idnumber given later would make a second person, with a second certificate.
    """
    answer: Learner = plugins.ask("lms_resolve_learner", site=site, user=user)
    if known and answer == resolve_learner(site, user) and same_account(known[0], user):
        return replace(answer, id=known[1].id)
    return answer


def _tell(summary: PullSummary, store: Store, plugins: Plugins) -> None:
    data = {field.name: str(getattr(summary, field.name)) for field in fields(summary) if field.name != "pulled_at"}
    event = Event("results.pulled", summary.pulled_at, data)
    store.events.save(event)
    plugins.tell(event)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of `grades show`: a learner, an item, and how both stand. Empty where the site says nothing."""

    learner: str
    learner_id: str
    item: str
    percent: float | None
    state: CompletionState | None
    graded_at: datetime | None


def scores_of(store: Store, site: str, course_ref: str, text: str = "") -> list[ScoreRow]:
    """Grades and completions of a course page, by learner; `text` keeps those it is found in (see `People.find`)."""
    wanted = {learner.id for learner in store.people.find(text)}
    learners = {ref: who for ref, who in store.people.enrolled(site, course_ref).items() if who.id in wanted}
    grades = {(grade.user_ref, grade.item): grade for grade in store.results.grades(site, course_ref)}
    states = {(state.user_ref, state.item): state for state in store.results.completions(site, course_ref)}
    rows = [
        _row(learners[ref], item, grades.get((ref, item)), states.get((ref, item)))
        for ref, item in grades.keys() | states.keys()
        if ref in learners
    ]
    return sorted(rows, key=lambda row: (row.learner.casefold(), row.learner_id, row.item))


def _row(learner: Learner, item: str, grade: Grade | None, completion: Completion | None) -> ScoreRow:
    return ScoreRow(
        learner=learner.name,
        learner_id=learner.id,
        item=item,
        percent=grade.score_percent if grade else None,
        state=completion.state if completion else None,
        graded_at=grade.graded_at if grade else None,
    )


def export_csv(rows: Iterable[ScoreRow], file: TextIO) -> None:
    """Write rows for a spreadsheet program; `file` is open for text, in UTF-8."""
    file.write("\ufeff")  # without it, spreadsheet programs read accents as something else
    writer = csv.writer(file, lineterminator="\n")
    names = [field.name for field in fields(ScoreRow)]
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)


def _cell(value: object) -> str:
    """A value as a spreadsheet takes it for what it is: a text that looks like a formula is kept from running.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.10g}"
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
