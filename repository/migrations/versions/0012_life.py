"""Versions that readers count, versions in the making, and works that may be the same."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("public", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("works", sa.Column("compared", Moment(), nullable=True))
    op.create_index(op.f("ix_works_compared"), "works", ["compared"])
    op.create_table(
        "next_versions",
        sa.Column("work_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("shut", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["works.id"],
                name=op.f(f"fk_next_versions_{column}_works"),
                ondelete="CASCADE",
            )
            for column in ("work_id", "of_id")
        ),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_next_versions")),
    )
    op.create_index(op.f("ix_next_versions_of_id"), "next_versions", ["of_id"])
    op.create_table(
        "work_keys",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_work_keys_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "key", name=op.f("pk_work_keys")),
    )
    op.create_index(op.f("ix_work_keys_key"), "work_keys", ["key"])
    _pairs()
    _count()


def _pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("found", Moment(), nullable=False),
        sa.Column("decided", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_pairs_order")),
        sa.CheckConstraint(
            "verdict IN ('open', 'different', 'merged')", name=op.f("ck_pairs_verdict")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["works.id"], name=op.f(f"fk_pairs_{column}_works"), ondelete="CASCADE"
            )
            for column in ("first_id", "second_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairs")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_pairs_first_id_second_id")),
    )
    op.create_index(op.f("ix_pairs_verdict_pairs_score"), "pairs", ["verdict", "score"])
    op.create_index(op.f("ix_pairs_second_id"), "pairs", ["second_id"])


def _count() -> None:
    """Readers count as versions those that changed the files; the others were corrections."""
    op.execute(
        "UPDATE versions SET public = 1 + (SELECT count(*) FROM versions AS earlier "
        "WHERE earlier.work_id = versions.work_id AND earlier.number > 1 "
        "AND earlier.number <= versions.number AND EXISTS (SELECT 1 FROM files "
        "WHERE files.work_id = versions.work_id "
        "AND (files.added = earlier.number OR files.removed = earlier.number)))"
    )


def downgrade() -> None:
    for table in ("pairs", "work_keys", "next_versions"):
        op.drop_table(table)
    op.drop_index(op.f("ix_works_compared"), "works")
    with op.batch_alter_table("works") as batch:
        batch.drop_column("compared")
    with op.batch_alter_table("versions") as batch:
        batch.drop_column("public")
