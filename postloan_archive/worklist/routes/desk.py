"""工作台: what is due first, then levels, gaps, ageing; each number leads to its list."""

from typing import Final

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.access.rights import Post
from postloan_archive.access.roles import Role
from postloan_archive.notices import proposal_list
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import look, unit_of_work
from postloan_archive.web.saved_views import own_views
from postloan_archive.worklist import arranging, desk, gaps, ledger_cards, queries
from postloan_archive.worklist.arranging import ArrangeDesk
from postloan_archive.worklist.filtering import ALL, MINE, MUST, NEAR, TODAY, DeadlineFilter
from postloan_archive.worklist.routes.blueprint import bp
from postloan_archive.worklist.routes.faces import face_of, next_step
from postloan_archive.worklist.rules.buckets import EDGES, PAST
from postloan_archive.worklist.rules.desk_cards import (
    CARDS,
    Row,
    hidden_of,
    in_order,
    moved,
    rows_of,
    with_widths,
)

MOST_DUE: Final = 10  # lines of 今日必办; the rest is behind the link

ORDERS: Final[dict[Role, tuple[tuple[str, ...], ...]]] = {  # pairs of cards, by role
    Role.ARCHIVE_CLERK: (
        ("inbox", "completeness"),
        ("due",),
        ("levels", "gaps"),
        ("recent", "ageing"),
        ("classes", "paper"),
    ),
    Role.AUDITOR: (
        ("levels", "gaps"),
        ("completeness", "recent"),
        ("inbox", "ageing"),
        ("classes", "paper"),
        ("due",),
    ),
    Role.BRANCH_MANAGER: (
        ("levels", "gaps"),
        ("due",),
        ("inbox", "ageing"),
        ("classes", "paper"),
        ("completeness", "recent"),
    ),
}
USUAL: Final = (
    ("due",),
    ("levels", "gaps"),
    ("inbox", "ageing"),
    ("classes", "paper"),
    ("completeness", "recent"),
)
NEEDS: Final = {  # who sees a card; the others need no more than the page
    "inbox": Permission.DOCUMENT_VIEW,
    "ageing": Permission.LOAN_VIEW,
    "completeness": Permission.DOCUMENT_VIEW,
    "recent": Permission.LOAN_VIEW,
    "classes": Permission.LOAN_VIEW,
    "paper": Permission.CUSTODY_VIEW,
}


@bp.get("/desk")
@requires(Permission.DEADLINE_VIEW)
def index() -> ResponseReturnValue:
    """Show the desk as the person arranged it; what is hidden is not asked."""
    with look() as uow:
        cards = _cards(uow)
        asked = {card for row in cards for card, _width in row}
        facts: dict[str, object] = {}
        if "due" in asked:
            facts |= _due(uow)
        if asked & {"ageing", "classes"}:
            before = ledger_cards.then(uow, uow.clock.today())
            if "ageing" in asked:
                facts["ageing"] = ledger_cards.ageing(uow, before)
            if "classes" in asked:
                facts["classes"] = ledger_cards.classes(uow, before)
        for card, name, ask in SIMPLE:
            if card in asked:
                facts[name] = ask(uow)
        if "inbox" in asked:
            may = uow.actor.may(Permission.DOCUMENT_ADD)
            facts["inbox"] = desk.inbox(uow) if may else None
        return render_template(
            "worklist/desk.html",
            cards=cards,
            today=uow.clock.today(),
            scope=facts.pop("scope", None) or _scope(uow),
            edges=EDGES,
            views=own_views() if "views" in asked else (),
            proposed=(
                proposal_list.count_today(uow) if uow.actor.may(Permission.NOTICE_VIEW) else 0
            ),
            **facts,
        )


@bp.get("/desk/cards")
@requires(Permission.DEADLINE_VIEW)
def cards() -> ResponseReturnValue:
    """Show the cards of the desk as a list, to put them in order and to hide some."""
    with look() as uow:
        order, hidden = _order(uow)
        return render_template(
            "worklist/desk_cards.html",
            order=order,
            hidden=hidden,
            labels=CARDS,
            changed=arranging.layout_of(uow) is not None,
        )


@bp.post("/desk/cards")
@requires(Permission.DEADLINE_VIEW)
def arrange() -> ResponseReturnValue:
    """Keep order and hidden cards; a button moves one card, another gives the usual desk."""
    card, _colon, by = request.form.get("move", "").partition(":")
    with unit_of_work() as uow:
        if "reset" in request.form:
            arranging.forget(uow)
            return redirect(url_for("worklist.cards"))
        usual, _hidden = _order(uow)
        order = in_order(request.form.get("order", "").split(","), usual)
        if card:
            order = moved(order, card, -1 if by == "up" else 1)
        hidden = hidden_of(request.form.getlist("show"), order)
        arranging.arrange(uow, ArrangeDesk(cards=order, hidden=hidden))
    if card:
        return redirect(url_for("worklist.cards", _anchor=f"card-{card}"))
    flash(_("工作台已按您的安排显示。"))
    return redirect(url_for("worklist.index"))


def _due(uow: UnitOfWork) -> dict[str, object]:
    """Return what the first card shows: the lines, how each looks, what comes next."""
    today, scope = uow.clock.today(), MINE
    must = _must(uow, scope)
    if not must["every"]:  # who has none of their own sees what the branches have
        scope = ALL
        must = _must(uow, scope)
    rows = queries.listing(uow, DeadlineFilter(scope=scope, span=MUST), limit=MOST_DUE)
    return {
        "scope": scope,
        "rows": rows,
        "faces": {row.id: face_of(row, today) for row in rows},
        "steps": {row.id: next_step(row, uow.actor) for row in rows},
        "must": must,
    }


def _scope(uow: UnitOfWork) -> str:
    """Return whose deadlines: who has none of their own sees what the branches have."""
    return MINE if queries.count(uow, DeadlineFilter(scope=MINE)) else ALL


def _must(uow: UnitOfWork, scope: str) -> dict[str, int]:
    return queries.spans_of(uow, DeadlineFilter(scope=scope), (MUST, PAST, TODAY, NEAR))


def _usual(uow: UnitOfWork) -> list[tuple[str, ...]]:
    """Return the rows of cards in the order of the role, without what may not be seen."""
    post = next((post for _key, post, now in g.posts if now), None)
    roles = post.roles if isinstance(post, Post) else frozenset()
    order = next((ORDERS[role] for role in ORDERS if role in roles), USUAL)
    if Role.LEGAL in roles:  # whoever also does legal work sees what is due first
        order = USUAL
    rows = [
        tuple(card for card in row if card not in NEEDS or uow.actor.may(NEEDS[card]))
        for row in (*order, ("views",))
    ]
    return [row for row in rows if row]


def _order(uow: UnitOfWork) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the cards that the person may see in the order wanted, and the hidden ones."""
    return _as_arranged(uow, arranging.layout_of(uow))


def _as_arranged(
    uow: UnitOfWork, layout: ArrangeDesk | None
) -> tuple[tuple[str, ...], frozenset[str]]:
    usual = [card for row in _usual(uow) for card in row]
    if layout is None:
        return tuple(usual), frozenset()
    return in_order(layout.cards, usual), frozenset(layout.hidden)


def _cards(uow: UnitOfWork) -> tuple[Row, ...]:
    """Return the rows of cards with their widths, as arranged or as usual for the role."""
    layout = arranging.layout_of(uow)
    if layout is None:
        return tuple(with_widths(row) for row in _usual(uow))
    order, hidden = _as_arranged(uow, layout)
    return rows_of(card for card in order if card not in hidden)


SIMPLE: Final = (  # card, name in the template, what is asked
    ("levels", "levels", lambda uow: queries.levels(uow, scope=DeadlineFilter())),
    ("gaps", "gaps", gaps.counts),
    ("paper", "lent", desk.paper),
    ("completeness", "papers", desk.completeness),
    ("inbox", "reading", desk.reading),
    ("recent", "recent", desk.recent_files),
)
