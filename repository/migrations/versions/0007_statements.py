"""Policies of the archive, as the staff wrote them."""

import sqlalchemy as sa
from alembic import op

import repository.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("moment", repository.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "language", name=op.f("pk_statements")),
    )


def downgrade() -> None:
    op.drop_table("statements")
