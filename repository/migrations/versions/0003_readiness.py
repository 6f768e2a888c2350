"""Checks of how ready the archive is for its harvesters."""

import sqlalchemy as sa
from alembic import op

import repository.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readiness_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked", repository.database.Moment(), nullable=False),
        sa.Column("seen", repository.database.Moment(), nullable=False),
        sa.Column("finished", repository.database.Moment(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')",
            name=op.f("ck_readiness_checks_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_checks")),
    )


def downgrade() -> None:
    op.drop_table("readiness_checks")
