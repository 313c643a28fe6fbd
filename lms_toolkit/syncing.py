"""Brings course pages up to date: pulls results, decides awards, issues certificates; one page at a time.

It can run as often as one likes: what is done is not done again. A page is locked while it is worked on, has a time
limit, and keeps no other page from being brought up to date. How each run went stays in the store. `sync_all` ends with
the diplomas, which rest on what the pages brought home.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from lms_toolkit.deadlines import Deadline
from lms_toolkit.errors import ConfigError, ContentError, InUse, Refused
from lms_toolkit.sync_tasks import DEADLINE_SECONDS, Synced, Task, answer, each, issue, noted
from lms_toolkit.syncing_programmes import sync_programmes

if TYPE_CHECKING:
    from lms_toolkit.app import App
    from lms_toolkit.interfaces import Platform
    from lms_toolkit.model import Course, Deployment, Edition


def pages_to_sync(app: App, editions: Sequence[str] = (), site: str | None = None) -> list[Deployment]:
    """The deployed pages of these editions, or of all, on one site or on all; those that waited longest come first.

    Raises ConfigError for an edition that is deployed nowhere there.
    """
    pages = [page for page in app.store.deployments.all() if site in (None, page.site)]
    for code in editions:
        if not any(page.edition == code for page in pages):
            where = f"on {site}" if site else "anywhere"
            raise ConfigError(f"{code} is not deployed {where}; lms-toolkit status shows what is deployed")
    began = {(run.site, run.edition, run.language): run.started_at for run in app.store.runs.latest()}
    never = datetime.min.replace(tzinfo=UTC)
    chosen = [page for page in pages if not editions or page.edition in editions]
    return sorted(chosen, key=lambda page: began.get((page.site, page.edition, page.language), never))


def sync(app: App, pages: Iterable[Deployment], deadline_seconds: float = DEADLINE_SECONDS) -> Iterator[Synced]:
    """Bring each page up to date, and say what came of it as soon as it is known.

    A fault of one page is its answer and stops no other. An error that is nobody's but ours is raised after the last.
    """
    course_of = cache(app.course)  # editions of one course follow one another
    return each(pages, lambda page: sync_page(app, page, deadline_seconds, course_of))


def sync_all(
    app: App, pages: Sequence[Deployment], deadline_seconds: float = DEADLINE_SECONDS, *, only_theirs: bool = False
) -> Iterator[Synced]:
    """The pages, and then the programmes that concern somebody; `only_theirs`: those the pages' courses count for.

    Goes on after a fault as `sync` does.
    """
    courses = {page.course_id for page in pages} if only_theirs else None
    bug: Exception | None = None
    for part in (sync(app, pages, deadline_seconds), sync_programmes(app, courses, deadline_seconds)):
        try:
            yield from part
        except Exception as error:
            bug = bug or error
    if bug is not None:
        raise bug


def sync_page(
    app: App,
    page: Deployment,
    deadline_seconds: float = DEADLINE_SECONDS,
    course_of: Callable[[str], Course] | None = None,
) -> Synced:
    """Bring one page up to date. Raises StoreError when the store fails, and what is a bug of ours."""
    try:
        with app.store.lock(f"sync:{page.site}:{page.edition}:{page.language}"):
            deadline = Deadline(f"{page.edition} ({page.language}) on {page.site}", deadline_seconds)
            find = course_of or app.course
            return noted(Task(app, page, deadline), lambda task, repair: _work(task, page, find, repair=repair))
    except InUse as error:
        return answer(page, "skipped", note=str(error))


def exit_code(done: Iterable[Synced]) -> int:
    """The worst of them: a site that fails before a refusal before nothing."""
    return max((one.exit_code for one in done), default=0)


def _work(
    task: Task, page: Deployment, course_of: Callable[[str], Course], *, repair: bool
) -> Sequence[ContentError | Refused]:
    """Pull, decide, issue, deliver; the answer is the certificates that cannot be made, or not be delivered."""
    from lms_toolkit.certifying import decide_changes
    from lms_toolkit.grading import pull

    store, plugins = task.app.store, task.app.plugins
    course, edition = _declared(page, course_of)
    with task.deadline.alarm():
        platform = _platform(task)
        watched, after = (lambda _accounts: task.deadline.check()), task.app.config.repair_after
        summary = pull(platform, page, store, plugins, datetime.now(UTC), watched, repair_after=after)
    task.counts.users, task.counts.changed = summary.users, summary.changed + summary.gone
    task.deadline.check()
    decided = decide_changes(course, edition, page.language, page.site, store, plugins, datetime.now(UTC))
    task.counts.decided = decided.news
    task.deadline.check()
    unmade = list(issue(task, course, edition, repair=repair))
    return [*unmade, *_undelivered(task, page, platform)]


def _undelivered(task: Task, page: Deployment, platform: Platform) -> Iterator[Refused]:
    """Bring certificates into their holders' areas, where the settings say so; the answer is what went wrong."""
    config = task.app.config.certificates
    if config.deliver == "off":
        return
    from lms_toolkit.delivering import deliver

    with task.deadline.alarm():
        for one in deliver(platform, page, task.app.store, config):
            if one.outcome == "failed":
                yield Refused(f"{one.code}: {one.note}")
            task.deadline.check()


def _declared(page: Deployment, course_of: Callable[[str], Course]) -> tuple[Course, Edition]:
    course = course_of(page.course_id)
    edition = next((edition for edition in course.editions if edition.code == page.edition), None)
    if edition is None:
        raise ConfigError(
            f"{page.course_id} declares no edition {page.edition} any more, which is deployed on {page.site}; "
            "declare it again"
        )
    return course, edition


def _platform(task: Task) -> Platform:
    """The site, which is given no longer for one answer than there is for all of it."""
    site = task.app.config.site(task.subject.site)
    return task.app.plugins.platform(replace(site, read_timeout=min(site.read_timeout, task.deadline.seconds)))
