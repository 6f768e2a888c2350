"""Files of more than 2 GB: PostgreSQL's INTEGER ends there."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COLUMNS = (("files", "size"), ("documents", "size"), ("fetches", "came"), ("fetches", "size"))


def upgrade() -> None:
    _change(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    _change(sa.BigInteger(), sa.Integer())


def _change(before: sa.types.TypeEngine, after: sa.types.TypeEngine) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # its INTEGER holds 64 bits
    for table, column in COLUMNS:
        op.alter_column(table, column, existing_type=before, type_=after)
