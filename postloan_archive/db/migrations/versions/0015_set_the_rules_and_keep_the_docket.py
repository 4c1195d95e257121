"""Settings of the rules; decisions on proposed days; parties of a procedure; papers of a measure."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_table(
        "law_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_law_policies_edition_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_policies")),
        sa.UniqueConstraint("edition", name=op.f("uq_law_policies_edition")),
    )
    op.create_table(
        "procedure_parties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["parties.id"], name=op.f("fk_procedure_parties_party_id_parties")
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedures.id"],
            name=op.f("fk_procedure_parties_procedure_id_procedures"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_parties")),
        sa.UniqueConstraint(
            "procedure_id", "party_id", name=op.f("uq_procedure_parties_procedure_id_party_id")
        ),
    )
    op.create_table(
        "case_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("computed", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(verdict = 'corrected') = (day IS NOT NULL)",
            name=op.f("ck_case_decisions_corrected_has_a_day"),
        ),
        sa.CheckConstraint(
            "verdict = 'accepted' OR reason <> ''", name=op.f("ck_case_decisions_reason_given")
        ),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'corrected', 'refused')",
            name=op.f("ck_case_decisions_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_decisions_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_case_decisions_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["case_events.id"],
            name=op.f("fk_case_decisions_event_id_case_events"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["parties.id"], name=op.f("fk_case_decisions_party_id_parties")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decisions")),
    )
    with op.batch_alter_table("case_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_case_decisions_case", ["case_id"], unique=False)

    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("struck_by", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("struck_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("parties", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("preservation_measures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("security_amount", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("fee", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("receipt_document_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("release_reason", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("release_document_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_preservation_measures_release_document_id_documents"),
            "documents",
            ["release_document_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_preservation_measures_receipt_document_id_documents"),
            "documents",
            ["receipt_document_id"],
            ["id"],
        )

    with op.batch_alter_table("procedures", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("track", sa.Text(), server_default="ordinary", nullable=False)
        )
