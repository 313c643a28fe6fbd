"""Decisions by hand, past participations, names people chose, merges, and whose results are still to be decided."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("learners", sa.Column("chosen_name", sa.Text))
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("learner_id", sa.String(300), nullable=False),
        sa.Column("course_id", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.Column("revoked_at", TIME),
        sa.Column("revoked_by", sa.Text, nullable=False),
        sa.Column("revocation_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name="fk_decisions_learner_id_learners"),
    )
    op.create_index("ix_decisions_edition_learner_id", "decisions", ["edition", "learner_id"])
    op.create_table(
        "participations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("learner_id", sa.String(300), nullable=False),
        sa.Column("course_id", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("completed_on", sa.Date, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("idnumber", sa.Text, nullable=False),
        sa.Column("imported_from", sa.Text, nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("imported_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participations"),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name="fk_participations_learner_id_learners"),
    )
    op.create_index("ix_participations_learner_id", "participations", ["learner_id"])
    op.create_table(
        "merges",
        sa.Column("merged_id", sa.String(300), nullable=False),
        sa.Column("learner_id", sa.String(300), nullable=False),
        sa.Column("merged_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("merged_by", sa.Text, nullable=False),
        sa.Column("merged_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("merged_id", name="pk_merges"),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name="fk_merges_learner_id_learners"),
    )
    op.create_index("ix_merges_learner_id", "merges", ["learner_id"])
    op.create_table(
        "undecided",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("user_ref", sa.String(100), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("site", "course_ref", "user_ref", name="pk_undecided"),
    )
    op.create_table(
        "decided_pages",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("edition", sa.String(100), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("rule_sha256", sa.String(64), nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("site", "edition", "language", name="pk_decided_pages"),
    )


def downgrade() -> None:
    for name in ("decided_pages", "undecided", "merges", "participations", "decisions"):
        op.drop_table(name)
    op.drop_column("learners", "chosen_name")
