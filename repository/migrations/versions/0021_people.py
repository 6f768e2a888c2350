"""Records of people who make works, and who made what."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SORTED = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", _SORTED, nullable=False),
        sa.Column("orcid", sa.String(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("changed", Moment(), nullable=False),
        _reference("authors", "account_id", "accounts", "SET NULL"),
        _reference("authors", "merged_into_id", "authors", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sa.UniqueConstraint("orcid", name=op.f("uq_authors_orcid")),
    )
    for column in ("account_id", "key", "merged_into_id"):
        op.create_index(op.f(f"ix_authors_{column}"), "authors", [column])
    _belongings()
    _merges()
    _credits()
    # The worker looks at every work once, and writes who is credited with it.
    op.execute("UPDATE works SET compared = NULL")


def _reference(
    table: str, column: str, target: str, ondelete: str | None = "CASCADE"
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _belongings() -> None:
    _belonging(
        "author_forms",
        sa.Column("position", sa.Integer(), nullable=False),
        *(_text(name) for name in ("family", "given", "patronymic", "language", "sound")),
    )
    _belonging("author_identifiers", _text("scheme"), _text("value"))
    op.create_index(
        op.f("ix_author_identifiers_scheme_author_identifiers_value"),
        "author_identifiers",
        ["scheme", "value"],
    )
    _belonging(
        "author_places",
        sa.Column("position", sa.Integer(), nullable=False),
        *(_text(name) for name in ("name", "ror", "since", "until")),
    )
    op.create_table(
        "author_keys",
        sa.Column("author_id", sa.Integer(), nullable=False),
        _text("key"),
        _reference("author_keys", "author_id", "authors"),
        sa.PrimaryKeyConstraint("author_id", "key", name=op.f("pk_author_keys")),
    )
    op.create_index(op.f("ix_author_keys_key"), "author_keys", ["key"])


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def _belonging(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        *columns,
        _reference(table, "author_id", "authors"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_author_id"), table, ["author_id"])


def _merges() -> None:
    op.create_table(
        "author_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("lost_id", sa.Integer(), nullable=False),
        sa.Column("moment", Moment(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("undone", Moment(), nullable=True),
        _reference("author_merges", "kept_id", "authors"),
        _reference("author_merges", "lost_id", "authors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author_merges")),
    )
    for column in ("kept_id", "lost_id"):
        op.create_index(op.f(f"ix_author_merges_{column}"), "author_merges", [column])


def _credits() -> None:
    op.create_table(
        "credits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sound", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("orcid", sa.String(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("decided", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('open', 'suggested', 'confirmed')", name=op.f("ck_credits_standing")
        ),
        sa.CheckConstraint(
            "(author_id IS NULL) = (standing = 'open')", name=op.f("ck_credits_linked")
        ),
        _reference("credits", "work_id", "works"),
        _reference("credits", "author_id", "authors", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits")),
        sa.UniqueConstraint("work_id", "position", name=op.f("uq_credits_work_id_position")),
    )
    indexes = {
        "author_id_credits_standing": ["author_id", "standing"],
        "family": ["family"],
        "standing_credits_sound": ["standing", "sound"],
        "orcid": ["orcid"],
    }
    for name, columns in indexes.items():
        op.create_index(op.f(f"ix_credits_{name}"), "credits", columns)


def downgrade() -> None:
    for table in (
        "credits",
        "author_merges",
        "author_keys",
        "author_places",
        "author_identifiers",
        "author_forms",
        "authors",
    ):
        op.drop_table(table)
