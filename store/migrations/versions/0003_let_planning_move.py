"""let planning move"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guide_editions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("guides", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_guide_editions")),
    )
    op.create_table(
        "calendar_links",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("member_id", sa.String(length=24), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_calendar_links_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_links")),
        sa.UniqueConstraint("secret", name=op.f("uq_calendar_links_secret")),
    )
    with op.batch_alter_table("calendar_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_links_member_id"), ["member_id"], unique=False)

    op.create_table(
        "kits",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("member_id", sa.String(length=24), nullable=False),
        sa.Column("group_id", sa.String(length=24), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("sent_by", sa.String(length=24), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_kits_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_kits_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kits")),
        sa.UniqueConstraint("member_id", "group_id", name=op.f("uq_kits_member_id_group_id")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proofs", sa.JSON(), nullable=False, server_default="[]"))

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weeks_off", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("guide_lead_days", sa.Integer(), nullable=False, server_default="2"))
        batch_op.add_column(sa.Column("guide_hour", sa.Integer(), nullable=False, server_default="18"))

    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("live_step", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("live_step_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("live_ended_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("live_ended_at")
        batch_op.drop_column("live_step_at")
        batch_op.drop_column("live_step")
        batch_op.drop_column("attempt")

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_column("guide_hour")
        batch_op.drop_column("guide_lead_days")
        batch_op.drop_column("weeks_off")

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_column("proofs")

    op.drop_table("kits")
    with op.batch_alter_table("calendar_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_links_member_id"))

    op.drop_table("calendar_links")
    op.drop_table("guide_editions")
