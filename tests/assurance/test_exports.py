"""A loan file leaves by a page: one person, two for several; another installation takes it."""

import io
import re
import zipfile

import bagit
import pytest
from sqlalchemy import func, select

from postloan_archive.access import branches, grants, sessions, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.users import CreateUser
from postloan_archive.admin.export_writing import (
    clear_of_loan,
    clear_old,
    part_of,
    zip_of,
)
from postloan_archive.admin.models import FileExport
from postloan_archive.app import create_app
from postloan_archive.archive.models import Document
from postloan_archive.assurance.models import ImportedFile
from postloan_archive.audit import AuditRow
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import positions
from postloan_archive.loans.models import Loan
from tests.builders import a_loan
from tests.web.people import PASSWORD, Browser

CLI = Actor.program("cli")


@pytest.fixture
def loan_nos(people, whole_file, new_uow) -> list[str]:
    del people, whole_file
    with new_uow() as uow:
        first = uow.session.scalars(select(Loan).order_by(Loan.id)).first()
        second = a_loan(
            uow,
            loan_no="JJ2025-0777",
            contract_no="示农商借字2025第0777号",
            customer_id=first.customer_id,
        )
        positions.refresh(uow, first.id)
        return [first.loan_no, second.loan_no]


def asked(person, numbers, **more):
    form = {
        "loan_nos": "\n".join(numbers),
        "reason": "移交资产管理公司",
        "recipient": "示范资产",
        "password": PASSWORD,
    }
    return person.post("/exports/new", form | more)


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


def events(new_uow) -> list[str]:
    with new_uow() as uow:
        query = select(AuditRow.event).where(AuditRow.event.like("archive.export%"))
        return list(uow.session.scalars(query.order_by(AuditRow.seq)))


def test_one_file_leaves_by_one_hand_and_arrives_elsewhere(
    loan_nos, browser, new_uow, runner, elsewhere, tmp_path, system
):
    clerk = browser("archive_clerk")
    assert "导出整卷" in text_of(clerk.get(f"/loans/{loan_nos[0]}/items"))
    form = text_of(clerk.get(f"/exports/new?loan={loan_nos[0]}"))
    assert loan_nos[0] in form
    assert asked(clerk, loan_nos[:1], password="wrong-password").status_code == 422
    assert asked(clerk, loan_nos[:1], reason=" ").status_code == 422
    assert asked(clerk, ["没有这笔"]).status_code == 422
    where = asked(clerk, loan_nos[:1]).headers["Location"]
    assert "hx-get" in text_of(clerk.get(f"{where}/progress"))
    runner.run_until_empty()
    page = text_of(clerk.get(where))
    assert "可下载" in page
    body = clerk.get(f"{where}/bag.zip").get_data()
    assert browser("legal").get(f"{where}/bag.zip").status_code == 404  # not hers
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        packed.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    assert bagit.Bag(str(folder)).is_valid()
    assert events(new_uow) == [
        "archive.export_asked",
        "archive.export_written",
        "archive.export_taken",
    ]
    assert arrived(elsewhere, body, loan_nos[0])
    (system.settings.data / "exports").joinpath("other").write_text("x")
    assert clear_of_loan(system, loan_nos[0]) == 1
    assert clerk.get(f"{where}/bag.zip").status_code == 404
    assert "已过保留期" in text_of(clerk.get(where))


def arrived(elsewhere, body, loan_no) -> bool:
    """The page of the other installation takes the zip over and shows it read again."""
    app = create_app(elsewhere.settings, system=elsewhere)
    with elsewhere.unit_of_work(CLI) as uow:
        root = branches.ensure(uow, code="02", name="示范农商行")
        user = users.create(uow, CreateUser(username="clerk", display_name="档案员"))
        user.password_set_at = uow.clock.now()
        grants.grant(uow, GrantRole(user_id=user.id, role=Role.ARCHIVE_CLERK, branch_id=root))
        token = sessions.begin(uow, user, sessions.Browser())
    clerk = Browser(app)
    clerk.client.set_cookie("postloan", f"s.{token}")
    bad = clerk.post("/files/import", {"bag": (io.BytesIO(b"x"), "x.zip")})
    assert bad.status_code == 422
    reply = clerk.post("/files/import", {"bag": (io.BytesIO(body), "案卷.zip")})
    assert loan_no in text_of(reply)
    again = clerk.post("/files/import", {"bag": (io.BytesIO(body), "案卷.zip")})
    assert again.status_code == 422
    assert "未导入任何内容" in text_of(again)
    with elsewhere.unit_of_work(CLI) as uow:
        number = uow.session.scalars(select(ImportedFile.id)).one()
    report = text_of(clerk.get(f"/files/imports/{number}"))
    return "全部文件与来源登记的摘要一致" in report and "证明成立" in report


def test_several_need_another_person_and_unchanged_papers(
    loan_nos, browser, new_uow, runner, system
):
    clerk, boss = browser("archive_clerk"), browser("branch_manager")
    where = asked(clerk, loan_nos).headers["Location"]
    page = text_of(boss.get(where))
    digest = re.search(r'name="digest" value="(\w{64})"', page)[1]
    decision = {"digest": digest, "decision": "yes", "password": PASSWORD}
    assert clerk.post(f"{where}/decide", decision).status_code == 403
    assert boss.post(f"{where}/decide", decision | {"digest": "0" * 64}).status_code == 422
    assert boss.post(f"{where}/decide", decision).status_code == 302
    assert boss.post(f"{where}/decide", decision).status_code == 422  # once only
    with new_uow() as uow:  # a paper goes after the approval
        row = uow.session.scalars(select(Document).where(Document.sha256 != "")).first()
        version = row.versions[0].sha256
        row.versions[0].sha256 = "f" * 64
    runner.run_until_empty()
    assert "有变化" in text_of(clerk.get(where))
    with new_uow() as uow:
        uow.session.get(Document, row.id).versions[0].sha256 = version
    where = asked(clerk, loan_nos).headers["Location"]
    page = text_of(boss.get(where))
    digest = re.search(r'name="digest" value="(\w{64})"', page)[1]
    boss.post(f"{where}/decide", decision | {"digest": digest})
    assert clerk.post(f"{where}/again").status_code == 409  # a worker has it already
    runner.run_until_empty()
    with new_uow() as uow:
        export = uow.session.scalars(select(FileExport).order_by(-FileExport.id)).first()
        assert export.state == "done"
        path = zip_of(system.settings.data, export.id)
    with zipfile.ZipFile(path) as packed:
        tops = {name.split("/")[0] for name in packed.namelist()}
    assert tops == {f"001-{loan_nos[0]}", f"002-{loan_nos[1]}"}
    assert clear_old(system) == 0
    assert text_of(clerk.get("/exports?state=done")).count(export.export_no) >= 1


def test_what_a_killed_worker_left_goes_with_the_loan_file(loan_nos, browser, system, new_uow):
    asked(browser("archive_clerk"), loan_nos[:1])
    with new_uow() as uow:
        number = uow.session.scalar(select(func.max(FileExport.id)))
    left = part_of(system.settings.data, number)
    left.mkdir(parents=True)
    (left / "half.pdf").write_bytes(b"secret")
    assert clear_of_loan(system, loan_nos[1]) == 0
    assert left.exists()
    assert clear_of_loan(system, loan_nos[0]) == 1
    assert not left.exists()


def test_a_request_is_refused_with_a_reason_or_taken_back(loan_nos, browser):
    clerk, boss = browser("archive_clerk"), browser("branch_manager")
    where = asked(clerk, loan_nos).headers["Location"]
    no = {"decision": "no", "password": PASSWORD}
    assert boss.post(f"{where}/decide", no).status_code == 422
    assert boss.post(f"{where}/decide", no | {"note": "对方资质未核"}).status_code == 302
    assert "对方资质未核" in text_of(clerk.get(where))
    where = asked(clerk, loan_nos).headers["Location"]
    assert clerk.post(f"{where}/withdraw").status_code == 302
    assert "已撤回" in text_of(clerk.get(where))
    assert clerk.get("/exports/DC9999-00001").status_code == 404
    assert browser("account_manager").get("/exports").status_code == 403
