"""Where works stand when people browse: languages, classes, periodicals and series."""

import json

import sqlalchemy as sa
from alembic import op

from repository import shelving

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_SORTED = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_SOME = 500  # works at a time
_INDEXES = (
    ("work_languages", ["code"]),
    ("work_classes", ["scheme", "node", "work_id"]),
    ("work_hosts", ["work_id"]),
    ("work_hosts", ["key", "part_key"]),
    ("work_hosts", ["slug"]),
    ("work_hosts", ["title_key"]),
)


def upgrade() -> None:
    _pairs("work_languages", "code")
    _pairs("work_classes", "scheme", "node")
    op.create_table(
        "work_hosts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "key", "slug")),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_key", _SORTED, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("issn", "year")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("volume", "issue", "part")),
        sa.Column("part_key", _SORTED, nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        _work("work_hosts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_hosts")),
    )
    for table, columns in _INDEXES:
        name = "_".join(["ix", *(f"{table}_{one}" for one in columns)])
        op.create_index(op.f(name), table, columns)
    _fill(op.get_bind())


def _pairs(table: str, *columns: str) -> None:
    op.create_table(
        table,
        sa.Column("work_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in columns),
        _work(table),
        sa.PrimaryKeyConstraint("work_id", *columns, name=op.f(f"pk_{table}")),
    )


def _work(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_work_id_works")
    return sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=name, ondelete="CASCADE")


def _fill(connection: sa.Connection) -> None:
    """What the documents of all works say; then what public works have in common."""
    works = connection.execute(sa.text("SELECT id, state FROM works ORDER BY id")).all()
    query = sa.text("SELECT id, document FROM works WHERE id BETWEEN :first AND :last")
    for at in range(0, len(works), _SOME):
        some = works[at : at + _SOME]
        span = {"first": some[0].id, "last": some[-1].id}
        for number, document in connection.execute(query, span).all():
            told = json.loads(document) if isinstance(document, str) else document
            shelving.put(connection, number, told)
    for number, state in works:
        if state == "published":
            shelving.agree(connection, number)


def downgrade() -> None:
    for table in ("work_hosts", "work_classes", "work_languages"):
        op.drop_table(table)
