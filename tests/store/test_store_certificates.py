"""Certificates in the store: places in status lists, replacing, and bringing back what was issued before."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from lms_toolkit.errors import StoreError
from lms_toolkit.model import Award, Certificate
from lms_toolkit.store import Store
from lms_toolkit.store.schema import status_places

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MakeAward = Callable[..., Award]
MakeCertificate = Callable[..., Certificate]


def test_places_are_given_once_and_a_new_list_begins_when_the_others_are_half_full(store: Store) -> None:
    first = store.certificates.reserve_places(8, per_list=16)
    second = store.certificates.reserve_places(8, per_list=16)
    assert len({*first, *second}) == 16
    assert max(*first, *second) == store.certificates.last_place() < 48
    assert store.certificates.reserve_places(0, per_list=16) == []


def test_a_replaced_certificate_stays_beside_the_one_that_stands(
    store: Store, make_award: MakeAward, make_certificate: MakeCertificate
) -> None:
    award = store.awards.save(make_award())
    old = replace(store.certificates.save(make_certificate(award)), credential_json="{}", status_index=None)
    new = make_certificate(award, "0000-0000-0000")
    assert store.certificates.replace(old.code, new, NOON, "the name was corrected") == new
    assert store.certificates.by_award(award.id) == new
    replaced = store.certificates.by_code(old.code)
    assert replaced is not None
    assert (replaced.replaced_by, replaced.revoked_at) == (new.code, NOON)
    assert store.certificates.save(make_certificate(award, "1111-1111-1111")) == new
    with pytest.raises(StoreError, match="does not stand any more"):
        store.certificates.replace(old.code, make_certificate(award, "2222-2222-2222"), NOON, "")
    assert len(store.certificates.all()) == 2


def test_a_certificate_comes_back_once_with_its_place(
    store: Store, make_award: MakeAward, make_certificate: MakeCertificate
) -> None:
    award = store.awards.save(make_award())
    certificate = replace(make_certificate(award), status_index=7, revoked_at=NOON)
    assert store.certificates.restore(certificate)
    assert not store.certificates.restore(certificate)
    assert store.certificates.by_code(certificate.code) == certificate
    assert (store.certificates.revoked_places(), store.certificates.last_place()) == ({7}, 7)


def test_whoever_draws_places_waits_for_those_who_are_drawing_and_takes_none_of_theirs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite they wait in any case: it has one writer at a time."""
    if store.database.dialect != "postgresql":
        assert store.certificates.reserve_places(1, per_list=16) != store.certificates.reserve_places(1, per_list=16)
        return
    lots = iter([5, 6])
    monkeypatch.setattr(secrets, "randbelow", lambda room: next(lots))
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE :pid = ANY(pg_blocking_pids(pid))")

    def is_waited_for(pid: int) -> bool:
        with store.database.read() as connection:  # a new one each time: PostgreSQL looks once in a transaction
            return bool(connection.scalar(waiting, {"pid": pid}))

    with ThreadPoolExecutor(1) as others:
        with store.database.write() as connection:
            connection.execute(status_places.insert().values(place=5))
            pid = connection.scalar(text("SELECT pg_backend_pid()")) or 0
            drawn = others.submit(store.certificates.reserve_places, 1, 16)
            while not is_waited_for(pid):
                assert not drawn.done()
        assert drawn.result() == [6]
