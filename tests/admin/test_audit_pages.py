"""审计, 后台任务, 系统体检 as browsers see them."""

import io
import json

import openpyxl
import pytest

from postloan_archive import audit, jobs
from postloan_archive.admin import upkeep
from postloan_archive.audit import Checkpoint, merkle
from postloan_archive.vault.layout import blob_path
from tests.builders import a_loan


def text(reply) -> str:
    assert reply.status_code == 200, reply.get_data(as_text=True)[:500]
    return reply.get_data(as_text=True)


def sheet_of(reply):
    data = io.BytesIO(reply.data)
    reply.close()
    return openpyxl.load_workbook(data).active


@pytest.fixture
def lines(system, papers):
    """A loan file with three papers at branch 0201, and a checkpoint over it all."""
    papers(3)
    upkeep.sign_checkpoint(system, _Quiet())


class _Quiet:
    def progress(self, *words):
        """Say nothing."""


def newest(new_uow, event):
    with new_uow() as uow:
        return audit.last_of(uow.session, event)


@pytest.mark.usefixtures("lines")
def test_the_auditor_filters_turns_pages_and_is_recorded(browser, new_uow):
    page = text(browser("auditor").get("/audit?event=archive"))

    assert "文件入档" in page
    assert "登录与权限" in page
    assert "新建用户" not in page
    line = newest(new_uow, "audit.viewed")
    assert (line.actor, "event=archive" in line.facts) == ("auditor", True)
    assert "没有符合条件的记录" in text(browser("auditor").get("/audit?user=nobody"))
    day = text(browser("auditor").get("/audit?at_from=2026-11-24&at_to=2026-11-24&event=loans"))
    assert "登记贷款" in day
    assert "登记贷款" not in text(
        browser("auditor").get("/audit?at_from=2026-11-25&event=loans")
    )


@pytest.mark.usefixtures("lines")
def test_an_audit_administrator_sees_that_but_not_what(browser, new_uow):
    admin = browser("audit_admin")
    page = text(admin.get("/audit?event=archive.document_added"))
    seq = newest(new_uow, "archive.document_added").seq

    assert "文件入档" in page
    assert "案卷内容不在您的查看范围内" in page
    assert "合同2" not in page
    assert "合同2" not in text(admin.get(f"/audit/lines/{seq}"))
    assert admin.get(f"/audit/lines/{seq}/proof.json").status_code == 403
    assert "您不能按内容检索" in text(admin.get("/audit?q=合同2"))
    sheet = sheet_of(admin.get("/audit/export.xlsx?event=archive.document_added"))
    assert "合同2" not in str([cell.value for row in sheet.iter_rows() for cell in row])


@pytest.mark.usefixtures("lines")
def test_an_auditor_of_one_branch_reads_no_other(browser, new_uow):
    with new_uow() as uow:
        a_loan(uow, branch="0202", loan_no="JJ2025-0002", contract_no="别处合同")
    here, there = _seqs(new_uow)
    auditor = browser("auditor")

    assert "JJ2025-0001" in text(auditor.get(f"/audit/lines/{here}"))
    assert "JJ2025-0002" not in text(auditor.get(f"/audit/lines/{there}"))
    assert "JJ2025-0002" not in text(auditor.get("/audit?event=loans"))


def _seqs(new_uow):
    with new_uow() as uow:
        found = audit.read_newest(
            uow.session, audit.TrailFilter(event="loans.loan_registered"), limit=9
        )
    return tuple(
        next(line.seq for line in found if number in line.facts)
        for number in ("JJ2025-0001", "JJ2025-0002")
    )


@pytest.mark.usefixtures("lines")
def test_a_line_is_proven_step_by_step_and_its_proof_leaves(browser, new_uow, system):
    seq = newest(new_uow, "archive.document_added").seq
    auditor = browser("auditor")
    page = text(auditor.get(f"/audit/lines/{seq}"))

    for step in ("内容", "前后衔接", "在树中的位置", "签名检查点", "库外副本"):
        assert step in page
    assert "不成立" not in page
    value = auditor.get(f"/audit/lines/{seq}/proof.json").get_json()
    (entry,) = value["entries"]
    assert json.loads(entry["line"])["seq"] == seq
    assert merkle.is_included(
        merkle.leaf_hash(entry["line"].encode()),
        index=entry["index"],
        size=value["tree_size"],
        path=[bytes.fromhex(one) for one in entry["path"]],
        root=bytes.fromhex(value["root"]),
    )
    assert Checkpoint(**value["checkpoint"]).is_genuine()

    with system.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_lines_no_update")
        connection.exec_driver_sql(f"UPDATE audit_lines SET actor = 'x' WHERE seq = {seq}")  # noqa: S608
    assert "不成立" in text(auditor.get(f"/audit/lines/{seq}"))
    assert auditor.get("/audit/lines/999999").status_code == 404


@pytest.mark.usefixtures("lines")
def test_the_whole_chain_is_verified_by_a_worker(browser, system, new_uow):
    auditor = browser("auditor")
    assert "还没有核对过全链" in text(auditor.get("/audit"))
    assert auditor.post("/audit/verify").status_code == 302
    auditor.post("/audit/verify")  # one is enough
    assert "排队中" in text(auditor.get("/audit"))
    assert "排队中" in text(auditor.get("/audit/work"))
    with new_uow() as uow:
        assert jobs.list_jobs(uow.session, kind="verify_trail").total == 1

    runner = jobs.JobRunner(system.engine, upkeep.handlers(system), clock=system.clock)
    while runner.run_one():
        pass

    assert "没有发现改动" in text(auditor.get("/audit"))
    assert auditor.get("/audit/work").headers["HX-Refresh"] == "true"
    with system.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_lines_no_delete")
    auditor.post("/audit/verify")
    while runner.run_one():
        pass
    page = text(auditor.get("/audit"))
    assert "发现 1 处问题" in page
    assert "防改触发器" in page


@pytest.mark.usefixtures("lines")
def test_the_table_leaves_with_a_line(browser, new_uow):
    sheet = sheet_of(browser("auditor").get("/audit/export.xlsx?event=loans"))

    assert sheet.max_row == 3  # heading, customer, loan
    assert newest(new_uow, "audit.exported").actor == "auditor"


def test_failed_jobs_are_named_and_tried_again(browser, system, new_uow):
    with new_uow() as uow:
        job_id = uow.enqueue("verify_vault").id
        uow.enqueue("read_documents", [1])
    jobs.JobRunner(system.engine, {}, clock=system.clock).run_one()
    admin = browser("system_admin")

    page = text(admin.get("/admin/jobs?state=failed"))
    assert "没有名为 verify_vault 的任务处理程序" in page
    assert "没有工作进程在运行" in page
    assert "读取文件" not in page.split("</thead>")[1]
    assert admin.post(f"/admin/jobs/{job_id}/retry", {"state": "failed"}).status_code == 302
    assert admin.post(f"/admin/jobs/{job_id}/retry").status_code == 409
    assert admin.post(f"/admin/jobs/{job_id}/cancel").status_code == 302
    assert "已取消" in text(admin.get("/admin/jobs?state=cancelled"))
    jobs.JobRunner(system.engine, {}, clock=system.clock).run_one()
    page = text(admin.post("/admin/jobs/retry-failed", follow_redirects=True))
    assert "1 个任务已重新排队" in page
    assert "没有这样的任务" in text(admin.get("/admin/jobs?state=running"))


def test_the_examination_as_a_page(browser, system, papers):
    (sha256,) = papers(1)
    admin = browser("system_admin")
    page = text(admin.get("/admin/system"))
    for label in ("数据库", "档案库", "检索索引", "中文字体", "备份", "三员分立"):
        assert label in page
    assert "合同0" not in page
    assert "SQLite" in page

    blob_path(system.vault.root, sha256).unlink()
    admin.post("/admin/system/verify-vault")
    assert "排队中" in text(admin.get("/admin/system"))
    assert "排队中" in text(admin.get("/admin/system/work"))
    runner = jobs.JobRunner(system.engine, upkeep.handlers(system), clock=system.clock)
    while runner.run_one():
        pass
    page = text(admin.get("/admin/system"))
    assert "缺失" in page
    assert sha256[:4] in page
    assert admin.get("/admin/system/work").headers["HX-Refresh"] == "true"
