"""A course of two phases and its results in a store, invented; reports on it, and certificates of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.checking_store import check_store
from lms_toolkit.config import CertificateConfig
from lms_toolkit.erasing import erase_person
from lms_toolkit.issuing import issue
from lms_toolkit.manager import Plugins
from lms_toolkit.model import (
    Activity,
    Answer,
    Attempt,
    Award,
    Certificate,
    CertificationRule,
    Completion,
    Course,
    Deployment,
    Edition,
    Grade,
    Learner,
    Module,
    ModuleContent,
    Option,
    Phase,
    PullSummary,
    Question,
    Reason,
    User,
    Verdict,
)
from lms_toolkit.reporting import Report, gather
from lms_toolkit.store import Store, open_store
from lms_toolkit.store.erasing import Erased
from lms_toolkit.verifying import verify

STARTED = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
"""The first phase ends on the 10th of May, the second on the 17th."""


@pytest.fixture
def course() -> Course:
    """Two modules of a question each and an essay; the rule asks for all three, and 60 %."""
    question = Question(
        "return", "single", "What is **return**?", options=(Option("A stage", correct=True), Option("The *end*"))
    )
    content = {"fr": ModuleContent("fr", Path("fr"), (), (question,))}
    first = Module("cycles", {"fr": "Les cycles & <départs>"}, {}, ("l",), 1.0, 60.0, content)
    phases = (
        Phase("one", {"fr": "Une"}, modules=("cycles",), ends_on=date(2026, 5, 10)),
        Phase("two", {"fr": "Deux"}, modules=("acteurs",), activities=("essai",), ends_on=date(2026, 5, 17)),
    )
    edition = Edition(
        "TINY-1", ("fr",), "online", phases, 2.0, date(2026, 5, 4), date(2026, 5, 17), timezone="Europe/Rome"
    )
    return Course(
        id="tiny",
        version="1",
        languages=("fr",),
        title={"fr": "Un petit cours"},
        summary={"fr": ""},
        modules=(first, replace(first, slug="acteurs", title={"fr": "Les acteurs"})),
        activities=(Activity("essai", "assignment", {"fr": "L’essai"}, graded=True), Activity("salon", "forum", {})),
        editions=(edition,),
        weights={},
        certification=CertificationRule({"fr": "Attestation"}),
        folder=Path("tiny"),
    )


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with its tables and nothing in them: making those takes longer than most tests here."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    with open_store(f"sqlite:///{path}"):
        return path


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    shutil.copy(empty_store, tmp_path / "store.db")
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


@pytest.fixture
def plugins() -> Plugins:
    return Plugins()


@dataclass(frozen=True)
class Desk:
    """Puts results into a store as a pull would, and reports on them."""

    course: Course
    store: Store
    plugins: Plugins
    deployment: Deployment

    def pulled(self, *names: str) -> None:
        """Everybody is on the course page, with nothing done yet; accounts are 1, 2 and so on."""
        self.store.deployments.save(self.deployment)
        people = [
            (User(f"u{ref}", "", *name.rsplit(" ", 1), f"S-{ref}", str(ref)), Learner(f"idnumber:S-{ref}", name))
            for ref, name in enumerate(names, start=1)
        ]
        self.store.people.save_accounts("lab", people)
        self.store.people.save_enrolments("lab", "3", [user.ref for user, _ in people], STARTED)
        self.store.results.save_pull(PullSummary("lab", "TINY-1", "fr", len(people), 0, 0, 0, STARTED))

    def done(self, ref: str, item: str, score: float | None, at: datetime, state: Any = "passed") -> None:
        grade = Grade("lab", "3", ref, item, score, 100.0, at, at, "test")
        self.store.results.save([grade], [Completion("lab", "3", ref, item, state, at, at, "test")])

    def answered(self, ref: str, answers: Sequence[Answer], number: int = 1) -> None:
        made = Attempt(
            "lab", "3", ref, "module:cycles", number, "passed", 1, 1, STARTED, STARTED, tuple(answers), STARTED, ""
        )
        self.store.results.save([], [], [made])

    def report(self, at: datetime, **options: Any) -> Report:
        edition = self.course.editions[0]
        return gather(self.course, edition, self.deployment, self.store, self.plugins, at, **options)


@pytest.fixture
def desk(course: Course, store: Store, plugins: Plugins) -> Desk:
    page = Deployment("lab", "tiny", "TINY-1", "fr", "3", "http://127.0.0.1/course/3", (), STARTED)
    return Desk(course, store, plugins, page)


@pytest.fixture
def at() -> Callable[..., datetime]:
    """`at(11)`: noon of that day of May, UTC."""
    return lambda day, hour=12: datetime(2026, 5, day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """Where certificates are issued: a desk with a certifier, whose keys and documents are in a folder of their own."""

    desk: Desk
    config: CertificateConfig
    certifier: PdfCertifier

    def issue(self, ref: str = "1", name: str = "Amina Test") -> Certificate:
        """The certificate of somebody whose award is earned."""
        desk, course = self.desk, self.desk.course
        reasons = (Reason("pass-mark", True, "total 80 %", f"lab: course 3, user {ref}"),)
        award = Award(f"idnumber:S-{ref}", "tiny", "TINY-1", "fr", True, 80.0, reasons, STARTED)
        saved, learner = desk.store.awards.save(award), Learner(award.learner_id, name)
        return issue(
            saved, course, course.editions[0], learner, self.certifier, desk.store, self.config, desk.plugins, STARTED
        )

    def erase(self, learner_id: str = "idnumber:S-1", **options: Any) -> Erased:
        learner = self.desk.store.people.get(learner_id)
        assert learner is not None
        desk = self.desk
        return erase_person(learner, desk.store, self.certifier, self.config, desk.plugins, STARTED, **options)

    def verify(self, document: str | Path) -> Verdict:
        return verify(document, self.certifier, self.desk.store)

    def check(self) -> dict[str, str]:
        """What is wrong, by rule."""
        url = f"sqlite:///{self.desk.store.database.file}"
        return {one.rule: f"{one.where} {one.message}" for one in check_store(url, self.certifier, self.config)}


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Office:
    config = CertificateConfig(tmp_path / "certificates", issuer="Institut d’essai")
    desk.pulled("Amina Test", "Jorge Prueba")
    return Office(desk, config, PdfCertifier(config))
