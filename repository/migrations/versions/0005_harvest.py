"""The union catalogue: sources that are harvested, and their records."""

import sqlalchemy as sa
from alembic import op

import repository.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("base_url", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("spec", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("pause", sa.Double(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.Column("added", repository.database.Moment(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("due", repository.database.Moment(), nullable=True),
        sa.Column("held", repository.database.Moment(), nullable=True),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("begun", repository.database.Moment(), nullable=True),
        sa.Column("opened", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("finished", repository.database.Moment(), nullable=True),
        sa.Column("made_whole", repository.database.Moment(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stale", sa.Integer(), nullable=False),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("trying", sa.Boolean(), nullable=False),
        sa.Column("trial", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("slug", name=op.f("uq_sources_slug")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sources_due"), ["due"], unique=False)

    op.create_table(
        "foreign_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("datestamp", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("namespace", sa.String(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("changed", repository.database.Moment(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            name=op.f("fk_foreign_records_source_id_sources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_records")),
        sa.UniqueConstraint(
            "source_id", "identifier", name=op.f("uq_foreign_records_source_id_identifier")
        ),
    )
    with op.batch_alter_table("foreign_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_records_waiting_foreign_records_id"),
            ["waiting", "id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("foreign_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_records_waiting_foreign_records_id"))

    op.drop_table("foreign_records")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sources_due"))

    op.drop_table("sources")
