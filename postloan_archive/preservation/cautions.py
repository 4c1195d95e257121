"""What is taken of a measure, but wants a second look; shown as long as it is so."""

from typing import Final

from postloan_archive.cases.rules.cautions import FACT, odd_number
from postloan_archive.kernel.cautions import Caution
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_LAW
from postloan_archive.loans import queries as loans
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.queries import MeasureRow
from postloan_archive.preservation.rules.checks import ACCOUNT_AMOUNT
from postloan_archive.preservation.rules.kinds import MAXIMUM, AssetKind
from postloan_archive.preservation.rules.security import Phase
from postloan_archive.uow import UnitOfWork

BEFORE_SUIT: Final = CIVIL_PROCEDURE_LAW.at(104, rule="R-C01")


def of_measure(uow: UnitOfWork, measure: Measure, row: MeasureRow) -> tuple[Caution, ...]:
    """Return what a person should look at again in a measure."""
    found = list(
        odd_number(
            measure.ruling_no,
            procedure="",
            on=measure.effective_on,
            court=measure.court,
            courts_of_code=frozenset({measure.court}),
        )
    )
    if measure.asset_kind == AssetKind.BANK_DEPOSIT and not measure.amount:
        found.append(
            Caution(
                sentence=_l("冻结账户须写明冻结数额，本措施没有金额。"), basis=ACCOUNT_AMOUNT
            )
        )
    if measure.phase == Phase.PRE_LITIGATION and not measure.security.strip():
        found.append(
            Caution(
                sentence=_l("诉前保全必须提供担保，本措施没有登记担保。"), basis=BEFORE_SUIT
            )
        )
    if row.computed and row.expiry and row.expiry > row.computed:
        found.append(
            Caution(
                sentence=_l(
                    "文书载明的届满日 {expiry} 超过最长期限（{longest}），请核对文书。"
                ),
                facts={"expiry": row.expiry, "longest": row.computed},
                basis=MAXIMUM,
            )
        )
    paid_out = loans.get_loan_by_id(uow, measure.loan_id).disbursed_on
    if measure.effective_on < paid_out:
        found.append(
            Caution(
                sentence=_l("措施生效日 {on} 早于放款日 {disbursed_on}，请核对年份。"),
                facts={"on": measure.effective_on, "disbursed_on": paid_out},
                basis=FACT,
            )
        )
    return tuple(found)
