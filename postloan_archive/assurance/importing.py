"""Taking a loan file over that another installation exported: rows, papers, proof.

Every row gets a number of this installation; what it names is named anew. Branches, customers
and whatever else is known here by its own number is not made a second time. The trail says
where each paper came from, and the proof of the other trail is kept beside it.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Date, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from postloan_archive.access import branches
from postloan_archive.archive.models import Document
from postloan_archive.assurance.bags import Bag, BagDamagedError, NoBagError
from postloan_archive.assurance.models import ImportedFile
from postloan_archive.db import Model
from postloan_archive.db.model import RateType, UtcDateTime, YuanType
from postloan_archive.kernel.errors import ConflictError, _l
from postloan_archive.loans import positions
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

KNOWN_BY: Final[Mapping[str, tuple[str, ...]]] = {  # rows that may be here already
    "customers": ("id_no", "branch_id"),
    "contracts": ("contract_no",),
    "lender_profiles": ("branch_id",),
}
SOFT: Final[Mapping[tuple[str, str], str]] = {  # numbers of rows without a foreign key
    ("limitation_events", "document_id"): "documents",
}
LEFT_OUT: Final = frozenset({"audit_samples", "sample_lines", "imported_files", "reminders"})
NO_NUMBER: Final = frozenset({"job_id", "print_job_id"})  # of jobs of the other installation
Report = Callable[[int, int], None]


class AlreadyHereError(ConflictError):
    """The loan file, or a part of it, is here already."""

    next_step = _l("请在空的系统中导入，或先核对本系统中的同号记录。")

    def __init__(self, *, what: str) -> None:
        super().__init__(_l("本系统已有 {what}，未导入任何内容。"), what=what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was taken over."""

    loan_no: str
    documents: int
    files: int
    rows: int
    lines: int
    key_id: str
    source: str
    manifest_sha256: str


def import_bag(uow: UnitOfWork, bag: Bag, report: Report | None = None) -> Imported:
    """Take a checked bag over: files first, then rows, all in this transaction.

    Raises:
        AlreadyHereError: the number of the loan or of a part of it is taken.
        NoBagError: a row or a column that this version does not know.
        BagDamagedError: a row names a file that the bag does not hold.
    """
    if uow.session.scalar(select(Loan.id).where(Loan.loan_no == bag.loan_no)) is not None:
        raise AlreadyHereError(what=bag.loan_no)
    stored = _store(uow, bag, report)
    proof = uow.vault.put(io.BytesIO(bag.proof))
    rows = _Rows(uow, bag, stored)
    try:
        rows.insert_all()
        uow.session.flush()  # a number that is taken is found here
    except IntegrityError as error:
        raise AlreadyHereError(what=_l("同号记录（{table}）").format(table=rows.at)) from error
    loan_id = rows.new["loans"][_only(bag, "loans")]
    uow.session.expire_all()
    documents = rows.new.get("documents", {})
    _record_papers(uow, bag, documents)
    uow.session.execute(  # page texts are derived and do not travel: they are read here again
        update(Document).where(Document.id.in_(documents.values())).values(read_at=None)
    )
    uow.session.add(
        ImportedFile(
            loan_id=loan_id,
            source=bag.source,
            manifest_digest=bag.manifest_sha256,
            sha256=proof.sha256,
            key_id=bag.key_id,
            lines=len(bag.lines),
            imported_by=uow.actor.name,
            imported_at=uow.clock.now(),
        )
    )
    uow.record(
        "assurance.file_imported",
        f"loan:{loan_id}",
        loan_no=bag.loan_no,
        source=bag.source,
        manifest_sha256=bag.manifest_sha256,
        proof_sha256=proof.sha256,
        key_id=bag.key_id,
        lines=len(bag.lines),
        documents=len(documents),
    )
    uow.enqueue("read_documents", sorted(documents.values()))
    positions.refresh(uow, loan_id)
    positions.recount_papers(uow, [loan_id])
    return Imported(
        loan_no=bag.loan_no,
        documents=len(documents),
        files=len(stored),
        rows=rows.count,
        lines=len(bag.lines),
        key_id=bag.key_id,
        source=bag.source,
        manifest_sha256=bag.manifest_sha256,
    )


class _Rows:
    """Puts the rows of a bag into the tables, each with a number of this installation."""

    def __init__(self, uow: UnitOfWork, bag: Bag, stored: set[str]) -> None:
        self._uow = uow
        self._session = uow.session
        self._bag = bag
        self._stored = stored
        self.new: dict[str, dict[int, int]] = {}
        self.count = 0
        self.at = ""
        self._later: list[tuple[Table, Column[Any], int, int]] = []

    def insert_all(self) -> None:
        """Insert every row, parents first; a row that names its own kind is finished later."""
        known = {table.name for table in Model.metadata.sorted_tables}
        for name in sorted(set(self._bag.tables) - known):
            raise NoBagError(why=_l("本版本没有表 {name}。").format(name=name))
        for table in Model.metadata.sorted_tables:
            if table.name in self._bag.tables and table.name not in LEFT_OUT:
                self.at = table.name
                rows = self._bag.tables[table.name]
                if table.name == "branches":
                    self._branches(rows)
                    continue
                for row in rows:
                    self._put(table, row)
        for table, column, number, parent in self._later:
            value = self.new.get(table.name, {}).get(parent)
            self._session.execute(
                update(table).where(table.c.id == number).values({column.name: value})
            )

    def _branches(self, rows: list[dict[str, Any]]) -> None:
        """Find or make each branch by its code, those above first."""
        codes = {row["id"]: row["code"] for row in rows}
        for row in sorted(rows, key=lambda row: len(row["path"])):
            number = branches.ensure(
                self._uow,
                code=row["code"],
                name=row["name"],
                parent_code=codes.get(row["parent_id"]),
            )
            self.new.setdefault("branches", {})[row["id"]] = number

    def _put(self, table: Table, row: Mapping[str, Any]) -> None:
        old = row.get("id")
        if not isinstance(old, int) or set(row) - set(table.columns.keys()):
            raise NoBagError(why=_l("表 {name} 的列与本版本不符。").format(name=table.name))
        later: list[tuple[Column[Any], int]] = []
        values: dict[str, Any] = {}
        for column in table.columns:
            if column.name == "id" or column.name not in row:
                continue
            value = row[column.name]
            parent = _parent(table, column)
            if column.name in NO_NUMBER:
                value = None
            elif parent == table.name and value is not None:
                later.append((column, value))
                value = None
            elif parent is not None and value is not None:
                value = self._number(parent, value)
            else:
                value = _value(column, value)
            values[column.name] = value
        self._check_file(table, values)
        number = self._here(table, values)
        if number is None:
            number = int(
                self._session.execute(
                    insert(table).values(values).returning(table.c.id)
                ).scalar_one()
            )
            self.count += 1
            self._later += [(table, column, number, parent) for column, parent in later]
        self.new.setdefault(table.name, {})[old] = number

    def _number(self, parent: str, old: object) -> int | None:
        found = self.new.get(parent, {}).get(old) if isinstance(old, int) else None
        if found is None and parent not in LEFT_OUT and parent != "users":
            raise NoBagError(why=_l("表 {name} 缺第 {no} 行。").format(name=parent, no=old))
        return found

    def _here(self, table: Table, values: Mapping[str, Any]) -> int | None:
        keys = KNOWN_BY.get(table.name)
        if keys is None:
            return None
        query = select(table.c.id).where(*(table.c[key] == values[key] for key in keys))
        return self._session.scalar(query)

    def _check_file(self, table: Table, values: Mapping[str, Any]) -> None:
        sha256 = values.get("sha256")
        if sha256 and sha256 not in self._stored and table.name in _WITH_FILES:
            raise BagDamagedError(name=str(sha256), why=_l("登记的文件不在包中。"))


_WITH_FILES: Final = frozenset({"documents", "document_versions"})


def _store(uow: UnitOfWork, bag: Bag, report: Report | None) -> set[str]:
    names = [name for name in bag.digests if not name.endswith("facts.json")]
    found = set()
    for done, name in enumerate(names, start=1):
        with (bag.root / name).open("rb") as stream:
            stored = uow.vault.put(stream)
        if stored.sha256 != bag.digests[name]:
            raise BagDamagedError(name=name, why=_l("内容与摘要不符。"))
        found.add(stored.sha256)
        if report is not None:
            report(done, len(names))
    return found


def _record_papers(uow: UnitOfWork, bag: Bag, documents: Mapping[int, int]) -> None:
    """Say in the trail of this installation how each version of each paper arrived."""
    for row in bag.tables.get("document_versions", ()):
        number = documents[row["document_id"]]
        event = "archive.document_added" if row["no"] == 1 else "archive.version_added"
        if row["sha256"]:
            uow.record(
                event,
                f"document:{number}",
                loan_no=bag.loan_no,
                no=row["no"],
                sha256=row["sha256"],
                size=row["size"],
                imported_from=bag.source,
            )


def _only(bag: Bag, table: str) -> int:
    rows = bag.tables.get(table, [])
    if len(rows) != 1:
        raise NoBagError(why=_l("包内应有且只有一笔贷款。"))
    return int(rows[0]["id"])


def _parent(table: Table, column: Column[Any]) -> str | None:
    if (table.name, column.name) in SOFT:
        return SOFT[table.name, column.name]
    for key in column.foreign_keys:
        if key.column.name == "id":
            return key.column.table.name
    return None


def _value(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - of whatever type the column is
    if value is None or isinstance(column.type, JSON | Boolean):
        return value
    try:
        if isinstance(column.type, UtcDateTime):
            return datetime.fromisoformat(value)
        if isinstance(column.type, Date):
            return date.fromisoformat(value)
        if isinstance(column.type, YuanType | RateType):
            return Decimal(value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise NoBagError(why=_l("{name} 的值无法读取。").format(name=column.name)) from error
    return value
