"""Who read which page of what is for reading only."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moment", Moment(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_page_readings_account_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_page_readings_work_id_works"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_readings")),
    )
    for name, columns in (
        ("reader_page_readings_moment", ["reader", "moment"]),
        ("network_page_readings_moment", ["network", "moment"]),
        ("work_id", ["work_id"]),
        ("moment", ["moment"]),
    ):
        op.create_index(op.f(f"ix_page_readings_{name}"), "page_readings", columns)


def downgrade() -> None:
    op.drop_table("page_readings")
