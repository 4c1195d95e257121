"""What comes after: an asset is sold, a claim is confirmed, money comes in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from postloan_archive.disposal import queries
from postloan_archive.disposal.errors import (
    BookedAheadError,
    ChannelUnknownError,
    ConfirmedAheadError,
    DaysInOrderError,
    MoreThanClaimedError,
    NothingBookedError,
    ReasonMissingError,
    ReceiptMissingError,
    SoldError,
    StepNotAllowedError,
)
from postloan_archive.disposal.models import BankruptcyClaim, ForeclosedAsset
from postloan_archive.disposal.rules import State
from postloan_archive.disposal.service.execution import book
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Derived
from postloan_archive.loans import booking, leaving
from postloan_archive.loans import queries as loans
from postloan_archive.loans.booking import CHANNELS, IN_KIND, Received
from postloan_archive.loans.rules.statement import Booking
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SellAsset:
    """An asset is sold; the price belongs to the bank, not to the debtor's account."""

    asset_id: int
    sold_on: date
    sold_to: str
    price: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmClaim:
    """The claim as it stands in the confirmed list."""

    disposal_no: str
    confirmed_on: date
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recover:
    """Money that came in on a loan, by channel; the split follows the contract's order."""

    loan_no: str
    paid_on: date
    amount: Decimal
    channel: str
    receipt_no: str
    payer: str = ""


def sell_asset(uow: UnitOfWork, cmd: SellAsset) -> ForeclosedAsset:
    """Note the sale of an asset.

    Raises:
        AssetNotFoundError: none for this actor.
        SoldError: it was sold before.
        DaysInOrderError: sold before it was acquired, or in the future.
        ReasonMissingError: it is not said to whom.
    """
    asset = queries.get_asset(uow, cmd.asset_id)
    if asset.sold_on is not None:
        raise SoldError(asset=asset.description)
    if cmd.sold_on < asset.acquired_on:
        raise DaysInOrderError(name="sold_on", later=_l("处置日"), earlier=_l("取得日"))
    if cmd.sold_on > uow.clock.today():
        raise BookedAheadError(paid_on=cmd.sold_on, today=uow.clock.today())
    if not cmd.sold_to.strip():
        raise ReasonMissingError
    asset.sold_on, asset.sold_to = cmd.sold_on, cmd.sold_to.strip()
    asset.price, asset.sold_note = cmd.price, cmd.note.strip()
    uow.record(
        "disposal.asset_sold",
        f"foreclosed_asset:{asset.id}",
        sold_on=cmd.sold_on.isoformat(),
        price=str(cmd.price),
        value=str(asset.value),
        late=asset.sell_by is not None and cmd.sold_on > asset.sell_by,
    )
    return asset


def confirm_claim(uow: UnitOfWork, cmd: ConfirmClaim) -> BankruptcyClaim:
    """Note what of a filed claim was confirmed.

    Raises:
        DisposalNotFoundError: none for this actor.
        StepNotAllowedError: it is no claim, or was not filed.
        DaysInOrderError, ConfirmedAheadError: before it was filed, or not yet.
        MoreThanClaimedError: more than was filed.
    """
    row = queries.get_disposal(uow, cmd.disposal_no)
    claim = queries.claim_of(uow, row.id)
    if claim is None or claim.filed_on is None:
        raise StepNotAllowedError(disposal_no=row.disposal_no, state=State(row.state))
    if cmd.confirmed_on < claim.filed_on:
        raise DaysInOrderError(name="confirmed_on", later=_l("确认日"), earlier=_l("申报日"))
    today = uow.clock.today()
    if cmd.confirmed_on > today:
        raise ConfirmedAheadError(on=cmd.confirmed_on, today=today)
    if cmd.amount > claim.claimed:
        raise MoreThanClaimedError(claimed=claim.claimed, confirmed=cmd.amount)
    claim.confirmed, claim.confirmed_on = cmd.amount, cmd.confirmed_on
    claim.note = cmd.note.strip()
    uow.record(
        "disposal.claim_confirmed",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        claimed=str(claim.claimed),
        confirmed=str(cmd.amount),
    )
    return claim


def preview_recovery(uow: UnitOfWork, cmd: Recover) -> Derived[Booking]:
    """Return how the money would be allocated; nothing is booked.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: it is settled or was sold.
        ChannelUnknownError, ReceiptMissingError: whence it came, or its receipt, is not said.
        BookedAheadError: the day lies in the future.
        SurplusError: more than is owed.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    leaving.check_ours(loan)
    if cmd.channel not in CHANNELS or cmd.channel == IN_KIND:
        raise ChannelUnknownError(channel=cmd.channel)
    if not cmd.receipt_no.strip():
        raise ReceiptMissingError
    if cmd.amount <= 0:
        raise NothingBookedError
    if cmd.paid_on > uow.clock.today():
        raise BookedAheadError(paid_on=cmd.paid_on, today=uow.clock.today())
    return booking.propose(loan, Received(on=cmd.paid_on, amount=cmd.amount))


def recover(uow: UnitOfWork, cmd: Recover) -> bool:
    """Book money that came in; return whether the loan is settled by it.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError, BookedAheadError, SurplusError: as in the preview.
        PaymentBeforeDisbursementError, ReceiptBookedError: the ledger refuses it.
    """
    found = preview_recovery(uow, cmd)
    loan = loans.get_loan(uow, cmd.loan_no)
    book(
        uow,
        loan,
        found,
        receipt_no=cmd.receipt_no.strip(),
        on=cmd.paid_on,
        channel=cmd.channel,
        payer=cmd.payer.strip(),
    )
    uow.record(
        "disposal.money_recovered",
        f"loan:{loan.loan_no}",
        amount=str(cmd.amount),
        channel=cmd.channel,
        receipt_no=cmd.receipt_no,
        written_off=loan.written_off_on is not None,
    )
    return leaving.settle(uow, loan.id, uow.clock.today())
