"""The auditor's pages, the four-property report, import and repair as people meet them."""

import io
import json
import zipfile
from dataclasses import replace

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from postloan_archive.admin.holdings import verify_holdings
from postloan_archive.archive.models import Document
from postloan_archive.assurance import checking, repairing
from postloan_archive.assurance.models import AuditSample
from postloan_archive.assurance.sealing import NoEvidenceError, check_seal
from postloan_archive.audit import AuditRow, is_report_signed
from postloan_archive.backup import backup
from postloan_archive.cli import cli
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import positions
from postloan_archive.loans.models import Loan
from tests.vault.test_store import damage

CLI = Actor.program("cli")


@pytest.fixture
def loan_no(people, whole_file, new_uow) -> str:
    del people, whole_file
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan).order_by(Loan.id)).first()
        positions.refresh(uow, loan.id)
        return loan.loan_no


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


def events(new_uow, event) -> int:
    with new_uow() as uow:
        query = select(func.count()).select_from(AuditRow).where(AuditRow.event == event)
        return uow.session.scalar(query)


def test_the_evidence_chain_goes_from_the_claim_to_the_chain(loan_no, browser, new_uow):
    auditor = browser("auditor")
    page = text_of(auditor.get(f"/audit/loans/{loan_no}/evidence"))
    assert "相符" in page
    with new_uow() as uow:
        digest = uow.session.scalar(select(Document.sha256).order_by(Document.id))
        seq = uow.session.scalar(
            select(func.min(AuditRow.seq)).where(AuditRow.event == "archive.document_added")
        )
    assert digest in page
    assert f"/audit/lines/{seq}" in page
    assert events(new_uow, "assurance.evidence_viewed") == 1
    body = auditor.get(f"/audit/loans/{loan_no}/evidence.xlsx").get_data()
    cells = {
        cell.value for row in openpyxl.load_workbook(io.BytesIO(body)).active for cell in row
    }
    assert digest in cells
    body = auditor.get(f"/audit/loans/{loan_no}/evidence.docx").get_data()
    assert docx.Document(io.BytesIO(body)).tables[0].rows
    assert browser("audit_admin").get(f"/audit/loans/{loan_no}/evidence").status_code == 403
    assert browser("archive_clerk").get(f"/audit/loans/{loan_no}/evidence").status_code == 403


def test_the_sealed_chain_proves_itself_and_every_touch_is_found(loan_no, browser, tmp_path):
    auditor = browser("auditor")
    body = auditor.get(f"/audit/loans/{loan_no}/evidence-sealed.zip").get_data()
    path = tmp_path / "sealed.zip"
    path.write_bytes(body)
    checked = check_seal(path)
    assert checked.good
    assert checked.proved > 3
    assert checked.facts["loan_no"] == loan_no
    page = text_of(
        auditor.post("/audit/evidence/check", {"package": (io.BytesIO(body), "a.zip")})
    )
    assert "核验通过" in page
    assert "全部一致" in page
    assert CliRunner().invoke(cli, ["audit", "evidence", str(path)]).exit_code == 0
    for member in ("data/证据链.xlsx", "data/evidence.json", "audit/proof.json"):
        changed = tmp_path / "changed.zip"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
            for info in old.infolist():
                data = old.read(info)
                if info.filename == member:
                    data = data[:200] + bytes([data[200] ^ 1]) + data[201:]
                new.writestr(info.filename, data)
        try:
            assert not check_seal(changed).good, member
        except NoEvidenceError:
            assert member == "data/evidence.json"
    other = auditor.post("/audit/evidence/check", {"package": (io.BytesIO(b"x"), "x.zip")})
    assert other.status_code == 422
    assert auditor.post("/audit/evidence/check", {}).status_code == 422
    assert browser("legal").get("/audit/evidence/check").status_code == 403


def test_a_changed_file_breaks_the_chain(loan_no, browser, new_uow, system):
    with new_uow() as uow:
        digest = uow.session.scalar(
            select(Document.sha256)
            .join(Loan, Loan.id == Document.loan_id)
            .where(Loan.loan_no == loan_no)
            .order_by(Document.id)
        )
    damage(system.vault, digest, b"other")
    verify_holdings(system, CLI)
    page = text_of(browser("auditor").get(f"/audit/loans/{loan_no}/evidence"))
    assert "存储内容核对不符" in page
    assert digest[:4] in text_of(browser("auditor").get("/audit/integrity"))


def test_a_sample_is_drawn_noted_and_exported(loan_no, browser, new_uow):
    auditor = browser("auditor")
    refused = auditor.post("/audit/samples", {"title": "", "wanted": "²"})
    assert refused.status_code == 422
    where = auditor.post(
        "/audit/samples", {"title": "年度审计", "wanted": "5", "method": "risk", "seed": "s1"}
    ).headers["Location"]
    page = text_of(auditor.get(where))
    assert loan_no in page
    with new_uow() as uow:
        row = uow.session.scalars(select(AuditSample).order_by(AuditSample.id.desc())).first()
        line = row.lines[0].id
    auditor.post(where, {f"line-{line}": "借据原件缺失"})
    body = auditor.get(f"{where}.xlsx").get_data()
    cells = {
        cell.value for row in openpyxl.load_workbook(io.BytesIO(body)).active for cell in row
    }
    assert "借据原件缺失" in cells
    assert auditor.get(f"{where}.docx").status_code == 200
    assert events(new_uow, "assurance.sample_drawn") == 1
    assert browser("legal").get("/audit/samples").status_code == 403


def test_many_exports_of_a_day_are_odd(loan_no, browser, new_uow):
    clerk = browser("archive_clerk")
    with new_uow() as uow:
        document = uow.session.scalar(
            select(Document.id)
            .join(Loan, Loan.id == Document.loan_id)
            .where(Loan.loan_no == loan_no)
            .order_by(Document.id)
        )
    for _ in range(9):
        clerk.get(f"/documents/{document}/original").get_data()
    assert "大量导出" not in rows_of(browser("auditor").get("/audit/oddities"))
    clerk.get(f"/documents/{document}/original").get_data()
    assert "大量导出" in rows_of(browser("auditor").get("/audit/oddities"))
    assert browser("auditor").get("/audit/oddities.xlsx").status_code == 200
    turned = "/audit/oddities?since=2026-02-01&until=2026-01-01"
    assert browser("auditor").get(turned).status_code == 422


def rows_of(reply) -> str:
    return text_of(reply).partition("<tbody>")[2]


def test_a_report_is_signed_and_kept(loan_no, browser):
    clerk = browser("archive_clerk")
    reply = clerk.post(f"/loans/{loan_no}/properties", {"occasion": "filing"})
    where = reply.headers["Location"]
    assert "签名相符" in text_of(clerk.get(where))
    whole = json.loads(clerk.get(f"{where}.json").get_data())
    data = whole["report"].encode()
    assert is_report_signed(data, signature=whole["signature"], public_key=whole["public_key"])
    assert not is_report_signed(
        data + b" ", signature=whole["signature"], public_key=whole["public_key"]
    )
    body = clerk.get(f"{where}.docx").get_data()
    words = "\n".join(one.text for one in docx.Document(io.BytesIO(body)).paragraphs)
    assert whole["signature"] in words
    assert browser("other_branch").get(where).status_code == 404


def test_the_year_is_checked_once_and_arrivals_every_morning(loan_no, new_uow, runner):
    del loan_no
    with new_uow() as uow:
        uow.enqueue(checking.YEARLY)
        uow.enqueue(checking.YEARLY)
        uow.enqueue(checking.ARRIVALS)
    runner.run_until_empty()
    with new_uow() as uow:
        found = checking.reports(uow)
        assert [row.occasion for row in found].count("yearly") == 1


def test_one_bad_file_is_repaired_from_the_backup(loan_no, system, tmp_path, new_uow, people):
    del loan_no, people
    backup(system, tmp_path / "backup")
    with new_uow() as uow:
        digest = uow.session.scalar(select(Document.sha256).order_by(Document.id))
    damage(system.vault, digest, b"other")
    assert not verify_holdings(system, CLI).ok
    with pytest.raises(repairing.NoBackupFolderError), new_uow() as uow:
        repairing.repair_one(uow, digest)
    told = replace(
        system, settings=replace(system.settings, backup_folder=str(tmp_path / "backup"))
    )
    assert repairing.has_copy(told, digest)
    with pytest.raises(repairing.NotBadError), told.unit_of_work(CLI) as uow:
        repairing.repair_one(uow, "0" * 64)
    with told.unit_of_work(CLI) as uow:
        repairing.repair_one(uow, digest)
    assert verify_holdings(system, CLI).ok
