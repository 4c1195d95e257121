"""Letters that a disposal calls for: planned as a run of notices, sent by people there."""

from collections.abc import Mapping
from typing import Final

from postloan_archive.disposal import queries
from postloan_archive.disposal.errors import LettersPlannedError, NoLetterError
from postloan_archive.disposal.models import Disposal
from postloan_archive.disposal.rules import KIND_WORDS, OPEN, Kind, State
from postloan_archive.disposal.terms import plan_of
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.rules.new_plan import METHOD_WORDS
from postloan_archive.notices import service as notices
from postloan_archive.notices.models import NoticeRun
from postloan_archive.notices.service import PlanRun
from postloan_archive.uow import UnitOfWork

CONSENT, NOTICE, ANNOUNCEMENT, TO_SURETIES = "N14", "N07", "N08", "N04"
LETTER_WORDS: Final[Mapping[str, str]] = {
    CONSENT: _l("请担保人书面同意（N14）"),
    NOTICE: _l("通知债务人和各担保人（N07）"),
    ANNOUNCEMENT: _l("联合公告（N08）"),
    TO_SURETIES: _l("通知保证人（N04）"),
}
AFTER: Final = frozenset({State.APPROVED, State.EXECUTED})


def letters_of(row: Disposal) -> tuple[str, ...]:
    """Return the kinds of letters that a disposal calls for where it stands.

    Consent is asked for before the agreement (R-D20); who owes is told once it is approved
    (R-D23); guarantors of a bankrupt debtor at any time (R-D24).
    """
    kind, state = Kind(row.kind), State(row.state)
    if kind in {Kind.EXTENSION, Kind.RESTRUCTURING} and state in OPEN:
        return (CONSENT,)
    if kind is Kind.TRANSFER and state in AFTER:
        return (NOTICE, ANNOUNCEMENT) if row.terms.get("announce") else (NOTICE,)
    if kind is Kind.BANKRUPTCY and state in OPEN | AFTER:
        return (TO_SURETIES,)
    return ()


def plan_letters(uow: UnitOfWork, disposal_no: str, letter: str) -> NoticeRun:
    """Plan the run of one kind of letter; it is checked and sent among the notices.

    Raises:
        DisposalNotFoundError: none for this actor.
        NoLetterError: the disposal does not call for this letter now.
        LettersPlannedError: they are planned.
        RuleError: the notices refuse it, such as for a missing fact.
    """
    row = queries.get_disposal(uow, disposal_no)
    if letter not in letters_of(row):
        raise NoLetterError(disposal_no=row.disposal_no)
    known = row.letter_runs.get(letter)
    if known:
        raise LettersPlannedError(run_no=str(known["run_no"]))
    run = notices.plan_run(
        uow,
        PlanRun(
            kind=letter,
            as_of=uow.clock.today(),
            loan_nos=tuple(
                loans.get_loan_by_id(uow, line.loan_id).loan_no for line in row.loans
            ),
            given=_given(row, letter),
        ),
    )
    row.letter_runs = {**row.letter_runs, letter: {"id": run.id, "run_no": run.run_no}}
    uow.record(
        "disposal.letters_planned",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        letter=letter,
        run_no=run.run_no,
        letters=len(run.notices),
    )
    return run


def _given(row: Disposal, letter: str) -> dict[str, str]:
    terms = row.terms
    if letter in {NOTICE, ANNOUNCEMENT}:
        return {
            "transferee": terms["transferee"],
            "transferee_contact": terms["transferee_contact"],
            "transfer_agreement": f"《债权转让协议》（编号{terms['agreement_no']}）",
            "agreement_date": terms["agreement_on"],
            "cutoff_date": terms["cutoff_on"],
            "new_pay_account": terms["new_pay_account"],
        }
    if letter == CONSENT:
        plan = plan_of(Kind(row.kind), terms)
        rate = "" if plan.annual_rate_pct is None else f"，年利率变更为{plan.annual_rate_pct}%"
        method = (
            "" if row.kind == Kind.EXTENSION else f"，还款方式为{METHOD_WORDS[plan.method]}"
        )
        return {
            "change_content": f"贷款{KIND_WORDS[Kind(row.kind)]}：到期日变更为{plan.due_on}"
            f"{method}{rate}，其他条款不变",
            "new_due_date": plan.due_on.isoformat(),
        }
    return {}
