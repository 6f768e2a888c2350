"""Files of more than 2 GB: PostgreSQL's INTEGER ends there."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COLUMNS = {"files": ("size",), "documents": ("size",), "fetches": ("came", "size")}


def upgrade() -> None:
    _change(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    _change(sa.BigInteger(), sa.Integer())


def _change(before: sa.types.TypeEngine, after: sa.types.TypeEngine) -> None:
    for name, columns in COLUMNS.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(
                    column, existing_type=before, type_=after, existing_nullable=False
                )
