"""The first tables: packages, deployments and their journal, people, results, awards, certificates, events.

Types are written out here, not taken from `schema`: a migration says what was, whatever the tables become later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NUMBER = sa.String(32)


def upgrade() -> None:
    _create_delivery()
    _create_people()
    _create_results()
    _create_awards()
    _create_housekeeping()


def downgrade() -> None:
    for name in ("locks", "events", "certificates", "awards", "pulls", "completions", "grades"):
        op.drop_table(name)
    for name in ("enrolments", "users", "learners", "journal", "deployments", "packages"):
        op.drop_table(name)


def _create_delivery() -> None:
    op.create_table(
        "packages",
        sa.Column("course_id", sa.String(100), nullable=False),
        sa.Column("module_slug", sa.String(100), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("format", sa.String(50), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("course_id", "module_slug", "language", "format", name="pk_packages"),
    )
    op.create_table(
        "deployments",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("course_id", sa.String(100), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("course_url", sa.Text, nullable=False),
        sa.Column("results", sa.JSON, nullable=False),
        sa.Column("deployed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("site", "edition", "language", name="pk_deployments"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.Column("outcome", sa.String(20)),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
    )
    op.create_index("ix_journal_site_edition_language", "journal", ["site", "edition", "language"])


def _create_people() -> None:
    op.create_table(
        "learners",
        sa.Column("id", sa.String(300), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learners"),
    )
    op.create_table(
        "users",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("ref", sa.String(100), nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("idnumber", sa.Text, nullable=False),
        sa.Column("learner_id", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("site", "ref", name="pk_users"),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name="fk_users_learner_id_learners"),
    )
    op.create_index("ix_users_learner_id", "users", ["learner_id"])
    op.create_table(
        "enrolments",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("user_ref", sa.String(100), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("site", "course_ref", "user_ref", name="pk_enrolments"),
    )


def _create_results() -> None:
    op.create_table(
        "grades",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("user_ref", sa.String(100), nullable=False),
        sa.Column("item", sa.String(200), nullable=False),
        sa.Column("score", NUMBER),
        sa.Column("score_min", NUMBER, nullable=False),
        sa.Column("score_max", NUMBER, nullable=False),
        sa.Column("graded_at", TIME),
        sa.Column("pulled_at", TIME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("overridden", sa.Boolean, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("site", "course_ref", "user_ref", "item", name="pk_grades"),
    )
    op.create_table(
        "completions",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("user_ref", sa.String(100), nullable=False),
        sa.Column("item", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("completed_at", TIME),
        sa.Column("pulled_at", TIME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site", "course_ref", "user_ref", "item", name="pk_completions"),
    )
    op.create_table(
        "pulls",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("users", sa.Integer, nullable=False),
        sa.Column("grades", sa.Integer, nullable=False),
        sa.Column("completions", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("pulled_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pulls"),
    )
    op.create_index("ix_pulls_site_edition_language", "pulls", ["site", "edition", "language"])


def _create_awards() -> None:
    op.create_table(
        "awards",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("learner_id", sa.String(300), nullable=False),
        sa.Column("course_id", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("earned", sa.Boolean, nullable=False),
        sa.Column("score_percent", NUMBER),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_awards"),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name="fk_awards_learner_id_learners"),
        sa.UniqueConstraint("learner_id", "course_id", "edition", name="uq_awards_learner_id_course_id_edition"),
    )
    op.create_index("ix_awards_edition_course_id", "awards", ["edition", "course_id"])
    op.create_table(
        "certificates",
        sa.Column("code", sa.String(50), nullable=False),
        sa.Column("award_id", sa.String(32), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.Column("signed_json", sa.Text, nullable=False),
        sa.Column("pdf_path", sa.Text, nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.Column("revocation_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_certificates"),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name="fk_certificates_award_id_awards"),
        sa.UniqueConstraint("award_id", name="uq_certificates_award_id"),
    )
    op.create_index("ix_certificates_edition", "certificates", ["edition"])


def _create_housekeeping() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_name", "events", ["name"])
    op.create_table(
        "locks",
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_locks"),
    )
