"""The audit log, letters that stay until they are forgotten, notices on the site."""

import sqlalchemy as sa
from alembic import op

from repository.database import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END",
    "CREATE TRIGGER audit_kept BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER audit_in_order BEFORE INSERT ON audit "
    "WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit) "
    "BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END",
    "CREATE TRIGGER audit_people_unchanged BEFORE UPDATE ON audit_people "
    "BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'The audit log is only added to.'; END $$",
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_kept BEFORE DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_people_unchanged BEFORE UPDATE ON audit_people "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_moment"), "audit", ["moment"])
    op.create_index(op.f("ix_audit_actor_id_audit_id"), "audit", ["actor_id", "id"])
    op.create_index(
        op.f("ix_audit_object_kind_audit_object_id_audit_id"),
        "audit",
        ["object_kind", "object_id", "id"],
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "last": 0, "hash": "0" * 64}])
    op.create_table(
        "audit_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_people")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_people_digest")),
    )
    op.create_index(op.f("ix_audit_people_account_id"), "audit_people", ["account_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("moment", Moment(), nullable=False),
        sa.Column("read", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_notifications_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["works.id"],
            name=op.f("fk_notifications_work_id_works"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    for columns in (["account_id", "read"], ["moment"], ["work_id"]):
        op.create_index(
            op.f(f"ix_{'_'.join(f'notifications_{one}' for one in columns)}"),
            "notifications",
            columns,
        )
    op.create_table(
        "notification_mutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_notification_mutes_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_mutes")),
        sa.UniqueConstraint(
            "account_id", "kind", name=op.f("uq_notification_mutes_account_id_kind")
        ),
    )
    _letters()


def _letters() -> None:
    plain = ("state", "waiting"), ("trouble", ""), ("answer", "")
    for name, default in plain:
        op.add_column("mails", sa.Column(name, sa.String(), nullable=False, server_default=default))
    op.add_column("mails", sa.Column("sent", Moment(), nullable=True))
    op.create_index(op.f("ix_mails_state_mails_id"), "mails", ["state", "id"])
    op.execute("UPDATE mails SET state = 'failed' WHERE tries >= 12")


def downgrade() -> None:
    op.execute("DELETE FROM mails WHERE state = 'sent'")
    op.drop_index(op.f("ix_mails_state_mails_id"), "mails")
    with op.batch_alter_table("mails") as batch:
        for name in ("sent", "answer", "trouble", "state"):
            batch.drop_column(name)
    for table in ("notification_mutes", "notifications", "audit_people", "audit_head", "audit"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refuse()")
