"""What to settle before a measure is asked for (R-C13 to R-C20): findings, no conclusion."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.law import Citation
from postloan_archive.kernel.statutes import (
    ARBITRATION_LAW,
    CIVIL_CODE,
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    PRESERVATION_PROVISIONS,
    SECURITY_INTERPRETATION,
    SEIZURE_PROVISIONS,
)
from postloan_archive.preservation.rules.kinds import AssetKind

OVER_SEIZURE: Final = SEIZURE_PROVISIONS.at(19, rule="R-C13")
ACCOUNT_AMOUNT: Final = PRESERVATION_PROVISIONS.at(15, rule="R-C13")
DAMAGES: Final = CIVIL_PROCEDURE_LAW.at(108, rule="R-C14")
FIRST_SEIZURE: Final = CIVIL_PROCEDURE_INTERPRETATION.at(157, rule="R-C15")
AMOUNT_FIXED: Final = CIVIL_CODE.at("第四百二十三条第四项", rule="R-C16")
AMOUNT_FIXED_NOTICE: Final = SEIZURE_PROVISIONS.at(25, rule="R-C16")
APPEAL_COURT: Final = CIVIL_PROCEDURE_INTERPRETATION.at(
    "第一百六十一条、第一百六十二条", rule="R-C17"
)
ARBITRATION: Final = ARBITRATION_LAW.at(39, rule="R-C18")
GENERAL_GUARANTOR: Final = SECURITY_INTERPRETATION.at(26, 3, rule="R-C20")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One point; `blocks` if the application must not leave the house as it stands."""

    text: str
    basis: Citation
    blocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What is to be preserved, as the application says.

    Attributes:
        amount: yuan to preserve; None for a named asset without an amount.
        claim_total: total of the claim calculation A06 in yuan; None: there is none.
        asset_kind: kind of the asset.
        divisible: the asset can be seized in part.
        asset_value: yuan, None if not valued.
        respondent_is_general_guarantor: a general guarantee, or its kind was not agreed.
        debtor_assets_asked_first: the debtor's assets are preserved too and do not suffice.
        in_arbitration: the dispute is before an arbitration institution.
        on_appeal: the case is between the courts or before the second one.
        seized_by_other_court: another court came first.
    """

    amount: Decimal | None
    claim_total: Decimal | None
    asset_kind: AssetKind
    divisible: bool = True
    asset_value: Decimal | None = None
    respondent_is_general_guarantor: bool = False
    debtor_assets_asked_first: bool = False
    in_arbitration: bool = False
    on_appeal: bool = False
    seized_by_other_court: bool = False


def application_findings(asked: Application) -> tuple[Finding, ...]:
    """Return what must be settled before the application is filed; empty if nothing."""
    found = []
    if asked.claim_total is None:
        found.append(_stop("缺少债权计算书（A06）。", DAMAGES))
    elif asked.amount is not None and asked.amount > asked.claim_total:
        found.append(_stop("请求保全数额超过债权计算书总额，错误保全须赔偿。", DAMAGES))
    if asked.asset_kind is AssetKind.BANK_DEPOSIT and asked.amount is None:
        found.append(_stop("冻结账户须写明冻结数额。", ACCOUNT_AMOUNT))
    if (
        asked.amount is not None
        and asked.asset_value is not None
        and asked.divisible
        and asked.asset_value > asked.amount
    ):
        found.append(_note("财产价值高于请求数额且可分，不得明显超标的查封。", OVER_SEIZURE))
    if asked.respondent_is_general_guarantor and not asked.debtor_assets_asked_first:
        found.append(_stop("保全一般保证人财产，须先对债务人财产申请保全。", GENERAL_GUARANTOR))
    if asked.in_arbitration:
        found.append(_note("仲裁中的保全申请通过仲裁机构提交法院。", ARBITRATION))
    if asked.on_appeal:
        found.append(
            _note("案卷移送前由一审法院保全；续行向正在审理的法院申请。", APPEAL_COURT)
        )
    if asked.seized_by_other_court:
        found.append(
            _note("不影响我方抵押、质押的优先受偿，但处分须等首封法院。", FIRST_SEIZURE)
        )
    return tuple(found)


def collateral_seized(*, maximum_amount: bool) -> tuple[Finding, ...]:
    """Return what follows once we know that our collateral was seized (R-C16).

    A maximum-amount mortgage then secures only what was lent by that day: new drawings are
    blocked.
    """
    if not maximum_amount:
        return ()
    return (
        _stop("抵押财产被查封，最高额抵押的债权确定，停止新的放款。", AMOUNT_FIXED),
        _note("自收到法院通知或知道查封之日起确定。", AMOUNT_FIXED_NOTICE),
    )


def _stop(text: str, basis: Citation) -> Finding:
    return Finding(text=text, basis=basis, blocks=True)


def _note(text: str, basis: Citation) -> Finding:
    return Finding(text=text, basis=basis, blocks=False)
