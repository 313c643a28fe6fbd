"""Where each pull stopped, attempts with their answers, flags of grades, and what was true before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NUMBER = sa.String(32)
LONG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _say_since_when()
    _create_attempts()
    _create_past()
    op.create_table(
        "pull_cursors",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("reading", sa.Integer, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.PrimaryKeyConstraint("site", "course_ref", name="pk_pull_cursors"),
    )
    for name in ("attempts", "gone"):
        op.add_column("pulls", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.add_column("pulls", sa.Column("whole", sa.Boolean, nullable=False, server_default=sa.true()))


def downgrade() -> None:
    for name in ("whole", "gone", "attempts"):
        op.drop_column("pulls", name)
    for name in ("pull_cursors", "past_enrolments", "past_attempts", "past_completions", "past_grades", "attempts"):
        op.drop_table(name)
    for name in ("awaits_recalculation", "excluded"):
        op.drop_column("grades", name)
    op.drop_column("enrolments", "left_at")
    for table in ("grades", "completions", "enrolments"):
        for name in ("reading", "since"):
            op.drop_column(table, name)


def _say_since_when() -> None:
    """What is there already is taken to hold since it was last read."""
    for name in ("excluded", "awaits_recalculation"):
        op.add_column("grades", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("enrolments", sa.Column("left_at", TIME))
    for table, known_at in (("grades", "pulled_at"), ("completions", "pulled_at"), ("enrolments", "seen_at")):
        op.add_column(table, sa.Column("reading", sa.Integer, nullable=False, server_default="0"))
        op.add_column(table, sa.Column("since", TIME))
        op.execute(f"UPDATE {table} SET since = {known_at}")


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        *_of_account(),
        *_attempt(),
        sa.Column("since", TIME),
        sa.Column("reading", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("site", "course_ref", "user_ref", "item", "number", name="pk_attempts"),
    )


def _create_past() -> None:
    grade = (
        sa.Column("item", sa.String(200), nullable=False),
        sa.Column("score", NUMBER),
        sa.Column("score_min", NUMBER, nullable=False),
        sa.Column("score_max", NUMBER, nullable=False),
        sa.Column("graded_at", TIME),
        sa.Column("pulled_at", TIME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("overridden", sa.Boolean, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("excluded", sa.Boolean, nullable=False),
        sa.Column("awaits_recalculation", sa.Boolean, nullable=False),
    )
    completion = (
        sa.Column("item", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("completed_at", TIME),
        sa.Column("pulled_at", TIME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    of_kind = {"grades": grade, "completions": completion, "attempts": _attempt(), "enrolments": ()}
    for kind, columns in of_kind.items():
        op.create_table(
            f"past_{kind}",
            sa.Column("id", LONG_ID, autoincrement=True, nullable=False),
            *_of_account(),
            *columns,
            sa.Column("since", TIME),
            sa.Column("until", TIME, nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_past_{kind}"),
        )
        op.create_index(f"ix_past_{kind}_site_course_ref_user_ref", f"past_{kind}", ["site", "course_ref", "user_ref"])


def _of_account() -> tuple[sa.Column, ...]:
    return (
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("user_ref", sa.String(100), nullable=False),
    )


def _attempt() -> tuple[sa.Column, ...]:
    return (
        sa.Column("item", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("score", NUMBER),
        sa.Column("score_max", NUMBER),
        sa.Column("started_at", TIME),
        sa.Column("updated_at", TIME),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("pulled_at", TIME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
