"""Imports that people have run, the records that works came from, and the catalogue's holdings."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_STATES = "new checking checked running done stopped undoing undone".split()


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer()),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("actor", "format", "name")),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("collections", sa.JSON(), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("begun", sa.DateTime()),
        sa.Column("ended", sa.DateTime()),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("unplaced", sa.JSON(), nullable=False),
        sa.Column("stopped", sa.String(), nullable=False),
        _one_of("imports", "state", _STATES),
        _foreign("imports", "account_id", "accounts", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_state"), "imports", ["state"])
    op.create_table(
        "imported_works",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        _one_of("imported_works", "deed", ["added", "updated"]),
        _foreign("imported_works", "import_id", "imports", "CASCADE"),
        _foreign("imported_works", "work_id", "works", "CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "work_id", name=op.f("pk_imported_works")),
    )
    op.create_index(op.f("ix_imported_works_work_id"), "imported_works", ["work_id"])
    op.create_table(
        "holdings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("source", "inventory")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("status", "place")),
        sa.Column("day", sa.Date()),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("price", "book")),
        _foreign("holdings", "work_id", "works", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings")),
    )
    for column in ("work_id", "inventory"):
        op.create_index(op.f(f"ix_holdings_{column}"), "holdings", [column])
    for column in ("format", "record"):
        op.add_column("origins", sa.Column(column, sa.String(), nullable=False, server_default=""))
    kind = sa.Column("elements", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("origins", kind)
    with op.batch_alter_table("origins") as origins:
        for column in ("format", "record", "elements"):
            origins.alter_column(column, server_default=None)


def _one_of(table: str, column: str, values: list[str]) -> sa.CheckConstraint:
    listed = ", ".join(repr(one) for one in values)
    name = op.f(f"ck_{table}_{column}")
    return sa.CheckConstraint(f"{column} IN ({listed})", name=name)


def _foreign(table: str, column: str, target: str, gone: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=gone)


def downgrade() -> None:
    with op.batch_alter_table("origins") as origins:
        for column in ("elements", "record", "format"):
            origins.drop_column(column)
    for table in ("holdings", "imported_works", "imports"):
        op.drop_table(table)
