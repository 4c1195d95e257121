"""The pages: numbers equal the lists they lead to, forms work, strangers see nothing."""

import html
import re

import pytest
from sqlalchemy import event, select

from postloan_archive.audit import AuditRow
from postloan_archive.loans.models import Loan
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.recomputing import recompute_loans
from tests.worklist.conftest import (
    TODAY,
    a_measure,
    overdue_loan,
    text_of,
    total_of,
)


def links_with_numbers(page: str) -> list[tuple[str, int]]:
    found = re.findall(
        r'href="(/(?:deadlines|loans)\?[^"]*)"[^>]*>([^<]*?)([\d,]+)(?: 项)?</a>', page
    )
    return [(html.unescape(href), int(number.replace(",", ""))) for href, _, number in found]


def test_every_number_of_the_desk_leads_to_a_list_with_as_many_rows(legal):
    desk = text_of(legal.get("/desk"))
    links = [one for one in links_with_numbers(desk) if one[0].startswith("/deadlines")]

    assert len(links) > 15
    for href, number in links:
        assert total_of(text_of(legal.get(href))) == number, href


def test_the_bucket_tabs_of_the_board_lead_to_as_many_rows(legal):
    page = text_of(legal.get("/deadlines"))
    tabs = re.findall(r'<a href="(/deadlines\?span=[^"]+)"[^>]*>[^<]*? (\d+)</a>', page)

    assert len(tabs) == 7
    assert sum(int(number) for _, number in tabs) == total_of(page)
    for href, number in tabs:
        shown = text_of(legal.get(html.unescape(href)))
        assert total_of(shown) == int(number), href


@pytest.mark.parametrize("role", ["legal", "archive_clerk", "auditor", "branch_manager"])
def test_the_desk_answers_every_role_in_its_own_order(browser, filled, role):
    del filled
    page = text_of(browser(role).get("/desk"))

    order = re.findall(r'id="h-(\w+)"', page)
    assert set(order) == {"due", "lvl", "gap", "in", "age", "full", "rec", "cls", "lent"}
    first = {"legal": "due", "archive_clerk": "in", "auditor": "lvl", "branch_manager": "lvl"}
    assert order[0] == first[role]


def test_home_leads_to_the_desk(legal):
    assert legal.get("/").headers["Location"] == "/desk"


def test_the_ageing_table_adds_up(legal):
    page = text_of(legal.get("/desk"))
    row = re.search(r"笔数</th>(.*?)</tr>", page, re.DOTALL)[1]

    numbers = [
        int(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)
    ]
    assert numbers[-1] == sum(numbers[:-1]) == 4


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/deadlines", "申请续行冻结存款"),
        ("/deadlines?view=board", "≤ 15 天"),
        ("/deadlines?kind=court&sort=-safe", "提起上诉"),
        ("/deadlines?words=车3", "车3"),
        ("/deadlines/new", "登记期限"),
        ("/deadlines/feeds", "我的日历地址"),
        ("/limitation", "催收到达"),
        ("/loans/JJ2025-0001/timeline", "判决"),
    ],
)
def test_every_page_answers(legal, address, words):
    assert words in text_of(legal.get(address))


def test_the_drawer_shows_the_derivation_and_has_an_address(legal):
    page = text_of(legal.get("/deadlines?open=1"))

    assert 'class="drawer open"' in page
    assert "安全日" in page


def test_the_page_of_one_deadline_shows_three_days_and_the_provision(legal, new_uow):
    with new_uow() as uow:
        deadline_id = uow.session.scalars(
            select(Deadline.id).where(Deadline.key == "preservation:1:renewal")
        ).one()
    page = text_of(legal.get(f"/deadlines/{deadline_id}"))

    for words in ("2026-12-02", "名义届满", "法定届满", "第十八条", "2026-11-24"):
        assert words in page


def test_forms_work_and_refusals_stand_beside_their_field(legal, new_uow):
    with new_uow() as uow:
        found = uow.session.scalars(select(Deadline).where(Deadline.kind == "appeal")).one()
        deadline_id, version = found.id, found.version
    here = f"/deadlines/{deadline_id}"

    refused = legal.post(f"{here}/done", {"done_on": "2026-12-24", "seen": str(version)})
    assert refused.status_code == 422
    assert "晚于今天" in refused.get_data(as_text=True)
    assert legal.post(f"{here}/strike", {"reason": ""}).status_code == 422
    assert legal.post(f"{here}/assign", {"owner": "other_branch"}).status_code == 422
    assert legal.post(f"{here}/assign", {"owner": "legal"}).status_code == 302
    stale = legal.post(f"{here}/note", {"note": "旧", "seen": str(version)})
    assert stale.status_code == 422
    assert "已被他人修改" in stale.get_data(as_text=True)
    assert legal.post(f"{here}/court-day", {"day": "2026-12-03"}).status_code == 302
    assert legal.post(f"{here}/done", {"done_on": "2026-11-24"}).status_code == 302
    assert legal.post(f"{here}/take-up", {"reason": "看错"}).status_code == 302

    with new_uow() as uow:
        row = uow.session.get(Deadline, deadline_id)
        assert (row.state, row.owner, row.source) == ("open", "legal", "court_document")


def test_a_deadline_is_entered_by_hand(legal, new_uow):
    form = {
        "loan_no": "JJ2025-0002",
        "kind": "correction",
        "title": "补交材料",
        "day": "2026-12-01",
        "court_paper": "y",
        "owner": "legal",
    }
    assert legal.post("/deadlines/new", form | {"loan_no": "没有"}).status_code == 422
    assert legal.post("/deadlines/new", form).status_code == 302

    with new_uow() as uow:
        row = uow.session.scalars(select(Deadline).where(Deadline.kind == "correction")).one()
    assert (row.title, row.source, row.owner) == ("补交材料", "court_document", "legal")


def test_marked_deadlines_and_all_results_are_assigned_at_once(legal, new_uow):
    with new_uow() as uow:
        ids = list(uow.session.scalars(select(Deadline.id).where(Deadline.kind == "renewal")))
    legal.post("/deadlines/assign", {"owner": "legal", "id": [str(one) for one in ids[:2]]})
    with new_uow() as uow:
        owned = select(Deadline.id).where(Deadline.owner == "legal")
        assert sorted(uow.session.scalars(owned)) == sorted(ids[:2])

    legal.post(
        "/deadlines/assign",
        {"owner": "archive_clerk", "all_results": "1", "filter_kind": "renewal"},
    )
    with new_uow() as uow:
        owned = select(Deadline.id).where(Deadline.owner == "archive_clerk")
        assert sorted(uow.session.scalars(owned)) == sorted(ids)


def test_another_branch_sees_nothing(browser, filled):
    del filled
    stranger = browser("other_branch")

    assert total_of(text_of(stranger.get("/deadlines"))) == 0
    assert total_of(text_of(stranger.get("/limitation"))) == 0
    assert stranger.get("/deadlines/1").status_code == 404
    assert stranger.get("/loans/JJ2025-0001/timeline").status_code == 404
    desk = text_of(stranger.get("/desk"))
    assert all(number == 0 for _, number in links_with_numbers(desk))


def test_an_auditor_changes_nothing(browser, filled):
    del filled
    auditor = browser("auditor")
    page = text_of(auditor.get("/deadlines/1"))

    assert "/deadlines/1/done" not in page
    assert auditor.post("/deadlines/1/note", {"note": "改"}).status_code == 403


def test_the_limitation_tabs_and_filters_agree_with_their_rows(legal):
    page = text_of(legal.get("/limitation"))
    tabs = re.findall(r'<a href="(/limitation\?standing=[^"]+)"[^>]*>[^<]*? (\d+)</a>', page)

    assert len(tabs) == 5
    assert sum(int(number) for _, number in tabs) == total_of(page)
    for href, number in tabs:
        assert total_of(text_of(legal.get(html.unescape(href)))) == int(number)
    assert total_of(text_of(legal.get("/limitation?guarantor=李四"))) == 1
    assert total_of(text_of(legal.get("/limitation?unproven=1"))) == 1
    assert total_of(text_of(legal.get("/limitation?left=30"))) == 0


def test_the_limitation_page_starts_a_run_of_letters(legal):
    reply = legal.post("/limitation/letters", {"loan": ["JJ2025-0001", "JJ2025-0002"]})
    assert reply.status_code == 302
    assert "/notices/new?loans=JJ2025-0001" in reply.headers["Location"]

    every = legal.post("/limitation/letters", {"all_results": "1", "filter_words": "0003"})
    assert "loans=JJ2025-0003" in every.headers["Location"]


def test_the_timeline_is_filtered_by_kind(legal):
    every = text_of(legal.get("/loans/JJ2025-0001/timeline"))
    court = text_of(legal.get("/loans/JJ2025-0001/timeline?kind=court"))

    assert "发放贷款" in every
    assert "发放贷款" not in court
    assert "收到交纳诉讼费通知" in court
    assert "今天" in court


def test_the_trail_shows_lines_of_the_loan_alone_with_their_digest(browser, filled, new_uow):
    del filled
    page = text_of(browser("auditor").get("/loans/JJ2025-0001/trail"))

    with new_uow() as uow:
        lines = {row.subject: row for row in uow.session.scalars(select(AuditRow))}
    own, foreign = lines["preservation:1"], lines["preservation:2"]
    assert own.hash in page
    assert foreign.hash not in page
    assert "不相符</span>" not in page
    assert browser("legal").get("/loans/JJ2025-0001/trail").status_code == 403


def test_the_audit_administrator_does_not_read_a_loan_file_by_office(browser, filled, new_uow):
    del filled
    assert browser("audit_admin").get("/loans/JJ2025-0001/trail").status_code == 403
    with new_uow() as uow:
        last = uow.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
    assert (last.event, last.actor) == ("access.refused", "audit_admin")


@pytest.mark.parametrize(
    ("address", "most"), [("/desk", 25), ("/deadlines", 12), ("/limitation", 12)]
)
def test_the_count_of_queries_does_not_grow_with_the_rows(
    legal, system, new_uow, address, most
):
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(system.engine, "before_cursor_execute", note)
    text_of(legal.get(address))
    few = selects(statements)
    with new_uow() as uow:
        for number in range(10, 25):
            loan = overdue_loan(uow, loan_no=f"JJ2025-00{number}", contract_no=f"合{number}")
            a_measure(uow, loan, asset=f"车{number}")
        ids = list(uow.session.scalars(select(Loan.id)))
        recompute_loans(uow, ids, as_of=TODAY)
    statements.clear()
    text_of(legal.get(address))
    event.remove(system.engine, "before_cursor_execute", note)

    assert selects(statements) <= few <= most


def selects(statements: list[str]) -> int:
    return sum(one.lstrip().upper().startswith("SELECT") for one in statements)
