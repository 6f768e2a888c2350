"""The harvest log: who harvests, which lists, how much on which day, what failed."""

import sqlalchemy as sa
from alembic import op

import repository.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "harvesters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("first", repository.database.Moment(), nullable=False),
        sa.Column("last", repository.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvesters")),
        sa.UniqueConstraint("key", name=op.f("uq_harvesters_key")),
    )
    with op.batch_alter_table("harvesters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_harvesters_last"), ["last"], unique=False)

    op.create_table(
        "harvester_days",
        sa.Column("harvester_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["harvester_id"],
            ["harvesters.id"],
            name=op.f("fk_harvester_days_harvester_id_harvesters"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("harvester_id", "day", name=op.f("pk_harvester_days")),
    )
    with op.batch_alter_table("harvester_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_harvester_days_day"), ["day"], unique=False)

    op.create_table(
        "harvester_errors",
        sa.Column("harvester_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last", repository.database.Moment(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["harvester_id"],
            ["harvesters.id"],
            name=op.f("fk_harvester_errors_harvester_id_harvesters"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("harvester_id", "code", name=op.f("pk_harvester_errors")),
    )
    op.create_table(
        "harvester_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("harvester_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("spec", sa.String(), nullable=True),
        sa.Column("lower", sa.BigInteger(), nullable=True),
        sa.Column("upper", sa.BigInteger(), nullable=True),
        sa.Column("asof", sa.BigInteger(), nullable=False),
        sa.Column("began", repository.database.Moment(), nullable=False),
        sa.Column("last", repository.database.Moment(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ranges", sa.JSON(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["harvester_id"],
            ["harvesters.id"],
            name=op.f("fk_harvester_lists_harvester_id_harvesters"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvester_lists")),
        sa.UniqueConstraint("key", name=op.f("uq_harvester_lists_key")),
    )
    with op.batch_alter_table("harvester_lists", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_harvester_lists_harvester_id_harvester_lists_last"),
            ["harvester_id", "last"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("harvester_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_harvester_lists_harvester_id_harvester_lists_last"))

    op.drop_table("harvester_lists")
    op.drop_table("harvester_errors")
    with op.batch_alter_table("harvester_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_harvester_days_day"))

    op.drop_table("harvester_days")
    with op.batch_alter_table("harvesters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_harvesters_last"))

    op.drop_table("harvesters")
