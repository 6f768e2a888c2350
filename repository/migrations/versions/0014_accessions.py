"""Accessions, their sources, inventory numbers, removals, documents and which are required."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("act_day", sa.Date(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.CheckConstraint(
            "(standing = 'open') = (number IS NULL)", name=op.f("ck_removals_numbered")
        ),
        sa.CheckConstraint(
            "standing IN ('open', 'booked', 'cancelled')", name=op.f("ck_removals_standing")
        ),
        sa.CheckConstraint(
            "why IN ('worn', 'outdated', 'lost', 'defect', 'unsuited', 'handed-over', 'ended', "
            "'other')",
            name=op.f("ck_removals_why"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_removals_year_number")),
    )
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("tax_number", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('shop', 'publisher', 'library', 'organisation', 'person')",
            name=op.f("ck_suppliers_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("name", name=op.f("uq_suppliers_name")),
    )
    op.create_table(
        "accessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("paper_number", sa.String(), nullable=False),
        sa.Column("paper_day", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.CheckConstraint(
            "(standing = 'open') = (number IS NULL)", name=op.f("ck_accessions_numbered")
        ),
        sa.CheckConstraint(
            "carrier IN ('paper', 'disc', 'usb', 'network', 'access')",
            name=op.f("ck_accessions_carrier"),
        ),
        sa.CheckConstraint(
            "standing IN ('open', 'booked', 'cancelled')", name=op.f("ck_accessions_standing")
        ),
        sa.CheckConstraint(
            "way IN ('purchase', 'subscription', 'exchange', 'gift', 'deposit', 'other')",
            name=op.f("ck_accessions_way"),
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_accessions_supplier_id_suppliers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessions")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_accessions_year_number")),
    )
    op.create_index(
        op.f("ix_accessions_standing_accessions_day"), "accessions", ["standing", "day"]
    )
    op.create_index(op.f("ix_accessions_supplier_id"), "accessions", ["supplier_id"])
    op.create_table(
        "book_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("moment", Moment(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_book_events_account_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_events")),
    )
    op.create_index(
        op.f("ix_book_events_about_book_events_about_id"), "book_events", ["about", "about_id"]
    )
    op.create_table(
        "required_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('agreement', 'consent', 'transfer', 'invoice', 'other')",
            name=op.f("ck_required_documents_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_required_documents_collection_id_collections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_documents")),
    )
    op.create_index(
        op.f("ix_required_documents_collection_id"), "required_documents", ["collection_id"]
    )
    op.create_table(
        "accession_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accession_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issued", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("inventoried", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.CheckConstraint("copies > 0", name=op.f("ck_accession_items_copies")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_accession_items_price")),
        sa.ForeignKeyConstraint(
            ["accession_id"],
            ["accessions.id"],
            name=op.f("fk_accession_items_accession_id_accessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_accession_items_work_id_works"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accession_items")),
    )
    op.create_index(op.f("ix_accession_items_accession_id"), "accession_items", ["accession_id"])
    op.create_index(op.f("ix_accession_items_first"), "accession_items", ["first"], unique=True)
    op.create_index(op.f("ix_accession_items_work_id"), "accession_items", ["work_id"])
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("accession_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha512", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("scan", sa.String(), nullable=False),
        sa.Column("added", Moment(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("removed", Moment(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('agreement', 'consent', 'transfer', 'invoice', 'other')",
            name=op.f("ck_documents_kind"),
        ),
        sa.CheckConstraint(
            "scan IN ('waiting', 'clean', 'infected', 'unscanned')", name=op.f("ck_documents_scan")
        ),
        sa.CheckConstraint(
            "(work_id IS NULL) <> (accession_id IS NULL)", name=op.f("ck_documents_owner")
        ),
        sa.ForeignKeyConstraint(
            ["accession_id"],
            ["accessions.id"],
            name=op.f("fk_documents_accession_id_accessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_documents_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_accession_id"), "documents", ["accession_id"])
    op.create_index(op.f("ix_documents_scan"), "documents", ["scan"])
    op.create_index(op.f("ix_documents_sha512"), "documents", ["sha512"])
    op.create_index(op.f("ix_documents_work_id"), "documents", ["work_id"])
    op.create_table(
        "removed_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("removal_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.CheckConstraint("copies > 0", name=op.f("ck_removed_parts_copies")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["accession_items.id"],
            name=op.f("fk_removed_parts_item_id_accession_items"),
        ),
        sa.ForeignKeyConstraint(
            ["removal_id"],
            ["removals.id"],
            name=op.f("fk_removed_parts_removal_id_removals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_parts")),
    )
    op.create_index(op.f("ix_removed_parts_item_id"), "removed_parts", ["item_id"])
    op.create_index(op.f("ix_removed_parts_removal_id"), "removed_parts", ["removal_id"])


def downgrade() -> None:
    for table in (
        "removed_parts",
        "documents",
        "accession_items",
        "required_documents",
        "book_events",
        "accessions",
        "suppliers",
        "removals",
        "number_series",
    ):
        op.drop_table(table)
