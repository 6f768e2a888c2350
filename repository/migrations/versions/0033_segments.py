"""Uploads in segments before there is a work, and what is promised of files that are fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def upgrade() -> None:
    with op.batch_alter_table("uploads") as table:
        table.alter_column("work_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("segment", sa.BigInteger()))
        table.add_column(_text("digest"))
    with op.batch_alter_table("fetches") as table:
        table.add_column(_text("name"))
        table.add_column(_text("digest"))
        table.add_column(sa.Column("agreement", sa.JSON()))


def downgrade() -> None:
    with op.batch_alter_table("fetches") as table:
        for name in ("agreement", "digest", "name"):
            table.drop_column(name)
    op.execute("DELETE FROM uploads WHERE work_id IS NULL")
    with op.batch_alter_table("uploads") as table:
        for name in ("digest", "segment"):
            table.drop_column(name)
        table.alter_column("work_id", existing_type=sa.Integer(), nullable=False)
