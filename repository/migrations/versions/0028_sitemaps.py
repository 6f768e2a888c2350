"""Which public works changed last, read from an index alone."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_works_state_works_changed_works_id"), "works", ["state", "changed", "id"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_works_state_works_changed_works_id"), "works")
