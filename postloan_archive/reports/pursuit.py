"""Reports of what goes on after the worst: recovery by channel, write-offs, bankruptcies."""

from decimal import Decimal

from sqlalchemy import func, select

from postloan_archive.access import branches
from postloan_archive.collection.models import Contact
from postloan_archive.disposal.models import BankruptcyClaim, Disposal, DisposalLoan
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.loans import recovered, summaries
from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.loans.headings import headings_by_id
from postloan_archive.loans.models import Loan, LoanPosition, Payment
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Cell, Column, Kind, Table, share, sums
from postloan_archive.uow import UnitOfWork

DISTRIBUTION = "破产分配"


def by_channel(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return how much of what was overdue when the period began came in by which channel."""
    columns = (
        Column(label="机构", width=18),
        Column(label="渠道", width=14),
        Column(label="回款笔数", kind=Kind.COUNT, width=10),
        Column(label="期初本金余额（元）", kind=Kind.YUAN, width=18),
        Column(label="收回本金（元）", kind=Kind.YUAN, width=16),
        Column(label="收回利息（元）", kind=Kind.YUAN, width=16),
        Column(label="收回罚息复利（元）", kind=Kind.YUAN, width=16),
        Column(label="本金回收率", kind=Kind.PERCENT, width=12),
    )
    names = branches.names(uow.session)
    opening: dict[int, Decimal] = {}
    for one in summaries.recoveries(uow, wanted.since, wanted.until, wanted.branch_id):
        opening[one.branch_id] = opening.get(one.branch_id, ZERO) + one.opening
    found = recovered.by_channel(uow, wanted.since, wanted.until, wanted.branch_id)
    rows = [
        (
            names.get(row.branch_id, ""),
            row.channel or "未登记",
            row.count,
            opening.get(row.branch_id, ZERO),
            row.to_principal,
            row.to_interest,
            row.to_penalty,
            share(row.to_principal, opening.get(row.branch_id, ZERO)),
        )
        for row in found
    ]
    foot, total = list(sums(columns, rows)), sum(opening.values(), ZERO)
    foot[3] = total  # the balance of a branch stands in each of its rows
    foot[7] = share(sum((row.to_principal for row in found), ZERO), total)
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(label=f"{row[0]} {row[1]}", value=row[4], words=f"{row[4]:,.2f} 元")
            for row in rows
        ),
        notes=(
            "期初逾期：期初日前已到期的本金多于已还本金的贷款。",
            "回收率 = 期内经该渠道收回本金 ÷ 该机构期初本金余额；减免不是回收。",
        ),
    )


def written_off(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the loans written off until the end of the period, and what came in since."""
    columns = (
        Column(label="核销日", kind=Kind.DAY, width=12),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="客户", width=24),
        Column(label="机构", width=16),
        Column(label="核销债权（元）", kind=Kind.YUAN, width=18),
        Column(label="核销后追回（元）", kind=Kind.YUAN, width=16),
        Column(label="追回率", kind=Kind.PERCENT, width=10),
        Column(label="现欠本金（元）", kind=Kind.YUAN, width=16),
        Column(label="最近联系", kind=Kind.DAY, width=12),
        Column(label="时效安全日", kind=Kind.DAY, width=12),
    )
    found = uow.session.execute(
        select(
            Loan.id,
            Loan.written_off_on,
            LoanPosition.balance,
            LoanPosition.limitation_by,
        )
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .where(
            Loan.id.in_(loans.ids_in_branch(uow, wanted.branch_id)),
            Loan.written_off_on.is_not(None),
            Loan.written_off_on <= wanted.until,
        )
        .order_by(Loan.written_off_on, Loan.id)
    ).all()
    ids = [row[0] for row in found]
    heads = headings_by_id(uow, set(ids))
    claims = _written_claims(uow, ids)
    back = {
        loan_id: Decimal(total)
        for loan_id, total in uow.session.execute(
            select(Payment.loan_id, func.sum(Payment.amount))
            .join(Loan, Loan.id == Payment.loan_id)
            .where(
                Payment.loan_id.in_(ids),
                Payment.paid_on >= Loan.written_off_on,
                Payment.paid_on <= wanted.until,
                Payment.channel.not_in(sorted(NOT_MONEY)),
            )
            .group_by(Payment.loan_id)
            .order_by(Payment.loan_id)
        )
    }
    last = {
        loan_id: at.astimezone(CHINA).date()
        for loan_id, at in uow.session.execute(
            select(Contact.loan_id, func.max(Contact.at))
            .where(Contact.loan_id.in_(ids))
            .group_by(Contact.loan_id)
            .order_by(Contact.loan_id)
        )
    }
    rows: list[tuple[Cell, ...]] = [
        (
            on,
            heads[loan_id].loan_no,
            heads[loan_id].customer,
            heads[loan_id].branch,
            claims.get(loan_id),
            back.get(loan_id, ZERO),
            share(back.get(loan_id, ZERO), claims.get(loan_id, ZERO)),
            balance,
            last.get(loan_id),
            limitation,
        )
        for loan_id, on, balance, limitation in found
    ]
    foot = list(sums(columns, rows))
    foot[6] = share(sum(back.values(), ZERO), sum(claims.values(), ZERO))
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        notes=(
            "账销案存：核销后债权、时效、担保和催收照常，追回计入“核销后追回”。",
            "没有“最近联系”或时效将届的，应安排追偿。",
        ),
        links=tuple(f"/loans/{row[1]}/collection" for row in rows),
    )


def bankruptcies(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the claims in bankruptcies with their days, and what was distributed."""
    columns = (
        Column(label="处置编号", kind=Kind.CODE, width=16),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="客户", width=22),
        Column(label="受理法院", width=22),
        Column(label="破产案号", kind=Kind.CODE, width=22),
        Column(label="受理日", kind=Kind.DAY, width=12),
        Column(label="公告日", kind=Kind.DAY, width=12),
        Column(label="申报截止日", kind=Kind.DAY, width=12),
        Column(label="申报日", kind=Kind.DAY, width=12),
        Column(label="申报金额（元）", kind=Kind.YUAN, width=16),
        Column(label="确认日", kind=Kind.DAY, width=12),
        Column(label="确认金额（元）", kind=Kind.YUAN, width=16),
        Column(label="已受偿（元）", kind=Kind.YUAN, width=16),
        Column(label="受偿率", kind=Kind.PERCENT, width=10),
        Column(label="状态", width=12),
    )
    found = uow.session.execute(
        select(BankruptcyClaim, Disposal)
        .join(Disposal, Disposal.id == BankruptcyClaim.disposal_id)
        .where(
            BankruptcyClaim.loan_id.in_(loans.ids_in_branch(uow, wanted.branch_id)),
            BankruptcyClaim.accepted_on <= wanted.until,
            Disposal.state.not_in(["turned_down", "withdrawn"]),
        )
        .order_by(BankruptcyClaim.file_by, BankruptcyClaim.id)
    ).all()
    ids = [claim.loan_id for claim, _row in found]
    heads = headings_by_id(uow, set(ids))
    got = {
        loan_id: Decimal(total)
        for loan_id, total in uow.session.execute(
            select(Payment.loan_id, func.sum(Payment.amount))
            .where(
                Payment.loan_id.in_(ids),
                Payment.channel == DISTRIBUTION,
                Payment.paid_on <= wanted.until,
            )
            .group_by(Payment.loan_id)
            .order_by(Payment.loan_id)
        )
    }
    rows: list[tuple[Cell, ...]] = []
    for claim, row in found:
        paid = got.get(claim.loan_id, ZERO)
        rows.append(
            (
                row.disposal_no,
                heads[claim.loan_id].loan_no,
                heads[claim.loan_id].customer,
                claim.court,
                claim.court_case_no or None,
                claim.accepted_on,
                claim.announced_on,
                claim.file_by,
                claim.filed_on,
                claim.claimed,
                claim.confirmed_on,
                claim.confirmed,
                paid,
                share(paid, claim.confirmed or ZERO),
                _claim_state(claim, wanted),
            )
        )
    foot = list(sums(columns, rows))
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        notes=("申报期限以法院公告载明的为准；利息计至受理日（R-F16）。",),
        links=tuple(f"/disposals/{row[0]}" for row in rows),
    )


def _claim_state(claim: BankruptcyClaim, wanted: Wanted) -> str:
    if claim.confirmed_on is not None:
        return "已确认"
    if claim.filed_on is not None:
        return "已申报"
    return "逾期未申报" if claim.file_by < wanted.until else "待申报"


def _written_claims(uow: UnitOfWork, ids: list[int]) -> dict[int, Decimal]:
    """Return what was owed on each loan when its write-off was proposed, yuan."""
    query = (
        select(
            DisposalLoan.loan_id,
            DisposalLoan.principal,
            DisposalLoan.interest,
            DisposalLoan.penalty,
            DisposalLoan.compound,
        )
        .join(Disposal, Disposal.id == DisposalLoan.disposal_id)
        .where(
            DisposalLoan.loan_id.in_(ids),
            Disposal.kind == "write_off",
            Disposal.state == "executed",
        )
        .order_by(Disposal.id)
    )
    return {loan_id: sum(parts, ZERO) for loan_id, *parts in uow.session.execute(query)}
