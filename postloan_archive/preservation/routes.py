"""法务 › 保全: the board by the days left, the same as table and month, one measure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases.rules.fees import preservation_fee
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.loans import lenders
from postloan_archive.policy.queries import load_policy
from postloan_archive.preservation import cautions, queries
from postloan_archive.preservation.forms import PHASES
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.month import month_sheet
from postloan_archive.preservation.queries import BoardFilter, MeasureRow
from postloan_archive.preservation.rules.applicant import applicant_of
from postloan_archive.preservation.rules.kinds import ASSET_LABELS
from postloan_archive.preservation.rules.security import (
    Phase,
    SecurityDemand,
    preservation_security,
)
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.clocks import ClockFace, ClockState, clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.people import person
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import caution_text
from postloan_archive.workdays.service import load_calendar

bp = Blueprint("preservation", __name__, url_prefix="/preservation")
LANES: Final = (  # label and the most days left
    (_l("已到期"), -1),
    (_l("≤ 7 天"), 7),
    (_l("≤ 15 天"), 15),
    (_l("≤ 30 天"), 30),
    (_l("≤ 60 天"), 60),
    (_l("其后"), None),
)
SOON: Final = 60  # the width of the fifth lane
TICKETS: Final = 12  # of a lane; the rest is in the table
VIEWS: Final = (("board", _l("看板")), ("table", _l("表格")), ("month", _l("月历")))
RENEWALS: Final = (("open", _l("未申请")), ("requested", _l("已申请")))
ORDERS: Final = (("first", _l("首封")), ("waiting", _l("轮候")))
MONTH_YEARS: Final = 50  # the month view leads that far and no further


@bp.get("")
@requires(Permission.PRESERVATION_VIEW)
def index() -> ResponseReturnValue:
    """Show the measures as board, table or month."""
    view = request.args.get("view", "board")
    view = view if view in dict(VIEWS) else "board"
    wanted = BoardFilter(
        asset_kind=request.args.get("asset", ""),
        order=request.args.get("order", ""),
        court=request.args.get("court", ""),
        owner=request.args.get("owner", ""),
        renewal=request.args.get("renewal", ""),
        word=request.args.get("q", "").strip(),
    )
    with unit_of_work() as uow:
        today = uow.clock.today()
        every = queries.measures(uow)
        rows = queries.filtered(every, wanted)
        page = page_of(request.args, total=len(rows))
        return render_template(
            "preservation/index.html",
            view=view,
            views=VIEWS,
            wanted=wanted,
            rows=rows,
            listed=rows[page.offset : page.offset + page.size],
            page=page,
            faces={row.id: face_of(row, today) for row in rows},
            lanes=_lanes(rows) if view == "board" else [],
            month=month_sheet(rows, _month(today), load_calendar(uow.session))
            if view == "month"
            else None,
            today=today,
            lapsed=sum(row.days_left is not None and row.days_left < 0 for row in rows),
            soon=sum(row.days_left is not None and 0 <= row.days_left <= SOON for row in rows),
            total=sum((row.amount for row in rows if row.amount), start=0),
            assets=ASSET_LABELS.items(),
            orders=ORDERS,
            renewals=RENEWALS,
            courts=[(one, one) for one in sorted({row.court for row in every})],
            owners=[
                (one, person(one)) for one in sorted({row.owner for row in every if row.owner})
            ],
        )


@bp.get("/<int:measure_id>")
@requires(Permission.PRESERVATION_VIEW)
def measure(measure_id: int) -> ResponseReturnValue:
    """Show one measure: its term, the chain of renewals, fee and security, what to do."""
    with unit_of_work() as uow:
        found = queries.get_measure(uow, measure_id)
        today = uow.clock.today()
        chain = queries.chain_of(uow, found)
        rows = {row.id: row for row in queries.measure_rows(uow, chain)}
        row = rows[found.id]
        over = queries.is_over(uow, found)
        return render_template(
            "preservation/measure.html",
            row=row,
            measure=found,
            lacks=[caution_text(one) for one in cautions.of_measure(uow, found, row)],
            face=None if over else face_of(row, today),
            apply_face=None
            if over or row.apply_by is None
            else clock_face(
                row.apply_by.safe,
                today,
                legal=row.apply_by.nominal,
                provisional=row.apply_by.provisional,
                done=row.renewal_requested_on is not None,
                cannot_be_repaired=True,
            ),
            over=over,
            last=chain[-1],
            chain=[(one, rows[one.id]) for one in chain],
            phase=PHASES[found.phase],
            fee=_fee(found),
            demand=_demand(uow, found),
            escalate=_escalates(row, today) and not over,
            today=today,
        )


def face_of(row: MeasureRow, today: date) -> ClockFace:
    """Return the clock of a measure; a waiting one has none."""
    if row.expiry is None:
        return ClockFace(state=ClockState.PROVISIONAL, words=_("轮候"))
    safe_left = (row.apply_by.safe - today).days if row.apply_by else 0
    face = clock_face(row.expiry, today, cannot_be_repaired=True)
    if face.state is ClockState.EXPIRED:
        return ClockFace(
            state=face.state, words=_("失效 %(days)s 天", days=(today - row.expiry).days)
        )
    if face.state is ClockState.SOON and safe_left < 0 and row.renewal_requested_on is None:
        return ClockFace(state=ClockState.URGENT, words=face.words)
    return face


def _escalates(row: MeasureRow, today: date) -> bool:
    """Return whether the renewal without a receipt is the manager's business by now."""
    return (
        row.escalates_on is not None
        and today >= row.escalates_on
        and row.renewal_receipt_on is None
        and (row.days_left or 0) >= 0
    )


def _fee(found: Measure) -> Derived[Decimal] | None:
    return None if found.amount is None else preservation_fee(found.amount)


def _demand(uow: UnitOfWork, found: Measure) -> SecurityDemand | None:
    if not found.amount or found.phase not in set(Phase):
        return None
    lender = lenders.lender_of(uow, found.branch_id)
    return preservation_security(
        Phase(found.phase), found.amount, applicant_of(lender.name), policy=load_policy(uow)
    )


def _month(today: date) -> date:
    text = request.args.get("month", "")
    try:
        month = read_date(f"{text}-01") if text else today.replace(day=1)
    except RuleError:
        return today.replace(day=1)
    return month if abs(month.year - today.year) <= MONTH_YEARS else today.replace(day=1)


def _lanes(rows: Sequence[MeasureRow]) -> list[dict[str, object]]:
    left = list(rows)
    lanes = []
    for label, most in LANES:
        tickets = [
            row
            for row in left
            if most is None or (row.days_left is not None and row.days_left <= most)
        ]
        taken = {row.id for row in tickets}
        left = [row for row in left if row.id not in taken]
        lanes.append(
            {
                "label": _(label),
                "count": len(tickets),
                "tickets": tickets[:TICKETS],
                "more": len(tickets) - TICKETS,
            }
        )
    return lanes
