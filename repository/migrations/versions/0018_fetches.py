"""Files that the archive brings itself."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fetches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("made", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'failed')", name=op.f("ck_fetches_state")),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_fetches_work_id_works"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_fetches_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
    )
    op.create_index(op.f("ix_fetches_work_id"), "fetches", ["work_id"])
    op.create_index(op.f("ix_fetches_state"), "fetches", ["state"])


def downgrade() -> None:
    op.drop_table("fetches")
