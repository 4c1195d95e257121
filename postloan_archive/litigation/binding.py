"""Rendering, converting and binding: files in a temporary folder, without any transaction."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Final

from postloan_archive.bundle import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    PackageFile,
    PlacedExhibit,
    Pleading,
    Source,
)
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.binder import MEBIBYTE, BoundVolumes, announced, bind_confined
from postloan_archive.litigation.papers import (
    EvidenceList,
    EvidenceRow,
    Paper,
)
from postloan_archive.litigation.planning import ROLES, Plan
from postloan_archive.litigation.printing import print_list
from postloan_archive.litigation.rules.exhibits import COMPLAINT, ENFORCEMENT
from postloan_archive.litigation.sources import Bindable, PlannedExhibit, bindable
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.uow import System
from postloan_archive.wordgen import OfficeFailedError, docx_to_pdf, soffice_path

BUNDLE: Final = "证据材料.pdf"
SHEET: Final = "债权计算表.xlsx"
PRINTING: Final = "打印清单.xlsx"
TITLES: Final = {COMPLAINT: "诉讼材料", ENFORCEMENT: "强制执行材料"}
COURT_ITEMS: Final = frozenset({"BQ07", "BQ08", "BQ09", "BQ10", "BQ11", "BQ13"})
NO_OFFICE: Final = _l(
    "本机没有 LibreOffice：文书只有 Word 格式，合订本只含证据，非 PDF 证据以文字页编入。"
)
OFFICE_FAILED: Final = _l("文书转换为 PDF 失败，合订本只含证据：{reason}")
UNSAID: Final = "—"
NO_PURPOSE: Final = _l("{label}“{title}”没有填写证明目的。")
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What was bound; `problems` and `notes` as in `freezing.Frozen`."""

    result: BundleResult
    volumes: tuple[tuple[str, int], ...]  # file and pages of each volume
    papers: tuple[tuple[str, str], ...]  # title and digest of each Word file
    files: tuple[PackageFile, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def bind(system: System, plan: Plan, folder: Path, progress: Progress) -> Bound:
    """Return the files of the package; those that are large lie in `folder`.

    Raises:
        PageRangeError: a range names pages that a file does not have.
        NoChineseTypefaceError: there is no font to print with.
        VolumeLimitError: one page alone is larger than the court takes.
        BinderLostError: a file stopped the binding process.
    """
    soffice = soffice_path(system.settings.soffice)
    notes = list(plan.drafts.differences) if "P01" in plan.papers else []
    papers = _papers(plan)
    progress(1, 5, _l("生成文书"))
    pdfs: list[bytes] = []
    converts = soffice is not None
    if soffice is None:
        notes.append(NO_OFFICE)
    else:
        try:
            pdfs = docx_to_pdf([data for _, data in papers], soffice=soffice)
        except OfficeFailedError as error:
            converts = False
            notes.append(OFFICE_FAILED.format(reason=error))
    progress(2, 5, _l("转换证据"))
    ready = tuple(bindable(plan.exhibits, soffice))
    progress(3, 5, _l("合订、编页、编目"))
    place = folder / "bound"
    place.mkdir()
    limit = plan.volume_mb * MEBIBYTE if plan.volume_mb else None
    spec = _spec(system, plan, ready, papers, pdfs)
    with ThreadPoolExecutor(1) as apart:
        running = apart.submit(bind_confined, spec, place, volume_bytes=limit)
        # The list needs the page numbers only; it is converted while the pages are written.
        listed = _list_as_pdf(plan, announced(place, running), soffice if converts else None)
        bound = running.result()
    result = _whole(bound)
    if listed.places != result.exhibits:
        listed = _list_as_pdf(plan, result.exhibits, soffice if converts else None)
    papers.append((EvidenceList.title, listed.word))
    pdfs += listed.pdf
    files = [
        PackageFile(name=name, source=path)
        for name, path in zip(volume_names(len(bound.paths)), bound.paths, strict=True)
    ]
    for number, (title, data) in enumerate(papers):
        files.append(PackageFile(name=f"文书/{number + 1:02d}-{title}.docx", source=data))
        if pdfs:
            files.append(
                PackageFile(name=f"文书/{number + 1:02d}-{title}.pdf", source=pdfs[number])
            )
    volumes = tuple(
        zip(volume_names(len(bound.paths)), (one.pages for one in bound.results), strict=True)
    )
    files.append(PackageFile(name=SHEET, source=plan.sheet))
    files.append(PackageFile(name=PRINTING, source=print_list(plan, result, volumes)))
    files += [PackageFile(name=original_name(one), source=one.path) for one in plan.exhibits]
    problems = (
        *(plan.drafts.missing if "P01" in plan.papers else ()),
        *plan.extra_gaps,
        *(
            NO_PURPOSE.format(label=one.label, title=one.title)
            for one in plan.exhibits
            if not one.purpose
        ),
        *(problem.sentence for problem in result.problems if problem.replaced),
    )
    notes += [one.problem for one in ready if one.problem]
    notes += [problem.sentence for problem in result.problems if not problem.replaced]
    return Bound(
        result=result,
        papers=tuple((title, hashlib.sha256(data).hexdigest()) for title, data in papers),
        volumes=volumes,
        files=tuple(files),
        problems=problems,
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """The evidence list for these places, and its PDF where there is an office."""

    places: tuple[PlacedExhibit, ...]
    word: bytes = b""
    pdf: tuple[bytes, ...] = ()


def _list_as_pdf(plan: Plan, places: tuple[PlacedExhibit, ...], soffice: Path | None) -> _List:
    if len(places) < len(plan.exhibits):  # the child fell over; its result says why
        return _List(places=places)
    word = plan.templates[EvidenceList].render(_evidence_list(plan, places))
    pdf = docx_to_pdf([word], soffice=soffice) if soffice is not None else ()
    return _List(places=places, word=word, pdf=tuple(pdf))


def volume_names(count: int) -> tuple[str, ...]:
    """Return the names of the bundle's files: one, or numbered volumes."""
    if count == 1:
        return (BUNDLE,)
    return tuple(f"证据材料-第{no:02d}册.pdf" for no in range(1, count + 1))


def _whole(bound: BoundVolumes) -> BundleResult:
    """Return what all volumes hold together; pages are those stamped."""
    exhibits: dict[str, PlacedExhibit] = {}
    for result in bound.results:
        for placed in result.exhibits:
            known = exhibits.get(placed.label)
            exhibits[placed.label] = (
                replace(known, last=placed.last) if known is not None else placed
            )
    return replace(
        bound.results[0],
        pages=sum(one.pages for one in bound.results),
        exhibits=tuple(exhibits.values()),
        problems=tuple(problem for one in bound.results for problem in one.problems),
    )


def _papers(plan: Plan) -> list[tuple[str, bytes]]:
    drafts = plan.drafts
    found: list[Paper | None] = [
        drafts.complaint, drafts.calculation, drafts.identity, drafts.power,
    ]  # fmt: skip
    core = [
        (one.title, plan.templates[type(one)].render(one))
        for one in found
        if one is not None and one.code in plan.papers
    ]
    if plan.kind == ENFORCEMENT:  # the petition comes first
        return [*plan.extras, *core]
    return [*core, *plan.extras]


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
            title=TITLES[plan.kind],
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
                origin=_origin(plan, one.exhibit),
                copies=plan.sets,
            )
            for one in ready
        ],
        cjk_font=system.settings.cjk_font,
    )


def _origin(plan: Plan, exhibit: PlannedExhibit) -> str:
    code = exhibit.item_code
    if code in COURT_ITEMS:
        return "人民法院"
    return "登记机关" if code.startswith("QZ") else ROLES[plan.kind]["plaintiff"]


def _evidence_list(plan: Plan, placed_at: tuple[PlacedExhibit, ...]) -> EvidenceList:
    places = {placed.label: placed for placed in placed_at}
    rows = []
    for number, one in enumerate(plan.exhibits, 1):
        placed = places[one.label]
        single = placed.first == placed.last
        rows.append(
            EvidenceRow(
                no=str(number),
                name=one.title,
                source=_origin(plan, one),
                purpose=one.purpose or UNSAID,
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
