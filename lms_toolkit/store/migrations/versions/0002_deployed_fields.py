"""What was deployed, field by field, and what was adopted from the site: drift is told from these."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("applied", "adopted"):
        op.add_column("deployments", sa.Column(name, sa.JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("deployments") as table:
        table.drop_column("applied")
        table.drop_column("adopted")
