"""Rendering, converting and binding: files in a temporary folder, without any transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from postloan_archive.bundle import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    PackageFile,
    Pleading,
    Source,
    build_bundle,
)
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.papers import (
    EvidenceList,
    EvidenceRow,
    Paper,
)
from postloan_archive.litigation.planning import Plan
from postloan_archive.litigation.sources import Bindable, PlannedExhibit, bindable
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.uow import System
from postloan_archive.wordgen import OfficeFailedError, docx_to_pdf, soffice_path

BUNDLE: Final = "证据材料.pdf"
SHEET: Final = "债权计算表.xlsx"
NO_OFFICE: Final = _l(
    "本机没有 LibreOffice：文书只有 Word 格式，合订本只含证据，非 PDF 证据以文字页编入。"
)
OFFICE_FAILED: Final = _l("文书转换为 PDF 失败，合订本只含证据：{reason}")
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What was bound; `problems` and `notes` as in `freezing.Frozen`."""

    result: BundleResult
    files: tuple[PackageFile, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def bind(system: System, plan: Plan, folder: Path, progress: Progress) -> Bound:
    """Return the files of the package; those that are large lie in `folder`.

    Raises:
        PageRangeError: a range names pages that a file does not have.
        NoChineseTypefaceError: there is no font to print with.
    """
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
    files += [PackageFile(name=original_name(one), source=one.path) for one in plan.exhibits]
    problems = (
        *plan.drafts.missing,
        *(problem.sentence for problem in result.problems if problem.replaced),
    )
    notes += [one.problem for one in ready if one.problem]
    notes += [problem.sentence for problem in result.problems if not problem.replaced]
    return Bound(
        result=result,
        files=tuple(files),
        problems=problems,
        notes=tuple(notes),
    )


def _papers(plan: Plan) -> list[tuple[str, bytes]]:
    drafts = plan.drafts
    found: list[Paper] = [drafts.complaint, drafts.calculation, drafts.identity]
    if drafts.power is not None:
        found.append(drafts.power)
    return [(one.title, plan.templates[type(one)].render(one)) for one in found]


def _spec(
    system: System,
    plan: Plan,
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


def _evidence_list(plan: Plan, result: BundleResult) -> EvidenceList:
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


def original_name(exhibit: PlannedExhibit) -> str:
    """Return where the file of an exhibit lies in the package, byte for byte."""
    ending = PurePath(exhibit.filename).suffix.lower()
    safe = ending if ending[1:].isalnum() and ending.isascii() else ""
    number = int(exhibit.label.removeprefix("证据"))
    return f"原件/证据{number:02d}-{exhibit.item_code}{safe}"
