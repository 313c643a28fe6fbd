"""A two-module course, a site that answers in pages, real hooks with the host's answers, and a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.config import Site
from lms_toolkit.interfaces import Platform
from lms_toolkit.manager import Plugins
from lms_toolkit.model import (
    Activity,
    CertificationRule,
    Completion,
    Course,
    DeclaredCourse,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Deployment,
    Edition,
    EnrolOutcome,
    Event,
    Finding,
    Grade,
    Module,
    ModuleContent,
    Phase,
    ResultsPage,
    SiteCourse,
    SiteInfo,
    SiteModule,
    SiteSection,
    StepResult,
    User,
)
from lms_toolkit.store import Store, open_store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Relay(Plugins):
    """The installed plugins and those of a test; remembers the events it was told."""

    def __init__(self, *plugins: object) -> None:
        super().__init__(also={f"test-{number}": plugin for number, plugin in enumerate(plugins)})
        self.events: list[Event] = []

    def tell(self, event: Event) -> None:
        self.events.append(event)
        super().tell(event)


@dataclass
class PagedSite:
    """What the site of `PagedPlatform` holds; `pages` maps a cursor to a page, or to the error it answers with."""

    pages: dict[str, ResultsPage | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    drop_answers: int = 0


class PagedPlatform(Platform):
    name = "paged"

    def __init__(self, site: Site, paged: PagedSite) -> None:
        super().__init__(site)
        self.paged = paged

    def results(self, course_ref: str, cursor: str) -> ResultsPage:
        self.paged.asked.append(cursor)
        page = self.paged.pages[cursor]
        if isinstance(page, Exception):
            raise page
        return page

    def enrol(self, course_ref: str, users: Sequence[User], *, create: bool) -> Sequence[EnrolOutcome]:
        kept = users[: len(users) - self.paged.drop_answers]
        return [EnrolOutcome(user, "enrolled" if create or user.idnumber else "refused") for user in kept]

    def info(self) -> SiteInfo:
        raise NotImplementedError

    def doctor(self) -> Sequence[Finding]:
        raise NotImplementedError

    def find_course(self, idnumber: str) -> SiteCourse | None:
        raise NotImplementedError

    def apply_course(self, course: DeclaredCourse, course_ref: str | None) -> StepResult:
        raise NotImplementedError

    def apply_section(self, course_ref: str, section: DeclaredSection) -> StepResult:
        raise NotImplementedError

    def apply_module(self, course_ref: str, module: DeclaredModule, **options: object) -> StepResult:
        raise NotImplementedError

    def apply_part(self, course_ref: str, part: DeclaredPart, *, allow_completion_reset: bool = False) -> StepResult:
        raise NotImplementedError

    def retire(self, course_ref: str, there: SiteModule | SiteSection, **options: object) -> StepResult:
        raise NotImplementedError

    def course_url(self, course_ref: str) -> str:
        raise NotImplementedError


@pytest.fixture
def site() -> PagedSite:
    return PagedSite()


@pytest.fixture
def platform(site: PagedSite) -> PagedPlatform:
    return PagedPlatform(Site("lab", "paged", "http://127.0.0.1"), site)


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def relay_with() -> Callable[..., Relay]:
    return Relay


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


@pytest.fixture
def deployment() -> Deployment:
    return Deployment("lab", "tiny", "TINY-1", "fr", "3", "http://127.0.0.1/course/3", (), NOON)


def _module(slug: str, title: str, *, written: bool = True) -> Module:
    content = {"fr": ModuleContent("fr", Path(slug), ())} if written else {}
    return Module(slug, {"fr": title}, {}, ("l",), 1.0, 60.0, content)


@pytest.fixture(scope="session")
def course() -> Course:
    """Two modules, and an ungraded forum beside them."""
    phase = Phase("one", {"fr": "Une"}, modules=("cycles", "acteurs"), activities=("forum",))
    return Course(
        id="tiny",
        version="1",
        languages=("fr",),
        title={"fr": "Un petit cours"},
        summary={"fr": ""},
        modules=(_module("cycles", "Les cycles"), _module("acteurs", "Les acteurs")),
        activities=(Activity("forum", "forum", {"fr": "Le forum"}),),
        editions=(Edition("TINY-1", ("fr",), "self-paced", (phase,), 2.0),),
        weights={},
        certification=CertificationRule({"fr": "Attestation"}),
        folder=Path("tiny"),
    )


@pytest.fixture(scope="session")
def with_rule() -> Callable[..., Course]:
    """The course with another rule: `with_rule(course, pass_mark_percent=50.0)`."""

    def change(course: Course, **changes: Any) -> Course:
        return replace(course, certification=replace(course.certification, **changes))

    return change


@pytest.fixture(scope="session")
def make_grade() -> Callable[..., Grade]:
    def make(item: str, score: float | None, user_ref: str = "7", **changes: Any) -> Grade:
        values: dict[str, Any] = {"score_max": 100.0, "graded_at": NOON, "pulled_at": NOON, "source": "test", **changes}
        return Grade("lab", "3", user_ref, item, score, **values)

    return make


@pytest.fixture(scope="session")
def make_completion() -> Callable[..., Completion]:
    def make(item: str, state: Any, user_ref: str = "7") -> Completion:
        return Completion("lab", "3", user_ref, item, state, NOON, NOON, "test")

    return make


@pytest.fixture
def amina() -> User:
    return User("amina", "amina@example.org", "Amina", "Test", "", "7")


@pytest.fixture
def jorge() -> User:
    return User("jorge", "jorge@example.org", "Jorge", "Prueba", "S-8", "8")
