"""The columns of the evidence list (R-H04)."""

from collections.abc import Iterable
from typing import Final

from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.statutes import EVIDENCE_PROVISIONS
from postloan_archive.litigation.rules.papers import EVIDENCE_COLUMNS

EVIDENCE_LIST: Final = EVIDENCE_PROVISIONS.at("第十九条", rule="R-H04")
SAME_COLUMN: Final = {"原件/复印件": "原件或复印件"}


def evidence_catalog_columns(columns: Iterable[str]) -> Derived[tuple[str, ...]]:
    """Return the columns that an evidence list lacks, in the order of A01."""
    given = {SAME_COLUMN.get(column, column) for column in columns}
    missing = tuple(column for column in EVIDENCE_COLUMNS if column not in given)
    return Derived(
        value=missing,
        basis=(EVIDENCE_LIST,),
        steps=(f"证据目录应有 {len(EVIDENCE_COLUMNS)} 栏，缺少：{'、'.join(missing) or '无'}",),
    )
