"""Say what a run leaves out, that it is paused, and which letters carry a warning."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table("notice_runs") as batch_op:
        batch_op.add_column(
            sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("left_out", sa.JSON(), server_default="[]", nullable=False)
        )
    with op.batch_alter_table("notices") as batch_op:
        batch_op.add_column(
            sa.Column("warned", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    notices = sa.table(
        "notices", sa.column("id", sa.Integer), sa.column("problems", sa.JSON),
        sa.column("warned", sa.Boolean),
    )  # fmt: skip
    rows = op.get_bind().execute(sa.select(notices.c.id, notices.c.problems)).all()
    warned = [row.id for row in rows if _has_warning(row.problems)]
    for start in range(0, len(warned), 500):
        some = warned[start : start + 500]
        op.execute(sa.update(notices).where(notices.c.id.in_(some)).values(warned=True))


def _has_warning(problems: Any) -> bool:  # noqa: ANN401 - JSON or its text
    found = json.loads(problems) if isinstance(problems, str) else problems
    return any(one.get("severity") == "warning" for one in found or ())
