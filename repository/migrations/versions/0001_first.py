"""The first tables: works, collections, accounts and the feed."""

import sqlalchemy as sa
from alembic import op

import repository.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created", repository.database.Moment(), nullable=False),
        sa.Column("last_seen", repository.database.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'active', 'disabled')", name=op.f("ck_accounts_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("moment", repository.database.Moment(), nullable=False),
        sa.Column("until", repository.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_moment"), ["moment"], unique=False)

    op.create_table(
        "errands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created", repository.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands")),
    )
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_collections_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["collections.id"], name=op.f("fk_collections_parent_id_collections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("slug", name=op.f("uq_collections_slug")),
    )
    with op.batch_alter_table("collections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collections_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "feed_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("logical", sa.Double(), nullable=False),
        sa.Column("wall", sa.Double(), nullable=False),
        sa.Column("stamper", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_clock")),
    )
    op.create_table(
        "feed_failures",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("moment", repository.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("work_id", "prefix", name=op.f("pk_feed_failures")),
    )
    op.create_table(
        "feed_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("datestamp", sa.BigInteger(), nullable=False),
        sa.Column("superseded", sa.BigInteger(), nullable=True),
        sa.Column("hidden", sa.BigInteger(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_items")),
    )
    with op.batch_alter_table("feed_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feed_items_datestamp_feed_items_id"), ["datestamp", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_feed_items_superseded"), ["superseded"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_items_work_id"), ["work_id"], unique=False)

    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("created", repository.database.Moment(), nullable=False),
        sa.Column("due", repository.database.Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mails_due"), ["due"], unique=False)

    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role IN ('reader', 'depositor', 'cataloguer', 'acquisitions', 'director', "
            "'administrator')",
            name=op.f("ck_account_roles_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_account_roles_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_roles")),
    )
    op.create_table(
        "feed_records",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("metadata", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["feed_items.id"],
            name=op.f("fk_feed_records_item_id_feed_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "prefix", name=op.f("pk_feed_records")),
    )
    op.create_table(
        "feed_sets",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("spec", sa.String(), nullable=False),
        sa.Column("departed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["feed_items.id"],
            name=op.f("fk_feed_sets_item_id_feed_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "spec", name=op.f("pk_feed_sets")),
    )
    with op.batch_alter_table("feed_sets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feed_sets_spec_feed_sets_item_id"), ["spec", "item_id"], unique=False
        )

    op.create_table(
        "links",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires", repository.database.Moment(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("next", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_links_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_expires"), ["expires"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created", repository.database.Moment(), nullable=False),
        sa.Column("seen", repository.database.Moment(), nullable=False),
        sa.Column("expires", repository.database.Moment(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_sessions_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_expires"), ["expires"], unique=False)

    op.create_table(
        "works",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created", repository.database.Moment(), nullable=False),
        sa.Column("changed", repository.database.Moment(), nullable=False),
        sa.Column("submitted", repository.database.Moment(), nullable=True),
        sa.Column("published", repository.database.Moment(), nullable=True),
        sa.Column("withdrawn", repository.database.Moment(), nullable=True),
        sa.Column("withdrawal", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("agreement", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "title_key",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'rejected', 'published', 'withdrawn')",
            name=op.f("ck_works_state"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_works_owner_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["accounts.id"],
            name=op.f("fk_works_reviewer_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
        sa.UniqueConstraint("uuid", name=op.f("uq_works_uuid")),
    )
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_works_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_works_state_works_published"), ["state", "published"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_works_state_works_year"), ["state", "year"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_works_title_key"), ["title_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_works_type"), ["type"], unique=False)

    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follower", sa.String(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("moment", repository.database.Moment(), nullable=False),
        sa.Column("due", repository.database.Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_changes_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_changes_follower_changes_due"), ["follower", "due"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_changes_work_id"), ["work_id"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("moment", repository.database.Moment(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_events_account_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_events_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_events_work_id_events_moment"), ["work_id", "moment"], unique=False
        )

    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha512", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("embargo_until", sa.Date(), nullable=True),
        sa.Column("created", repository.database.Moment(), nullable=False),
        sa.Column("staged", sa.String(), nullable=True),
        sa.Column("stored", sa.String(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "access IN ('open', 'registered', 'campus', 'staff', 'closed')",
            name=op.f("ck_files_access"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_files_size")),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_files_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_files_sha512"), ["sha512"], unique=False)
        batch_op.create_index(batch_op.f("ix_files_work_id"), ["work_id"], unique=False)

    op.create_table(
        "origins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_origins_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origins")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_origins_source_key")),
    )
    with op.batch_alter_table("origins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_origins_work_id"), ["work_id"], unique=False)

    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created", repository.database.Moment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_versions_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_versions_work_id_number")),
    )
    op.create_table(
        "work_agents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("creator", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("orcid", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("fk_work_agents_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_agents")),
    )
    with op.batch_alter_table("work_agents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_agents_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_agents_work_id"), ["work_id"], unique=False)

    op.create_table(
        "work_collections",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_work_collections_collection_id_collections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_work_collections_work_id_works"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("work_id", "collection_id", name=op.f("pk_work_collections")),
    )
    with op.batch_alter_table("work_collections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_work_collections_collection_id"), ["collection_id"], unique=False
        )

    op.create_table(
        "work_identifiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_work_identifiers_work_id_works"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_identifiers")),
    )
    with op.batch_alter_table("work_identifiers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_work_identifiers_scheme_work_identifiers_value"),
            ["scheme", "value"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_work_identifiers_work_id"), ["work_id"], unique=False)

    op.create_table(
        "work_subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_work_subjects_work_id_works"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_subjects")),
    )
    with op.batch_alter_table("work_subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_subjects_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_subjects_work_id"), ["work_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("work_subjects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_subjects_work_id"))
        batch_op.drop_index(batch_op.f("ix_work_subjects_key"))

    op.drop_table("work_subjects")
    with op.batch_alter_table("work_identifiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_identifiers_work_id"))
        batch_op.drop_index(batch_op.f("ix_work_identifiers_scheme_work_identifiers_value"))

    op.drop_table("work_identifiers")
    with op.batch_alter_table("work_collections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_collections_collection_id"))

    op.drop_table("work_collections")
    with op.batch_alter_table("work_agents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_agents_work_id"))
        batch_op.drop_index(batch_op.f("ix_work_agents_key"))

    op.drop_table("work_agents")
    op.drop_table("versions")
    with op.batch_alter_table("origins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origins_work_id"))

    op.drop_table("origins")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_files_work_id"))
        batch_op.drop_index(batch_op.f("ix_files_sha512"))

    op.drop_table("files")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_work_id_events_moment"))

    op.drop_table("events")
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_changes_work_id"))
        batch_op.drop_index(batch_op.f("ix_changes_follower_changes_due"))

    op.drop_table("changes")
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_works_type"))
        batch_op.drop_index(batch_op.f("ix_works_title_key"))
        batch_op.drop_index(batch_op.f("ix_works_state_works_year"))
        batch_op.drop_index(batch_op.f("ix_works_state_works_published"))
        batch_op.drop_index(batch_op.f("ix_works_owner_id"))

    op.drop_table("works")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_expires"))
        batch_op.drop_index(batch_op.f("ix_sessions_account_id"))

    op.drop_table("sessions")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_expires"))
        batch_op.drop_index(batch_op.f("ix_links_account_id"))

    op.drop_table("links")
    with op.batch_alter_table("feed_sets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_sets_spec_feed_sets_item_id"))

    op.drop_table("feed_sets")
    op.drop_table("feed_records")
    op.drop_table("account_roles")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mails_due"))

    op.drop_table("mails")
    with op.batch_alter_table("feed_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_items_work_id"))
        batch_op.drop_index(batch_op.f("ix_feed_items_superseded"))
        batch_op.drop_index(batch_op.f("ix_feed_items_datestamp_feed_items_id"))

    op.drop_table("feed_items")
    op.drop_table("feed_failures")
    op.drop_table("feed_clock")
    with op.batch_alter_table("collections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collections_parent_id"))

    op.drop_table("collections")
    op.drop_table("errands")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_moment"))

    op.drop_table("attempts")
    op.drop_table("accounts")
