"""Before a suit: parties, claim, security, court, procedure, fees, what is missing.

Everything is read from the loan file; nothing is stored until a case is opened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from postloan_archive.archive import queries as archive
from postloan_archive.cases import joining
from postloan_archive.cases.case_loans import open_case_no
from postloan_archive.cases.rules.fees import Fees, fees
from postloan_archive.cases.rules.jurisdiction import Finding, Place, jurisdiction_findings
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Derived, Due
from postloan_archive.kernel.money import ZERO
from postloan_archive.litigation import claims, securities
from postloan_archive.litigation.claims import Claim
from postloan_archive.litigation.rules.exhibits import ChecklistItem, gaps
from postloan_archive.litigation.rules.procedures import (
    ClaimFacts,
    ProcedureOption,
    procedure_options,
)
from postloan_archive.litigation.securities import SecurityRow
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.clocks import limitation_of
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.loans.party_lines import customer_gaps, lender_gaps
from postloan_archive.loans.rules.limitation_state import LimitationState, LimitationStatus
from postloan_archive.notices import queries as notices
from postloan_archive.policy.queries import load_policy
from postloan_archive.preservation import queries as preservation
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupParty:
    """Somebody to be sued, with the address for service and where it comes from."""

    customer: Customer
    capacities: tuple[str, ...]
    address: str
    address_source: str
    gaps: tuple[str, ...]
    returned: bool  # a letter to this party came back


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to settle; `blocks` where the suit should not go out as it is."""

    text: str
    blocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLoan:
    """One loan of the suit: what is claimed on it, its clocks, what its file lacks."""

    loan: Loan
    claim: Claim
    securities: tuple[SecurityRow, ...]
    limitation: LimitationState | None
    limitation_due: Due | None
    evidence: tuple[ChecklistItem, ...]  # needed and not in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a suit about a loan, or about several, would look like on the cut-off day.

    Attributes:
        loan: the leading one.
        claim: what is claimed on all loans together.
        loans: each of them.
        case_no: of the case that is open already, or empty.
    """

    loan: Loan
    lender: Lender
    cut_off: date
    claim: Claim
    loans: tuple[SetupLoan, ...]
    fees: Derived[Fees] | None
    parties: tuple[SetupParty, ...]
    court: str
    place: Place
    findings: tuple[Finding, ...]
    options: tuple[ProcedureOption, ...]
    problems: tuple[Problem, ...]
    case_no: str

    @property
    def best(self) -> ProcedureOption | None:
        """Return the recommended way."""
        return next((one for one in self.options if one.recommended), None)

    @property
    def securities(self) -> tuple[SecurityRow, ...]:
        """Return the securities of all loans."""
        return tuple(row for one in self.loans for row in one.securities)

    @property
    def evidence(self) -> tuple[ChecklistItem, ...]:
        """Return the lines of the checklist that some file does not answer."""
        return tuple(dict.fromkeys(item for one in self.loans for item in one.evidence))

    @property
    def ready(self) -> bool:
        """Return whether nothing is missing and nothing blocks."""
        return not self.evidence and not any(one.blocks for one in self.problems)


def setup_of(
    uow: UnitOfWork,
    loan_no: str,
    *,
    further: Sequence[str] = (),
    cut_off: date | None = None,
    place: Place | None = None,
    average_wage: Decimal | None = None,
) -> Setup:
    """Return what a suit about a loan, and about further ones with it, would look like.

    A further loan that cannot be sued for together is left out; `joining.candidates` says why.

    Args:
        uow: whose loans.
        loan_no: the leading loan.
        further: numbers of loans to sue for in the same case.
        cut_off: interest runs up to this day, which is not counted; today if None.
        place: why this court; what the contract says if None.
        average_wage: yuan a year in the province, for the small-claims procedure.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = loans.get_loan(uow, loan_no)
    held = [loan]
    for number in further:
        one = loans.get_loan(uow, number)
        if not joining.against(uow, held, one):
            held.append(one)
    today = uow.clock.today()
    day = cut_off or today
    rows = tuple(_loan(uow, one, day, today) for one in held)
    claim = claims.joint([claims.Sued(loan=one.loan, claim=one.claim) for one in rows])
    lender = lenders.lender_of(uow, loan.branch_id)
    parties = tuple(_parties(uow, held))
    chosen = place or _place(held)
    findings = jurisdiction_findings(
        chosen,
        filed_on=today,
        performance_place_agreed=any("履行地" in one.contract.dispute_clause for one in held),
        connection_proved=all(bool(one.contract.signed_at) for one in held),
        arbitration_or_court_clause=any(
            one.contract.dispute == "court" and "仲裁" in one.contract.dispute_clause
            for one in held
        ),
        guarantor_sued_too=any(row.kind == "joint" for one in held for row in one.guarantees),
    )
    facts = _facts(uow, rows, claim, parties, average_wage)
    return Setup(
        loan=loan,
        lender=lender,
        cut_off=day,
        claim=claim,
        loans=rows,
        fees=fees(claim.total) if claim.total > ZERO else None,
        parties=parties,
        court=next((one.contract.court for one in held if one.contract.court), ""),
        place=chosen,
        findings=findings,
        options=procedure_options(facts),
        problems=(
            *_problems(rows, lender, parties, today),
            *_warnings(rows, parties, findings),
            *_joined(uow, held),
        ),
        case_no=open_case_no(uow, loan.id) or "",
    )


def _loan(uow: UnitOfWork, loan: Loan, day: date, today: date) -> SetupLoan:
    limitation = limitation_of(
        loan,
        confirmed_events(uow, loan.id),
        as_of=today,
        calendar=load_calendar(uow.session),
        policy=load_policy(uow),
    )
    kinds = {"guarantee": loan.guarantees, "mortgage": loan.collateral}
    return SetupLoan(
        loan=loan,
        claim=claims.claim_of(loan, day),
        securities=securities.security_rows(uow, loan, today),
        limitation=limitation,
        limitation_due=limitation.legal.due if limitation else None,
        evidence=gaps(
            archive.present_items(uow, loan.id),
            frozenset(name for name, held in kinds.items() if held),
        ),
    )


def _facts(
    uow: UnitOfWork,
    rows: Sequence[SetupLoan],
    claim: Claim,
    parties: Sequence[SetupParty],
    average_wage: Decimal | None,
) -> ClaimFacts:
    held = [one.loan for one in rows]
    things = [item for loan in held for item in loan.collateral]
    return ClaimFacts(
        amount=claim.total,
        due=all(
            one.loan.due_on <= claim.position.as_of or one.claim.accelerated for one in rows
        ),
        debtor_missing=any(one.returned for one in parties),
        registered=bool(things) and all(item.registration_no for item in things),
        collateral=all(bool(loan.collateral) for loan in held),
        guarantors=any(row.kind == "joint" for loan in held for row in loan.guarantees),
        preserved_before_suit=any(
            row.phase == "pre_litigation"
            for loan in held
            if loan.preserved
            for row in preservation.measures(uow, loan_id=loan.id)
        ),
        average_wage=average_wage,
    )


def _place(held: Sequence[Loan]) -> Place:
    agreed = any(loan.contract.court for loan in held)
    return Place.CLAUSE_LISTED if agreed else Place.LENDER


def _parties(uow: UnitOfWork, held: Sequence[Loan]) -> Iterator[SetupParty]:
    roles: dict[int, list[str]] = {}
    people: dict[int, Customer] = {}
    for loan in held:
        roles.setdefault(loan.customer_id, []).append(_l("借款人"))
        people[loan.customer_id] = loan.customer
        for row in loan.guarantees:
            word = _l("连带保证人") if row.kind == "joint" else _l("一般保证人")
            roles.setdefault(row.guarantor_id, []).append(word)
            people[row.guarantor_id] = row.guarantor
        for item in loan.collateral:
            roles.setdefault(item.provider_id, []).append(_l("担保物提供人"))
            people[item.provider_id] = item.provider
    back = {
        row.addressee_id
        for loan in held
        for row in notices.letters_of_loan(uow, loan.id)
        if row.outcome == "returned"
    }
    for key, words in roles.items():
        one = people[key]
        address = one.service_address or one.residence or one.domicile
        if one.service_address:
            source = one.service_address_source or _l("登记的送达地址，来源未写明")
        elif address:
            source = _l("没有约定的送达地址，用住所地或经常居住地")
        else:
            source = ""
        lacks = list(customer_gaps(one))
        if not address:
            lacks.append(_l("{name}的送达地址").format(name=one.name))
        yield SetupParty(
            customer=one,
            capacities=tuple(dict.fromkeys(words)),
            address=address,
            address_source=source,
            gaps=tuple(lacks),
            returned=key in back,
        )


def _problems(
    rows: Sequence[SetupLoan],
    lender: Lender,
    parties: tuple[SetupParty, ...],
    today: date,
) -> Iterator[Problem]:
    for one in rows:
        loan, claim = one.loan, one.claim
        which = _which(rows, one)
        if loan.contract.dispute == "arbitration":
            yield _stop(which + _l("合同约定仲裁，人民法院不受理。"))
        if claim.total <= ZERO:
            yield _stop(which + _l("截止日没有到期欠款，没有可以请求的数额。"))
        if claim.accelerated and loan.accelerated_on is None and loan.due_on > today:
            yield _note(
                which
                + _l(
                    "贷款尚未到期、尚未宣布提前到期；按截止日全部到期计算，请先核对提前到期的"
                    "约定和通知。"
                )
            )
        if not loan.contract.court:
            yield _note(which + _l("合同没有登记约定的管辖法院，建案时须填写受理法院。"))
    for gap in (*lender_gaps(lender), *(gap for party in parties for gap in party.gaps)):
        yield _stop(_l("缺少：{what}").format(what=gap))


def _warnings(
    rows: Sequence[SetupLoan],
    parties: tuple[SetupParty, ...],
    findings: tuple[Finding, ...],
) -> Iterator[Problem]:
    for finding in findings:
        yield Problem(text=finding.text, blocks=finding.blocks)
    for one in rows:
        if one.limitation is not None and one.limitation.status is LimitationStatus.PAST:
            yield _note(
                _which(rows, one)
                + _l("诉讼时效的届满日已过，记录中没有中断；请核对有无其他中断证据。")
            )
    for party in parties:
        if party.returned:
            name = party.customer.name
            yield _note(_l("寄给{name}的函件曾被退回，送达可能困难。").format(name=name))
    for one in rows:
        for row in one.securities:
            if not row.alive:
                yield _note(f"{_which(rows, one)}{row.what}：{row.text}")


def _joined(uow: UnitOfWork, held: Sequence[Loan]) -> Iterator[Problem]:
    for number, loan in enumerate(held[1:], 1):
        for text in joining.reminded(uow, held[:number], loan):
            yield _note(_l("借据{loan_no}：{text}").format(loan_no=loan.loan_no, text=text))


def _which(rows: Sequence[SetupLoan], one: SetupLoan) -> str:
    """Return the words that tell the loans of a suit apart; none where there is one."""
    if len(rows) == 1:
        return ""
    return _l("借据{loan_no}：").format(loan_no=one.loan.loan_no)


def _stop(text: str) -> Problem:
    return Problem(text=text, blocks=True)


def _note(text: str) -> Problem:
    return Problem(text=text, blocks=False)
