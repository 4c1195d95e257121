"""Disposals from proposal to effect, assets taken instead of money, money that comes in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import read_body
from postloan_archive.api.columns import columns_of
from postloan_archive.api.once import once
from postloan_archive.api.replies import asked_limit, one, page, plain, written
from postloan_archive.disposal import queries
from postloan_archive.disposal.models import Disposal
from postloan_archive.disposal.queries import Asked
from postloan_archive.disposal.service import execution, later, proposals, telling
from postloan_archive.disposal.service.execution import Execute
from postloan_archive.disposal.service.later import ConfirmClaim, Recover, SellAsset
from postloan_archive.disposal.service.proposals import Propose
from postloan_archive.kernel.entries import read_date
from postloan_archive.loans import queries as loans
from postloan_archive.loans import receipts
from postloan_archive.loans.receipts import AskedReceipts
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_disposing", __name__, url_prefix="/api/v1")
LIST: Final = ("kind", "state", "branch", "since", "until", "q", "offset", "limit")
MONEY: Final = ("since", "until", "branch", "channel", "q", "offset", "limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether a proposal is approved; a refusal says why."""

    agree: bool
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Why a proposal is taken back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverOrLook:
    """Money that came in; with `dry_run` only the split is shown."""

    loan_no: str
    paid_on: date
    amount: Decimal
    channel: str
    receipt_no: str
    payer: str = ""
    dry_run: bool = False


@bp.get("/disposals")
@requires(Permission.DISPOSAL_VIEW)
def disposals() -> ResponseReturnValue:
    """List proposals, what waits for somebody at the head."""
    given = request.args
    asked = Asked(
        kind=given.get("kind", ""),
        state=given.get("state", ""),
        branch_id=whole_number(given.get("branch")),
        since=_day("since"),
        until=_day("until"),
        word=given.get("q", ""),
    )
    with unit_of_work() as uow:
        rows = queries.listed(
            uow, asked, offset=whole_number(given.get("offset")) or 0, limit=asked_limit()
        )
        items = [
            {
                "disposal_no": row.disposal.disposal_no,
                "kind": row.disposal.kind,
                "state": row.disposal.state,
                "customers": row.customers,
                "loan_nos": row.loan_nos,
                "branch": row.branch,
                "total": row.total,
                "proposed_at": row.disposal.proposed_at,
                "decided_at": row.disposal.decided_at,
                "executed_on": row.disposal.executed_on,
            }
            for row in rows
        ]
        total = queries.how_many(uow, asked)
    return written({"items": plain(items), "total": total})


@bp.get("/disposals/<disposal_no>")
@requires(Permission.DISPOSAL_VIEW)
def disposal(disposal_no: str) -> ResponseReturnValue:
    """Show one proposal with its loans, terms, effects and the letters that it calls for."""
    with unit_of_work() as uow:
        return one(_disposal(uow, queries.get_disposal(uow, disposal_no)))


@bp.post("/disposals")
@requires(Permission.DISPOSAL_EDIT)
def propose() -> ResponseReturnValue:
    """Put a proposal up for decision; `terms` by the names that its kind has."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        return _disposal(uow, proposals.propose(uow, read_body(Propose))), 201

    return once(step)


@bp.post("/disposals/<disposal_no>/decision")
@requires(Permission.DISPOSAL_APPROVE)
def decide(disposal_no: str) -> ResponseReturnValue:
    """Approve a proposal or turn it down; never who proposed it."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(Decision)
        row = proposals.decide(uow, disposal_no, agree=given.agree, words=given.words)
        return _disposal(uow, row), 200

    return once(step)


@bp.post("/disposals/<disposal_no>/withdrawal")
@requires(Permission.DISPOSAL_EDIT)
def withdraw(disposal_no: str) -> ResponseReturnValue:
    """Take a proposal back before it is carried out."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(Withdrawal)
        return _disposal(uow, proposals.withdraw(uow, disposal_no, given.reason)), 200

    return once(step)


@bp.post("/disposals/<disposal_no>/execution")
@requires(Permission.DISPOSAL_EDIT)
def execute(disposal_no: str) -> ResponseReturnValue:
    """Carry out what was approved; `document_id`: the paper of the file that proves it."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = execution.execute(uow, read_body(Execute, disposal_no=disposal_no))
        return _disposal(uow, row), 200

    return once(step)


@bp.post("/disposals/<disposal_no>/confirmed-claim")
@requires(Permission.DISPOSAL_EDIT)
def confirm(disposal_no: str) -> ResponseReturnValue:
    """Note what of a bankruptcy claim was confirmed."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = later.confirm_claim(uow, read_body(ConfirmClaim, disposal_no=disposal_no))
        return columns_of([row])[0], 200

    return once(step)


@bp.get("/foreclosed-assets")
@requires(Permission.DISPOSAL_VIEW)
def assets() -> ResponseReturnValue:
    """List the assets taken instead of money; with `all=1` those that were sold too."""
    with unit_of_work() as uow:
        rows = [
            {**columns_of([row])[0], "loan_no": number}
            for row, number in queries.assets(uow, held_only=request.args.get("all") != "1")
        ]
    return page(rows, lambda row: row["id"])


@bp.post("/foreclosed-assets/<int:asset_id>/sale")
@requires(Permission.DISPOSAL_EDIT)
def sell(asset_id: int) -> ResponseReturnValue:
    """Note the sale of an asset."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = later.sell_asset(uow, read_body(SellAsset, asset_id=asset_id))
        return columns_of([row])[0], 200

    return once(step)


@bp.get("/recoveries")
@requires(Permission.DISPOSAL_VIEW)
def recoveries() -> ResponseReturnValue:
    """List the money that came in, this month unless said, newest first."""
    given = request.args
    with unit_of_work() as uow:
        today = uow.clock.today()
        asked = AskedReceipts(
            since=_day("since") or today.replace(day=1),
            until=_day("until") or today,
            branch_id=whole_number(given.get("branch")),
            channel=given.get("channel", ""),
            word=given.get("q", ""),
        )
        rows = receipts.receipts(
            uow, asked, offset=whole_number(given.get("offset")) or 0, limit=asked_limit()
        )
        items = [
            {name: value for name, value in plain(row).items() if not name.endswith("_id")}
            for row in rows
        ]
        total = receipts.how_many(uow, asked)
    return written({"items": items, "total": total})


@bp.post("/recoveries")
@requires(Permission.DISPOSAL_EDIT)
def recover() -> ResponseReturnValue:
    """Book money that came in, split in the order of contract and law."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(RecoverOrLook)
        cmd = Recover(
            loan_no=given.loan_no,
            paid_on=given.paid_on,
            amount=given.amount,
            channel=given.channel,
            receipt_no=given.receipt_no,
            payer=given.payer,
        )
        found = later.preview_recovery(uow, cmd)
        settled = False if given.dry_run else later.recover(uow, cmd)
        return {
            "booked": not given.dry_run,
            "settled": settled,
            "split": found.value,
            "steps": found.steps,
            "basis": [str(each) for each in found.basis],
        }, 200 if given.dry_run else 201

    return once(step)


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    return read_date(text) if text else None


def _disposal(uow: UnitOfWork, row: Disposal) -> dict[str, object]:
    numbers = loans.numbers_of(uow, {line.loan_id for line in row.loans})
    claim = queries.claim_of(uow, row.id)
    return {
        **columns_of([row])[0],
        "loans": [
            {**columns_of([line])[0], "loan_no": numbers[line.loan_id]} for line in row.loans
        ],
        "papers": columns_of(row.papers),
        "letters": telling.letters_of(row),
        "claim": columns_of([claim])[0] if claim else None,
    }
