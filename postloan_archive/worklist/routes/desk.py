"""工作台: what is due first, then levels, gaps, ageing; each number leads to its list."""

from typing import Final

from flask import g, render_template
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.access.rights import Post
from postloan_archive.access.roles import Role
from postloan_archive.notices import proposal_list
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import look
from postloan_archive.worklist import desk, gaps, ledger_cards, queries
from postloan_archive.worklist.filtering import ALL, MINE, MUST, NEAR, TODAY, DeadlineFilter
from postloan_archive.worklist.routes.blueprint import bp
from postloan_archive.worklist.routes.faces import face_of, next_step
from postloan_archive.worklist.rules.buckets import EDGES, PAST

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
    """Show the desk of the present post."""
    with look() as uow:
        today = uow.clock.today()
        own = queries.count(uow, DeadlineFilter(scope=MINE))
        scope = MINE if own else ALL  # who has none of their own sees what the branches have
        rows = queries.listing(uow, DeadlineFilter(scope=scope, span=MUST), limit=MOST_DUE)
        before = ledger_cards.then(uow, today)
        return render_template(
            "worklist/desk.html",
            cards=_cards(uow),
            today=today,
            rows=rows,
            faces={row.id: face_of(row, today) for row in rows},
            steps={row.id: next_step(row, uow.actor) for row in rows},
            scope=scope,
            must=_must(uow, scope),
            levels=queries.levels(uow, scope=DeadlineFilter()),
            edges=EDGES,
            gaps=gaps.counts(uow),
            ageing=ledger_cards.ageing(uow, before),
            classes=ledger_cards.classes(uow, before),
            lent=desk.paper(uow) if uow.actor.may(Permission.CUSTODY_VIEW) else (),
            papers=desk.completeness(uow),
            reading=desk.reading(uow),
            inbox=desk.inbox(uow) if uow.actor.may(Permission.DOCUMENT_ADD) else None,
            recent=desk.recent_files(uow),
            proposed=(
                proposal_list.count_today(uow) if uow.actor.may(Permission.NOTICE_VIEW) else 0
            ),
        )


def _must(uow: UnitOfWork, scope: str) -> dict[str, int]:
    spans = {span: DeadlineFilter(scope=scope, span=span) for span in (MUST, PAST, TODAY, NEAR)}
    return queries.counts(uow, {**spans, "every": DeadlineFilter(scope=scope)})


def _cards(uow: UnitOfWork) -> list[tuple[str, ...]]:
    """Return the rows of cards in the order of the role, without what may not be seen."""
    post = next((post for _key, post, now in g.posts if now), None)
    roles = post.roles if isinstance(post, Post) else frozenset()
    order = next((ORDERS[role] for role in ORDERS if role in roles), USUAL)
    if Role.LEGAL in roles:  # whoever also does legal work sees what is due first
        order = USUAL
    rows = [
        tuple(card for card in row if card not in NEEDS or uow.actor.may(NEEDS[card]))
        for row in order
    ]
    return [row for row in rows if row]
