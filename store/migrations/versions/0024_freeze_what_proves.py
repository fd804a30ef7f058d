"""freeze what proves"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SAME = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in ("id", "sequence", "enrolment_id", "kind", "recorded_at", "previous_hash", "hash")
)
HOLLOW = 'LIKE \'{"erased": "____-__-__"}\''
EMPTIED = f"{SAME} AND CAST(NEW.facts AS TEXT) {HOLLOW} AND NOT CAST(OLD.facts AS TEXT) {HOLLOW}"
"""The one change that a record of evidence knows: at the end of its time its facts go, and nothing else."""

FROZEN = {
    "accounting_documents_frozen": ("UPDATE ON accounting_documents", "", "an accounting document never changes"),
    "evidence_frozen": ("UPDATE ON evidence", f"WHEN (NOT ({EMPTIED}))", "a record of evidence never changes"),
    "evidence_kept": ("DELETE ON evidence", "", "a record of evidence never goes"),
}
REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(REFUSE)
    for name, (event, condition, why) in FROZEN.items():
        if not sqlite:
            call = f"EXECUTE FUNCTION refuse_change('{why}')"
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW {condition} {call}")
        elif name != "accounting_documents_frozen":  # SQLite has had it since 0015
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} {condition} BEGIN SELECT RAISE(ABORT, '{why}'); END")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (event, _, _) in FROZEN.items():
        table = event.rpartition(" ")[2]
        if sqlite and name != "accounting_documents_frozen":
            op.execute(f"DROP TRIGGER {name}")
        elif not sqlite:
            op.execute(f"DROP TRIGGER {name} ON {table}")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")
