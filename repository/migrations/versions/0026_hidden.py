"""Works that are accepted for a later day; the works of co-authors by their address."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BEFORE = "state IN ('draft', 'submitted', 'returned', 'rejected', 'published', 'withdrawn')"
AFTER = BEFORE.replace("'published'", "'waiting', 'published'")


def upgrade() -> None:
    with op.batch_alter_table("works") as table:
        table.add_column(sa.Column("hidden_until", sa.Date(), nullable=True))
        table.drop_constraint(op.f("ck_works_state"), type_="check")
        table.create_check_constraint(op.f("ck_works_state"), AFTER)

    op.create_index(op.f("ix_confirmations_email"), "confirmations", ["email"])


def downgrade() -> None:
    op.drop_index(op.f("ix_confirmations_email"), "confirmations")
    # What was accepted goes back to the review: it has never been public.
    op.execute("UPDATE works SET state = 'submitted' WHERE state = 'waiting'")
    with op.batch_alter_table("works") as table:
        table.drop_constraint(op.f("ck_works_state"), type_="check")
        table.create_check_constraint(op.f("ck_works_state"), BEFORE)
        table.drop_column("hidden_until")
