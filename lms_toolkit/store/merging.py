"""Makes two learners one, or takes an account away from one: only where a person has said so, and recorded as said."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from lms_toolkit.errors import ConfigError, PlanRefused
from lms_toolkit.model import Merge
from lms_toolkit.people import account_id
from lms_toolkit.store.schema import awards, certificates, learners, merges, metadata, users
from lms_toolkit.store.undecided import mark_learner
from lms_toolkit.store.upsert import insert, row_of


def merge(connection: Connection, said: Merge) -> None:
    """Give everything of one learner to another, and remember the id that is no more.

    Raises ConfigError for learners there are not, PlanRefused where both have a certificate of one edition.
    """
    for id in (said.learner_id, said.merged_id):
        known(connection, id)
    if said.learner_id == said.merged_id:
        raise ConfigError(f"{said.learner_id} is one learner already; name two")
    _merge_awards(connection, said)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is learners.c.id for key in column.foreign_keys):
                change = update(table).where(column == said.merged_id).values({column.name: said.learner_id})
                connection.execute(change)
    connection.execute(insert(connection, merges).values(row_of(said)))
    connection.execute(delete(learners).where(learners.c.id == said.merged_id))
    mark_learner(connection, said.learner_id)


def _merge_awards(connection: Connection, said: Merge) -> None:
    """Of two awards for the same thing the earned one stays, else the one of the learner who stays."""
    rows = connection.execute(select(awards).where(awards.c.learner_id.in_([said.learner_id, said.merged_id])))
    by_key: dict[tuple[str, str], list[tuple[bool, bool, str]]] = {}
    for row in rows:
        place = (row.earned, row.learner_id == said.learner_id, row.id)
        by_key.setdefault((row.course_id, row.edition), []).append(place)
    for (_, edition), both in by_key.items():
        for _, _, id in sorted(both)[:-1]:
            code = connection.scalar(select(certificates.c.code).where(certificates.c.award_id == id))
            if code is not None:
                raise PlanRefused(
                    f"both learners have a certificate of {edition.partition('#')[0]}, and one person has one; "
                    f"keep them apart, or say which of the two is wrong (one is {code})"
                )
            connection.execute(delete(awards).where(awards.c.id == id))


def split(connection: Connection, site: str, user_ref: str) -> tuple[str, str]:
    """Make the person behind an account somebody else; the answer is the ids of before and after.

    Awards that were earned stay with the learner of before. Raises ConfigError for an account there is not, or the
    only one of its learner.
    """
    row = connection.execute(select(users).where(users.c.site == site, users.c.ref == user_ref)).first()
    if row is None:
        raise ConfigError(f"no account {user_ref} of {site} is known; lms-toolkit people show lists a learner's")
    others = select(users.c.ref).where(
        users.c.learner_id == row.learner_id, (users.c.site != site) | (users.c.ref != user_ref)
    )
    new_id = account_id(site, user_ref)
    if connection.execute(others).first() is None or row.learner_id == new_id:
        raise ConfigError(
            f"account {user_ref} of {site} cannot be split from {row.learner_id}: it is what that rests on"
        )
    name = " ".join(f"{row.first_name} {row.last_name}".split()) or row.username
    add = insert(connection, learners).values(id=new_id, name=name)
    connection.execute(add.on_conflict_do_nothing(index_elements=["id"]))
    connection.execute(update(users).where(users.c.site == site, users.c.ref == user_ref).values(learner_id=new_id))
    for id in (row.learner_id, new_id):
        mark_learner(connection, id)
    _forget_open_awards(connection, row.learner_id)
    return row.learner_id, new_id


def _forget_open_awards(connection: Connection, learner_id: str) -> None:
    """What was not earned yet is decided anew, from the accounts that are left."""
    connection.execute(delete(awards).where(awards.c.learner_id == learner_id, awards.c.earned.is_(False)))


def known(connection: Connection, learner_id: str) -> str:
    """The name of a learner; ConfigError if there is none of this id."""
    row = connection.execute(select(learners).where(learners.c.id == learner_id)).first()
    if row is None:
        raise ConfigError(f"no learner has the id {learner_id!r}; lms-toolkit people list shows them")
    return str(row.chosen_name or row.name)
