"""Required documents by the way something came: a purchase has an invoice, a gift an act."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("required_documents") as table:
        table.add_column(sa.Column("way", sa.String(), nullable=False, server_default=""))
        table.create_check_constraint(
            op.f("ck_required_documents_way"),
            "way = '' OR way IN ('purchase', 'subscription', 'exchange', 'gift', 'deposit', "
            "'other')",
        )


def downgrade() -> None:
    with op.batch_alter_table("required_documents") as table:
        table.drop_constraint(op.f("ck_required_documents_way"), type_="check")
        table.drop_column("way")
