"""Digital credentials with a place in a status list, and certificates that replace others of the same award."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STANDING = sa.text("replaced_by = ''")


def upgrade() -> None:
    op.create_table(
        "status_places",
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("place", name="pk_status_places"),
    )
    with op.batch_alter_table("certificates") as table:
        table.add_column(sa.Column("credential_json", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("status_index", sa.Integer))
        table.add_column(sa.Column("replaced_by", sa.String(50), nullable=False, server_default=""))
        table.drop_constraint("uq_certificates_award_id", type_="unique")
        table.create_unique_constraint("uq_certificates_status_index", ["status_index"])
    op.create_index(
        "ix_certificates_standing",
        "certificates",
        ["award_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    op.drop_index("ix_certificates_standing", "certificates")
    op.execute("DELETE FROM certificates WHERE replaced_by <> ''")  # the older tables hold one for each award
    with op.batch_alter_table("certificates") as table:
        table.drop_constraint("uq_certificates_status_index", type_="unique")
        table.create_unique_constraint("uq_certificates_award_id", ["award_id"])
        for name in ("credential_json", "status_index", "replaced_by"):
            table.drop_column(name)
    op.drop_table("status_places")
