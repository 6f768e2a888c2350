"""Records of harvesters say together by which versions of the formats they were rendered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feed_items", sa.Column("rendered", sa.String(), nullable=False, server_default="")
    )
    op.drop_column("feed_records", "version")


def downgrade() -> None:
    op.add_column(
        "feed_records", sa.Column("version", sa.Integer(), nullable=False, server_default="0")
    )
    op.drop_column("feed_items", "rendered")
