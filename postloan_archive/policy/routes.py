"""管理 › 规则设置: what the bank has set where the law is silent; two steps, with audit."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.kernel.policy import STANDARD_POLICY
from postloan_archive.policy import queries, service
from postloan_archive.policy.service import ChangePolicy
from postloan_archive.policy.settings import SETTINGS, checked, differences, words_of
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text
from postloan_archive.workdays.moves import Change, moves_under

bp = Blueprint("policy", __name__, url_prefix="/admin/policy")
YES: Final = "yes"
SHOWN: Final = 100  # moved deadlines listed; the number is always said


@bp.get("")
@requires(Permission.CALCULATE)
def index() -> ResponseReturnValue:
    """Show the settings in use and how they came about."""
    with unit_of_work() as uow:
        used = queries.load_policy(uow)
        return render_template(
            "policy/index.html",
            rows=[
                (
                    setting,
                    words_of(name, getattr(used, name)),
                    words_of(name, getattr(STANDARD_POLICY, name)),
                )
                for name, setting in SETTINGS.items()
            ],
            editions=queries.editions(uow),
        )


@bp.route("/change", methods=["GET", "POST"])
@requires(Permission.POLICY_EDIT)
def change() -> ResponseReturnValue:
    """Change settings: first what moves, then the change."""
    faults: dict[str, str] = {}
    changes, moves = None, None
    with unit_of_work() as uow:
        used, newest = queries.load_policy(uow), queries.newest(uow)
        seen = newest.edition if newest else 0
        values = {name: getattr(used, name) for name in SETTINGS}
        if request.method == "POST":
            values = dict(_values(request.form))
    if request.method == "POST":
        reason = request.form.get("reason", "")
        text = request.form.get("seen", "")
        cmd = ChangePolicy(values=values, reason=reason, seen=_seen(text))
        try:
            with unit_of_work() as uow:
                if request.form.get("confirm") == YES:
                    service.change_policy(uow, cmd)
                    flash(_("设置已改，作为新的版本；受影响的期限正在重算。"))
                    return redirect(url_for("policy.index"))
                after = checked(values)
                changes = differences(used, after)
                moves = moves_under(uow, Change(policy=after))
        except PostloanError as error:
            said = " ".join(filter(None, (error_text(error), next_step_text(error))))
            faults[error.field or ""] = said
    return render_template(
        "policy/change.html",
        settings=SETTINGS,
        values=values,
        seen=seen,
        reason=request.form.get("reason", ""),
        faults=faults,
        changes=changes,
        moves=moves,
        shown=SHOWN,
        kinds={name: type(getattr(STANDARD_POLICY, name)).__name__ for name in SETTINGS},
    ), HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK


def _values(form: MultiDict[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield the typed values as the settings store them; a text that is none stays a text."""
    for name in SETTINGS:
        match getattr(STANDARD_POLICY, name):
            case bool():
                yield name, form.get(name) == YES
            case int():
                yield name, _whole(form.get(name, ""))
            case tuple():
                parts = form.get(name, "").replace("，", ",").replace("、", ",").split(",")
                yield name, tuple(_whole(part) for part in parts if part.strip())
            case _:
                yield name, frozenset(form.getlist(name))


def _seen(text: str) -> int:
    number = whole_number(text)
    return -1 if number is None else number


def _whole(text: str) -> int | str:
    number = whole_number(text)
    return text.strip() if number is None else number
