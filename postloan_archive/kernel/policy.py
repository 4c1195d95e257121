"""What the bank may set where the law is silent or quoted from memory (tag M, register N).

Each value is shown to users as 参考 and signed off by the legal department; `docs/law.md` lists
it under the rule that reads it. The defaults are the careful choice.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class LawPolicy:
    """The settings of the rules of groups A to D, G and L.

    Attributes:
        plan_from_nominal: a right of our own side that follows another period is planned from
            its nominal day (R-A19).
        expiry_counts_first_day: the fallback for the end of a measure is the day before the
            anniversary, as on court papers (R-C05); False: the anniversary itself.
        renewal_reminders: days before the end of a measure on which to remind (R-C07).
        renewal_escalation: working days before the last day to apply, from which a renewal
            without a receipt goes to the manager (R-C07).
        micro_loan_exempt: a micro-loan company counts among the institutions that may be spared
            security (R-C04).
        proof_signers: whose signature on a copy is proof of level A (R-D05).
        resetting_levels: levels of proof that restart a limitation period alone (R-D05).
        limitation_warning: days before the end at which a limitation period is called ending.
        guarantee_warning: the same for a guarantee period.
        asset_check_months: months between looks for assets after 终本 (R-B51).
        calls_a_day: calls to one debtor on one day (R-L02).
        inspect_first_days: days after a drawdown for the first inspection (R-G06).
        inspect_company_months, inspect_company_watched_months: between regular inspections
            of a company in the normal class, and in a worse one (R-G06).
        inspect_personal_months, inspect_personal_watched_months: the same for loans to
            persons for their business.
        inspect_consumer_months: the same for small consumer loans.
        revalue_real_estate_months, revalue_other_months: between valuations of collateral.
    """

    plan_from_nominal: bool = True
    expiry_counts_first_day: bool = True
    renewal_reminders: tuple[int, ...] = (60, 45, 30, 20, 15)
    renewal_escalation: int = 5
    micro_loan_exempt: bool = False
    proof_signers: frozenset[str] = frozenset(
        {"debtor", "adult_relative", "legal_rep", "mail_room", "authorised"}
    )
    resetting_levels: frozenset[str] = frozenset({"A", "B"})
    limitation_warning: int = 180
    guarantee_warning: int = 90
    asset_check_months: int = 6
    calls_a_day: int = 3
    inspect_first_days: int = 15
    inspect_company_months: int = 3
    inspect_company_watched_months: int = 1
    inspect_personal_months: int = 6
    inspect_personal_watched_months: int = 3
    inspect_consumer_months: int = 1
    revalue_real_estate_months: int = 12
    revalue_other_months: int = 3


STANDARD_POLICY: Final = LawPolicy()
