"""A certifier with keys of its own, records of invented learners, and a store, all in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.config import CertificateConfig
from lms_toolkit.manager import Plugins
from lms_toolkit.model import (
    Award,
    Certificate,
    CertificateRecord,
    CertificationRule,
    Course,
    Edition,
    Learner,
    Module,
    Phase,
    Reason,
)
from lms_toolkit.store import Store, open_store

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BASE = CertificateRecord(
    code="7K3M-Q2XF-9ABC",
    award_id="award-1",
    learner_name="Amina Test",
    course_id="tiny",
    course_title="La réinsertion, pas à pas",
    certificate_title="Attestation de réussite",
    edition="TINY-2026",
    language="fr",
    issued_on=date(2026, 11, 21),
    issuer="Institut d’essai",
    learning_hours=20.0,
    verify_url="https://verify.example.org/c/",
    score_percent=78.5,
    modules=("Cycles migratoires", "Facteurs de réinsertion"),
)


@pytest.fixture
def config(tmp_path: Path) -> CertificateConfig:
    return CertificateConfig(tmp_path / "certificates", issuer="Institut d’essai")


@pytest.fixture
def certifier(config: CertificateConfig) -> PdfCertifier:
    return PdfCertifier(config)


@pytest.fixture
def stranger(tmp_path: Path) -> PdfCertifier:
    """Somebody else who runs the same software with keys of their own."""
    return PdfCertifier(CertificateConfig(tmp_path / "elsewhere"))


@pytest.fixture
def record() -> CertificateRecord:
    return BASE


@pytest.fixture
def make_pdf(certifier: PdfCertifier) -> Callable[..., bytes]:
    """The sealed PDF of the base record with some fields changed."""

    def make(**changes: Any) -> bytes:
        changed = replace(BASE, **changes)
        return certifier.seal(certifier.render(changed, certifier.sign(changed)))

    return make


@pytest.fixture
def page_text() -> Callable[[bytes], str]:
    """The text of a PDF's only page, in the order a screen reader meets it."""
    from pypdf import PdfReader

    def extract(pdf: bytes) -> str:
        pages = PdfReader(BytesIO(pdf)).pages
        assert len(pages) == 1
        return " ".join(pages[0].extract_text().split())

    return extract


@dataclass(frozen=True)
class Setting:
    """An earned award in a store, with everything it takes to certify it."""

    award: Award
    course: Course
    edition: Edition
    learner: Learner
    certifier: PdfCertifier
    store: Store
    config: CertificateConfig
    plugins: Plugins

    def issue(self, **changes: Any) -> Certificate:
        from lms_toolkit.issuing import issue

        of = replace(self, **changes)
        return issue(
            of.award, of.course, of.edition, of.learner, of.certifier, of.store, of.config, of.plugins, at=NOON
        )

    def revoke(self, code: str, reason: str = "issued in error") -> Certificate:
        from lms_toolkit.issuing import revoke

        return revoke(code, reason, self.store, self.certifier, self.config, self.plugins)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def setting(certifier: PdfCertifier, store: Store, config: CertificateConfig, tmp_path: Path) -> Setting:
    learner = Learner("learner-1", "Amina  Test")
    store.people.save_learner(learner)
    course = _course(tmp_path)
    award = Award(learner.id, course.id, "TINY-2026", "fr", True, 78.456, (Reason("total", True, "78.456"),), NOON)
    saved = store.awards.save(award)
    return Setting(saved, course, course.editions[0], learner, certifier, store, config, Plugins())


def _course(folder: Path) -> Course:
    module = Module("cycles", {"fr": "Cycles migratoires"}, {}, (), 5.0, 60.0)
    phase = Phase("debut", {"fr": "Début"}, modules=("cycles",))
    return Course(
        id="tiny",
        version="1",
        languages=("fr",),
        title={"fr": "La réinsertion, pas à pas"},
        summary={"fr": ""},
        modules=(module,),
        activities=(),
        editions=(Edition("TINY-2026", ("fr",), "online", (phase,), learning_hours=20.0),),
        weights={},
        certification=CertificationRule({"fr": "Attestation de réussite"}, show_score=True),
        folder=folder,
    )
