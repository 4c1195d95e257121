"""Cases with their docket, preservation measures, litigation packages."""

from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import read_body
from postloan_archive.api.once import once
from postloan_archive.api.replies import one, page, plain
from postloan_archive.cases import case_loans, cautions, listing
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as case_service
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.cases.rules.steps import Step
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.litigation import joining, making, writing
from postloan_archive.litigation import queries as packages
from postloan_archive.litigation import service as package_service
from postloan_archive.litigation.making import MakePaper
from postloan_archive.litigation.matter import matter_of
from postloan_archive.litigation.models import CasePaper
from postloan_archive.litigation.rules.catalogue import CODES
from postloan_archive.litigation.writing import Draft
from postloan_archive.preservation import cautions as measure_cautions
from postloan_archive.preservation import queries as measures
from postloan_archive.preservation import service as measure_service
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download as give
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_court", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRequested:
    """The day on which the court was asked to renew a measure."""

    requested_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanJoined:
    """A loan to sue for in the same case."""

    loan_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTakenOut:
    """Why a loan is no longer sued for in the case."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWanted:
    """A court paper to make, with answers by the name of the blank."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)
    reason: str = ""


@bp.get("/cases")
@requires(Permission.CASE_VIEW)
def case_list() -> ResponseReturnValue:
    """List the cases, newest first, with the next deadline; `stage` narrows."""
    with unit_of_work() as uow:
        rows = listing.case_rows(uow, CaseFilter(stage=request.args.get("stage", "")))
    return page(rows, lambda row: row.case_no)


@bp.post("/cases")
@requires(Permission.CASE_EDIT)
def open_case() -> ResponseReturnValue:
    """Open a case for a loan with the parties of the loan."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        case = case_service.open_case(uow, read_body(OpenCase))
        return _case(uow, case.case_no), 201

    return once(step)


@bp.get("/cases/<case_no>")
@requires(Permission.CASE_VIEW)
def case(case_no: str) -> ResponseReturnValue:
    """Show a case with parties, docket and the days that follow from each event."""
    with unit_of_work() as uow:
        return one(_case(uow, case_no))


@bp.post("/cases/<case_no>/events")
@requires(Permission.CASE_EDIT)
def add_event(case_no: str) -> ResponseReturnValue:
    """Enter what happened; the answer shows the deadlines that follow and what is odd.

    `warnings` holds what the docket takes but a person should look at again: a forerunner that
    is not on record, a number that is none, a paper served on nobody in particular.
    """

    def step(uow: UnitOfWork) -> tuple[object, int]:
        found = cases.get_case(uow, case_no)
        before = Step(found.stage)
        cmd = read_body(AddEvent, case_no=case_no)
        event = case_service.add_event(uow, cmd)
        said = cautions.of_event(uow, found, event, number=cmd.court_case_no, before=before)
        return {
            **_case(uow, case_no),
            "event_id": event.id,
            "warnings": [str(one) for one in said],
        }, 201

    return once(step)


@bp.post("/cases/<case_no>/loans")
@requires(Permission.CASE_EDIT)
def join_loan(case_no: str) -> ResponseReturnValue:
    """Sue for one more loan in a case that is not filed yet; puts back one taken out."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        joining.join_loan(uow, case_no, read_body(LoanJoined).loan_no)
        return _case(uow, case_no), 201

    return once(step)


@bp.post("/cases/<case_no>/loans/<loan_no>/removal")
@requires(Permission.CASE_EDIT)
def take_loan_out(case_no: str, loan_no: str) -> ResponseReturnValue:
    """Take a loan out of a case that is not filed yet, with the reason."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        joining.take_out(uow, case_no, loan_no, read_body(LoanTakenOut).reason)
        return _case(uow, case_no), 201

    return once(step)


@bp.get("/preservations")
@requires(Permission.PRESERVATION_VIEW)
def measure_list() -> ResponseReturnValue:
    """List the measures that stand, the first to lapse at the head; `due` in days narrows."""
    with unit_of_work() as uow:
        rows = measures.measures(uow, due_within=request.args.get("due", None, int))
    return page(rows, lambda row: row.id)


@bp.post("/preservations")
@requires(Permission.PRESERVATION_EDIT)
def register() -> ResponseReturnValue:
    """Register a measure; its term is computed or taken from the paper of the court."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        measure = measure_service.register_measure(uow, read_body(RegisterMeasure))
        return _measure(uow, measure.id), 201

    return once(step)


@bp.post("/preservations/<int:measure_id>/renewal-requests")
@requires(Permission.PRESERVATION_EDIT)
def renewal(measure_id: int) -> ResponseReturnValue:
    """Record that the renewal was asked for."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        asked = read_body(RenewalRequested)
        measure_service.note_renewal(uow, measure_id, asked.requested_on)
        return _measure(uow, measure_id), 201

    return once(step)


@bp.get("/packages/<case_no>")
@requires(Permission.PACKAGE_VIEW)
def package(case_no: str) -> ResponseReturnValue:
    """Show the exhibits, what is missing and the frozen versions of a package."""
    with unit_of_work() as uow:
        return one(_package(uow, case_no))


@bp.post("/packages/<case_no>")
@requires(Permission.PACKAGE_BUILD)
def open_package(case_no: str) -> ResponseReturnValue:
    """Propose the exhibits of a case from its loan file."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        package_service.open_package(uow, case_no)
        return _package(uow, case_no), 201

    return once(step)


@bp.post("/packages/<case_no>/versions")
@requires(Permission.PACKAGE_BUILD)
def freeze(case_no: str) -> ResponseReturnValue:
    """Freeze the package; a worker does it, the answer names the job."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        job = package_service.start_build(uow, case_no)
        return {"job_id": job.id, "state": job.state}, 202

    return once(step)


@bp.get("/packages/<case_no>/versions/<int:no>.zip")
@requires(Permission.PACKAGE_VIEW)
def download(case_no: str, no: int) -> ResponseReturnValue:
    """Hand out one frozen zip; the digest is checked on the way."""
    with unit_of_work() as uow:
        found = cases.get_case(uow, case_no)
        version = packages.get_version(packages.package_of(uow, found), no)
        stream = uow.vault.open_checked(version.sha256)
        uow.record(
            "litigation.package_exported", f"case:{found.id}", no=no, sha256=version.sha256
        )
    reply: Response = send_file(
        stream,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{case_no}-v{no}.zip",
    )
    return reply


@bp.get("/cases/<case_no>/papers")
@requires(Permission.PACKAGE_VIEW)
def paper_list(case_no: str) -> ResponseReturnValue:
    """List every court paper of a case with what is missing and the versions made."""
    with unit_of_work() as uow:
        found = cases.get_case(uow, case_no)
        matter = matter_of(uow, found)
        made = making.made_papers(uow, found.id)
        rows = [_paper(writing.draft(matter, code), made) for code in CODES]
    return page(rows, lambda row: str(row["code"]))


@bp.post("/cases/<case_no>/papers")
@requires(Permission.PACKAGE_BUILD)
def make_paper(case_no: str) -> ResponseReturnValue:
    """Keep the answers given, make the paper and file it."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        asked = read_body(PaperWanted)
        if asked.facts:
            facts = {name: str(text) for name, text in asked.facts.items()}
            making.answer(uow, case_no, asked.code, facts)
        made = making.make_paper(
            uow, MakePaper(case_no=case_no, code=asked.code, reason=asked.reason)
        )
        return _made(made), 201

    return once(step)


@bp.get("/cases/<case_no>/papers/<int:paper_id>.docx")
@requires(Permission.PACKAGE_VIEW)
def paper_file(case_no: str, paper_id: int) -> ResponseReturnValue:
    """Hand out a made paper as Word file."""
    with unit_of_work() as uow:
        name, data = making.hand_out(uow, case_no, paper_id, "docx")
    return give(data, name=name, media_type=making.WORD)


def _paper(found: Draft, made: list[CasePaper]) -> dict[str, object]:
    return {
        "code": found.code,
        "title": found.title,
        "ready": found.ready,
        "missing": list(found.missing),
        "faults": list(found.faults),
        "notes": list(found.notes),
        "blanks": [
            {"name": row.name, "label": row.blank.label, "text": row.text}
            for row in (*found.besides, *found.answers)
        ],
        "versions": [_made(one) for one in made if one.code == found.code],
    }


def _made(one: CasePaper) -> dict[str, object]:
    return {
        "id": one.id,
        "code": one.code,
        "no": one.no,
        "title": one.title,
        "document_id": one.document_id,
        "sha256": one.sha256,
        "missing": one.content["missing"],
        "made_at": one.made_at.isoformat(),
    }


def _case(uow: UnitOfWork, case_no: str) -> dict[str, object]:
    found = cases.get_case(uow, case_no)
    return {
        **plain(cases.case_row(uow, found)),
        "loan_nos": list(case_loans.numbers_of(uow, found)),
        "parties": [
            {
                "id": row.id,
                "role": row.role,
                "capacity": row.capacity,
                "name": row.name,
                "abroad": row.abroad,
            }
            for row in cases.parties_of(uow, found)
        ],
        "gaps": [
            {"event_id": event_id, "text": str(one)}
            for event_id, one in cautions.standing(found)
        ],
        "events": cases.docket(uow, found),
    }


def _measure(uow: UnitOfWork, measure_id: int) -> dict[str, object]:
    measure = measures.get_measure(uow, measure_id)
    (row,) = measures.measure_rows(uow, [measure])
    said = measure_cautions.of_measure(uow, measure, row)
    return {**plain(row), "warnings": [str(one) for one in said]}


def _package(uow: UnitOfWork, case_no: str) -> dict[str, object]:
    found = cases.get_case(uow, case_no)
    package = packages.package_of(uow, found)
    if package is None:
        return {"case_no": case_no, "opened": False, "exhibits": [], "versions": []}
    return {
        "case_no": case_no,
        "opened": True,
        "exhibits": packages.exhibits_of(uow, package),
        "missing": [
            row.item.title for row in packages.checklist_of(uow, found, package) if row.missing
        ],
        "versions": packages.versions_of(uow, package),
    }
