"""Freezing a package: papers, one PDF, calculation sheet, proof, zip; then row and audit line.

Three steps: plan in a short transaction, bind without one, record in a short transaction. A
failure in between leaves nothing behind but a temporary folder that is removed.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from postloan_archive import audit
from postloan_archive.audit import TrailFilter
from postloan_archive.bundle import PackageManifest, write_package
from postloan_archive.cases import queries as cases
from postloan_archive.db import new_session
from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation import queries, service
from postloan_archive.litigation.binding import Bound, Progress, bind, original_name
from postloan_archive.litigation.models import PackageVersion
from postloan_archive.litigation.planning import Plan, plan_package
from postloan_archive.litigation.rules.differences import differences
from postloan_archive.uow import System, UnitOfWork

CHECKPOINTS: Final = "checkpoints"  # where signed checkpoints leave the database
MOST_LINES: Final = 200


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
        plan = plan_package(uow, case_no)
    with tempfile.TemporaryDirectory(prefix="postloan-package-") as name:
        folder = Path(name)
        bound = bind(system, plan, folder, progress)
        progress(4, 5, _l("封装并留存"))
        with system.unit_of_work(actor) as uow:
            frozen = _record(uow, plan, bound, folder, by or actor.name)
            uow.after_commit(lambda: _publish(system))
    progress(5, 5, "")
    return frozen


def _record(uow: UnitOfWork, plan: Plan, bound: Bound, folder: Path, by: str) -> Frozen:
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
    if package.versions:
        content["differences"] = list(differences(package.versions[-1].content, content))
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


def _facts(plan: Plan, bound: Bound, no: int) -> dict[str, object]:
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
        "cut_off": plan.cut_off.isoformat(),
        "principal": complaint.principal_amount.replace(",", ""),
        "interest": complaint.interest_total.replace(",", ""),
        "total": complaint.total_amount.replace(",", ""),
        "bundle": bound.volumes[0][0],
        "volumes": [name for name, _pages in bound.volumes],
        "papers": [{"title": title, "sha256": digest} for title, digest in bound.papers],
        "files": [{"name": name, "pages": pages} for name, pages in bound.volumes],
        "exhibits": [
            {
                "label": one.label,
                "title": one.title,
                "purpose": one.purpose,
                "document_id": one.document_id,
                "item_code": one.item_code,
                "sha256": one.sha256,
                "original": one.original,
                "file": original_name(one),
                "first": places[one.label].first,
                "last": places[one.label].last,
            }
            for one in plan.exhibits
        ],
        "problems": list(bound.problems),
        "notes": list(bound.notes),
    }


def _content(plan: Plan, bound: Bound, manifest: PackageManifest) -> dict[str, object]:
    return {
        "manifest_sha256": manifest.manifest_sha256,
        "total": plan.drafts.complaint.total_amount,
        "cut_off": plan.cut_off.isoformat(),
        "court": plan.court,
        "volumes": [name for name, _pages in bound.volumes],
        "exhibits": [
            {
                "item": one.item_id,
                "label": one.label,
                "title": one.title,
                "purpose": one.purpose,
                "original": one.original,
                "source_pages": list(one.pages) if one.pages else None,
                "document_id": one.document_id,
                "sha256": one.sha256,
            }
            for one in plan.exhibits
        ],
        "papers": [{"title": title, "sha256": digest} for title, digest in bound.papers],
        "problems": list(bound.problems),
        "notes": list(bound.notes),
    }


def _prove(
    uow: UnitOfWork, plan: Plan, case_id: int, no: int, digest: str
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
