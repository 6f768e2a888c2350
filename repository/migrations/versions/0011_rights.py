"""Copying, leases, reasons of embargoes, the ground on which a work is kept; seats."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REASONS = "('publisher', 'book', 'patent', 'contract', 'data', 'other')"
BASES = "('unknown', 'own', 'agreement', 'licence', 'law', 'public-domain')"


def upgrade() -> None:
    with op.batch_alter_table("files") as table:
        table.add_column(
            sa.Column("copying", sa.String(), nullable=False, server_default="allowed")
        )
        table.add_column(sa.Column("embargo_reason", sa.String(), nullable=True))
        table.add_column(sa.Column("lease_until", sa.Date(), nullable=True))
        table.create_check_constraint(
            op.f("ck_files_copying"), "copying IN ('allowed', 'view-only')"
        )
        table.create_check_constraint(
            op.f("ck_files_embargo_reason"), f"embargo_reason IN {REASONS}"
        )
    with op.batch_alter_table("works") as table:
        table.add_column(
            sa.Column("copyright_basis", sa.String(), nullable=False, server_default="unknown")
        )
        table.add_column(sa.Column("rights_note", sa.String(), nullable=False, server_default=""))
        table.create_check_constraint(
            op.f("ck_works_copyright_basis"), f"copyright_basis IN {BASES}"
        )
    op.create_table(
        "terminals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("opened", Moment(), nullable=True),
        sa.Column("seen", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminals")),
        sa.UniqueConstraint("name", name=op.f("uq_terminals_name")),
        sa.UniqueConstraint("code", name=op.f("uq_terminals_code")),
        sa.UniqueConstraint("token", name=op.f("uq_terminals_token")),
    )


def downgrade() -> None:
    op.drop_table("terminals")
    with op.batch_alter_table("works") as table:
        table.drop_constraint(op.f("ck_works_copyright_basis"), type_="check")
        table.drop_column("rights_note")
        table.drop_column("copyright_basis")
    with op.batch_alter_table("files") as table:
        table.drop_constraint(op.f("ck_files_embargo_reason"), type_="check")
        table.drop_constraint(op.f("ck_files_copying"), type_="check")
        for name in ("lease_until", "embargo_reason", "copying"):
            table.drop_column(name)
