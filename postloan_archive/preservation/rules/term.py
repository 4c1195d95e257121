"""How long a measure lasts, and until when to ask for its renewal (R-C05 to R-C07)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import DayRangeError, Unit, add_period, backward_deadline
from postloan_archive.kernel.law import Citation, Derived, Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    PRESERVATION_PROVISIONS,
)
from postloan_archive.preservation.rules.kinds import (
    ASSET_LABELS,
    CONVERSION,
    EXPIRY,
    EXPIRY_FORMULA,
    MAXIMUM,
    OTHER_KINDS,
    RENEWAL,
    AssetKind,
    EnforcementBeforeMeasureError,
    ExpiryOrderError,
    SuitBeforeMeasureError,
    UnknownAssetKindError,
)

LONGEST_YEARS: Final[dict[AssetKind, int]] = {
    AssetKind.BANK_DEPOSIT: 1,
    AssetKind.MOVABLE: 2,
    AssetKind.REAL_ESTATE: 3,
    AssetKind.OTHER_RIGHT: 3,
}
RENEW_DAYS_BEFORE: Final = 7
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreservationTerm:
    """When a measure ends and when its renewal must be asked for.

    Attributes:
        expiry: last day of the measure, inclusive; at its end the measure is dead without any
            order, and no holiday extends it.
        apply_by: seven days before, moved to an earlier working day where needed.
        from_court: the day is on the paper of the court and wins over ours (R-001).
        computed: what the formula gives; None for kinds without one. Show both where they
            differ.
    """

    expiry: date
    apply_by: Due
    from_court: bool
    computed: date | None
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str


class Conversion(StrEnum):
    """What a pre-litigation measure becomes by itself."""

    IN_LITIGATION = "in_litigation"
    IN_ARBITRATION = "in_arbitration"
    ENFORCEMENT = "enforcement"


def expiry(
    effective_on: date, asset_kind: AssetKind, *, policy: LawPolicy = STANDARD_POLICY
) -> date:
    """Return the last day by the formula: the day before it took effect, plus the years.

    自2026-03-03起至2029-03-02止. The paper of the court replaces it.

    Raises:
        DayRangeError: the result is outside the years 1 to 9999.
    """
    years = LONGEST_YEARS[asset_kind]
    try:
        before = effective_on - ONE_DAY * policy.expiry_counts_first_day
    except OverflowError as error:
        raise DayRangeError(anchor=effective_on, length=years) from error
    return add_period(before, years, Unit.YEAR)


def preservation_term(
    effective_on: date,
    asset_kind: str,
    *,
    calendar: WorkCalendar,
    court_expiry: date | None = None,
    policy: LawPolicy = STANDARD_POLICY,
) -> PreservationTerm:
    """Return the end of a measure and the last day to ask for its renewal.

    Args:
        effective_on: ruling and notice reached the assisting body; for equity the publication
            in the company register (R-C05a).
        asset_kind: a value of `AssetKind`, or any words together with `court_expiry`.
        calendar: the working days known.
        court_expiry: the last day on the paper of the court, inclusive.
        policy: the settings of the bank.

    Raises:
        UnknownAssetKindError: a kind without a term, and no paper of the court (R-C05b).
        ExpiryOrderError: `court_expiry` is before `effective_on`.
    """
    kind = AssetKind(asset_kind) if asset_kind in set(AssetKind) else None
    computed = None if kind is None else expiry(effective_on, kind, policy=policy)
    if court_expiry is not None and court_expiry < effective_on:
        raise ExpiryOrderError(effective_on=effective_on, expiry=court_expiry)
    ends = court_expiry or computed
    if ends is None:
        raise UnknownAssetKindError(kind=asset_kind)
    apply_by = backward_deadline(
        ends,
        RENEW_DAYS_BEFORE,
        calendar=calendar,
        basis=(RENEWAL, MAXIMUM),
        edition=PRESERVATION_PROVISIONS.edition,
    )
    return PreservationTerm(
        expiry=ends,
        apply_by=apply_by,
        from_court=court_expiry is not None,
        computed=computed,
        basis=(*_basis(kind, court_expiry), *apply_by.basis),
        steps=(*_steps(effective_on, kind, computed, court_expiry), *apply_by.steps),
        edition=CIVIL_PROCEDURE_INTERPRETATION.edition,
    )


def converted_expiry(
    effective_on: date,
    asset_kind: AssetKind,
    *,
    converted_to: Conversion,
    suit_filed: date | None = None,
    enforcement_docketed: date | None = None,
    policy: LawPolicy = STANDARD_POLICY,
) -> Derived[date]:
    """Return when a pre-litigation measure ends after it became one of a later phase (R-C06).

    The period runs on; neither the suit nor the enforcement restarts it.

    Raises:
        SuitBeforeMeasureError: the suit was filed before the measure took effect.
        EnforcementBeforeMeasureError: enforcement was docketed before it took effect.
    """
    if suit_filed is not None and suit_filed < effective_on:
        raise SuitBeforeMeasureError(on=suit_filed, effective_on=effective_on)
    if enforcement_docketed is not None and enforcement_docketed < effective_on:
        raise EnforcementBeforeMeasureError(on=enforcement_docketed, effective_on=effective_on)
    ends = expiry(effective_on, asset_kind, policy=policy)
    later = max(filter(None, (suit_filed, enforcement_docketed)), default=effective_on)
    return Derived(
        value=ends,
        basis=(
            CONVERSION,
            CIVIL_PROCEDURE_INTERPRETATION.at(168, rule="R-C06"),
            MAXIMUM,
            EXPIRY_FORMULA,
        ),
        steps=(
            f"诉前保全自动转为{CONVERSION_LABELS[converted_to]}，期限连续计算，不重新起算。",
            f"自 {effective_on.isoformat()} 起至 {ends.isoformat()} 止；此前须续行。",
            *((f"措施在 {later.isoformat()} 前已届满，不能转换。",) if later > ends else ()),
        ),
        edition=PRESERVATION_PROVISIONS.edition,
    )


CONVERSION_LABELS: Final[dict[Conversion, str]] = {
    Conversion.IN_LITIGATION: "诉讼中保全",
    Conversion.IN_ARBITRATION: "仲裁中保全",
    Conversion.ENFORCEMENT: "执行中的查封、扣押、冻结",
}


def reminders(
    term: PreservationTerm, *, policy: LawPolicy = STANDARD_POLICY
) -> tuple[date, ...]:
    """Return the days on which to remind of the renewal, in order (R-C07)."""
    return tuple(term.expiry - timedelta(days=days) for days in policy.renewal_reminders)


def escalation_day(
    term: PreservationTerm,
    *,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> date:
    """Return the day from which a renewal without a receipt goes to the manager (R-C07)."""
    day = term.apply_by.safe
    for _ in range(policy.renewal_escalation):
        day = calendar.safe_day(day - ONE_DAY)
    return day


def _basis(kind: AssetKind | None, court_expiry: date | None) -> tuple[Citation, ...]:
    if kind is None:
        return (OTHER_KINDS,)
    return (MAXIMUM, EXPIRY) if court_expiry else (MAXIMUM, EXPIRY, EXPIRY_FORMULA)


def _steps(
    effective_on: date,
    kind: AssetKind | None,
    computed: date | None,
    court_expiry: date | None,
) -> tuple[str, ...]:
    steps = []
    if kind is not None and computed is not None:
        steps.append(
            f"{ASSET_LABELS[kind]}最长{LONGEST_YEARS[kind]}年，"
            f"自 {effective_on.isoformat()} 起至 {computed.isoformat()} 止。"
        )
    if court_expiry is not None:
        steps.append(f"法院文书载明届满日 {court_expiry.isoformat()}，以文书为准。")
        if computed is not None and computed != court_expiry:
            steps.append("与推算日期不一致，请核对文书。")
    steps.append("届满即失效，不因节假日顺延。")
    return tuple(steps)
