"""What people are asked by letter about a work."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("answered", Moment(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('authorship', 'deposit')", name=op.f("ck_confirmations_purpose")
        ),
        sa.CheckConstraint(
            "reply IN ('asked', 'confirmed', 'declined')", name=op.f("ck_confirmations_reply")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_confirmations_work_id_works"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["accounts.id"],
            name=op.f("fk_confirmations_asked_by_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("token", name=op.f("uq_confirmations_token")),
    )
    op.create_index(op.f("ix_confirmations_work_id"), "confirmations", ["work_id"])


def downgrade() -> None:
    op.drop_table("confirmations")
