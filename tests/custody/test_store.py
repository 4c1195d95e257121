"""Where each original is, who has it, and that two persons stand behind what matters."""

from datetime import date, timedelta

import pytest

from postloan_archive.custody import queries
from postloan_archive.custody.errors import (
    AlreadyAskedError,
    ApproverError,
    CodeTakenError,
    CountingClosedError,
    DeedNeedsVaultError,
    LendingStateError,
    NotInStoreError,
    OwnLendingError,
    PagesDifferError,
    ReasonMissingError,
    SameSignerError,
    StoreThingNotFoundError,
    TransferSignerError,
    TransferStateError,
)
from postloan_archive.custody.rules.filling import fill_percent
from postloan_archive.custody.rules.labels import BOX, ORIGINAL, code_of, is_code
from postloan_archive.custody.rules.lending import Way, due_date, needs_confirmation
from postloan_archive.custody.service import counting, lending, store, transfers
from postloan_archive.custody.service.lending import AskFor, GiveBack
from postloan_archive.custody.service.store import AddRoom
from postloan_archive.custody.service.transfers import DraftTransfer
from postloan_archive.kernel.calendar import WorkCalendar
from tests.builders import a_branch

CALENDAR = WorkCalendar(
    loaded_from=date(2026, 1, 1),
    loaded_until=date(2026, 12, 31),
    rest_days=frozenset({date(2026, 10, day) for day in range(1, 8)}),
    work_days=frozenset({date(2026, 10, 10)}),
    edition="test",
)


def ask(uow, code, way=Way.OUT):
    return lending.ask_for(uow, AskFor(barcode=code, way=way, purpose="核对印章"))


def test_a_code_finds_every_wrong_digit():
    code = code_of(ORIGINAL, 128)
    assert is_code(code, ORIGINAL)
    assert not is_code(code, BOX)
    for at in range(1, len(code)):
        for digit in "0123456789":
            wrong = code[:at] + digit + code[at + 1 :]
            assert is_code(wrong, ORIGINAL) == (wrong == code)


@pytest.mark.parametrize(
    ("way", "on", "due"),
    [
        (Way.READING_ROOM, date(2026, 9, 28), date(2026, 9, 28)),
        (
            Way.OUT,
            date(2026, 9, 28),
            date(2026, 10, 13),
        ),  # 29, 30, 8 to 10, 12, 13
        (Way.COURT, date(2026, 9, 28), None),
        (Way.OUT, date(2027, 3, 5), date(2027, 3, 16)),  # a year not loaded counts weekdays
    ],
)
def test_due_is_the_seventh_working_day_after(way, on, due):
    assert due_date(way, on, calendar=CALENDAR) == due


def test_court_use_is_confirmed_monthly():
    last = date(2026, 3, 1)
    assert not needs_confirmation(Way.COURT, last, last + timedelta(days=30))
    assert needs_confirmation(Way.COURT, last, last + timedelta(days=31))
    assert not needs_confirmation(Way.OUT, last, date(2027, 1, 1))


def test_a_box_fills_by_sheets():
    assert fill_percent(0, 40) == 0
    assert fill_percent(727, 40) == 100  # 364 sheets
    assert fill_percent(2000, 20) == 550


def test_a_deed_lies_in_a_vault_or_nowhere(new_uow, paper):
    with pytest.raises(DeedNeedsVaultError), new_uow() as uow:
        store.place(uow, paper.deed, paper.box)
    with pytest.raises(DeedNeedsVaultError), new_uow() as uow:
        store.move_box(uow, paper.safe, paper.room, "A-01-1")
    with new_uow() as uow:
        assert queries.get_original(uow, paper.deed).box.box_no == paper.safe


def test_a_code_of_a_room_is_used_once_in_a_branch(new_uow, paper):
    del paper
    with new_uow() as uow:
        there, here = a_branch(uow, "0202"), a_branch(uow, "0201")
        store.add_room(uow, AddRoom(branch_id=there, code="A", name="一号库"))
        with pytest.raises(CodeTakenError):
            store.add_room(uow, AddRoom(branch_id=here, code="A", name="另一库"))


def test_what_leaves_is_approved_by_another_and_comes_back_counted(acting, paper):
    with acting("legal") as uow:
        number = ask(uow, paper.survey).lending_no
        with pytest.raises(AlreadyAskedError):
            ask(uow, paper.survey)
        with pytest.raises(OwnLendingError):
            lending.decide(uow, number, approve=True)
    with acting("archive_clerk") as uow:
        with pytest.raises(LendingStateError):
            lending.hand_out(uow, paper.survey)
        with pytest.raises(ReasonMissingError):
            lending.decide(uow, number, approve=False)
        lending.decide(uow, number, approve=True)
        lending.hand_out(uow, paper.survey)
    with acting("archive_clerk") as uow:
        assert queries.get_original(uow, paper.survey).state == "lent"
        with pytest.raises(NotInStoreError):
            store.place(uow, paper.survey, paper.box)
        with pytest.raises(PagesDifferError):
            lending.give_back(uow, GiveBack(barcode=paper.survey, pages_back=3))
        lending.give_back(
            uow, GiveBack(barcode=paper.survey, pages_back=3, note="第 4 页留在法院")
        )
    with acting("archive_clerk") as uow:
        back = queries.get_original(uow, paper.survey)
        assert (back.state, back.pages) == ("in_store", 3)
        assert queries.get_lending(uow, number).remark == "第 4 页留在法院"


def test_the_contract_goes_out_with_the_manager_only(acting, paper):
    with acting("legal") as uow:
        number = ask(uow, paper.contract).lending_no
    with acting("archive_clerk") as uow, pytest.raises(ApproverError):
        lending.decide(uow, number, approve=True)
    with acting("branch_manager") as uow:
        lending.decide(uow, number, approve=True)
        assert queries.get_lending(uow, number).state == "approved"


def test_a_deed_moves_with_two_signatures(acting, paper):
    with acting("legal") as uow:
        number = ask(uow, paper.deed, Way.COURT).lending_no
    with acting("branch_manager") as uow:
        lending.decide(uow, number, approve=True)
    with acting("archive_clerk") as uow:
        assert lending.hand_out(uow, paper.deed).state == "handing_out"
        with pytest.raises(SameSignerError):
            lending.countersign(uow, number)
        assert queries.get_original(uow, paper.deed).state == "in_store"
    with acting("branch_manager") as uow:
        lending.countersign(uow, number)
    with acting("archive_clerk") as uow:
        row = queries.get_lending(uow, number)
        assert (row.state, row.out_by, row.out_second) == (
            "out",
            "archive_clerk",
            "branch_manager",
        )
        lending.give_back(uow, GiveBack(barcode=paper.deed, pages_back=2))
        assert queries.get_lending(uow, number).state == "returning"
    with acting("branch_manager") as uow:
        lending.countersign(uow, number)
        assert queries.get_original(uow, paper.deed).state == "in_store"


def test_a_late_one_is_listed_and_extending_needs_its_reason(acting, paper, system):
    with acting("legal") as uow:
        number = ask(uow, paper.survey).lending_no
    with acting("archive_clerk") as uow:
        lending.decide(uow, number, approve=True)
        lending.hand_out(uow, paper.survey)
    object.__setattr__(system.clock, "at", system.clock.at + timedelta(days=30))
    with acting("archive_clerk") as uow:
        (row,) = queries.lendings(uow, only="late")
        assert row.late > 0
        today = uow.clock.today()
        with pytest.raises(ReasonMissingError):
            lending.extend(uow, number, today, " ")
        lending.extend(uow, number, today + timedelta(days=7), "开庭延期")
    with acting("archive_clerk") as uow:
        assert queries.lendings(uow, only="late") == []


def test_counting_names_what_is_gone_and_what_does_not_belong(acting, paper):
    with acting("archive_clerk") as uow:
        number = counting.start(uow, paper.room).id
        assert counting.start(uow, paper.room).id == number
        scans = counting.scan(uow, number, [paper.contract, paper.deed, "O000009999", ""])
        assert [row.verdict for row in scans] == ["right", "other_room", "unknown"]
        assert counting.scan(uow, number, [paper.contract]) == []
    with acting("archive_clerk") as uow:
        gone = counting.close(uow, number)
        assert [row.barcode for row in gone] == [paper.survey]
        with pytest.raises(CountingClosedError):
            counting.scan(uow, number, [paper.survey])
    with acting("archive_clerk") as uow:
        again = counting.start(uow, paper.room).id
        counting.scan(uow, again, [paper.survey, paper.contract])
        assert counting.close(uow, again) == []
        assert queries.get_original(uow, paper.survey).state == "in_store"


def test_a_transfer_has_two_signers(acting, paper):
    with acting("archive_clerk") as uow:
        cmd = DraftTransfer(
            barcodes=(paper.survey, paper.contract, paper.survey),
            from_unit="法务部",
            to_unit="档案室",
        )
        number = transfers.draft(uow, cmd).transfer_no
        with pytest.raises(TransferStateError):
            transfers.take(uow, number, {})
        transfers.give(uow, number)
        with pytest.raises(TransferSignerError):
            transfers.take(uow, number, {})
    with acting("branch_manager") as uow:
        row = queries.get_transfer(uow, number)
        assert [line.pages for line in row.lines] == [4, 12]
        with pytest.raises(ReasonMissingError):
            transfers.take(uow, number, {row.lines[0].id: 3})
        transfers.take(uow, number, {row.lines[0].id: 3}, "缺一页")
    with acting("archive_clerk") as uow:
        assert queries.get_original(uow, paper.survey).keeper == "档案室"


def test_another_branch_sees_nothing(acting, paper):
    with acting("other_branch") as uow:
        assert queries.boxes(uow) == []
        assert queries.originals(uow) == []
        for code in (paper.survey, "O000000000"):
            with pytest.raises(StoreThingNotFoundError):
                queries.get_original(uow, code)


def test_an_account_manager_does_not_see_deeds(acting, paper):
    with acting("account_manager") as uow:
        assert {row.barcode for row in queries.originals(uow)} == {
            paper.contract,
            paper.survey,
        }
        with pytest.raises(StoreThingNotFoundError):
            queries.get_original(uow, paper.deed)


def test_every_page_answers(browser, paper, acting):
    with acting("legal") as uow:
        number = ask(uow, paper.survey).lending_no
    clerk = browser("archive_clerk")
    assert clerk.post(f"/store/lendings/{number}/decide", {"decision": "approve"}).location
    clerk.post("/store/hand-out", {"code": paper.survey})
    counted = clerk.post("/store/countings", {"room_id": paper.room}).location
    moved = clerk.post(
        "/store/transfers/new",
        {"barcodes": paper.contract, "from_unit": "法务部", "to_unit": "档案室"},
    ).location
    for path, words in (
        ("/store", "一号库"),
        (f"/store/boxes/{paper.box}", "流动资金借款合同"),
        ("/store/rooms/new", "权证库"),
        ("/store/boxes/new", "架位"),
        ("/store/originals/new?loan=JJ2025-0001", "JJ2025-0001"),
        ("/store/deeds", "不动产登记证明"),
        ("/store/lendings?only=out", number),
        (f"/store/lendings/{number}", "核对印章"),
        ("/store/lendings/new", "用途"),
        ("/store/give-back", "清点页数"),
        ("/store/countings", "进行中"),
        (counted, "还没有扫到"),
        ("/store/transfers", "待移交签字"),
        (moved, "移交签字"),
        ("/loans/JJ2025-0001/paper", paper.survey),
        (f"/store/labels?codes={paper.box},{paper.survey}&size=a4&skip=2", paper.box),
    ):
        reply = clerk.get(path)
        assert reply.status_code == 200, path
        assert words in reply.get_data(as_text=True), path
    assert clerk.get("/store/labels?codes=&size=x").status_code == 422


def test_a_clerk_sets_up_a_store_on_the_pages(browser, paper, new_uow):
    clerk = browser("archive_clerk")
    with new_uow() as uow:
        branch = a_branch(uow, "0201")
    room = {"branch_id": branch, "code": "B", "name": "二号库"}
    assert clerk.post("/store/rooms/new", room).status_code == 302
    assert clerk.post("/store/rooms/new", room).status_code == 422
    made = clerk.post(
        "/store/boxes/new", {"room_id": paper.room, "shelf": "A-1-1", "spine_mm": 30}
    )
    box = made.location.rsplit("/", 1)[-1]
    data = {"loan_no": "JJ2025-0001", "item_code": "YJ06", "title": "借据", "pages": "1"}
    assert clerk.post("/store/originals/new", {**data, "form": "original"}).status_code == 302
    placed = clerk.post(
        f"/store/boxes/{box}/place",
        {"codes": f"{paper.survey}\n{paper.deed}"},
        follow_redirects=True,
    ).get_data(as_text=True)
    assert "已上架 1 件" in placed
    assert "只能存入权证库" in placed
