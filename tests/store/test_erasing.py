"""People get everything known of them, and are erased everywhere: no table is forgotten, and nobody else touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, Table, event, func, select

from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Award, Certificate, Learner, User
from lms_toolkit.store import Store, open_store
from lms_toolkit.store.columns import ExactNumber, UtcDateTime
from lms_toolkit.store.erasing import ERASED_NAME, Erasing
from lms_toolkit.store.personal import ABOUT_NOBODY, ERASED, personal_tables
from lms_toolkit.store.schema import metadata, outbox, pull_cursors
from lms_toolkit.store.upsert import insert

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NAMES_PEOPLE = {"learner_id", "merged_id", "user_ref", "email", "username", "first_name", "last_name", "idnumber"}


@dataclass(frozen=True)
class Somebody:
    learner: str
    ref: str
    award: str
    code: str


AMINA = Somebody("idnumber:S-1", "7", "a" * 32, "7K3M-Q2XF-9ABC")
JORGE = Somebody("idnumber:S-8", "8", "b" * 32, "8K3M-Q2XF-9ABC")
OWN: dict[str, Callable[[Somebody], Any]] = {
    "site": lambda one: "lab",
    "course_ref": lambda one: "3",
    "user_ref": lambda one: one.ref,
    "ref": lambda one: one.ref,
    "award_id": lambda one: one.award,
    "learner_id": lambda one: one.learner,
    "code": lambda one: one.code,
    "data": lambda one: {"learner_id": one.learner, "award_id": one.award, "code": one.code},
    "record": lambda one: {"learner_name": f"Somebody {one.ref}", "issued_on": "2026-05-04", "score_percent": 80.0},
    "reasons": lambda one: [{"rule": "pass-mark", "met": True, "fact": f"user {one.ref}"}],
    "replaced_by": lambda one: "",
    **dict.fromkeys(("course_id", "edition", "language"), lambda one: "tiny"),
    "left_at": lambda one: None,
}


def row_about(table: Table, one: Somebody) -> dict[str, Any]:
    """A row with every column filled, as any table would have it for a person."""
    row = {column.name: value(column, one) for column in table.columns if column.autoincrement is not True}
    if table.name == "learners":
        row["id"] = one.learner
    if table.name == "awards":
        row["id"] = one.award
    if table.name == "events":
        row["name"] = "award.decided"
    return row


def value(column: Column[Any], one: Somebody) -> Any:
    if column.name in OWN:
        return OWN[column.name](one)
    for kind, made in ((Boolean, True), (Integer, int(one.ref)), (BigInteger, int(one.ref)), (UtcDateTime, NOON)):
        if isinstance(column.type, kind):
            return made
    if isinstance(column.type, ExactNumber):
        return 80.0
    if isinstance(column.type, Date):
        return date(2026, 5, 4)
    return {} if isinstance(column.type, JSON) else f"Zubayda {one.ref}"[: getattr(column.type, "length", None)]


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with a row about Amina and one about Jorge in every table that has people in it."""
    with store.database.write() as connection:
        for table in personal_tables():
            for one in (AMINA, JORGE):
                connection.execute(insert(connection, table).values(row_about(table, one)))
    return store


def everything(store: Store) -> dict[str, list[str]]:
    with store.database.read() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).mappings()))
            for table in metadata.sorted_tables
        }


def test_no_table_is_forgotten_it_has_people_in_it_or_a_reason_why_not() -> None:
    personal = {table.name for table in personal_tables()}
    assert personal | set(ABOUT_NOBODY) == set(metadata.tables)
    assert not personal & set(ABOUT_NOBODY)
    for name in ABOUT_NOBODY:
        table = metadata.tables[name]
        assert not set(table.c.keys()) & NAMES_PEOPLE, name
        assert not {key.column.table.name for column in table.c for key in column.foreign_keys} & personal, name


def test_people_get_their_rows_of_every_table_and_nobody_elses(filled: Store) -> None:
    found = Erasing(filled.database).rows_about(AMINA.learner)
    assert set(found) == {table.name for table in personal_tables()}
    assert {len(rows) for rows in found.values()} == {1}
    assert found["users"][0]["ref"] == "7"


def test_erasing_with_certificates_leaves_nothing_that_says_who_it_was_and_nobody_else_is_touched(
    filled: Store,
) -> None:
    before = everything(filled)
    erased = Erasing(filled.database).erase(AMINA.learner, NOON, with_certificates=True)
    after = everything(filled)
    stays = {"learners": 1, "awards": 1, "certificates": 1, "events": 1}  # that the code is revoked, and what was told
    for table in personal_tables():
        assert len(after[table.name]) == 1 + stays.get(table.name, 0), table.name
        assert set(after[table.name]) & set(before[table.name]), f"Jorge is gone from {table.name}"
        assert not [row for row in after[table.name] if AMINA.learner in row or "Zubayda 7" in row], table.name
    assert {name: after[name] for name in ABOUT_NOBODY} == {name: before[name] for name in ABOUT_NOBODY}
    assert "Somebody 7" not in str(after)
    assert erased.certificates == ()
    assert set(erased.rows) >= {"grades", "users", "learners"}


def test_a_certificate_stays_whole_and_its_award_leads_back_to_nobody(
    store: Store, make_award: Callable[..., Award], make_certificate: Callable[..., Certificate]
) -> None:
    award = store.awards.save(make_award())
    certificate = store.certificates.save(make_certificate(award))
    store.awards.save(make_award(edition="TINY-2", earned=False))
    message = {**row_about(outbox, AMINA), "data": {"code": certificate.code}}
    with store.database.write() as connection:
        connection.execute(insert(connection, outbox).values(message))
    erased = Erasing(store.database).erase("idnumber:S-1", NOON)
    assert store.certificates.all() == [certificate]
    [kept] = store.awards.all()
    assert (kept.id, kept.learner_id, kept.earned) == (award.id, erased.stands_in, True)
    assert [reason.rule for reason in kept.reasons] == ["erased"]
    assert [(one.id.startswith(ERASED), one.name) for one in store.people.learners()] == [(True, ERASED_NAME)]
    assert erased.certificates == (certificate.code,)
    assert store.awards.earned(["tiny"]) == []  # nobody is there who could be given a diploma for it
    with store.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(outbox)) == 0


def test_erasing_again_changes_nothing_and_certificates_can_follow_later(
    store: Store, make_award: Callable[..., Award], make_certificate: Callable[..., Certificate]
) -> None:
    certificate = store.certificates.save(make_certificate(store.awards.save(make_award())))
    erasing = Erasing(store.database)
    stands_in = erasing.erase("idnumber:S-1", NOON).stands_in
    with pytest.raises(ConfigError, match="no learner has the id"):
        erasing.erase("idnumber:S-1", NOON)
    before = everything(store)
    assert erasing.erase(stands_in, NOON).stands_in == stands_in
    assert everything(store) == before
    erasing.erase(stands_in, NOON, with_certificates=True)
    emptied = store.certificates.by_code(certificate.code)
    assert emptied is not None and emptied.is_erased
    assert emptied.record.learner_name == ""
    assert erasing.codes_of(stands_in) == []


def test_somebody_who_is_still_enrolled_is_named_and_comes_back_whole_or_not_at_all(store: Store, amina: User) -> None:
    store.people.save_accounts("lab", [(amina, Learner("idnumber:S-1", "Amina Test"))])
    for page in ("3", "4"):
        row = {
            "site": "lab",
            "course_ref": page,
            "user_ref": "7",
            "seen_at": NOON,
            "left_at": NOON if page == "4" else None,
        }
        cursor = {"site": "lab", "course_ref": page, "cursor": "41", "reading": 2, "started_at": NOON}
        with store.database.write() as connection:
            connection.execute(insert(connection, metadata.tables["enrolments"]).values(row))
            connection.execute(insert(connection, pull_cursors).values(cursor))
    erased = Erasing(store.database).erase("idnumber:S-1", NOON)
    assert erased.enrolled == (("lab", "3"),)
    with store.database.read() as connection:
        rows = connection.execute(select(pull_cursors.c.course_ref, pull_cursors.c.cursor))
        cursors = {row.course_ref: row.cursor for row in rows}
    assert cursors == {"3": "", "4": "41"}


def test_what_was_erased_is_overwritten_in_the_file(tmp_path: Path, amina: User) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    with open_store(url) as store:
        store.close()  # some builds of SQLite overwrite what is deleted unasked
        event.listen(store.database.engine, "connect", lambda raw, _: raw.execute("PRAGMA secure_delete = OFF"))
        store.people.save_accounts("lab", [(amina, Learner("idnumber:S-1", "Amina Test"))])
        Erasing(store.database).erase("idnumber:S-1", NOON)
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert b"Amina" not in left
    assert b"amina@" not in left
