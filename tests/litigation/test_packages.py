"""Packages: proposed from the file, arranged, frozen, verified without the database."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import docx
import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade, OpenBatch, ReceiveFile
from postloan_archive.bundle import verify_package
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as case_service
from postloan_archive.cases.errors import CaseNotFoundError
from postloan_archive.cases.service import OpenCase
from postloan_archive.kernel.actor import Actor
from postloan_archive.litigation import binding, freezing, queries, service
from postloan_archive.litigation.errors import BadRangeError, NoExhibitsError, StaleOrderError
from postloan_archive.litigation.papers import PAPERS
from postloan_archive.litigation.service import DescribeExhibit
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.service import Scheduled
from postloan_archive.notices.rules.conventions import leftovers
from postloan_archive.notices.templates import template_bytes
from postloan_archive.wordgen import compile_template, field_paths, soffice_path
from tests.builders import a_loan
from tests.bundle.samples import pdf

CLI = Actor.program("cli")
LATE = {
    "due_on": date(2026, 5, 24),
    "schedule": (
        Scheduled(
            due_on=date(2026, 5, 24), principal=Decimal(100_000), interest=Decimal("3016.67")
        ),
    ),
}


@pytest.fixture
def case_no(new_uow) -> str:
    """A case about a late loan whose file holds a contract, an IOU and a demand."""
    with new_uow() as uow:
        loan = a_loan(uow, **LATE)
        lenders.describe_lender(
            uow,
            "0201",
            Lender(
                name="示范农商银行",
                uscc="91100101MA1000001A",
                domicile="示范县金融街1号",
                phone="12000000001",
                legal_rep="钟守诚",
                legal_rep_post="董事长",
                legal_rep_id_no="100101196901010058",
            ),
        )
        batch = archive.open_batch(uow, OpenBatch(source="cli"))
        for item, title in (("BQ01", "催收通知书"), ("YJ01", "借款合同"), ("YJ02", "借据")):
            received = archive.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=loan.loan_no,
                    item_code=item,
                    name=f"{title}.pdf",
                    title=title,
                    stream=io.BytesIO(
                        pdf(2, content=f"BT /F1 24 Tf 100 400 Td ({item}) Tj ET".encode())
                    ),
                ),
            )
            uow.enqueue("read_documents", [received.document_id])
        case = case_service.open_case(
            uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院")
        )
        case_service.fill_in(
            uow, case.case_no, {"agent_name": "苏明哲", "facts.contract.place": "示范县"}
        )
        return case.case_no


@pytest.mark.parametrize("paper", PAPERS)
def test_every_blank_of_a_paper_is_a_field_of_its_dataclass(paper):
    template = compile_template(template_bytes(paper.template))

    assert template.fields == field_paths(paper)


def test_exhibits_are_proposed_in_the_order_of_the_checklist(new_uow, case_no):
    with new_uow() as uow:
        service.open_package(uow, case_no)

    with new_uow() as uow:
        package = queries.package_of(uow, cases.get_case(uow, case_no))
        titles = [row.title for row in queries.exhibits_of(uow, package)]
    assert titles == ["借款合同", "借据", "催收通知书"]


def test_a_letter_written_here_is_no_proof_until_it_has_arrived(new_uow, case_no):
    with new_uow() as uow:
        archive.file_made(
            uow,
            FileMade(
                loan_id=cases.get_case(uow, case_no).loan_id,
                item_code="BQ01",
                name="a.docx",
                title="未寄出的催收通知书",
                stream=io.BytesIO(b"x"),
            ),
        )
        package = service.open_package(uow, case_no)

        assert "未寄出的催收通知书" not in [item.title for item in package.items]
        assert not any("中断" in item.purpose for item in package.items)


def test_moving_and_reordering_renumber_the_labels(new_uow, case_no):
    with new_uow() as uow:
        first = service.open_package(uow, case_no).items[0].id
        service.move(uow, case_no, first, 1)

    with new_uow() as uow:
        package = service.open_package(uow, case_no)
        assert [row.title for row in queries.exhibits_of(uow, package)] == [
            "借据",
            "借款合同",
            "催收通知书",
        ]
        with pytest.raises(StaleOrderError):
            service.reorder(uow, case_no, [first])


def test_half_a_range_is_refused(new_uow, case_no):
    with new_uow() as uow:
        item = service.open_package(uow, case_no).items[0].id

    with pytest.raises(BadRangeError), new_uow() as uow:
        service.describe_exhibit(
            uow,
            DescribeExhibit(
                case_no=case_no, item_id=item, title="合同", purpose="", first_page=2
            ),
        )


def test_a_case_of_another_branch_is_not_found(new_uow, case_no):
    stranger = Actor(name="x", branch_ids=frozenset({9_999}))

    with pytest.raises(CaseNotFoundError), new_uow(stranger) as uow:
        service.open_package(uow, case_no)


def test_a_case_without_papers_gives_no_package(system, new_uow):
    with new_uow() as uow:
        loan = a_loan(uow)
        number = case_service.open_case(
            uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院")
        ).case_no

    with pytest.raises(NoExhibitsError):
        freezing.freeze(system, CLI, number)


def test_without_libreoffice_the_exhibits_are_bound_and_the_note_says_so(
    system, case_no, tmp_path, monkeypatch
):
    monkeypatch.setattr(binding, "soffice_path", lambda _configured: None)

    frozen = freezing.freeze(system, CLI, case_no)

    assert binding.NO_OFFICE in frozen.notes
    target = tmp_path / "p.zip"
    target.write_bytes(system.vault.read(frozen.sha256))
    report = verify_package(target)
    assert report.is_intact, report.sentences
    assert report.proved > 1
    with zipfile.ZipFile(target) as archive_file:
        facts = json.loads(archive_file.read("data/package.json"))
        papers = [name for name in archive_file.namelist() if name.endswith(".docx")]
        for name in papers:
            document = docx.Document(io.BytesIO(archive_file.read(name)))
            cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
            assert not leftovers([*(p.text for p in document.paragraphs), *cells])
    assert len(papers) == 5
    assert [one["first"] for one in facts["exhibits"]] == sorted(
        one["first"] for one in facts["exhibits"]
    )
    assert Decimal(facts["total"]) == Decimal(facts["principal"]) + Decimal(facts["interest"])


def test_one_changed_bit_is_found(system, case_no, tmp_path, monkeypatch):
    monkeypatch.setattr(binding, "soffice_path", lambda _configured: None)
    frozen = freezing.freeze(system, CLI, case_no)
    data = bytearray(system.vault.read(frozen.sha256))
    data[len(data) // 2] ^= 1
    target = tmp_path / "p.zip"
    target.write_bytes(data)

    assert not verify_package(target).is_intact


def test_a_second_freeze_is_a_second_version(system, new_uow, case_no, monkeypatch):
    monkeypatch.setattr(binding, "soffice_path", lambda _configured: None)
    freezing.freeze(system, CLI, case_no)

    assert freezing.freeze(system, CLI, case_no).no == 2
    with new_uow() as uow:
        package = queries.package_of(uow, cases.get_case(uow, case_no))
        assert [row.no for row in queries.versions_of(uow, package)] == [2, 1]


@pytest.mark.office
@pytest.mark.skipif(soffice_path() is None, reason="LibreOffice is not installed")
def test_with_libreoffice_the_papers_stand_before_the_exhibits(system, case_no, tmp_path):
    frozen = freezing.freeze(system, CLI, case_no)

    target = tmp_path / "p.zip"
    target.write_bytes(system.vault.read(frozen.sha256))
    assert verify_package(target).is_intact
    with zipfile.ZipFile(target) as archive_file:
        names = archive_file.namelist()
    assert "data/文书/01-民事起诉状.pdf" in names
