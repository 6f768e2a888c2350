"""Searches that readers keep."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("often", sa.String(), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("told", Moment(), nullable=False),
        sa.CheckConstraint(
            "often IN ('never', 'daily', 'weekly')", name=op.f("ck_saved_searches_often")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_saved_searches_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
    )
    op.create_index(
        op.f("ix_saved_searches_account_id"), "saved_searches", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_saved_searches_often_saved_searches_told"), "saved_searches", ["often", "told"]
    )


def downgrade() -> None:
    op.drop_table("saved_searches")
