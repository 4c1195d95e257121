"""What is to be said of a drafted letter beside its blanks: sent before, address, stop list."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.collection import queries as collection
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.policy import LawPolicy
from postloan_archive.loans.models import Loan
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.addresses import address_doubt, address_fault
from postloan_archive.notices.rules.delivery import DEMANDS, PUBLISHED, TO_GUARANTOR
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

REPEAT_DAYS: Final = 15  # a letter of the same kind within so many days is pointed out
SENT_BEFORE: Final = _l("{day} 已发过同类函件 {serial}。")
NOT_AGREED: Final = _l("送达地址没有约定或确认的依据：退回、拒收不能作为送达凭证。")
CAME_BACK: Final = _l("{day} 寄往该地址的 {serial} 被退回，请核实地址。")
AHEAD: Final = _l("数据截至日 {as_of} 晚于今天：假定其间没有还款。")
STOPPED: Final = _l("停催：{reason}（{since} 起），暂不发送。")
BORROWER_STOPPED: Final = _l("借款人停催：{reason}（{since} 起），请核实能否向担保人主张。")
SENT_ALL_THE_SAME: Final = _l("停催期间仍要发送：{reason}")
ADDRESS_CODE: Final = "address"  # codes of problems that have a remedy in their row
STOP_CODE: Final = "stop"
ALLOWED_CODE: Final = "allowed"  # a person lets a stopped letter go, with a reason
COLLECTS: Final = (
    DEMANDS | TO_GUARANTOR | {"N01"} | PUBLISHED
)  # the kinds that the stop list concerns
Problem = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What the letters of one run are checked against, looked up once for all of them.

    Attributes:
        of_run: what is to be said of every letter of the run.
        sent: day and serial number of letters of the kind, by loan and addressee.
        returned: day and serial number of the last letter returned, by addressee and address.
        stops: reasons and first days of the pauses in force, by customer.
    """

    calendar: WorkCalendar
    policy: LawPolicy
    of_run: tuple[str, ...] = ()
    sent: dict[tuple[int, int], list[tuple[date, str]]] = field(default_factory=dict)
    returned: dict[tuple[int, str], tuple[date, str]] = field(default_factory=dict)
    stops: dict[int, list[tuple[str, date]]] = field(default_factory=dict)

    def problems_of(self, loan: Loan, kind: str, draft: Draft) -> Iterator[Problem]:
        """Yield what is to be said of a letter, errors and warnings."""
        for text in draft.problems:
            yield {"severity": "error", "text": text}
        if kind not in PUBLISHED:  # a newspaper needs no address
            yield from self._address(draft)
        yield from self._stops(loan, kind, draft)
        for text in (*self.of_run, *draft.warnings):
            yield {"severity": "warning", "text": text}
        for day, serial in self.sent.get((loan.id, draft.addressee.id), ()):
            yield {
                "severity": "warning",
                "text": SENT_BEFORE.format(day=day, serial=serial),
                "code": "repeat",
            }

    def _address(self, draft: Draft) -> Iterator[Problem]:
        address = draft.addressee.service_address
        if not address:
            return
        fault = address_fault(address)
        if fault:
            yield {"severity": "error", "text": fault, "code": ADDRESS_CODE}
        doubt = address_doubt(address)
        if doubt:
            yield {"severity": "warning", "text": doubt, "code": ADDRESS_CODE}
        if not draft.addressee.service_address_source:
            yield {"severity": "warning", "text": NOT_AGREED}
        back = self.returned.get((draft.addressee.id, address))
        if back is not None:
            text = CAME_BACK.format(day=back[0], serial=back[1])
            yield {"severity": "warning", "text": text, "code": ADDRESS_CODE}

    def _stops(self, loan: Loan, kind: str, draft: Draft) -> Iterator[Problem]:
        if kind not in COLLECTS:
            return
        for reason, since in self.stops.get(draft.addressee.id, ()):
            text = STOPPED.format(reason=reason, since=since)
            yield {"severity": "error", "text": text, "code": STOP_CODE}
        if draft.addressee.id != loan.customer_id:
            for reason, since in self.stops.get(loan.customer_id, ()):
                text = BORROWER_STOPPED.format(reason=reason, since=since)
                yield {"severity": "warning", "text": text}


def load_checks(uow: UnitOfWork, kind: str, as_of: date) -> Checks:
    """Return what the letters of a kind are checked against on a day; four queries."""
    return Checks(
        calendar=load_calendar(uow.session),
        policy=load_policy(uow),
        of_run=(AHEAD.format(as_of=as_of),) if as_of > uow.clock.today() else (),
        sent=_sent(uow, kind, as_of),
        returned=_returned(uow),
        stops=_stops(uow),
    )


def _sent(
    uow: UnitOfWork, kind: str, as_of: date
) -> dict[tuple[int, int], list[tuple[date, str]]]:
    found: dict[tuple[int, int], list[tuple[date, str]]] = defaultdict(list)
    for row in uow.session.execute(
        select(Notice.loan_id, Notice.addressee_id, Notice.issued_on, Notice.serial_no)
        .where(Notice.kind == kind, Notice.issued_on >= as_of - timedelta(days=REPEAT_DAYS))
        .order_by(Notice.issued_on, Notice.id)
    ):
        found[row.loan_id, row.addressee_id].append((row.issued_on, row.serial_no))
    return found


def _returned(uow: UnitOfWork) -> dict[tuple[int, str], tuple[date, str]]:
    """Return the last return by addressee and address, unless a later one arrived there."""
    found: dict[tuple[int, str], tuple[date, str]] = {}
    for row in uow.session.execute(
        select(
            Notice.addressee_id,
            Notice.snapshot["service_address"].as_string().label("address"),
            Notice.outcome,
            Notice.outcome_on,
            Notice.serial_no,
        )
        .where(
            Notice.outcome != "",
            Notice.dispatch_channel.in_(("ems", "post")),
            Notice.addressee_id.in_(
                select(Notice.addressee_id).where(Notice.outcome == "returned")
            ),
        )
        .order_by(Notice.outcome_on, Notice.id)
    ):
        key = (row.addressee_id, row.address or "")
        if row.outcome == "returned":
            found[key] = (row.outcome_on, row.serial_no)
        else:
            found.pop(key, None)
    return found


def _stops(uow: UnitOfWork) -> dict[int, list[tuple[str, date]]]:
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for stop in collection.stops_in_force(uow):
        found[stop.customer_id].append((stop.reason, stop.since))
    return found


def kept_over(before: Sequence[Problem], now: Sequence[Problem]) -> list[Problem]:
    """Return the problems of a new check with what people had decided about the letter.

    Who let a stopped letter go needs not do so again; a stop that came later stops it.
    """
    decided = [one for one in before if one.get("code") == ALLOWED_CODE]
    let_go = {one["text"] for one in before if one.get("code") == STOP_CODE}
    if not decided:
        return list(now)
    kept = []
    for one in now:
        if one.get("code") == STOP_CODE and one["text"] in let_go:
            kept.append({**one, "severity": "warning"})
        else:
            kept.append(one)
    return [*kept, *decided]
