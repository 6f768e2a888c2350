"""${message}

Keep migrations short and going both ways. On PostgreSQL a statement that rewrites a big table
locks it: add a column as nullable, fill it in batches, then make it NOT NULL.
"""

import sqlalchemy as sa
from alembic import op

import repository.database
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
