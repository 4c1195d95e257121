"""检索: what was typed and chosen -> the pages that answer, what they look like, a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import exports, finding, hit_groups, preview
from postloan_archive.archive.finding import Find
from postloan_archive.archive.record_links import document_steps, record_links
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.search import Filters, Hit, Mode, Results, Sort
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import Page, page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

MODES: Final[Mapping[str, tuple[str, Mode]]] = {
    "all": (_l("全部"), Mode.ALL),
    "text": (_l("内容"), Mode.TEXT),
    "title": (_l("题名"), Mode.TITLE),
    "number": (_l("编号"), Mode.NUMBER),
}
SORTS: Final[Mapping[str, tuple[str, Sort]]] = {
    "relevance": (_l("按相关"), Sort.RELEVANCE),
    "date": (_l("日期从新到旧"), Sort.NEWEST),
    "date_asc": (_l("日期从旧到新"), Sort.OLDEST),
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONG: Final = 12  # digits of a number in an address: no bomb


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address of the page says."""

    text: str
    mode: str
    sort: str
    loan_no: str
    chosen: Mapping[str, frozenset[str]]

    @property
    def anything(self) -> bool:
        """Return whether there is something to look for."""
        return bool(self.text or self.loan_no or any(self.chosen.values()))

    def command(self) -> Find:
        """Return what the service takes."""
        return Find(
            text=self.text,
            loan_no=self.loan_no or None,
            mode=MODES[self.mode][1],
            sort=SORTS[self.sort][1],
            filters=Filters(
                branch_ids=_numbers(self.chosen["branch"]),
                years=_numbers(self.chosen["year"]),
                categories=self.chosen["category"],
                item_codes=self.chosen["item"],
                media=self.chosen["media"],
            ),
        )


@bp.get("/search")
@requires(Permission.SEARCH)
def search() -> ResponseReturnValue:
    """Find pages by any of their words."""
    asked = _asked(request.args)
    with unit_of_work() as uow:
        try:
            return _page(uow, asked)
        except PostloanError as error:
            sentence = f"{error_text(error)} {next_step_text(error)}".strip()
            blank = replace(asked, text="", loan_no="", chosen=_asked(MultiDict()).chosen)
            page = _page(uow, blank, typed=asked.text, error=sentence)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/search/look")
@requires(Permission.SEARCH)
def look() -> ResponseReturnValue:
    """Show the page of one hit beside the list."""
    asked = _asked(request.args)
    document_id, page_no = _hit(request.args.get("hit", ""))
    with unit_of_work() as uow:
        shown = preview.of_page(uow, asked.command(), document_id, page_no)
        return render_template(
            "archive/look.html", shown=shown, steps=document_steps(uow, document_id)
        )


@bp.get("/search/export")
@requires(Permission.DOCUMENT_EXPORT)
def export_hits() -> ResponseReturnValue:
    """Return the hits as a workbook."""
    asked = _asked(request.args)
    with unit_of_work() as uow:
        workbook = exports.hits_workbook(uow, asked.command())
    return download(workbook, name=exports.file_name(asked.text), media_type=XLSX)


def _page(uow: UnitOfWork, asked: Asked, *, typed: str = "", error: str = "") -> str:
    results, page = Results(total=0, hits=(), facets=(), took_ms=0.0), None
    groups: tuple[hit_groups.HitFile, ...] = ()
    shown = None
    if asked.anything:
        results, page = _results(uow, asked)
        groups = hit_groups.group_hits(uow, results.hits)
        shown = _shown(uow, asked, results.hits)
    return render_template(
        "archive/search.html",
        asked=asked,
        typed=typed or asked.text,
        error=error,
        modes=[
            {"href": _address(asked, mode=key), "label": _(label), "current": key == asked.mode}
            for key, (label, _mode) in MODES.items()
        ],
        sorts=[(key, _(label)) for key, (label, _sort) in SORTS.items()],
        results=results,
        groups=groups,
        page=page,
        facets=hit_groups.facet_groups(
            uow, finding.facets(uow, asked.command(), results), asked.chosen
        )
        if asked.anything
        else (),
        links=record_links(uow, asked.text),
        suggestions=[
            (text, _address(asked, q=text))
            for text in finding.suggestions(uow, asked.command(), results)
        ]
        if asked.anything
        else [],
        waiting=finding.waiting(uow),
        shown=shown,
        steps=document_steps(uow, shown.document_id) if shown else (),
    )


def _results(uow: UnitOfWork, asked: Asked) -> tuple[Results, Page]:
    """Return one page of hits; an address past the end gives the last page."""
    wanted = page_of(request.args, total=10**9)
    command = replace(asked.command(), limit=wanted.size, offset=wanted.offset)
    results = finding.find(uow, command)
    page = page_of(request.args, total=results.total)
    if page.offset != wanted.offset and results.total:
        results = finding.find(uow, replace(command, offset=page.offset))
    return results, page


def _shown(uow: UnitOfWork, asked: Asked, hits: tuple[Hit, ...]) -> preview.ShownPage | None:
    """Return the page beside the list: the one of the address, else that of the first hit."""
    wanted = _hit(request.args.get("hit", ""))
    known = {(hit.document_id, hit.page_no) for hit in hits}
    if not hits:
        return None
    if wanted not in known:
        wanted = (hits[0].document_id, hits[0].page_no)
    return preview.of_page(uow, asked.command(), *wanted)


def _asked(args: MultiDict[str, str]) -> Asked:
    mode, sort = args.get("mode", ""), args.get("sort", "")
    return Asked(
        text=args.get("q", "").replace("\0", "").strip(),
        mode=mode if mode in MODES else "all",
        sort=sort if sort in SORTS else "relevance",
        loan_no=args.get("loan", "").replace("\0", "").strip(),
        chosen={
            kind: frozenset(value for value in args.getlist(kind) if value)
            for kind in hit_groups.FACETS
        },
    )


def _address(asked: Asked, **changes: str) -> str:
    kept = {"q": asked.text, "mode": asked.mode, "sort": asked.sort, "loan": asked.loan_no}
    values = {name: value for name, value in (kept | changes).items() if value}
    return url_for("archive.search", **values)  # type: ignore[arg-type]  # values of an address


def _hit(text: str) -> tuple[int, int]:
    document_id, _dash, page_no = text.partition("-")
    numbers = _numbers(frozenset({document_id})), _numbers(frozenset({page_no}))
    return (next(iter(numbers[0]), 0), next(iter(numbers[1]), 0))


def _numbers(values: frozenset[str]) -> frozenset[int]:
    return frozenset(
        int(value)
        for value in values
        if value.isascii() and value.isdigit() and len(value) <= _LONG
    )
