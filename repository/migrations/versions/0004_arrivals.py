"""What is known of viruses in files, and the steps that files go through on arrival."""

import sqlalchemy as sa
from alembic import op

import repository.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("files") as table:
        table.add_column(sa.Column("scan", sa.String(), nullable=False, server_default="unscanned"))
        table.create_check_constraint(
            op.f("ck_files_scan"), "scan IN ('waiting', 'clean', 'infected', 'unscanned')"
        )
    op.create_table(
        "file_steps",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("due", repository.database.Moment(), nullable=False),
        sa.Column("finished", repository.database.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_file_steps_state")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["files.id"],
            name=op.f("fk_file_steps_file_id_files"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "step", name=op.f("pk_file_steps")),
    )
    op.create_index(op.f("ix_file_steps_state_file_steps_due"), "file_steps", ["state", "due"])


def downgrade() -> None:
    op.drop_table("file_steps")
    with op.batch_alter_table("files") as table:
        table.drop_constraint(op.f("ck_files_scan"), type_="check")
        table.drop_column("scan")
