"""Issues 2,000 certificates with their digital credentials and PDFs, and verifies every one.

Run it as `python benchmarks/certificates.py [--certificates 2000] [--workers 2]`. Everything happens in a temporary
folder, with a store of its own and learners that do not exist. Prints seconds and sizes.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from lms_toolkit.config import CertificateConfig
from lms_toolkit.issuing_many import Desk, ToIssue, issue_all
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Award, Certificate, CertificationRule, Course, Edition, Learner, Module, Phase, Reason
from lms_toolkit.store import Store, open_store

FIRST = ("Amina", "Jorge", "Chloé", "Łukasz", "Thị Bích-Ngọc", "Ελένη", "Ивана", "María de los Ángeles")
LAST = ("Test", "Prueba", "Essai", "Żółć", "Nguyễn", "Δοκιμή", "Проба", "Fernández-Echevarría y Gutiérrez-Solana")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--certificates", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, open_store(f"sqlite:///{name}/store.db") as store:
        config = CertificateConfig(Path(name) / "certificates", issuer="Institute of Examples")
        wanted = earn(chosen.certificates, store, Path(name))
        desk = Desk(Plugins().certifier(config), store, config, Plugins())
        with clocked(f"issue {chosen.certificates} with {chosen.workers} workers"):
            issued = [outcome for _, outcome in issue_all(wanted, desk, chosen.workers, NOON)]
        certificates = [one for one in issued if isinstance(one, Certificate)]
        assert len(certificates) == chosen.certificates, [one for one in issued if not isinstance(one, Certificate)][:1]
        report(certificates)
        with clocked("issue them again: nothing to do"):
            assert [outcome.code for _, outcome in issue_all(wanted, desk, chosen.workers)] == [
                one.code for one in store_order(store, wanted)
            ]
        with clocked("verify every PDF, its seal, record and credential"):
            verify_all(certificates, config, chosen.workers)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"largest worker {used[0] / 1024:.0f} MiB, main process {used[1] / 1024:.0f} MiB")


def earn(count: int, store: Store, folder: Path) -> list[ToIssue]:
    """So many learners who earned an award."""
    course = make_course(folder)
    learners = [
        Learner(f"learner-{number}", f"{FIRST[number % 8]} {LAST[number // 8 % 8]} {number}") for number in range(count)
    ]
    for learner in learners:
        store.people.save_learner(learner)
    reasons = (Reason("total", True, "78"),)
    awards = store.awards.save_all(
        [
            Award(learner.id, course.id, "REINT-1", "fr", True, 60 + number % 4000 / 100, reasons, NOON)
            for number, learner in enumerate(learners)
        ]
    )
    edition = course.editions[0]
    return [ToIssue(award, course, edition, learner) for award, learner in zip(awards, learners, strict=True)]


def make_course(folder: Path) -> Course:
    titles = ("Les cycles migratoires", "Les services de l’emploi", "Les acteurs locaux", "L’entrepreneuriat")
    modules = tuple(Module(f"module-{number}", {"fr": title}, {}, (), 5.0, 60.0) for number, title in enumerate(titles))
    phase = Phase("all", {"fr": "Tout"}, modules=tuple(module.slug for module in modules))
    return Course(
        id="reintegration",
        version="1",
        languages=("en", "fr", "es"),
        title={"en": "Reintegration", "fr": "La réinsertion, pas à pas", "es": "La reintegración"},
        summary={"en": "Four modules.", "fr": "Quatre modules.", "es": "Cuatro módulos."},
        modules=modules,
        activities=(),
        editions=(Edition("REINT-1", ("fr",), "online", (phase,), learning_hours=60.0),),
        weights={},
        certification=CertificationRule({"fr": "Attestation de réussite"}, show_score=True),
        folder=folder,
    )


def store_order(store: Store, wanted: list[ToIssue]) -> list[Certificate]:
    by_award = {one.record.award_id: one for one in store.certificates.all()}
    return [by_award[one.award.id] for one in wanted]


def report(certificates: list[Certificate]) -> None:
    pdfs = [Path(one.pdf_path) for one in certificates]
    digests = {one.pdf_sha256 for one in certificates}
    credentials = {one.credential_json for one in certificates}
    places = {one.status_index for one in certificates}
    assert len(digests) == len(credentials) == len(places) == len(certificates)
    size = sum(path.stat().st_size for path in pdfs) / len(pdfs) / 1024
    print(f"{len(digests)} different PDFs of {size:.0f} KiB on average, {len(credentials)} different credentials")


def verify_all(certificates: list[Certificate], config: CertificateConfig, workers: int) -> None:
    with ProcessPoolExecutor(workers) as pool:
        parts = [certificates[start::workers] for start in range(workers)]
        valid = sum(pool.map(count_valid, parts, [config] * workers))
    print(f"{valid} of {len(certificates)} valid")
    assert valid == len(certificates)


def count_valid(certificates: list[Certificate], config: CertificateConfig) -> int:
    certifier = Plugins().certifier(config)
    return sum(certifier.verify(Path(one.pdf_path).read_bytes()).record == one.record for one in certificates)


@contextmanager
def clocked(what: str):  # type: ignore[no-untyped-def]
    started, used = time.perf_counter(), processor_seconds()
    yield
    elapsed, used = time.perf_counter() - started, processor_seconds() - used
    print(f"{elapsed:6.1f} s, {used:6.1f} s of processors: {what}", flush=True)


def processor_seconds() -> float:
    """What this process and the workers that ended have used; on a busy machine, the fairer number."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    main()
