"""Let the list of loan files read one narrow table."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None

COPIED = {  # column of the position -> what the loan says
    "branch_id": sa.column("branch_id"),
    "year": sa.extract("year", sa.column("disbursed_on", sa.Date())),
    "principal": sa.column("principal"),
    "due_on": sa.column("due_on", sa.Date()),
}


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table("loan_positions") as table:
        table.add_column(sa.Column("branch_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("year", sa.Integer(), nullable=True))
        table.add_column(sa.Column("principal", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("due_on", sa.Date(), nullable=True))
    positions = sa.table(
        "loan_positions", sa.column("loan_id"), *(sa.column(name) for name in COPIED)
    )
    loans = sa.table("loans", sa.column("id"))
    values = {
        name: sa.select(said)
        .select_from(loans)
        .where(loans.c.id == positions.c.loan_id)
        .scalar_subquery()
        for name, said in COPIED.items()
    }
    op.execute(positions.update().values(values))
    with op.batch_alter_table("loan_positions") as table:
        for name in ("branch_id", "year"):
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
        table.alter_column("principal", existing_type=sa.BigInteger(), nullable=False)
        table.alter_column("due_on", existing_type=sa.Date(), nullable=False)
    op.drop_index("ix_loan_positions_overdue", "loan_positions")
    op.drop_index("ix_loan_positions_limitation", "loan_positions")
    for name, columns in (
        ("overdue", ["overdue_days", "branch_id"]),
        ("sums", ["as_of", "branch_id", "principal", "balance"]),
        ("year", ["year", "branch_id"]),
        ("limitation", ["limitation_by", "branch_id"]),
    ):
        op.create_index(f"ix_loan_positions_{name}", "loan_positions", columns)
