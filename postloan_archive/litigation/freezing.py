"""Freezing a package: papers, one PDF, calculation sheet, proof, zip; then row and audit line.

Three steps: plan in a short transaction, bind without one, record in a short transaction. A
failure in between leaves nothing behind but a temporary folder that is removed.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import Final

from sqlalchemy import select

from postloan_archive import audit
from postloan_archive.archive.models import Document, Page
from postloan_archive.audit import TrailFilter
from postloan_archive.bundle import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    PackageFile,
    PackageManifest,
    Pleading,
    Source,
    build_bundle,
    write_package,
)
from postloan_archive.cases import queries as cases
from postloan_archive.db import new_session
from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation import drafting, queries, service
from postloan_archive.litigation.calculation import calculation_sheet
from postloan_archive.litigation.drafting import Drafts
from postloan_archive.litigation.errors import NoExhibitsError
from postloan_archive.litigation.models import Package, PackageVersion
from postloan_archive.litigation.papers import (
    ClaimCalculation,
    Complaint,
    EvidenceList,
    EvidenceRow,
    IdentityCertificate,
    PowerOfAttorney,
)
from postloan_archive.litigation.rules.exhibits import BY_KEY
from postloan_archive.litigation.rules.papers import copies
from postloan_archive.litigation.sources import Bindable, PlannedExhibit, bindable
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.templates import letter_template
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.wordgen import OfficeFailedError, Template, docx_to_pdf, soffice_path

BUNDLE: Final = "证据材料.pdf"
SHEET: Final = "债权计算表.xlsx"
NO_OFFICE: Final = _l(
    "本机没有 LibreOffice：文书只有 Word 格式，合订本只含证据，非 PDF 证据以文字页编入。"
)
OFFICE_FAILED: Final = _l("文书转换为 PDF 失败，合订本只含证据：{reason}")
PAPERS: Final = (
    Complaint,
    ClaimCalculation,
    PowerOfAttorney,
    IdentityCertificate,
    EvidenceList,
)
ROLES: Final = {"plaintiff": "原告", "defendant": "被告", "third_party": "第三人"}
CHECKPOINTS: Final = "checkpoints"  # where signed checkpoints leave the database
MOST_LINES: Final = 200
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What was frozen.

    Attributes:
        problems: Chinese sentences: missing facts, exhibits that could not be bound.
        notes: Chinese sentences that a lawyer should read; they hold nothing up.
    """

    case_no: str
    no: int
    sha256: str
    size: int
    pages: int
    exhibits: int
    total: str
    manifest_sha256: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    case_no: str
    court: str
    court_case_no: str
    cause: str
    loan_no: str
    day: date
    lender: str
    parties: tuple[tuple[str, str], ...]
    drafts: Drafts
    sheet: bytes
    exhibits: tuple[PlannedExhibit, ...]
    sets: int
    templates: Mapping[type, Template]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    result: BundleResult
    bindables: tuple[Bindable, ...]
    files: tuple[PackageFile, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers of the packages by job kind."""
    return {"build_package": lambda context: _build(system, context)}


def _build(system: System, context: JobContext) -> None:
    case_no, user = context.args
    assert isinstance(case_no, str)
    assert isinstance(user, str)
    freeze(system, Actor.program("job"), case_no, by=user, progress=context.progress)


def freeze(
    system: System,
    actor: Actor,
    case_no: str,
    *,
    by: str = "",
    progress: Progress = lambda _done, _total, _message: None,
) -> Frozen:
    """Make the next version of the package of a case; it never changes afterwards.

    Args:
        system: the installation.
        actor: who acts; the job acts for the person named in `by`.
        case_no: our own number.
        by: the person who asked, `actor` if empty.
        progress: told after each of the five steps.

    Raises:
        CaseNotFoundError: no such case for this actor.
        NoExhibitsError: the loan file gives nothing to bind.
        PageRangeError: a range names pages that a file does not have.
        NoChineseTypefaceError: there is no font to print with.
    """
    progress(0, 5, _l("核对事实"))
    with system.unit_of_work(actor) as uow:
        service.open_package(uow, case_no)
    with system.unit_of_work(actor) as uow:
        plan = _plan(uow, case_no)
    with tempfile.TemporaryDirectory(prefix="postloan-package-") as name:
        folder = Path(name)
        bound = _bind(system, plan, folder, progress)
        progress(4, 5, _l("封装并留存"))
        with system.unit_of_work(actor) as uow:
            frozen = _record(uow, plan, bound, folder, by or actor.name)
            uow.after_commit(lambda: _publish(system))
    progress(5, 5, "")
    return frozen


def _plan(uow: UnitOfWork, case_no: str) -> _Plan:
    case = cases.get_case(uow, case_no)
    package = queries.package_of(uow, case)
    if package is None or not package.items:
        raise NoExhibitsError(case_no=case.case_no)
    source = queries.source_of(uow, case)
    drafts = drafting.draft_papers(source)
    defendants = sum(row.role == "defendant" for row in source.parties)
    others = sum(row.role == "third_party" for row in source.parties)
    return _Plan(
        case_no=case.case_no,
        court=case.court,
        court_case_no=cases.case_row(uow, case).court_case_no,
        cause=case.cause,
        loan_no=source.loan.loan_no,
        day=source.day,
        lender=source.lender.name,
        parties=tuple((ROLES[row.role], row.name) for row in source.parties),
        drafts=drafts,
        sheet=calculation_sheet(drafts.calculation, source.claim, source.loan.day_basis),
        exhibits=tuple(_planned(uow, package)),
        sets=copies("P01", defendants=defendants, third_parties=others).value.evidence_sets,
        templates={kind: letter_template(uow, kind.template).compiled for kind in PAPERS},
    )


def _planned(uow: UnitOfWork, package: Package) -> list[PlannedExhibit]:
    found = []
    for number, item in enumerate(package.items, 1):
        document = uow.session.get_one(Document, item.document_id)
        checklist = BY_KEY.get(item.checklist_key)
        texts = uow.session.scalars(
            select(Page.text).where(Page.document_id == document.id).order_by(Page.no)
        )
        chosen = (item.first_page or 0, item.last_page or 0)
        found.append(
            PlannedExhibit(
                label=f"证据{number}",
                title=item.title,
                purpose=item.purpose,
                group=checklist.group if checklist else "",
                pages=chosen if item.first_page else None,
                original=item.original,
                document_id=document.id,
                item_code=document.item_code,
                sha256=document.sha256,
                filename=document.filename,
                path=uow.vault.path(document.sha256),
                state=document.state,
                texts=tuple(texts),
            )
        )
    return found


def _bind(system: System, plan: _Plan, folder: Path, progress: Progress) -> _Bound:
    soffice = soffice_path(system.settings.soffice)
    notes = list(plan.drafts.differences)
    papers = _papers(plan)
    progress(1, 5, _l("生成文书"))
    pdfs: list[bytes] = []
    if soffice is None:
        notes.append(NO_OFFICE)
    else:
        try:
            pdfs = docx_to_pdf([data for _, data in papers], soffice=soffice)
        except OfficeFailedError as error:
            notes.append(OFFICE_FAILED.format(reason=error))
    progress(2, 5, _l("转换证据"))
    ready = tuple(bindable(plan.exhibits, soffice))
    progress(3, 5, _l("合订、编页、编目"))
    target = folder / "bundle.pdf"
    with target.open("wb") as out:
        result = build_bundle(_spec(system, plan, ready, papers, pdfs), out)
    listed = _evidence_list(plan, result)
    evidence = plan.templates[EvidenceList].render(listed)
    papers.append((EvidenceList.title, evidence))
    if pdfs and soffice is not None:
        pdfs += docx_to_pdf([evidence], soffice=soffice)
    files = [PackageFile(name=BUNDLE, source=target)]
    for number, (title, data) in enumerate(papers):
        files.append(PackageFile(name=f"文书/{number + 1:02d}-{title}.docx", source=data))
        if pdfs:
            files.append(
                PackageFile(name=f"文书/{number + 1:02d}-{title}.pdf", source=pdfs[number])
            )
    files.append(PackageFile(name=SHEET, source=plan.sheet))
    files += [PackageFile(name=_original_name(one), source=one.path) for one in plan.exhibits]
    problems = (
        *plan.drafts.missing,
        *(problem.sentence for problem in result.problems if problem.replaced),
    )
    notes += [one.problem for one in ready if one.problem]
    notes += [problem.sentence for problem in result.problems if not problem.replaced]
    return _Bound(
        result=result,
        bindables=ready,
        files=tuple(files),
        problems=problems,
        notes=tuple(notes),
    )


def _papers(plan: _Plan) -> list[tuple[str, bytes]]:
    drafts = plan.drafts
    found: list[Complaint | ClaimCalculation | IdentityCertificate | PowerOfAttorney]
    found = [drafts.complaint, drafts.calculation, drafts.identity]
    if drafts.power is not None:
        found.append(drafts.power)
    return [(one.title, plan.templates[type(one)].render(one)) for one in found]


def _spec(
    system: System,
    plan: _Plan,
    ready: tuple[Bindable, ...],
    papers: list[tuple[str, bytes]],
    pdfs: list[bytes],
) -> BundleSpec:
    return BundleSpec(
        cover=CoverSheet(
            court=plan.court,
            parties=plan.parties,
            case=plan.cause,
            title="诉讼材料",
            date=plan.day,
            case_no=plan.court_case_no,
            submitter=plan.lender,
        ),
        pleadings=[
            Pleading(title=title, source=Source(name=f"{title}.pdf", data=pdf))
            for (title, _), pdf in zip(papers, pdfs, strict=False)  # none without an office
        ],
        exhibits=[
            Exhibit(
                label=one.exhibit.label,
                title=one.exhibit.title,
                purpose=one.exhibit.purpose,
                source=one.source,
                pages=one.pages,
                original=one.exhibit.original,
                group=one.exhibit.group,
                origin=_origin(one.exhibit),
                copies=plan.sets,
            )
            for one in ready
        ],
        cjk_font=system.settings.cjk_font,
    )


def _origin(exhibit: PlannedExhibit) -> str:
    key = exhibit.item_code
    return "登记机关" if key.startswith("QZ") else "原告"


def _evidence_list(plan: _Plan, result: BundleResult) -> EvidenceList:
    places = {placed.label: placed for placed in result.exhibits}
    rows = []
    for number, one in enumerate(plan.exhibits, 1):
        placed = places[one.label]
        single = placed.first == placed.last
        rows.append(
            EvidenceRow(
                no=str(number),
                name=one.title,
                source=_origin(one),
                purpose=one.purpose,
                pages=str(placed.first) if single else f"{placed.first}–{placed.last}",
                copies=str(plan.sets),
                form="原件" if one.original else "复印件",
            )
        )
    return EvidenceList(
        case=plan.cause,
        submitter=plan.lender,
        rows=tuple(rows),
        submitted_on=date_in_body(plan.day),
    )


def _original_name(exhibit: PlannedExhibit) -> str:
    ending = PurePath(exhibit.filename).suffix.lower()
    safe = ending if ending[1:].isalnum() and ending.isascii() else ""
    number = int(exhibit.label.removeprefix("证据"))
    return f"原件/证据{number:02d}-{exhibit.item_code}{safe}"


def _record(uow: UnitOfWork, plan: _Plan, bound: _Bound, folder: Path, by: str) -> Frozen:
    case = cases.get_case(uow, plan.case_no)
    package = queries.package_of(uow, case)
    assert package is not None  # a package is never deleted
    no = max((row.no for row in package.versions), default=0) + 1
    target = folder / "package.zip"
    manifest = write_package(
        target,
        bound.files,
        {
            "Source-Organization": plan.lender,
            "External-Identifier": plan.case_no,
            "External-Description": f"{plan.cause} 第 {no} 版",
            "Bagging-Date": plan.day.isoformat(),
        },
        facts=_facts(plan, bound, no),
        prove=lambda digest: _prove(uow, plan, case.id, no, digest),
    )
    with target.open("rb") as stream:
        stored = uow.vault.put(stream)
    content = _content(plan, bound, manifest)
    package.versions.append(
        PackageVersion(
            no=no,
            sha256=stored.sha256,
            size=stored.size,
            pages=bound.result.total_pages,
            content=content,
            frozen_by=by,
            frozen_at=uow.clock.now(),
        )
    )
    uow.record(
        "litigation.package_stored",
        f"case:{case.id}",
        case_no=plan.case_no,
        no=no,
        sha256=stored.sha256,
        by=by,
    )
    return Frozen(
        case_no=plan.case_no,
        no=no,
        sha256=stored.sha256,
        size=stored.size,
        pages=bound.result.total_pages,
        exhibits=len(plan.exhibits),
        total=plan.drafts.complaint.total_amount,
        manifest_sha256=manifest.manifest_sha256,
        problems=bound.problems,
        notes=bound.notes,
    )


def _facts(plan: _Plan, bound: _Bound, no: int) -> dict[str, object]:
    places = {placed.label: placed for placed in bound.result.exhibits}
    complaint = plan.drafts.complaint
    return {
        "version": no,
        "case_no": plan.case_no,
        "court_case_no": plan.court_case_no,
        "court": plan.court,
        "cause": plan.cause,
        "loan_no": plan.loan_no,
        "parties": [{"role": role, "name": name} for role, name in plan.parties],
        "cut_off": plan.day.isoformat(),
        "principal": complaint.principal_amount.replace(",", ""),
        "interest": complaint.interest_total.replace(",", ""),
        "total": complaint.total_amount.replace(",", ""),
        "bundle": BUNDLE,
        "files": [{"name": BUNDLE, "pages": bound.result.pages}],
        "exhibits": [
            {
                "label": one.label,
                "title": one.title,
                "purpose": one.purpose,
                "document_id": one.document_id,
                "item_code": one.item_code,
                "sha256": one.sha256,
                "original": one.original,
                "file": _original_name(one),
                "first": places[one.label].first,
                "last": places[one.label].last,
            }
            for one in plan.exhibits
        ],
        "problems": list(bound.problems),
        "notes": list(bound.notes),
    }


def _content(plan: _Plan, bound: _Bound, manifest: PackageManifest) -> dict[str, object]:
    return {
        "manifest_sha256": manifest.manifest_sha256,
        "total": plan.drafts.complaint.total_amount,
        "exhibits": [
            {"label": one.label, "title": one.title, "sha256": one.sha256}
            for one in plan.exhibits
        ],
        "problems": list(bound.problems),
        "notes": list(bound.notes),
    }


def _prove(
    uow: UnitOfWork, plan: _Plan, case_id: int, no: int, digest: str
) -> Mapping[str, object]:
    """Record the digest of the package and prove that line and those of its documents."""
    line = uow.record(
        "litigation.package_frozen",
        f"case:{case_id}",
        case_no=plan.case_no,
        no=no,
        manifest_sha256=digest,
        documents={str(one.document_id): one.sha256 for one in plan.exhibits},
    )
    seqs = {line.seq}
    subjects = [f"case:{case_id}", *(f"document:{one.document_id}" for one in plan.exhibits)]
    for subject in subjects:
        page = audit.read(uow.session, TrailFilter(subject=subject), limit=MOST_LINES)
        seqs.update(one.seq for one in page.lines)
    return audit.proof_for(
        uow.session,
        sorted(seqs),
        signer=audit.load_key(uow.settings.data),
        at=uow.clock.now(),
    )


def _publish(system: System) -> None:
    session = new_session(system.engine)
    try:
        audit.publish(session, system.settings.data / CHECKPOINTS)
    finally:
        session.close()
