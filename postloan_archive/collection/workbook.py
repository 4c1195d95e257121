"""A worklist as a workbook."""

from postloan_archive.access import branches, people
from postloan_archive.collection import lists, queries
from postloan_archive.collection.errors import CollectionThingNotFoundError
from postloan_archive.collection.queries import AskedWork
from postloan_archive.collection.rules import AGENCY_FIELDS, Stage
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import queries as loans
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Loan
from postloan_archive.sheets import Cell, Column, Kind, Table, sums, workbook
from postloan_archive.uow import UnitOfWork


def worklist(uow: UnitOfWork, stage: Stage, asked: AskedWork) -> bytes:
    """Return the whole worklist of the filter as .xlsx; the export is recorded."""
    columns = (
        Column(label="借款人", width=24),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="机构", width=16),
        Column(label="余额（元）", kind=Kind.YUAN, width=18),
        Column(label="到期日", kind=Kind.DAY, width=12),
        Column(label="逾期天数", kind=Kind.COUNT, width=10),
        Column(label="账龄", kind=Kind.CODE, width=8),
        Column(label="催收人", width=12),
        Column(label="最近联系", kind=Kind.DAY, width=12),
        Column(label="结果", width=16),
        Column(label="承诺还款日", kind=Kind.DAY, width=12),
        Column(label="承诺金额（元）", kind=Kind.YUAN, width=16),
        Column(label="未兑现次数", kind=Kind.COUNT, width=10),
        Column(label="停催", width=20),
        Column(label="委外机构", width=20),
    )
    found, total = queries.worklist(uow, stage, asked, limit=None)
    places = branches.names(uow.session)
    who = people.names_of(uow, {row.collector for row in found})
    rows = [
        (
            row.standing.customer,
            row.standing.loan_no,
            places.get(row.standing.branch_id, ""),
            row.standing.balance,
            row.standing.due_on,
            row.standing.overdue_days,
            row.standing.bucket,
            who[row.collector],
            row.last_at.astimezone(CHINA).date() if row.last_at else None,
            row.last_result,
            row.promise_due,
            row.promised,
            row.broken,
            "、".join(row.stopped),
            row.agency,
        )
        for row in found
    ]
    foot = list(sums(columns, rows))
    foot[5] = foot[11] = foot[12] = None  # days, promises and times do not add up to anything
    when = uow.clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    by = uow.actor.display_name or uow.actor.name
    uow.record("collection.worklist_exported", f"stage:{stage}", rows=total)
    return workbook(
        Table(columns=columns, rows=tuple(rows), foot=tuple(foot)),
        title=f"催收清单 {stage}",
        line=f"导出人 {by}　导出时间 {when}　共 {total} 笔",
    )


def agency_data(uow: UnitOfWork, agency: str) -> bytes:
    """Return the loans that an agency has, of each only the fields that it was promised.

    Raises:
        CollectionThingNotFoundError: the agency has no loan of this actor.
    """
    found = [
        row for row in lists.placements(uow, running=True) if row.placement.agency == agency
    ]
    if not found:
        raise CollectionThingNotFoundError(what="委外机构", number=agency[:40])
    rows = []
    for row in found:
        loan = loans.get_loan(uow, row.heading.loan_no)
        given = set(row.placement.data_given)
        values = _shared(uow, loan)
        rows.append(
            (
                row.placement.contract_no,
                row.placement.placed_on,
                *(values[name] if name in given else None for name in AGENCY_FIELDS),
            )
        )
    uow.record(
        "collection.agency_data_exported",
        f"agency:{agency}",
        placements=[row.placement.id for row in found],
        loan_nos=[row.heading.loan_no for row in found],
    )
    kinds = {"逾期金额": Kind.YUAN, "逾期天数": Kind.COUNT}
    columns = (
        Column(label="委托合同", kind=Kind.CODE, width=18),
        Column(label="委托日", kind=Kind.DAY, width=12),
        *(
            Column(label=name, kind=kinds.get(name, Kind.CODE), width=20)
            for name in AGENCY_FIELDS
        ),
    )
    when = uow.clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    by = uow.actor.display_name or uow.actor.name
    return workbook(
        Table(
            columns=columns,
            rows=tuple(rows),
            notes=(
                "仅限催收所委托的债务使用；委托终止后须返还或删除（个人信息保护法第21条）。",
            ),
        ),
        title=f"委外资料 {agency}",
        line=f"导出人 {by}　导出时间 {when}　共 {len(rows)} 笔",
    )


def _shared(uow: UnitOfWork, loan: Loan) -> dict[str, Cell]:
    owed, customer = position_of(loan, uow.clock.today()).value, loan.customer
    return {
        "姓名": customer.name,
        "联系电话": customer.phone,
        "送达地址": customer.service_address or customer.residence,
        "合同号": loan.contract.contract_no,
        "逾期金额": owed.total_due,
        "逾期天数": owed.overdue_days,
    }
