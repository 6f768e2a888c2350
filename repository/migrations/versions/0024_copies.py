"""Requests for copies of files that are not open."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STATES = "('unconfirmed', 'asked', 'sent', 'declined')"
BELONGS = (("work_id", "works", "CASCADE"), ("file_id", "files", "CASCADE"))


def upgrade() -> None:
    op.create_table(
        "copy_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("asked", Moment(), nullable=False),
        sa.Column("answered", Moment(), nullable=True),
        sa.Column("expires", Moment(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_copy_requests_state")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_copy_requests_{column}_{table}"),
                ondelete=ondelete,
            )
            for column, table, ondelete in (*BELONGS, ("holder_id", "accounts", "SET NULL"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_requests")),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_copy_requests_{column}"))
            for column in ("proof", "reply", "ticket")
        ),
    )
    op.create_index(op.f("ix_copy_requests_work_id"), "copy_requests", ["work_id"])
    op.create_index(op.f("ix_copy_requests_holder_id"), "copy_requests", ["holder_id"])
    op.create_index(
        op.f("ix_copy_requests_state_copy_requests_asked"), "copy_requests", ["state", "asked"]
    )


def downgrade() -> None:
    op.drop_table("copy_requests")
