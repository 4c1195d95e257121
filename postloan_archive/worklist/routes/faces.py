"""How a deadline looks on a page: its clock, and the button of the next step."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import current_app, url_for
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.web.clocks import ClockFace, ClockState, clock_face
from postloan_archive.worklist.queries import DeadlineRow
from postloan_archive.worklist.rules.computed import State
from postloan_archive.worklist.rules.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The button of a row."""

    label: str
    href: str


def face_of(row: DeadlineRow, today: date) -> ClockFace:
    """Return the clock of a deadline; a struck one says so."""
    if row.state == State.STRUCK:
        return ClockFace(state=ClockState.DONE, words=_("划销"))
    return clock_face(
        row.safe,
        today,
        legal=row.legal,
        provisional=row.provisional,
        done=row.state == State.DONE,
        long_period=row.long_period,
        cannot_be_repaired=row.cannot_be_repaired,
    )


_STEPS: Final[dict[Kind, tuple[tuple[str, str, str, str], ...]]] = {
    # Label, endpoint, permission, what the endpoint takes; the first that exists is offered.
    Kind.RENEWAL: (
        (_l("续行申请"), "preservation.measure", Permission.PRESERVATION_EDIT, "measure_id"),
    ),
    Kind.PRESERVATION: (
        (_l("查看措施"), "preservation.measure", Permission.PRESERVATION_VIEW, "measure_id"),
    ),
    Kind.LIMITATION: ((_l("发催收函"), "notices.create", Permission.NOTICE_RUN, "loans:N02"),),
    Kind.GUARANTEE: ((_l("发担责通知"), "notices.create", Permission.NOTICE_RUN, "loans:N04"),),
    Kind.HEARING: (
        (_l("打开材料包"), "litigation.package", Permission.PACKAGE_VIEW, "case_no"),
    ),
    Kind.EVIDENCE: (
        (_l("打开材料包"), "litigation.package", Permission.PACKAGE_VIEW, "case_no"),
    ),
}


def next_step(row: DeadlineRow, actor: Actor) -> Step:
    """Return the button of a row: the step itself, else marking it done, else looking at it."""
    # The limitation of a guarantee asks for the letter to the guarantor.
    kind = Kind.GUARANTEE if row.key.startswith("guarantee:") else Kind(row.kind)
    for label, endpoint, permission, takes in _STEPS.get(kind, ()):
        known: dict[str, str | int | None] = {
            "loan_no": row.loan_no,
            "case_no": row.case_no,
            "measure_id": _measure_of(row),
        }
        values = {takes: known[takes]} if takes in known else _letter(takes, row.loan_no)
        exists = endpoint in current_app.view_functions
        if exists and actor.may(permission) and all(values.values()):
            return Step(label=_(label), href=url_for(endpoint, **values))  # type: ignore[arg-type]  # values of an address
    here = url_for("worklist.deadline", deadline_id=row.id)
    if row.state == State.OPEN and actor.may(Permission.DEADLINE_EDIT):
        return Step(label=_("登记办结"), href=f"{here}#done")
    return Step(label=_("查看"), href=here)


def _letter(takes: str, loan_no: str) -> dict[str, str | int | None]:
    """Return what the page of a new run takes: `loans:N02` asks for the letter N02."""
    name, _colon, kind = takes.partition(":")
    return {name: loan_no, "kind": kind}


def _measure_of(row: DeadlineRow) -> int | None:
    table, _colon, number = row.subject.partition(":")
    return int(number) if table == "preservation" and number.isdecimal() else None
