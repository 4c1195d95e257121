"""Making a report, freezing it, reading a frozen one again."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import defer

from postloan_archive.kernel.errors import FixityError, NotAllowedError, NotFoundError, _l
from postloan_archive.reports.catalogue import report_of
from postloan_archive.reports.models import FrozenReport
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Cell, Column, Kind, Table
from postloan_archive.uow import UnitOfWork

LISTED: Final = 200  # frozen reports of one list


class FrozenReportNotFoundError(NotFoundError):
    """No frozen report has this number, or not for this actor."""

    def __init__(self, *, report_id: int) -> None:
        super().__init__(_l("没有编号为 {report_id} 的报表存档。"), report_id=report_id)


class FrozenReportChangedError(FixityError):
    """The figures are not those that were frozen."""

    def __init__(self, *, report_id: int) -> None:
        super().__init__(
            _l("报表存档 {report_id} 的内容与存档时的摘要不符。"), report_id=report_id
        )


class ReportForbiddenError(NotAllowedError):
    """The report needs another right."""

    def __init__(self) -> None:
        super().__init__(_l("您没有查看这种报表的权限。"))


def make(uow: UnitOfWork, key: str, wanted: Wanted) -> Table:
    """Return the figures of a report.

    Raises:
        ReportNotFoundError: no such report.
        ReportForbiddenError: the actor may not see it.
    """
    report = report_of(key)
    if not uow.actor.may(report.permission):
        raise ReportForbiddenError
    return report.make(uow, wanted)


def freeze(uow: UnitOfWork, key: str, wanted: Wanted) -> FrozenReport:
    """Make a report and keep it for good, with author, time and filter.

    Raises:
        ReportNotFoundError: no such report.
        ReportForbiddenError: the actor may not see it.
    """
    return keep(uow, key, wanted, content_of(uow, key, wanted))


def content_of(uow: UnitOfWork, key: str, wanted: Wanted) -> dict[str, Any]:
    """Make a report as it is kept; changes nothing and may take long.

    Raises:
        ReportNotFoundError: no such report.
        ReportForbiddenError: the actor may not see it.
    """
    return _written(make(uow, key, wanted))


def keep(uow: UnitOfWork, key: str, wanted: Wanted, content: dict[str, Any]) -> FrozenReport:
    """Keep what `content_of` made for the same actor and filter."""
    ids = uow.actor.branch_ids
    row = FrozenReport(
        key=key,
        title=report_of(key).label,
        since=wanted.since,
        until=wanted.until,
        branch_id=wanted.branch_id,
        branch_ids=None if ids is None else sorted(ids),
        content=content,
        digest=_digest(content),
        made_by=uow.actor.name,
        made_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record("reports.report_frozen", f"frozen_report:{row.id}", key=key, digest=row.digest)
    return row


def is_frozen(uow: UnitOfWork, key: str, wanted: Wanted) -> bool:
    """Return whether the actor froze this very report."""
    found = select(FrozenReport.id).where(
        FrozenReport.key == key,
        FrozenReport.since == wanted.since,
        FrozenReport.until == wanted.until,
        FrozenReport.branch_id == wanted.branch_id
        if wanted.branch_id is not None
        else FrozenReport.branch_id.is_(None),
        FrozenReport.made_by == uow.actor.name,
    )
    return uow.session.scalar(found.limit(1)) is not None


def frozen_reports(
    uow: UnitOfWork, key: str | None = None, branch_id: int | None = None
) -> list[FrozenReport]:
    """Return the frozen reports that the actor may see, newest first, without their figures.

    Args:
        uow: whose rights count.
        key: of one kind.
        branch_id: of one branch; None: those of all branches, and for somebody who sees only
            some branches those of each of them.
    """
    query = (
        select(FrozenReport)
        .options(defer(FrozenReport.content))
        .order_by(FrozenReport.id.desc())
        .limit(LISTED)
    )
    if key is not None:
        query = query.where(FrozenReport.key == key)
    if branch_id is not None:
        query = query.where(FrozenReport.branch_id == branch_id)
    elif uow.actor.branch_ids is None:
        query = query.where(FrozenReport.branch_id.is_(None))
    else:
        mine = FrozenReport.branch_id.in_(sorted(uow.actor.branch_ids))
        own = FrozenReport.made_by == uow.actor.name
        query = query.where(mine | own)
    return [row for row in uow.session.scalars(query) if _may_see(uow, row)]


def get_frozen(uow: UnitOfWork, report_id: int) -> tuple[FrozenReport, Table]:
    """Return a frozen report with its figures.

    Raises:
        FrozenReportNotFoundError: none that this actor may see.
        FrozenReportChangedError: the figures are not those that were frozen.
    """
    row = uow.session.get(FrozenReport, report_id)
    if row is None or not _may_see(uow, row):
        raise FrozenReportNotFoundError(report_id=report_id)
    if _digest(row.content) != row.digest:
        raise FrozenReportChangedError(report_id=report_id)
    return row, _read(row.content)


def _may_see(uow: UnitOfWork, row: FrozenReport) -> bool:
    """A frozen report shows what its author saw: nobody with less may open it."""
    if not uow.actor.may(report_of(row.key).permission):
        return False
    if uow.actor.branch_ids is None:
        return True
    if row.branch_id is not None:
        return row.branch_id in uow.actor.branch_ids
    return row.branch_ids is not None and set(row.branch_ids) <= uow.actor.branch_ids


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(table: Table) -> dict[str, Any]:
    return {
        "columns": [asdict(column) | {"kind": str(column.kind)} for column in table.columns],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "foot": [_cell(cell) for cell in table.foot],
        "bars": [[bar.label, str(bar.value), bar.words] for bar in table.bars],
        "notes": list(table.notes),
    }


def _cell(cell: Cell) -> Any:  # noqa: ANN401 - JSON has no narrower type
    if isinstance(cell, Decimal):
        return {"d": str(cell)}
    if isinstance(cell, date):
        return {"t": cell.isoformat()}
    return cell


def _read(content: dict[str, Any]) -> Table:
    return Table(
        columns=tuple(
            Column(label=one["label"], kind=Kind(one["kind"]), width=one["width"])
            for one in content["columns"]
        ),
        rows=tuple(tuple(_back(cell) for cell in row) for row in content["rows"]),
        foot=tuple(_back(cell) for cell in content["foot"]),
        bars=tuple(
            Bar(label=label, value=Decimal(value), words=words)
            for label, value, words in content["bars"]
        ),
        notes=tuple(content["notes"]),
    )


def _back(cell: Any) -> Cell:  # noqa: ANN401 - JSON has no narrower type
    if isinstance(cell, dict):
        return Decimal(cell["d"]) if "d" in cell else date.fromisoformat(cell["t"])
    assert cell is None or isinstance(cell, str | int)
    return cell
