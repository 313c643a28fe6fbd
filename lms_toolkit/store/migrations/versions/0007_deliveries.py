"""Which certificates were put into whose area of which site."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("user_ref", sa.String(100), nullable=False),
        sa.Column("code", sa.String(50), nullable=False),
        sa.Column("course_ref", sa.String(100), nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "user_ref", "code", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["code"], ["certificates.code"], name="fk_deliveries_code_certificates"),
    )
    op.create_index("ix_deliveries_code", "deliveries", ["code"])


def downgrade() -> None:
    op.drop_table("deliveries")
