"""Records of the feed that are compressed beforehand, in blocks."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_blocks",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("deflated", sa.LargeBinary(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("power", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", "prefix", name=op.f("pk_feed_blocks")),
    )
    op.add_column(
        "feed_clock", sa.Column("packed", sa.BigInteger(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("feed_clock", "packed")
    op.drop_table("feed_blocks")
