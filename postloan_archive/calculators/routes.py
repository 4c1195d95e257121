"""法务 › 计算器: the rules of law as forms, usable without a case; each state is an address."""

from collections.abc import Iterator
from datetime import date
from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from postloan_archive.access.permissions import Permission
from postloan_archive.calculators.answers import ROW_LABELS, Reply, reply_to
from postloan_archive.calculators.entries import columns, rows_of
from postloan_archive.calculators.errors import CalculatorNotFoundError
from postloan_archive.calculators.functions import Form, Ground
from postloan_archive.calculators.inputs import Input, input_of
from postloan_archive.calculators.kinds import ChoiceKind
from postloan_archive.calculators.registry import GROUPS
from postloan_archive.calculators.sheets import EVERY_FUNCTION, SHEETS, Sheet, sheet_of
from postloan_archive.policy.queries import load_policy
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.workdays.service import load_calendar

bp = Blueprint("calculators", __name__, url_prefix="/calculators")
FORM = "form"  # which of several forms of a function
ROWS = "rows"  # how many rows the tables of the form show
NOT_ENTRIES = frozenset({FORM, ROWS, "csrf_token"})


@bp.get("")
@requires(Permission.CALCULATE)
def index() -> ResponseReturnValue:
    """List the calculators: those used most, then every function by group."""
    word = request.args.get("q", "").strip()
    groups = [
        (letter, label, [one for one in EVERY_FUNCTION.values() if one.group == letter])
        for letter, label in GROUPS.items()
    ]
    wanted = [
        (letter, label, [one for one in found if _speaks_of(word, one.label, *one.rules)])
        for letter, label, found in groups
    ]
    return render_template(
        "calculators/index.html",
        sheets=[sheet for sheet in SHEETS if _speaks_of(word, sheet.label, sheet.lead)],
        groups=[group for group in wanted if group[2]],
        word=word,
        t=gettext,  # labels hold percent signs, which the templates' own _() would fill in
    )


@bp.route("/<name>", methods=["GET", "POST"])
@requires(Permission.CALCULATE)
def calculator(name: str) -> ResponseReturnValue:
    """Show one calculator with its answer; a private one is sent as a form."""
    sheet = sheet_of(name)
    if sheet is None:
        raise CalculatorNotFoundError(name=name)
    texts = request.form if request.method == "POST" else request.args
    number = _number(texts.get(FORM, ""))
    forms = sheet.asked[0].forms if len(sheet.asked) == 1 else ()
    form = forms[min(number, len(forms) - 1)] if len(forms) > 1 else None
    texts = _with_fixed(form, forms, texts)
    entered = any(key not in NOT_ENTRIES for key in request.values)
    reply: Reply | None = None
    with unit_of_work() as uow:
        today = uow.clock.today()
        if entered and ROWS not in request.args:
            ground = Ground(calendar=load_calendar(uow.session), policy=load_policy(uow))
            reply = reply_to(sheet, form, texts, ground)
    refused = reply is not None and bool(reply.faults or reply.general)
    return render_template(
        "calculators/calculator.html",
        sheet=sheet,
        rules=tuple(dict.fromkeys(rule for one in sheet.asked for rule in one.rules)),
        forms=[(at, one.label) for at, one in enumerate(forms)] if form else [],
        form_no=number,
        inputs=list(
            _inputs(
                sheet,
                form,
                forms,
                texts if entered else _fresh(sheet, today),
                reply=reply,
            )
        ),
        t=gettext,
        reply=reply,
        row_labels=ROW_LABELS,
        today=today,
        more_rows=_number(request.args.get(ROWS, "")) + MORE,
    ), HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


MORE = 5  # rows added at a time
MOST_ROWS = 999
FIRST_ROWS = 3


def _inputs(
    sheet: Sheet,
    form: Form | None,
    forms: tuple[Form, ...],
    texts: MultiDict[str, str],
    *,
    reply: Reply | None,
) -> Iterator[Input]:
    """Yield the fields as the page draws them."""
    fixed = _fixed(form, forms)
    needed = None if form else sheet.needed()
    asked_rows = _number(request.args.get(ROWS, ""))
    for one in sheet.fields(form):
        if one.name in fixed:
            continue
        of = columns(one.kind)
        typed = rows_of(one.name, of, texts) if of else []
        blank = max(FIRST_ROWS, asked_rows, len(typed) + 1) - len(typed)
        yield input_of(
            one,
            texts=texts.getlist(one.name),
            rows=[*typed, *({column.name: "" for column in of} for _ in range(blank))],
            columns=of,
            hint=sheet.hints.get(one.name, ""),
            fault=reply.faults.get(one.name, "") if reply else "",
            required=one.required and (needed is None or one.name in needed),
        )


def _fresh(sheet: Sheet, today: date) -> MultiDict[str, str]:
    """Return what a fresh form shows; the day to look from is today."""
    return MultiDict({"as_of": today.isoformat(), **sheet.defaults})


def _fixed(form: Form | None, forms: tuple[Form, ...]) -> dict[str, str]:
    """Return what the choice of a form already says: the channel of a proof."""
    if form is None:
        return {}
    first = form.fields[0]
    if isinstance(first.kind, ChoiceKind) and len(first.kind.choices) == len(forms):
        return {first.name: list(first.kind.choices)[forms.index(form)]}
    return {}


def _with_fixed(
    form: Form | None, forms: tuple[Form, ...], texts: MultiDict[str, str]
) -> MultiDict[str, str]:
    found = MultiDict(texts)
    for name, value in _fixed(form, forms).items():
        found.setlist(name, [value])
    return found


def _speaks_of(word: str, *texts: str) -> bool:
    return not word or any(word.casefold() in text.casefold() for text in texts)


def _number(text: str) -> int:
    number = whole_number(text)
    return number if number is not None and number <= MOST_ROWS else 0
