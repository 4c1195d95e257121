"""Filters under a name: what is kept of an address, who finds it, who may take it away."""

import pytest
from sqlalchemy import select

from postloan_archive.access import branches, grants, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.saved_views import LONGEST_QUERY, NothingToSaveError, filters_of
from postloan_archive.access.users import CreateUser
from postloan_archive.audit import AuditRow
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("bucket=M1&page=7&q=", "bucket=M1"),
        ("stage=a&stage=b&size=50", "stage=a&stage=b&size=50"),
        ("q=%E7%8E%8B+x", "q=%E7%8E%8B+x"),
        ("a=%00&b=2", "b=2"),
    ],
)
def test_only_filters_are_kept(query, kept):
    assert filters_of(query) == kept


@pytest.mark.parametrize(
    "query",
    ["", "page=2", "q=", "&".join("a=1" for _ in range(99)), "q=" + "x" * LONGEST_QUERY],
)
def test_nothing_is_kept_of_nothing_or_too_much(query):
    with pytest.raises(NothingToSaveError):
        filters_of(query)


def save(who, **changes):
    sent = {"path": "/loans", "query": "bucket=M1&page=3", "name": "一月档", "share": ""}
    return who.post("/views", sent | changes)


def chips(page: str) -> str:
    return page[page.find('class="saved"') :][:3_000] if 'class="saved"' in page else ""


def colleague(new_uow, branch: str) -> str:
    name = f"second_{branch}"
    with new_uow() as uow:
        user = users.create(uow, CreateUser(username=name, display_name=name))
        where = branches.id_of(uow, branch)
        grants.grant(uow, GrantRole(user_id=user.id, role=Role.LEGAL, branch_id=where))
    return name


def test_a_shared_view_is_a_chip_for_the_same_role_of_the_same_branch(browser, new_uow):
    legal = browser("legal")
    assert save(legal, name="自用").status_code == 302
    save(legal, share="legal")
    page = legal.get("/loans").get_data(as_text=True)
    assert 'href="/loans?bucket=M1"' in chips(page)
    near, far = (browser(colleague(new_uow, branch)) for branch in ("0201", "0202"))
    seen = chips(near.get("/loans").get_data(as_text=True))
    assert "一月档" in seen
    assert "人员legal" in seen
    assert "自用" not in seen
    for other in (far, browser("archive_clerk")):
        assert "一月档" not in other.get("/loans").get_data(as_text=True)
    number = page.split("/views/")[1].split("/remove")[0]
    assert near.post(f"/views/{number}/remove").status_code == 404
    assert legal.post(f"/views/{number}/remove").headers["Location"] == "/loans"
    with new_uow() as uow:
        events = uow.session.scalars(
            select(AuditRow.event).where(AuditRow.event.like("access.view_%"))
        )
        assert sorted(events) == ["access.view_removed", *["access.view_saved"] * 2]


WRONG = (  # what is sent, the status, what is said there or on the list
    ({"path": "//evil.example/loans"}, 422, "没有可以保存"),
    ({"path": "/no-such-page"}, 422, "没有可以保存"),
    ({"query": "page=2"}, 302, "没有可以保存"),
    ({"name": "  "}, 302, "不超过 30 个字"),
    ({"name": "甲" * 31}, 302, "不超过 30 个字"),
    ({"share": "auditor"}, 302, "自己担任的岗位"),
    ({"share": "²"}, 302, "自己担任的岗位"),
)


def test_what_cannot_be_saved_is_said(browser):
    legal = browser("legal")
    for changes, status, said in WRONG:
        reply = save(legal, **changes)
        assert reply.status_code == status, changes
        page = reply if status != 302 else legal.get("/desk/cards")
        assert said in page.get_data(as_text=True), changes
