"""Which loans one suit can be about: same lender, common debtors, same court.

Several claims of one kind may be heard together where the court agrees (民事诉讼法55). Whether
it does is for the court: what is said here is 参考.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from postloan_archive.cases.rules.steps import STEP_LABELS, Step
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_LAW

JOINT_SUIT: Final = CIVIL_PROCEDURE_LAW.at(55, rule="", confidence=Confidence.MEMORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suable:
    """What decides whether a loan can be sued for together with others.

    Attributes:
        borrower: id of the customer.
        others: ids of guarantors and providers of collateral.
        court: the one agreed in the contract, empty if none.
        open_case: our number of the case in which it is sued for already, or empty.
        nothing_due: nothing can be demanded on the day.
    """

    loan_no: str
    branch_id: int
    borrower: int
    others: frozenset[int]
    court: str
    arbitration: bool
    over: bool
    open_case: str
    nothing_due: bool = False

    @property
    def people(self) -> frozenset[int]:
        """Return everybody who owes or secures the debt."""
        return self.others | {self.borrower}


def refusals(present: Iterable[Suable], new: Suable) -> Iterator[str]:
    """Yield why a loan cannot go into the suit, as Chinese sentences; nothing if it can."""
    held = list(present)
    if any(one.loan_no == new.loan_no for one in held):
        yield _l("已在本案中")
        return
    if new.over:
        yield _l("已结清或者已转让，没有可以请求的债权")
    if new.open_case:
        yield _l("已有未结案件 {case_no}").format(case_no=new.open_case)
    if new.arbitration:
        yield _l("合同约定仲裁，人民法院不受理")
    if any(one.branch_id != new.branch_id for one in held):
        yield _l("由另一机构发放，原告不同")
    if held and not any(one.people & new.people for one in held):
        yield _l("借款人不同，也没有共同的担保人")
    courts = sorted({one.court for one in held if one.court} - {new.court})
    if new.court and courts:
        yield _l("合同约定的法院不同（{ours}，本案为{theirs}）").format(
            ours=new.court, theirs="、".join(courts)
        )


def reminders(present: Iterable[Suable], new: Suable) -> Iterator[str]:
    """Yield what a lawyer should look at although the loan can be joined."""
    held = list(present)
    if new.nothing_due:
        yield _l("没有到期欠款，须先到期或者依约宣布提前到期")
    if held and all(one.borrower != new.borrower for one in held):
        yield _l("借款人不同，只有担保人共同；是否合并审理由法院决定，须各方同意（参考）")
    agreed = {one.court for one in (*held, new)}
    if held and "" in agreed and len(agreed) > 1:
        yield _l("有的合同没有约定法院，请核对本案法院对每笔都有管辖权")


def fixed_by(stage: Step, *, filed: bool) -> str | None:
    """Return why no loan can be joined or taken out any more, None before the suit is filed."""
    if stage is Step.PREPARED and not filed:
        return None
    return STEP_LABELS[stage if stage is not Step.PREPARED else Step.FILED]
