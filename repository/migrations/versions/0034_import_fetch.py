"""Whether an import has the files fetched that its records point to."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("imports") as table:
        table.add_column(
            sa.Column("fetch", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("imports") as table:
        table.drop_column("fetch")
