"""Which foreign records the OAI feed has yet to hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table(
        "foreign_records",
        schema=None,
        recreate="auto" if op.get_bind().dialect.name != "sqlite" else "always",
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch_op:
        batch_op.add_column(
            sa.Column("feeding", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_records_feeding_foreign_records_id"),
            ["feeding", "id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("foreign_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_records_feeding_foreign_records_id"))
        batch_op.drop_column("feeding")
