"""Brings grades, completions and attempts from a site into the store: everything once, and then what changed.

Each page is saved, with the place to go on from, before the next is asked for: a pull that stops half-way has lost
nothing, and the next one goes on where it stopped. Once a day everything is read again, for changes a site never told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lms_toolkit.errors import CursorExpired, PluginError, Refused
from lms_toolkit.model import Deployment, Event, PullSummary, ResultsPage, User
from lms_toolkit.people import resolve_learner, same_account

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Platform
    from lms_toolkit.manager import Plugins
    from lms_toolkit.model import Learner
    from lms_toolkit.store import Store
    from lms_toolkit.store.pulls import PullPosition, SavedPage

Advance = Callable[[int], None]
"""Told how many accounts have been read so far; how many there are is only known at the end."""

REPAIR_AFTER = timedelta(hours=24)
RESTARTS = 3
"""How often one pull begins again because the course page was turned upside down while it was read."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page, and the cursor it was asked for with."""

    cursor: str
    page: ResultsPage


def pull(
    platform: Platform,
    deployment: Deployment,
    store: Store,
    plugins: Plugins,
    now: datetime,
    advance: Advance = lambda accounts: None,
    *,
    full: bool = False,
    repair_after: timedelta | None = REPAIR_AFTER,
) -> PullSummary:
    """Read what changed on one deployed course page since the last pull and save it; one pull of a page at a time.

    Everything is read the first time, with `full`, when the last reading of everything began `repair_after` ago (None:
    never), and when the site no longer knows where the last pull stopped. Raises SiteError where the site fails,
    StoreError where the store does; the pages before stay saved.
    """
    with store.lock(f"pull:{deployment.site}:{deployment.course_ref}"):
        position = store.pulls.position(deployment.site, deployment.course_ref)
        from_nothing = position is None or full or _is_due(position, now, repair_after)
        summary = _empty(deployment, now)
        for asked in _pages(platform, deployment, "" if from_nothing or position is None else position.cursor):
            summary = _counted(summary, asked, _save(asked, deployment, store, plugins, now))
            advance(summary.users)
        store.results.save_pull(summary)
    _tell(summary, store, plugins)
    return summary


def _is_due(position: PullPosition, now: datetime, repair_after: timedelta | None) -> bool:
    """Whether everything is to be read again; a reading that was interrupted goes on where it stopped."""
    if position.finished_at is None or repair_after is None:
        return False
    # A reading that began in the future was timed by a wrong clock.
    return not timedelta(0) <= now - position.started_at < repair_after


def _pages(platform: Platform, deployment: Deployment, cursor: str) -> Iterator[_Asked]:
    """The pages from a cursor to the end; from nothing again where the site no longer knows a cursor."""
    asked, restarts = set[str](), 0
    while cursor not in asked:
        asked.add(cursor)
        try:
            page = platform.results(deployment.course_ref, cursor)
        except CursorExpired:
            if not cursor or restarts == RESTARTS:
                raise
            asked, cursor, restarts = set(), "", restarts + 1
            continue
        if not cursor and not page.whole:
            raise PluginError(
                f"{platform.name} answered with changes where everything was asked for; update the plugin"
            )
        yield _Asked(cursor, page)
        if not page.more:
            return
        cursor = page.cursor
    raise Refused(
        f"{deployment.site} gave the same page of results twice (cursor {cursor}), so the pull would never end; "
        "update the toolkit's plugin on the site",
        "repeatedpage",
    )


def _save(asked: _Asked, deployment: Deployment, store: Store, plugins: Plugins, now: datetime) -> SavedPage:
    site, users = deployment.site, asked.page.users
    known = store.people.accounts(site, [user.ref for user in users])
    accounts = [(user, _learner(site, user, known.get(user.ref), plugins)) for user in users]
    return store.pulls.save_page(site, deployment.course_ref, asked.page, accounts, now, begins=not asked.cursor)


def _learner(site: str, user: User, known: tuple[User, Learner] | None, plugins: Plugins) -> Learner:
    """The person behind an account, the same one as before where only the host's own answer would have changed.

    Else a new e-mail address or an idnumber given later would make a second person, with a second certificate.
    """
    answer: Learner = plugins.ask("lms_resolve_learner", site=site, user=user)
    if known and answer == resolve_learner(site, user) and same_account(known[0], user):
        return replace(answer, id=known[1].id)
    return answer


def _empty(deployment: Deployment, now: datetime) -> PullSummary:
    return PullSummary(deployment.site, deployment.edition, deployment.language, 0, 0, 0, 0, now, whole=False)


def _counted(summary: PullSummary, asked: _Asked, saved: SavedPage) -> PullSummary:
    """The summary with one more page; what was read before a pull had to begin again does not count twice."""
    page, so_far = asked.page, summary
    if not asked.cursor:
        so_far = replace(summary, users=0, grades=0, completions=0, attempts=0)
    return replace(
        so_far,
        users=so_far.users + len(page.users),
        grades=so_far.grades + len(page.grades),
        completions=so_far.completions + len(page.completions),
        attempts=so_far.attempts + len(page.attempts),
        changed=so_far.changed + saved.changed,
        gone=so_far.gone + saved.gone,
        whole=so_far.whole or page.whole,
    )


def _tell(summary: PullSummary, store: Store, plugins: Plugins) -> None:
    data = {field.name: str(getattr(summary, field.name)) for field in fields(summary) if field.name != "pulled_at"}
    event = Event("results.pulled", summary.pulled_at, {**data, "whole": "yes" if summary.whole else "no"})
    store.events.save(event)
    plugins.tell(event)
