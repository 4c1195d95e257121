"""期限看板: the list of deadlines, as a table and as lanes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.filters import with_query
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import look, unit_of_work
from postloan_archive.web.translations import error_text
from postloan_archive.worklist import gaps, owners, queries, service
from postloan_archive.worklist.filtering import DeadlineFilter, filter_of
from postloan_archive.worklist.forms import EnterForm
from postloan_archive.worklist.queries import DeadlineRow
from postloan_archive.worklist.routes.blueprint import bp
from postloan_archive.worklist.routes.faces import face_of, next_step
from postloan_archive.worklist.rules.buckets import buckets
from postloan_archive.worklist.rules.kinds import LABELS, LEVELS, Kind

BOARD = "board"
MOST_TICKETS = 8  # tickets of a lane; the rest is a link to the list


@bp.get("/deadlines")
@requires(Permission.DEADLINE_VIEW)
def deadlines() -> ResponseReturnValue:
    """List the deadlines that the filter asks for."""
    light("worklist.deadlines")
    wanted, gap = filter_of(request.args), request.args.get("gap", "")
    with look() as uow:
        if gap in gaps.LABELS and gap not in gaps.OF_DEADLINES:
            return _gap_page(uow, gap)
        today = uow.clock.today()
        as_board = request.args.get("view") == BOARD
        page = page_of(request.args, total=queries.count(uow, wanted))
        rows = [] if as_board else queries.listing(
            uow,
            wanted,
            sort=request.args.get("sort", "safe"),
            limit=page.size,
            offset=page.offset,
        )  # fmt: skip
        lanes = _lanes(uow, wanted, today) if as_board else []
        shown = [*rows, *(ticket for lane in lanes for ticket in lane["tickets"])]  # type: ignore[attr-defined]  # a list of rows
        return render_template(
            "worklist/deadlines.html",
            rows=rows,
            lanes=lanes,
            page=page,
            wanted=wanted,
            as_board=as_board,
            spans=_spans(uow, wanted, today),
            faces={row.id: face_of(row, today) for row in shown},
            steps={row.id: next_step(row, uow.actor) for row in shown},
            gaps=gaps.counts(uow),
            kinds=_kinds(),
            branches=queries.branches_seen(uow),
            owners=owners.possible_owners(uow),
            chips=_chips(uow, wanted),
            opened=_opened(uow),
            today=today,
        )


@bp.route("/deadlines/new", methods=["GET", "POST"])
@requires(Permission.DEADLINE_EDIT)
def enter() -> ResponseReturnValue:
    """Enter a deadline by hand."""
    light("worklist.deadlines")
    form = EnterForm(
        data={
            "loan_no": request.args.get("loan_no", ""),
            "case_no": request.args.get("case_no", ""),
            "kind": str(Kind.OTHER),
        }
    )
    with look() as uow:
        form.offer(owners.possible_owners(uow))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                entered = service.enter(uow, form.command()).id
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("期限已登记。"))
            return redirect(url_for("worklist.deadline", deadline_id=entered))
    return render_template("worklist/enter.html", form=form), 422 if form.errors else 200


@bp.post("/deadlines/assign")
@requires(Permission.DEADLINE_EDIT)
def assign_many() -> ResponseReturnValue:
    """Give the marked deadlines, or all that the filter finds, to one person."""
    owner = request.form.get("owner", "")
    try:
        with unit_of_work() as uow:
            ids = _picked(uow)
            for deadline_id in ids:
                service.assign(uow, deadline_id, owner)
    except PostloanError as error:
        flash(error_text(error), "error")
    else:
        flash(_("已分派 %(count)s 项期限。", count=len(ids)))
    return redirect(f"{url_for('worklist.deadlines')}?{_filter_sent().query()}")


def _picked(uow: UnitOfWork) -> list[int]:
    if request.form.get("all_results") == "1":
        return [row.id for row in queries.listing(uow, _filter_sent())]
    return [int(one) for one in request.form.getlist("id") if one.isdecimal()]


def _filter_sent() -> DeadlineFilter:
    prefix = "filter_"
    return filter_of(
        {
            name.removeprefix(prefix): value
            for name, value in request.form.items()
            if name.startswith(prefix)
        }
    )


def _opened(uow: UnitOfWork) -> DeadlineRow | None:
    """Return the deadline whose drawer the address asks for."""
    number = request.args.get("open", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004 - no bomb
        return None
    return queries.one(uow, service.get_deadline(uow, int(number)))


def _spans(uow: UnitOfWork, wanted: DeadlineFilter, today: date) -> list[dict[str, object]]:
    """Return the bucket tabs: each a link to the same list, narrowed."""
    found = queries.spans(uow, _without_span(wanted))
    tabs: list[dict[str, object]] = [
        {
            "label": _("全部"),
            "href": with_query(span=None, within=None, page=None, open=None),
            "current": not wanted.span and wanted.within is None,
            "count": sum(found.values()),
        }
    ]
    tabs += [
        {
            "label": _(bucket.label) if not bucket.label.startswith("≤") else bucket.label,
            "href": with_query(span=bucket.key, within=None, page=None, open=None),
            "current": wanted.span == bucket.key,
            "count": found[bucket.key],
        }
        for bucket in buckets(today)
    ]
    return tabs


def _without_span(wanted: DeadlineFilter) -> DeadlineFilter:
    return replace(wanted, span="", within=None)


def _lanes(uow: UnitOfWork, wanted: DeadlineFilter, today: date) -> list[dict[str, object]]:
    found = queries.spans(uow, _without_span(wanted))
    lanes: list[dict[str, object]] = []
    for bucket in buckets(today):
        narrowed = replace(_without_span(wanted), span=bucket.key)
        tickets: Sequence[DeadlineRow] = queries.listing(uow, narrowed, limit=MOST_TICKETS)
        lanes.append(
            {
                "label": _(bucket.label)
                if not bucket.label.startswith("≤")
                else _("%(label)s 天", label=bucket.label),
                "count": found[bucket.key],
                "tickets": tickets,
                "more": max(0, found[bucket.key] - len(tickets)),
                "href": with_query(view=None, span=bucket.key, open=None),
            }
        )
    return lanes


def _kinds() -> list[tuple[str, str]]:
    groups = [
        (key, _("%(label)s（各类）", label=_(label)))
        for key, label, kinds in LEVELS
        if len(kinds) > 1
    ]
    return [*((str(kind), _(label)) for kind, label in LABELS.items()), *groups]


def _chips(uow: UnitOfWork, wanted: DeadlineFilter) -> list[tuple[str, str]]:
    """Return what the address asks for beyond the form, each with the address without it."""
    found = []
    if wanted.span in {"must", "today", "near", "remind"}:
        words = {
            "must": _("已过、今天和近期"),
            "today": _("今天"),
            "near": _("近期"),
            "remind": _("已到提醒日"),
        }
        found.append((words[wanted.span], with_query(span=None, page=None)))
    if wanted.gap:
        found.append((_(gaps.LABELS[wanted.gap]), with_query(gap=None, page=None)))
    if wanted.differs:
        found.append((_("文书与推算不一致"), with_query(differs=None, page=None)))
    if wanted.loan_no:
        found.append((wanted.loan_no, with_query(loan_no=None, page=None)))
    if wanted.case_id is not None:
        found.append((_("一个案件"), with_query(case_id=None, page=None)))
    del uow
    return found


def _gap_page(uow: UnitOfWork, gap: str) -> str:
    page = page_of(request.args, total=gaps.count(uow, gap))
    return render_template(
        "worklist/gap.html",
        gap=gap,
        label=_(gaps.LABELS[gap]),
        rows=gaps.listing(uow, gap, limit=page.size, offset=page.offset),
        page=page,
        gaps=gaps.counts(uow),
    )
