"""Changes of many works at once."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = "('planned', 'running', 'done', 'undoing', 'undone')"
ROW_STATES = "('planned', 'same', 'refused', 'done', 'failed', 'undone', 'stuck')"


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("deed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_batches_state")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_batches_account_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_state"), "batches", ["state"])
    op.create_table(
        "batch_rows",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.CheckConstraint(f"state IN {ROW_STATES}", name=op.f("ck_batch_rows_state")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_batch_rows_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_batch_rows_work_id_works"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_batch_rows")),
    )
    op.create_index(op.f("ix_batch_rows_work_id"), "batch_rows", ["work_id"])


def downgrade() -> None:
    op.drop_table("batch_rows")
    op.drop_table("batches")
