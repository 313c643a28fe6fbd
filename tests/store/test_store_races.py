"""Several processes at once: one award, one certificate, one writer; and a dead process holds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from lms_toolkit.errors import StoreError
from lms_toolkit.model import Award, Learner
from lms_toolkit.store import Store, open_store

Run = Callable[[str, list[list[str]]], list[str]]

AWARD_LINES = """
from datetime import UTC, datetime
from lms_toolkit.model import Award, Reason
from lms_toolkit.store import open_store
url, percent = sys.argv[1:]
with open_store(url) as store:
    for number in range(20):
        award = Award(f'l{number}', 'tiny', 'TINY-1', 'fr', True, float(percent), (), datetime.now(UTC))
        saved = store.awards.save(award)
        print(saved.id, saved.score_percent)
"""

CERTIFICATE_LINES = """
from datetime import UTC, date, datetime
from lms_toolkit.model import Certificate, CertificateRecord
from lms_toolkit.store import open_store
url, mine, *award_ids = sys.argv[1:]
with open_store(url) as store:
    for award_id in award_ids:
        record = CertificateRecord(
            f'{mine}-{award_id}', award_id, 'Amina Test', 'tiny', 'Cours', 'Attestation', 'TINY-1', 'fr',
            date(2026, 5, 4), 'École', 2.0, 'https://verify.example.org/c/',
        )
        print(store.certificates.save(Certificate(record, '{}', '', '', datetime.now(UTC))).code)
"""

LOCK_LINES = """
from lms_toolkit.store import open_store
with open_store(sys.argv[1]) as store, store.lock('deploy:lab:TINY-1'):
    print('held', flush=True)
    sys.stdin.readline()
"""


def test_two_processes_deciding_at_once_agree_on_each_award(store_url: str, race: Run) -> None:
    with open_store(store_url) as store:
        for number in range(20):
            store.people.save_learner(Learner(f"l{number}", "Amina Test"))
    one, other = race(AWARD_LINES, [[store_url, "70"], [store_url, "80"]])
    assert one == other and len(set(one.splitlines())) == 20
    with open_store(store_url) as store:
        assert len(store.awards.all()) == 20


def test_two_processes_issuing_at_once_make_one_certificate_for_each_award(
    store: Store, store_url: str, make_award: Callable[..., Award], race: Run
) -> None:
    awards = store.awards.save_all([make_award(f"l{number}") for number in range(20)])
    ids = [award.id for award in awards]
    one, other = race(CERTIFICATE_LINES, [[store_url, "A", *ids], [store_url, "B", *ids]])
    assert one == other
    assert sorted(certificate.code for certificate in store.certificates.all()) == sorted(one.split())


@pytest.fixture
def holder(store_url: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-c", f"import sys\n{LOCK_LINES}", store_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_lock_that_is_taken_says_by_whom_and_since_when(holder: subprocess.Popen[str], store: Store) -> None:
    with (
        pytest.raises(
            StoreError, match=rf"TINY-1 is being worked on by process {holder.pid} on .+ since 20.+ UTC; try"
        ),
        store.lock("deploy:lab:TINY-1"),
    ):
        pass
    with store.lock("deploy:lab:OTHER"):
        holder.communicate("\n")
    with store.lock("deploy:lab:TINY-1"):
        pass


def test_a_process_that_was_killed_holds_no_lock(holder: subprocess.Popen[str], store: Store) -> None:
    holder.kill()
    holder.communicate()
    with store.lock("deploy:lab:TINY-1"):
        pass


def test_a_lock_keeps_out_a_second_writer_of_the_same_process(store: Store) -> None:
    with (
        store.lock("deploy:lab:TINY-1"),
        pytest.raises(StoreError, match="is being worked on"),
        store.lock("deploy:lab:TINY-1"),
    ):
        pass


def test_many_locks_at_once_leave_room_for_work(store: Store) -> None:
    """Who erases a person holds the lock of every page that the person is on."""
    with ExitStack() as stack:
        for number in range(17):
            stack.enter_context(store.lock(f"pull:lab:{number}"))
        assert store.people.learners() == []


def test_work_that_fails_gives_its_lock_back(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.lock("deploy:lab:TINY-1"):
        _ = 1 / 0
    with store.lock("deploy:lab:TINY-1"):
        pass
