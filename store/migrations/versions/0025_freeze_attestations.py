"""freeze attestations"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WHY = "an attestation never changes"


def upgrade() -> None:
    trigger = "CREATE TRIGGER attestations_frozen BEFORE UPDATE ON attestations"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, '{WHY}'); END")
    else:
        op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change('{WHY}')")


def downgrade() -> None:
    table = "" if op.get_bind().dialect.name == "sqlite" else " ON attestations"
    op.execute(f"DROP TRIGGER attestations_frozen{table}")
