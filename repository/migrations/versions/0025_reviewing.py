"""Reviewers and steps of the review, by collection."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "works", sa.Column("review_step", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "appointments",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_appointments_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_appointments_collection_id_collections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "collection_id", name=op.f("pk_appointments")),
    )
    op.create_table(
        "review_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("another", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_review_steps_collection_id_collections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_steps")),
        sa.UniqueConstraint(
            "collection_id", "position", name=op.f("uq_review_steps_collection_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("review_steps")
    op.drop_table("appointments")
    with op.batch_alter_table("works") as table:
        table.drop_column("review_step")
