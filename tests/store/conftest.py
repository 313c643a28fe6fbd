"""A fresh store on each database: SQLite always, PostgreSQL where LMS_TOOLKIT_TEST_POSTGRES_URL names a server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from lms_toolkit.model import Award, Certificate, CertificateRecord, Grade, Learner, Reason, User
from lms_toolkit.store import Store, open_store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


SERVER = os.environ.get("LMS_TOOLKIT_TEST_POSTGRES_URL", "")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/data/store.db"
        return
    if not SERVER:
        pytest.skip("no PostgreSQL to test: set LMS_TOOLKIT_TEST_POSTGRES_URL")
    with _schema(SERVER) as url:
        yield url


@contextmanager
def _schema(server: str) -> Iterator[str]:
    """A schema of its own for each test, so that tests can run side by side."""
    import psycopg

    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}?options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/store.db"


@pytest.fixture
def amina() -> User:
    return User("amina", "amina@example.org", "Amina", "Test", "S-1", "7")


@pytest.fixture
def make_grade() -> Callable[..., Grade]:
    def make(user_ref: str = "7", item: str = "module:a", score: float | None = 80.0, **changes: object) -> Grade:
        values: dict[str, object] = {"graded_at": NOON, "pulled_at": NOON, "source": "test", **changes}
        return Grade("lab", "3", user_ref, item, score, 100.0, **values)  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_award(store: Store) -> Callable[..., Award]:
    """Makes an award that is not saved yet, for a learner who is."""

    def make(learner_id: str = "idnumber:S-1", *, earned: bool = True, **changes: object) -> Award:
        store.people.save_learner(Learner(learner_id, "Amina Test"))
        reasons = (Reason("pass-mark", earned, "weighted total 80 %, pass mark 60 %", "lab: course 3"),)
        award = Award(learner_id, "tiny", "TINY-1", "fr", earned, 80.0, reasons, NOON)
        return Award(**{**{name: getattr(award, name) for name in Award.__slots__}, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_certificate() -> Callable[..., Certificate]:
    def make(award: Award, code: str = "7K3M-Q2XF-9ABC") -> Certificate:
        record = CertificateRecord(
            code=code,
            award_id=award.id,
            learner_name="Amina Test",
            course_id=award.course_id,
            course_title="Un petit cours",
            certificate_title="Attestation",
            edition=award.edition,
            language="fr",
            issued_on=date(2026, 5, 4),
            issuer="École d’essai",
            learning_hours=2.5,
            verify_url=f"https://verify.example.org/c/{code}",
            score_percent=80.0,
            modules=("Cycles migratoires",),
        )
        return Certificate(record, '{"signed": true}', "certificates/x.pdf", "ab" * 32, NOON)

    return make


class Race:
    """Starts the same Python lines in several processes and lets all go on at the same moment."""

    def __init__(self, lines: str, arguments: list[list[str]]) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        script = f"import sys\nprint('ready', flush=True)\nsys.stdin.readline()\n{lines}"
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-c", script, *some],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
            for some in arguments
        ]

    def run(self) -> list[str]:
        """What each printed; a process that failed shows its traceback."""
        for process in self.processes:
            assert process.stdout is not None
            process.stdout.readline()
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = [process.communicate(timeout=120) for process in self.processes]
        for process, (_, errors) in zip(self.processes, answers, strict=True):
            assert process.returncode == 0, errors
        return [out.strip() for out, _ in answers]


@pytest.fixture
def race() -> Callable[[str, list[list[str]]], list[str]]:
    return lambda lines, arguments: Race(lines, arguments).run()
