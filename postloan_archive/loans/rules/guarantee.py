"""Guarantees: the period, how the right is kept, what a late signature means (R-D14 to R-D19).

The period never stops, restarts or grows; it is the opposite of limitation in every respect.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import Unit, add_period, deadline, due_on
from postloan_archive.kernel.entries import small_number
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived, Due
from postloan_archive.kernel.statutes import CIVIL_CODE, HOUSE_RULE, SECURITY_INTERPRETATION

DEFAULT_MONTHS: Final = 6
LIMITATION_YEARS: Final = 3
PERIOD: Final = CIVIL_CODE.at(692, rule="R-D14")
PERIOD_ANCHOR: Final = HOUSE_RULE.at(
    "提前到期及分期债务的保证期间起算点", rule="R-D14", confidence=Confidence.MEMORY
)
NOT_AGREED_CLAUSE: Final = CIVIL_CODE.at(692, 2, rule="R-D17")
NOT_CLEAR_CLAUSE: Final = SECURITY_INTERPRETATION.at(32, rule="R-D17")
KIND_NOT_AGREED: Final = CIVIL_CODE.at(686, 2, rule="R-D15")
EXERCISE: Final = CIVIL_CODE.at(693, rule="R-D15")
EXERCISE_DETAILS: Final = SECURITY_INTERPRETATION.at(
    "第二十五条至第二十七条、第三十一条", rule="R-D15"
)
NOT_RELIED_ON: Final = HOUSE_RULE.at(
    "支付令、债权申报、实现担保物权不视为对一般保证行使权利",
    rule="R-D15",
    confidence=Confidence.MEMORY,
)
LIMITATION: Final = CIVIL_CODE.at(694, rule="R-D16")
LIMITATION_START: Final = SECURITY_INTERPRETATION.at(28, rule="R-D16")
EACH_GUARANTOR: Final = SECURITY_INTERPRETATION.at(29, rule="R-D18")
LATE_SIGNATURE: Final = SECURITY_INTERPRETATION.at(34, rule="R-D19")
EDITION: Final = SECURITY_INTERPRETATION.edition

NUMERAL: Final = r"(?P<number>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
AGREED_LENGTH: Final = re.compile(
    rf"届满之?日起{NUMERAL}(?P<unit>年|个月)(?![零又加半0-9一二三四五六七八九十])"
)
UNTIL_PAID: Final = re.compile(r"至.*(?:还清|清偿(?:完毕)?|结清).*(?:为止|之日止?)")
CAPITALS: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
LONGEST_CLAUSE: Final = 4_000  # characters; a clause is a sentence, not a contract


class GuaranteeKind(StrEnum):
    """What was agreed; nothing agreed counts as a general guarantee (686②)."""

    GENERAL = "general"
    JOINT = "joint"
    NOT_AGREED = "not_agreed"


class Treatment(StrEnum):
    """How the law reads the clause on the period."""

    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    NOT_CLEAR = "not_clear"


class ActKind(StrEnum):
    """What was done to keep the right, or took it back."""

    NOTICE_TO_GUARANTOR = "notice_to_guarantor"
    SUE_GUARANTOR = "sue_guarantor"
    ARBITRATE_GUARANTOR = "arbitrate_guarantor"
    SUE_DEBTOR = "sue_debtor"
    ARBITRATE_DEBTOR = "arbitrate_debtor"
    ENFORCE_NOTARISED_AGAINST_DEBTOR = "enforce_notarised_against_debtor"
    WITHDRAW = "withdraw"


ACT_LABELS: Final[dict[ActKind, str]] = {
    ActKind.NOTICE_TO_GUARANTOR: "履责通知到达保证人",
    ActKind.SUE_GUARANTOR: "起诉保证人",
    ActKind.ARBITRATE_GUARANTOR: "对保证人申请仲裁",
    ActKind.SUE_DEBTOR: "起诉债务人",
    ActKind.ARBITRATE_DEBTOR: "对债务人申请仲裁",
    ActKind.ENFORCE_NOTARISED_AGAINST_DEBTOR: "依公证债权文书对债务人申请执行",
    ActKind.WITHDRAW: "撤回起诉或仲裁申请",
}
AGAINST_GUARANTOR: Final = frozenset({ActKind.SUE_GUARANTOR, ActKind.ARBITRATE_GUARANTOR})
AGAINST_DEBTOR: Final = frozenset({ActKind.SUE_DEBTOR, ActKind.ARBITRATE_DEBTOR})
COUNTING: Final[dict[GuaranteeKind, frozenset[ActKind]]] = {
    GuaranteeKind.JOINT: AGAINST_GUARANTOR | {ActKind.NOTICE_TO_GUARANTOR},
    GuaranteeKind.GENERAL: AGAINST_DEBTOR | {ActKind.ENFORCE_NOTARISED_AGAINST_DEBTOR},
    GuaranteeKind.NOT_AGREED: AGAINST_DEBTOR | {ActKind.ENFORCE_NOTARISED_AGAINST_DEBTOR},
}


class TwoClausesError(RuleError):
    """A date and a text were both given for the same period."""

    field = "clause"

    def __init__(self) -> None:
        super().__init__(_l("保证期间的届满日和条款文字只能填写一项。"), basis=PERIOD)


class SignedInPeriodError(RuleError):
    """A signature inside the period is an act inside the period."""

    field = "signed_notice"

    def __init__(self, *, signed_on: date, period_end: date) -> None:
        super().__init__(
            _l(
                "签字日 {signed_on} 不晚于保证期间届满日 {period_end}，请按期间内行使权利判断。"
            ),
            basis=EXERCISE,
            signed_on=signed_on,
            period_end=period_end,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteePeriod:
    """How long the guarantee lasts.

    `last_day` is nominal and inclusive, without any extension over rest days (R-A05);
    `needs_review` asks legal to read the clause.
    """

    treated_as: Treatment
    last_day: date
    needs_review: bool
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act in the order it was recorded.

    Attributes:
        kind: what was done.
        on: arrival of a notice, filing of a suit, day of a withdrawal; None: not arrived.
        guarantor: whom it was aimed at; None: the guarantor in question.
        copy_served: day the guarantor got the complaint; None: never.
        sent: day a notice was sent, for the record only: arrival counts.
    """

    kind: ActKind
    on: date | None
    guarantor: str | None = None
    copy_served: date | None = None
    sent: date | None = None


def guarantee_period(
    main_due: date, *, clause_end: date | None = None, clause: str | None = None
) -> GuaranteePeriod:
    """Return how the law reads what was agreed on the guarantee period.

    Args:
        main_due: end of the performance period of the main debt.
        clause_end: last day agreed, inclusive.
        clause: the words of the contract; give one of the two, or neither.

    Raises:
        TwoClausesError: both were given.
    """
    if clause_end is not None and clause is not None:
        raise TwoClausesError
    half_year = add_period(main_due, DEFAULT_MONTHS, Unit.MONTH)
    if clause_end is not None and clause_end > main_due:
        return _period(
            Treatment.AGREED, clause_end, f"约定的保证期间至 {clause_end.isoformat()}。"
        )
    words = _plain(clause or "")
    if clause_end is not None or not words:
        step = (
            "约定的保证期间不晚于主债务履行期限，视为没有约定"
            if clause_end is not None
            else "没有约定保证期间"
        )
        return _period(
            Treatment.NOT_AGREED, half_year, f"{step}，为主债务履行期限届满之日起六个月。"
        )
    if match := AGREED_LENGTH.search(words):
        length = _length(match["number"])
        if length:
            unit = Unit.YEAR if match["unit"] == "年" else Unit.MONTH
            return _period(
                Treatment.AGREED,
                add_period(main_due, length, unit),
                f"约定为主债务履行期限届满之日起{length}{unit.chinese}。",
            )
    if UNTIL_PAID.search(words):
        return _period(
            Treatment.NOT_CLEAR,
            half_year,
            "约定至主债务还清时为止，视为约定不明，为主债务履行期限届满之日起六个月。",
        )
    return _period(
        Treatment.NOT_CLEAR,
        half_year,
        "条款不能识别，暂按约定不明的六个月计算，请法务审阅。",
        needs_review=True,
    )


def guarantee_end(period: GuaranteePeriod, *, calendar: WorkCalendar) -> Due:
    """Return the three days of the end of the period; plan by `safe` (R-A05)."""
    return due_on(
        period.last_day, calendar=calendar, basis=period.basis, edition=period.edition
    )


def guarantee_right_exercised(
    kind: GuaranteeKind,
    period_end: date,
    acts: Sequence[Act],
    guarantor: str | None = None,
) -> Derived[bool]:
    """Return whether the right against one guarantor was exercised inside the period.

    A general guarantee asks for a suit or arbitration against the debtor, a joint one for a
    notice that arrived or a suit against this guarantor. The screen shows the facts in `steps`,
    not the conclusion (R-008).

    Args:
        kind: what was agreed.
        period_end: last day of the period, inclusive.
        acts: in the order they were recorded.
        guarantor: whose guarantee is looked at; acts aimed at others do not count (R-D18).
    """
    counted, steps = acts_that_count(kind, period_end, acts, guarantor)
    return Derived(
        value=bool(counted),
        basis=(EXERCISE, EXERCISE_DETAILS, KIND_NOT_AGREED, EACH_GUARANTOR, NOT_RELIED_ON),
        steps=steps,
        edition=EDITION,
    )


def acts_that_count(
    kind: GuaranteeKind,
    period_end: date,
    acts: Sequence[Act],
    guarantor: str | None = None,
) -> tuple[tuple[Act, ...], tuple[str, ...]]:
    """Return the acts that keep the right, in order, and a sentence on each act."""
    counted: list[Act] = []
    filings: list[Act] = []
    steps = []
    for act in acts:
        if act.kind is ActKind.WITHDRAW:
            steps.append(_withdraw(filings, counted))
            continue
        if act.kind in AGAINST_DEBTOR | AGAINST_GUARANTOR:
            filings.append(act)
        reason = _why_not(act, kind, period_end, guarantor)
        if reason is None:
            counted.append(act)
        steps.append(f"{_day(act.on)} {ACT_LABELS[act.kind]}：{reason or '在保证期间内'}。")
    steps.append(f"保证期间至 {period_end.isoformat()}，期间内有效行使权利 {len(counted)} 次。")
    return tuple(counted), tuple(steps)


def guarantor_signs_after_expiry(
    *, period_end: date, signed_notice: date, new_guarantee_contract: bool
) -> Derived[bool]:
    """Return whether a signature after the end binds the guarantor: only a new contract does.

    The opposite of the debtor's late signature (R-D10). The court examines the period itself.

    Raises:
        SignedInPeriodError: the signature is not after the end.
    """
    if signed_notice <= period_end:
        raise SignedInPeriodError(signed_on=signed_notice, period_end=period_end)
    step = (
        "双方成立新的保证合同，按新合同承担责任。"
        if new_guarantee_contract
        else "在催收通知上签字不恢复保证责任。"
    )
    return Derived(
        value=new_guarantee_contract,
        basis=(LATE_SIGNATURE,),
        steps=(
            f"保证期间于 {period_end.isoformat()} 届满，{signed_notice.isoformat()} 签字。",
            step,
        ),
        edition=EDITION,
    )


def guarantee_limitation_end(start: date, *, calendar: WorkCalendar) -> Due:
    """Return the end of the limitation of the guarantee debt: three years (R-D16).

    Args:
        start: joint: the demand inside the period; general: service of the ruling that ends the
            enforcement against the debtor, one year after the court got the application without
            such a ruling, or knowledge of an exception of article 687②.
        calendar: the working days known.
    """
    return deadline(
        start,
        LIMITATION_YEARS,
        Unit.YEAR,
        calendar=calendar,
        basis=(LIMITATION, LIMITATION_START),
        edition=EDITION,
    )


def _period(
    treated_as: Treatment, last_day: date, step: str, *, needs_review: bool = False
) -> GuaranteePeriod:
    clause = NOT_CLEAR_CLAUSE if treated_as is Treatment.NOT_CLEAR else NOT_AGREED_CLAUSE
    return GuaranteePeriod(
        treated_as=treated_as,
        last_day=last_day,
        needs_review=needs_review,
        basis=(PERIOD, clause, PERIOD_ANCHOR),
        steps=(step, f"保证期间至 {last_day.isoformat()}，不中止、不中断、不延长。"),
        edition=CIVIL_CODE.edition,
    )


def _plain(clause: str) -> str:
    text = unicodedata.normalize("NFKC", clause[:LONGEST_CLAUSE])
    return "".join(text.split()).translate(CAPITALS)


def _length(number: str) -> int:
    """Return the number of years or months, or 0 where the numeral is not well formed."""
    if number.isdecimal():
        return int(number)
    try:
        return small_number(number)
    except ValueError:
        return 0


def _why_not(
    act: Act, kind: GuaranteeKind, period_end: date, guarantor: str | None
) -> str | None:
    """Return why the act does not keep the right, Chinese, or None if it does."""
    if act.kind not in COUNTING[kind]:
        return "不是该类保证行使权利的方式"
    if act.guarantor is not None and act.guarantor != guarantor:
        return "针对其他保证人，不及于该保证人"
    if act.on is None:
        return "没有到达"
    if act.on > period_end:
        return "在保证期间届满之后"
    return None


def _withdraw(filings: list[Act], counted: list[Act]) -> str:
    """Take back the last suit or arbitration; return what that means, Chinese."""
    if not filings:
        return "撤回：没有可撤回的起诉或仲裁申请。"
    last = filings.pop()
    kept = last.kind in AGAINST_GUARANTOR and last.copy_served is not None
    if kept:
        return f"撤回{_day(last.on)}的{ACT_LABELS[last.kind]}：副本已送达保证人，仍为行使权利。"
    counted[:] = [act for act in counted if act is not last]
    return f"撤回{_day(last.on)}的{ACT_LABELS[last.kind]}：不再视为行使权利。"


def _day(on: date | None) -> str:
    return on.isoformat() if on else "（无日期）"
