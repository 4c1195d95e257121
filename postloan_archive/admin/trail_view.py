"""The trail as one person may read it: whole, or without the content of others' files."""

import json
from typing import Final

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.audit import AuditLine
from postloan_archive.db import Model
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork

HIDDEN: Final = _l("案卷内容不在您的查看范围内；该记录的哈希仍可核对。")
LONGEST: Final = 120  # characters of a summary
PLAIN: Final = frozenset(  # families that speak of no customer and no paper
    {"access", "audit", "backup", "jobs", "policy", "search", "system", "vault", "workdays"}
)
IRREGULAR: Final = {"preservation": "preservation_measures", "measure": "preservation_measures"}


class TrailReader:
    """Says which facts the person of this unit of work may see.

    That something happened is shown to everybody who may read the trail. What it was about is
    shown only to those who may also see the loan: an audit administrator reads no file by
    office, an auditor of one branch none of another.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._loans: dict[str, bool] = {}
        actor = uow.actor
        self._by_office = actor.may(Permission.LOAN_VIEW)
        everywhere = {row.id for row in branches.tree(uow.session)}
        self.whole = self._by_office and (
            actor.branch_ids is None or everywhere <= actor.branch_ids
        )

    def sees(self, line: AuditLine) -> bool:
        """Return whether the facts of the line may be shown."""
        if self.whole or line.event.partition(".")[0] in PLAIN:
            return True
        if not self._by_office:
            return False
        number = self._loan_of(line)
        if number not in self._loans:
            self._loans[number] = bool(number) and self._is_visible(number)
        return self._loans[number]

    def facts(self, line: AuditLine) -> str:
        """Return the facts as text, or the sentence that stands for them."""
        return line.facts if self.sees(line) else HIDDEN

    def summary(self, line: AuditLine) -> str:
        """Return the facts in short for a list, or the sentence that stands for them."""
        if not self.sees(line):
            return HIDDEN
        facts = json.loads(line.facts)
        if not isinstance(facts, dict):
            return line.facts[:LONGEST]
        parts = (
            f"{key} {_short(value)}"
            for key, value in facts.items()
            if value not in (None, "", [], {})
        )
        text = " · ".join(parts)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def _is_visible(self, number: str) -> bool:
        table = Model.metadata.tables["loans"]
        is_id = number.isascii() and number.isdigit()
        key = table.c.id if is_id else table.c.loan_no
        wanted = int(number) if is_id else number
        query = select(table.c.id).where(
            key == wanted, table.c.id.in_(loans.visible_ids(self._uow))
        )
        return self._uow.session.scalar(query) is not None

    def _loan_of(self, line: AuditLine) -> str:
        """Return the number or the id of the loan that the line is about, or nothing."""
        facts = json.loads(line.facts)
        if isinstance(facts, dict) and isinstance(facts.get("loan_no"), str):
            return str(facts["loan_no"])
        kind, _, number = line.subject.partition(":")
        if kind == "loan":
            return number
        name = IRREGULAR.get(kind, f"{kind}s")
        table = Model.metadata.tables.get(name)
        if (
            table is None
            or "loan_id" not in table.c
            or not number.isascii()
            or not number.isdigit()
        ):
            return ""
        found = self._uow.session.scalar(
            select(table.c.loan_id).where(table.c.id == int(number))
        )
        return str(found or "")


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
