"""催收 over all loans: worklists, promises, plans, agencies, complaints, rules of duty."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.collection import lists, pressing, queries, workbook
from postloan_archive.collection.queries import NOBODY, AskedWork
from postloan_archive.collection.routes import PLANS, PROMISES
from postloan_archive.collection.rules import URGENT, Stage
from postloan_archive.collection.service import contacts, debtors, duties, pauses
from postloan_archive.collection.service.duties import SetRule
from postloan_archive.kernel.errors import _l
from postloan_archive.policy.queries import load_policy
from postloan_archive.sheets import XLSX
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("collecting", __name__, url_prefix="/collection")
VIEWS: Final = {
    "soon": _l("近三天到期"),
    "open": _l("待兑现"),
    "broken": _l("未兑现"),
    "kept": _l("已兑现"),
}


@bp.get("")
@requires(Permission.COLLECTION_VIEW)
def index() -> ResponseReturnValue:
    """Show one worklist, and what must not wait above it."""
    stage, asked = _stage(request.args.get("stage", "")), _asked()
    with unit_of_work() as uow:
        _rows, total = queries.worklist(uow, stage, asked, limit=0)
        page = page_of(request.args, total=total)
        rows, _total = queries.worklist(uow, stage, asked, offset=page.offset, limit=page.size)
        urgent = pressing.urgent_surveys(uow)
        return render_template(
            "collection/index.html",
            rows=rows,
            page=page,
            stage=stage,
            asked=asked,
            stages=list(Stage),
            collectors=[(NOBODY, _("未分派")), *queries.collectors_for(uow)],
            takers=queries.collectors_for(uow),
            branches=[
                (row.id, row.name)
                for row in branches.tree(uow.session, only=uow.actor.branch_ids)
            ],
            who=people.names_of(uow, {row.collector for row in rows}),
            urgent=urgent,
            broken=pressing.broken_promises(uow),
            urgent_words=URGENT,
            most_calls=load_policy(uow).calls_a_day,
        )


@bp.get("/worklist.xlsx")
@requires(Permission.COLLECTION_VIEW)
def export() -> ResponseReturnValue:
    """Hand out the worklist of the filter as a workbook."""
    stage = _stage(request.args.get("stage", ""))
    with unit_of_work() as uow:
        data = workbook.worklist(uow, stage, _asked())
        day = uow.clock.today()
    return download(data, name=f"催收清单-{stage}-{day}.xlsx", media_type=XLSX)


@bp.post("/duty")
@requires(Permission.COLLECTION_LEAD)
def give_duty() -> ResponseReturnValue:
    """Give the marked loans to a collector, or what nobody has by rule."""
    with unit_of_work() as uow:
        if request.form.get("act") == "rule":
            count = duties.give_by_rule(uow)
        else:
            numbers = tuple(request.form.getlist("loan"))
            count = contacts.give_duty(uow, numbers, request.form.get("collector", "").strip())
    flash(_("已分派 %(count)s 笔。", count=count))
    return redirect(
        url_for("collecting.index", stage=str(_stage(request.form.get("stage", ""))))
    )


@bp.route("/rules", methods=["GET", "POST"])
@requires(Permission.COLLECTION_LEAD)
def rules() -> ResponseReturnValue:
    """Show and set who takes what nobody looks after."""
    if request.method == "POST":
        with unit_of_work() as uow:
            duties.set_rule(
                uow,
                SetRule(
                    branch_id=whole_number(request.form.get("branch")) or 0,
                    stage=_stage(request.form.get("stage", "")),
                    collectors=tuple(request.form.getlist("collector")),
                ),
            )
        flash(_("分派规则已保存，每夜生效。"))
        return redirect(url_for("collecting.rules"))
    with unit_of_work() as uow:
        places = branches.tree(uow.session, only=uow.actor.branch_ids)
        known = {(row.branch_id, row.stage): row for row in lists.rules_of(uow)}
        able = {row.id: lists.collectors_in(uow, row.id) for row in places}
        return render_template(
            "collection/rules.html",
            places=[row for row in places if able[row.id]],
            able=able,
            known=known,
            stages=list(Stage),
            held=lists.held_by_person(uow),
        )


@bp.get("/promises")
@requires(Permission.COLLECTION_VIEW)
def promises() -> ResponseReturnValue:
    """List promises, what falls due at the head."""
    view = request.args.get("view", "")
    view = view if view in VIEWS else "soon"
    with unit_of_work() as uow:
        return render_template(
            "collection/promises.html",
            rows=lists.promises(uow, view),
            view=view,
            views=VIEWS,
            words=PROMISES,
        )


@bp.get("/plans")
@requires(Permission.COLLECTION_VIEW)
def plans() -> ResponseReturnValue:
    """List the plans for debtors in difficulty, those that wait at the head."""
    light("collecting.plans")
    with unit_of_work() as uow:
        rows = lists.plans(uow)
        return render_template(
            "collection/plans.html",
            rows=rows,
            words=PLANS,
            who=people.names_of(
                uow, {name for row, _h in rows for name in (row.proposed_by, row.decided_by)}
            ),
        )


@bp.get("/placements")
@requires(Permission.COLLECTION_VIEW)
def placements() -> ResponseReturnValue:
    """List the debts with agencies, and what came in meanwhile."""
    every = request.args.get("all") == "1"
    with unit_of_work() as uow:
        rows = lists.placements(uow, running=not every)
        return render_template(
            "collection/placements.html", rows=rows, every=every, agencies=lists.agencies(uow)
        )


@bp.post("/placements/data")
@requires(Permission.COLLECTION_LEAD)
def agency_data() -> ResponseReturnValue:
    """Hand out what an agency may be given of the loans that it has, and nothing else."""
    agency = request.form.get("agency", "")
    with unit_of_work() as uow:
        data = workbook.agency_data(uow, agency)
        day = uow.clock.today()
    return download(data, name=f"委外资料-{agency}-{day}.xlsx", media_type=XLSX)


@bp.post("/placements/<int:placement_id>/returned")
@requires(Permission.COLLECTION_LEAD)
def data_returned(placement_id: int) -> ResponseReturnValue:
    """Note that an agency confirmed that it deleted what it was given."""
    with unit_of_work() as uow:
        debtors.confirm_returned(uow, placement_id, request.form.get("how", ""))
    flash(_("已登记：外部机构已返还或删除信息。"))
    return redirect(url_for("collecting.placements", all=1))


@bp.get("/complaints")
@requires(Permission.COLLECTION_VIEW)
def complaint_list() -> ResponseReturnValue:
    """List the complaints, the first to answer at the head."""
    light("collecting.complaint_list")
    with unit_of_work() as uow:
        rows = lists.complaints(uow)
        return render_template(
            "collection/complaints.html",
            rows=rows,
            today=uow.clock.today(),
            who=people.names_of(uow, {row.handler for row, _no in rows}),
        )


@bp.post("/complaints/<complaint_no>/answer")
@requires(Permission.COLLECTION_LEAD)
def complaint_answer(complaint_no: str) -> ResponseReturnValue:
    """Answer a complaint, or give it thirty days more."""
    if request.form.get("act") == "extend":
        with unit_of_work() as uow:
            pauses.extend_complaint(uow, complaint_no, request.form.get("outcome", ""))
        flash(_("已延长 30 日，请书面告知投诉人理由。"))
    else:
        with unit_of_work() as uow:
            pauses.answer_complaint(uow, complaint_no, request.form.get("outcome", ""))
        flash(_("投诉已答复，因投诉的停催已解除。"))
    return redirect(url_for("collecting.complaint_list"))


def _stage(given: str) -> Stage:
    return Stage(given) if given in set(Stage) else Stage.M1


def _asked() -> AskedWork:
    given = request.args
    return AskedWork(
        mine=given.get("mine") == "1",
        branch_id=whole_number(given.get("branch")),
        collector=given.get("collector", ""),
        word=given.get("q", ""),
    )
