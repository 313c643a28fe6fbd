"""The tables of the store, as the newest migration leaves them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from lms_toolkit.store.columns import ExactNumber, UtcDateTime

# Constraints have names on both databases, because a migration can only change what it can name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

packages = Table(
    "packages",
    metadata,
    Column("course_id", String(100), primary_key=True),
    Column("module_slug", String(100), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("format", String(50), primary_key=True),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("items", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("source_sha256", String(64), nullable=False),
)

deployments = Table(
    "deployments",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("edition", String(100), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("course_id", String(100), nullable=False),
    Column("course_ref", String(100), nullable=False),
    Column("course_url", Text, nullable=False),
    Column("results", JSON, nullable=False),
    Column("deployed_at", UtcDateTime, nullable=False),
    Column("applied", JSON, nullable=False, server_default="{}"),
    Column("adopted", JSON, nullable=False, server_default="{}"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("site", String(100), nullable=False),
    Column("edition", String(100), nullable=False),
    Column("language", String(20), nullable=False),
    Column("action", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcome", String(20)),
    Column("note", Text, nullable=False),
    Index(None, "site", "edition", "language"),
)

learners = Table(
    "learners",
    metadata,
    Column("id", String(300), primary_key=True),
    Column("name", Text, nullable=False),
    Column("chosen_name", Text),
)

merges = Table(
    "merges",
    metadata,
    Column("merged_id", String(300), primary_key=True),
    Column("learner_id", ForeignKey("learners.id"), nullable=False, index=True),
    Column("merged_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("merged_by", Text, nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("ref", String(100), primary_key=True),
    Column("username", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("idnumber", Text, nullable=False),
    Column("learner_id", ForeignKey("learners.id"), nullable=False, index=True),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("course_ref", String(100), primary_key=True),
    Column("user_ref", String(100), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    Column("since", UtcDateTime),
    Column("reading", Integer, nullable=False, server_default="0"),
)

# `since`: when a pull first saw this; `reading`: the last reading of everything that named it (see pull_cursors).
grades = Table(
    "grades",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("course_ref", String(100), primary_key=True),
    Column("user_ref", String(100), primary_key=True),
    Column("item", String(200), primary_key=True),
    Column("score", ExactNumber),
    Column("score_min", ExactNumber, nullable=False),
    Column("score_max", ExactNumber, nullable=False),
    Column("graded_at", UtcDateTime),
    Column("pulled_at", UtcDateTime, nullable=False),
    Column("source", Text, nullable=False),
    Column("overridden", Boolean, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("excluded", Boolean, nullable=False, server_default=false()),
    Column("awaits_recalculation", Boolean, nullable=False, server_default=false()),
    Column("since", UtcDateTime),
    Column("reading", Integer, nullable=False, server_default="0"),
)

completions = Table(
    "completions",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("course_ref", String(100), primary_key=True),
    Column("user_ref", String(100), primary_key=True),
    Column("item", String(200), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("completed_at", UtcDateTime),
    Column("pulled_at", UtcDateTime, nullable=False),
    Column("source", Text, nullable=False),
    Column("since", UtcDateTime),
    Column("reading", Integer, nullable=False, server_default="0"),
)

# `answers` is JSON text: a list of [question, text, result, response, sco].
attempts = Table(
    "attempts",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("course_ref", String(100), primary_key=True),
    Column("user_ref", String(100), primary_key=True),
    Column("item", String(200), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("status", Text, nullable=False),
    Column("score", ExactNumber),
    Column("score_max", ExactNumber),
    Column("started_at", UtcDateTime),
    Column("updated_at", UtcDateTime),
    Column("answers", Text, nullable=False),
    Column("pulled_at", UtcDateTime, nullable=False),
    Column("source", Text, nullable=False),
    Column("since", UtcDateTime),
    Column("reading", Integer, nullable=False, server_default="0"),
)


def _past(table: Table, *, without: tuple[str, ...] = ("reading",)) -> Table:
    """What was true before: a row of the table as it was, from `since` until `until`, both times of pulls."""
    kept = [column for column in table.columns if column.name not in without]
    return Table(
        f"past_{table.name}",
        metadata,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        *(Column(column.name, column.type, nullable=column.nullable) for column in kept),
        Column("until", UtcDateTime, nullable=False),
        Index(None, "site", "course_ref", "user_ref"),
    )


past_grades, past_completions, past_attempts = _past(grades), _past(completions), _past(attempts)
past_enrolments = _past(enrolments, without=("reading", "seen_at", "left_at"))

# Where the pull of a course page goes on. Readings of everything are numbered; the last one began at `started_at`, and
# is under way while `finished_at` is empty.
pull_cursors = Table(
    "pull_cursors",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("course_ref", String(100), primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("reading", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

pulls = Table(
    "pulls",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("site", String(100), nullable=False),
    Column("edition", String(100), nullable=False),
    Column("language", String(20), nullable=False),
    Column("users", Integer, nullable=False),
    Column("grades", Integer, nullable=False),
    Column("completions", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("pulled_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("gone", Integer, nullable=False, server_default="0"),
    Column("whole", Boolean, nullable=False, server_default=true()),
    Index(None, "site", "edition", "language"),
)

awards = Table(
    "awards",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("learner_id", ForeignKey("learners.id"), nullable=False),
    Column("course_id", String(100), nullable=False),
    Column("edition", String(100), nullable=False),
    Column("language", String(20), nullable=False),
    Column("earned", Boolean, nullable=False),
    Column("score_percent", ExactNumber),
    Column("reasons", JSON, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    UniqueConstraint("learner_id", "course_id", "edition"),
    Index(None, "edition", "course_id"),
)

STANDING = text("replaced_by = ''")
"""A certificate that no other one has replaced; an award has one of these at most."""

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("learner_id", ForeignKey("learners.id"), nullable=False),
    Column("course_id", String(100), nullable=False),
    Column("edition", String(100), nullable=False),
    Column("rule", String(200), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", Text, nullable=False),
    Column("revocation_reason", Text, nullable=False),
    Index(None, "edition", "learner_id"),
)

participations = Table(
    "participations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("learner_id", ForeignKey("learners.id"), nullable=False, index=True),
    Column("course_id", String(100), nullable=False),
    Column("edition", String(100), nullable=False),
    Column("completed_on", Date, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("idnumber", Text, nullable=False),
    Column("imported_from", Text, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
)

undecided = Table(
    "undecided",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("course_ref", String(100), primary_key=True),
    Column("user_ref", String(100), primary_key=True),
    Column("mark", String(32), nullable=False),
)

decided_pages = Table(
    "decided_pages",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("edition", String(100), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("rule_sha256", String(64), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
)

certificates = Table(
    "certificates",
    metadata,
    Column("code", String(50), primary_key=True),
    Column("award_id", ForeignKey("awards.id"), nullable=False),
    Column("edition", String(100), nullable=False, index=True),
    Column("record", JSON, nullable=False),
    Column("signed_json", Text, nullable=False),
    Column("pdf_path", Text, nullable=False),
    Column("pdf_sha256", String(64), nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revocation_reason", Text, nullable=False),
    Column("credential_json", Text, nullable=False, server_default=""),
    Column("status_index", Integer, unique=True),
    Column("replaced_by", String(50), nullable=False, server_default=""),
    Index("ix_certificates_standing", "award_id", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
)

# Places of the status lists that were given to certificates, or set aside for them by a run that did not finish.
status_places = Table(
    "status_places",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("user_ref", String(100), primary_key=True),
    Column("code", ForeignKey("certificates.code"), primary_key=True, index=True),
    Column("course_ref", String(100), nullable=False),
    Column("filename", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("delivered_at", UtcDateTime, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(100), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
)

locks = Table(
    "locks",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

sync_runs = Table(
    "sync_runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("site", String(100), nullable=False),
    Column("edition", String(100), nullable=False),
    Column("language", String(20), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcome", String(20)),
    Column("users", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("decided", Integer, nullable=False),
    Column("issued", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "site", "edition", "language"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("event", String(100), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("channel", String(200), nullable=False),
    Column("data", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("claim", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "state", "next_at"),
)
