"""Filling in the applications about a measure: what they say, what is missing, the .docx."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postloan_archive.archive import queries as archive
from postloan_archive.archive import service as documents
from postloan_archive.archive.models import Document
from postloan_archive.archive.service import FileMade
from postloan_archive.cases import queries as cases
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.words import rmb_upper
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.loans.party_lines import BLANK, customer_lines, lender_gaps, lender_lines
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.templates import letter_template
from postloan_archive.policy.queries import load_policy
from postloan_archive.preservation import queries
from postloan_archive.preservation.errors import MeasureOverError, WaitingMeasureError
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.papers import ReleaseApplication, RenewalApplication
from postloan_archive.preservation.rules.kinds import AssetKind
from postloan_archive.preservation.rules.measure import measure_word
from postloan_archive.preservation.rules.term import LONGEST_YEARS, expiry
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

ITEM: Final = "BQ07"  # 保全 papers of the loan file
YEARS: Final = {1: "一年", 2: "二年", 3: "三年"}
STILL_NEEDED: Final = (
    "现保全期限即将届满，本案债权尚未实现，保全的原因仍然存在。如不继续采取保全措施，"
    "将使生效法律文书难以执行或者使申请人的合法权益受到损害。"
)
RENEWAL_BASIS: Final = (
    "根据《最高人民法院关于人民法院办理财产保全案件若干问题的规定》第十八条、"
    "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百八十五条的规定，"
    "特在保全期限届满前提出申请，请予准许。"
)
RELEASE_BASIS: Final = (
    "根据《最高人民法院关于人民法院办理财产保全案件若干问题的规定》第二十三条的规定，"
    "特申请解除保全，请予准许。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An application as it was filed; `missing` names what stays blank on it, Chinese."""

    name: str
    data: bytes
    document_id: int
    missing: tuple[str, ...]


def make_renewal_application(uow: UnitOfWork, measure_id: int) -> Made:
    """Write the application for renewal of a measure and put it into the loan file.

    The same application made twice on one day is one document.

    Raises:
        MeasureNotFoundError: no such measure for this actor.
        MeasureOverError: it was released or renewed.
        WaitingMeasureError: a waiting seizure has nothing to renew.
    """
    measure = queries.get_measure(uow, measure_id)
    if queries.is_over(uow, measure):
        raise MeasureOverError(measure_id=measure_id)
    policy = load_policy(uow)
    term = queries.term_of(measure, load_calendar(uow.session), policy)
    if term is None:
        raise WaitingMeasureError
    kind = AssetKind(measure.asset_kind)
    years = YEARS[LONGEST_YEARS[kind]]
    start = term.expiry + timedelta(days=1)
    until = expiry(start, kind, policy=policy)
    new_period = f"{years}（自{date_in_body(start)}起至{date_in_body(until)}止）"
    since, last = date_in_body(measure.effective_on), date_in_body(term.expiry)
    word = measure_word(kind)
    loan, lender = _sides(uow, measure)
    paper = RenewalApplication(
        heading=f"继续{word}申请书",
        court=measure.court,
        case_no=_case_no(uow, measure),
        applicant=lender_lines(lender, "申请人"),
        respondent=_respondent(loan, measure.respondent),
        requests=(
            f"请求继续{word}被申请人{measure.respondent}名下{_asset(measure)}，期限{new_period}。",
        ),
        ruling_no=measure.ruling_no,
        asset=_asset(measure),
        measure=word,
        effective_date=since,
        expiry_date=last,
        new_period=new_period,
        reasons=(
            f"双方{_cause(uow, measure)}一案，贵院以{measure.ruling_no}裁定{word}上述财产。",
            f"保全期限自{since}起至{last}止。",
            STILL_NEEDED,
            RENEWAL_BASIS,
        ),
        attachments=(
            f"1. {measure.ruling_no}裁定书复印件一份",
            "2. 保全情况告知书复印件一份",
        ),
        unit=lender.name or BLANK,
        date=date_in_body(uow.clock.today()),
    )
    data = letter_template(uow, paper.template, keep=False).compiled.render(paper)
    return _file(
        uow, measure, loan, data, title=paper.heading, missing=_gaps(lender, loan, measure)
    )


def make_release_application(uow: UnitOfWork, measure_id: int, reason: str) -> Made:
    """Write the application to release a measure and put it into the loan file (R-C09).

    Raises:
        MeasureNotFoundError: no such measure for this actor.
        MeasureOverError: it was released or renewed.
    """
    measure = queries.get_measure(uow, measure_id)
    if queries.is_over(uow, measure):
        raise MeasureOverError(measure_id=measure_id)
    word = measure_word(AssetKind(measure.asset_kind), waiting=measure.seizure_order > 1)
    loan, lender = _sides(uow, measure)
    paper = ReleaseApplication(
        court=measure.court,
        case_no=_case_no(uow, measure),
        applicant=lender_lines(lender, "申请人"),
        respondent=_respondent(loan, measure.respondent),
        requests=(f"请求解除对被申请人{measure.respondent}名下{_asset(measure)}的{word}。",),
        ruling_no=measure.ruling_no,
        asset=_asset(measure),
        scope="上述财产的全部保全措施",
        reasons=(
            f"贵院以{measure.ruling_no}裁定{word}上述财产。{reason}",
            RELEASE_BASIS,
        ),
        attachments=(f"1. {measure.ruling_no}裁定书复印件一份",),
        unit=lender.name or BLANK,
        date=date_in_body(uow.clock.today()),
    )
    data = letter_template(uow, paper.template, keep=False).compiled.render(paper)
    return _file(
        uow, measure, loan, data, title=paper.title, missing=_gaps(lender, loan, measure)
    )


def _file(
    uow: UnitOfWork,
    measure: Measure,
    loan: Loan,
    data: bytes,
    *,
    title: str,
    missing: tuple[str, ...],
) -> Made:
    full = f"{title}（{measure.respondent}）"
    name = f"{full}.docx"
    document = _same(uow, loan, data) or documents.file_made(
        uow,
        FileMade(
            loan_id=loan.id,
            item_code=ITEM,
            name=name,
            title=full,
            stream=io.BytesIO(data),
            doc_date=uow.clock.today(),
        ),
    )
    uow.record(
        "preservation.application_made",
        f"preservation:{measure.id}",
        title=title,
        document_id=document.id,
        sha256=document.sha256,
        missing=list(missing),
    )
    return Made(name=name, data=data, document_id=document.id, missing=missing)


def _same(uow: UnitOfWork, loan: Loan, data: bytes) -> Document | None:
    """Return the document of the loan file with exactly these bytes."""
    digest = hashlib.sha256(data).hexdigest()
    for row in archive.documents_of(uow, loan.id):
        if row.sha256 == digest:
            return archive.get_document(uow, row.id)
    return None


def _sides(uow: UnitOfWork, measure: Measure) -> tuple[Loan, Lender]:
    loan = loans.get_loan_by_id(uow, measure.loan_id)
    return loan, lenders.lender_of(uow, measure.branch_id)


def _case_no(uow: UnitOfWork, measure: Measure) -> str:
    """Return the number of the court: that of the case, else that of the ruling."""
    if measure.case_id is None:
        return measure.ruling_no
    return cases.short_facts(uow, {measure.case_id})[measure.case_id].court_case_no or (
        measure.ruling_no
    )


def _cause(uow: UnitOfWork, measure: Measure) -> str:
    if measure.case_id is None:
        return "金融借款合同纠纷"
    return cases.short_facts(uow, {measure.case_id})[measure.case_id].cause


def _asset(measure: Measure) -> str:
    if measure.amount is None:
        return measure.asset
    words = rmb_upper(measure.amount).canonical
    return f"{measure.asset}（以人民币{measure.amount:,.2f}元为限，大写：{words}）"


def _respondent(loan: Loan, name: str) -> tuple[str, ...]:
    customer = _customer(loan, name)
    if customer is None:
        return (f"被申请人：{name}",)
    return customer_lines(customer, "被申请人")


def people_of(loan: Loan) -> Iterator[Customer]:
    """Yield borrower, guarantors and providers of collateral, each once."""
    seen = set()
    for customer in (
        loan.customer,
        *(one.guarantor for one in loan.guarantees),
        *(one.provider for one in loan.collateral),
    ):
        if customer.id not in seen:
            seen.add(customer.id)
            yield customer


def _customer(loan: Loan, name: str) -> Customer | None:
    return next((one for one in people_of(loan) if one.name == name), None)


def _gaps(lender: Lender, loan: Loan, measure: Measure) -> tuple[str, ...]:
    """Return what stays blank on the paper, in words."""
    needed = (
        (measure.ruling_no, _l("裁定文号")),
        (_customer(loan, measure.respondent), _l("被申请人身份信息（不是本笔贷款的当事人）")),
    )
    return (*lender_gaps(lender), *(label for value, label in needed if not value))
