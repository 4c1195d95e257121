"""Binding apart from us: limits, volumes, what comes back; versions and their differences."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import bagit
import pypdfium2
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from postloan_archive.archive import queries as archive
from postloan_archive.archive import service as documents
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.bundle import (
    BundleSpec,
    PageRangeError,
    VolumeLimitError,
    build_bundle,
    verify_package,
)
from postloan_archive.cases import queries as cases
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.litigation import binding, freezing, queries, service
from postloan_archive.litigation.binder import BinderLimits, BinderLostError, bind_confined
from postloan_archive.litigation.errors import VolumeSizeError
from postloan_archive.litigation.planning import plan_package
from postloan_archive.litigation.rules.differences import differences, replaced
from postloan_archive.litigation.service import AddExhibit, DescribeExhibit
from postloan_archive.loans import queries as loans
from postloan_archive.wordgen import soffice_path
from tests.bundle.samples import COVER, exhibit, pdf
from tests.bundle.test_bad_sources import encrypted, without_pages
from tests.litigation.test_packages import LATE as LATE
from tests.litigation.test_packages import case_no as case_no

CLI = Actor.program("cli")
BARE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from postloan_archive.cli import main; main()"
)


def spec(*exhibits) -> BundleSpec:
    """A bundle of some exhibits."""
    return BundleSpec(cover=COVER, exhibits=exhibits)


def test_the_child_binds_the_same_bytes(tmp_path):
    wanted = spec(exhibit(pdf(3)), exhibit(b"text", "a.txt", "证据2"))
    here = io.BytesIO()
    result = build_bundle(wanted, here)

    bound = bind_confined(wanted, tmp_path)

    assert bound.paths[0].read_bytes() == here.getvalue()
    assert bound.results == (result,)


def test_files_that_are_named_from_here_are_found_by_the_child(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.pdf").write_bytes(pdf(2))
    spec = BundleSpec(cover=COVER, exhibits=[exhibit(Path("a.pdf"), "a.pdf")])
    (tmp_path / "out").mkdir()
    (result,) = bind_confined(spec, tmp_path / "out").results
    assert result.problems == ()
    assert Settings(data=Path("storage")).data == tmp_path / "storage"


def test_the_child_returns_refusals_as_they_are(tmp_path):
    with pytest.raises(PageRangeError) as caught:
        bind_confined(spec(exhibit(pdf(2), pages=(2, 9))), tmp_path)

    assert (caught.value.first, caught.value.last, caught.value.count) == (2, 9, 2)


def test_volumes_keep_the_limit_of_the_court(tmp_path):
    noise = io.BytesIO()
    Image.effect_noise((1200, 1200), 90).save(noise, "JPEG", quality=90)
    size = len(noise.getvalue())
    wanted = spec(*(exhibit(noise.getvalue(), "a.jpg", f"证据{no}") for no in range(1, 7)))

    bound = bind_confined(wanted, tmp_path, volume_bytes=size * 3)

    assert len(bound.paths) > 1
    assert all(path.stat().st_size <= size * 3 for path in bound.paths)
    stamped = [one.first_page for one in bound.results]
    assert stamped == sorted(stamped)
    with pytest.raises(VolumeLimitError):
        bind_confined(wanted, _fresh(tmp_path), volume_bytes=size // 2)


def test_a_file_that_stops_the_child_is_named(tmp_path):
    limits = BinderLimits(wall_s=0, seconds_a_mb=0)

    with pytest.raises(BinderLostError, match=r"文件\.pdf"):
        bind_confined(spec(exhibit(pdf(1))), tmp_path, limits=limits)


def test_the_child_may_write_nowhere_else(tmp_path):
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    inside.mkdir()

    bind_confined(spec(exhibit(pdf(1))), inside)

    assert not outside.exists()
    assert {path.name for path in inside.iterdir()} >= {"bundle-1.pdf"}


def _fresh(folder: Path) -> Path:
    other = folder / "again"
    other.mkdir()
    return other


def put(uow, case_no, name, data, item="YJ15"):
    """A further paper of the loan file, as an exhibit."""
    case = cases.get_case(uow, case_no)
    batch = documents.open_batch(uow, OpenBatch(source="cli"))
    received = documents.receive_file(
        uow,
        ReceiveFile(
            batch_id=batch.id,
            loan_no=loans.get_loan_by_id(uow, case.loan_id).loan_no,
            item_code=item,
            name=name,
            title=name,
            stream=io.BytesIO(data),
        ),
    )
    return service.add_exhibit(
        uow, AddExhibit(case_no=case_no, document_id=received.document_id)
    ).id


def cmyk() -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (400, 300), (0, 200, 220, 40)).save(out, "JPEG")
    return out.getvalue()


def huge() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 3_000), 1).save(out, "PNG")
    return out.getvalue()


MAIL_NAME = "邮件.eml"
MAIL = (
    b"From: a@example.com\nSubject: demand\nDate: Mon, 2 Mar 2026 10:00:00 +0800\n\nplease pay"
)


@pytest.mark.parametrize(
    ("name", "data", "is_replaced"),
    [
        ("加密.pdf", encrypted(), True),
        ("截断.pdf", pdf(4)[:300], None),  # what is left can be read, and a note says so
        ("无页.pdf", without_pages(), True),
        ("超大.png", huge(), False),
        ("印刷色.jpg", cmyk(), False),
        ("横放.pdf", pdf(2, rotate=90), False),
        (MAIL_NAME, MAIL, False),
    ],
)
def test_a_package_survives_and_names_each_bad_exhibit(
    system, new_uow, case_no, monkeypatch, name, data, is_replaced
):
    monkeypatch.setattr(binding, "soffice_path", lambda _configured: None)
    with new_uow() as uow:
        put(uow, case_no, name, data, "GL14" if name == MAIL_NAME else "YJ15")

    frozen = freezing.freeze(system, CLI, case_no)

    told = [text for text in frozen.problems if "证明目的" not in text]
    assert any(name in text for text in told) is bool(is_replaced)
    no_line = any("证明目的" in text for text in frozen.problems)
    assert no_line is (name == MAIL_NAME)  # no line of the checklist gives it a purpose
    assert is_replaced is False or any(
        name in text for text in (*frozen.problems, *frozen.notes)
    )
    with new_uow() as uow:
        case = cases.get_case(uow, case_no)
        version = queries.get_version(queries.package_of(uow, case), 1)
        path = uow.vault.path(version.sha256)
        assert verify_package(path).is_intact
    with zipfile.ZipFile(path) as bag:
        bundle = bag.read(next(one for one in bag.namelist() if one.endswith("证据材料.pdf")))
    assert len(pypdfium2.PdfDocument(bundle)) == frozen.pages


def test_versions_differences_and_what_was_replaced_after_freezing(
    system, new_uow, case_no, monkeypatch, tmp_path
):
    monkeypatch.setattr(binding, "soffice_path", lambda _configured: None)
    with new_uow() as uow:
        first = put(uow, case_no, "补充.pdf", pdf(3))
    freezing.freeze(system, CLI, case_no)
    with new_uow() as uow:
        service.describe_exhibit(
            uow,
            DescribeExhibit(
                case_no=case_no, item_id=first, title="补充", purpose="证明甲", first_page=2,
                last_page=3,
            ),
        )  # fmt: skip
        second = service.add_exhibit(
            uow,
            AddExhibit(
                case_no=case_no,
                document_id=service.open_package(uow, case_no).items[-1].document_id,
            ),
        ).id  # the same scan once more
        service.move(uow, case_no, second, -1)
        service.arrange(uow, case_no, volume_mb=50, papers=["P01", "A06", "A05", "P03"])
    frozen = freezing.freeze(system, CLI, case_no)
    with new_uow() as uow:
        case = cases.get_case(uow, case_no)
        package = queries.package_of(uow, case)
        newest, oldest = queries.versions_of(uow, package)
        document = archive.get_document(uow, package.items[0].document_id)
        document.sha256 = "0" * 64
        uow.session.flush()
        told = queries.versions_of(uow, package)[0].replaced
        path = uow.vault.path(newest.sha256)
        uow.session.rollback()

    assert oldest.differences == ()
    joined = "".join(newest.differences)
    for words in ("加入", "取用页码", "证明目的", "送达地址确认书", "不再含文书"):
        assert words in joined
    assert any("被替换" in text for text in told), told
    assert frozen.no == 2
    assert verify_package(path).is_intact
    with zipfile.ZipFile(path) as bag:
        bag.extractall(tmp_path / "bag")
        names = bag.namelist()
    root = next((tmp_path / "bag").rglob("bagit.txt")).parent
    assert names
    assert bagit.Bag(str(root)).is_valid()
    place = str(Path(binding.__file__).parents[2])
    command = [sys.executable, "-c", BARE, place, "package", "verify", str(path)]
    # A machine that has the program and nothing else.
    told = subprocess.run(command, env={}, cwd=tmp_path, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr
    printing = next((tmp_path / "bag").rglob("打印清单.xlsx"))
    rows = CalamineWorkbook.from_path(printing).get_sheet_by_index(0).to_python()
    assert any("证据材料.pdf" in str(cell) for row in rows for cell in row)


def test_a_size_that_no_court_names_is_refused(new_uow, case_no):
    with new_uow() as uow, pytest.raises(VolumeSizeError):
        service.arrange(uow, case_no, volume_mb=0, papers=[])


def test_exhibits_are_sorted_by_day_code_and_checklist(new_uow, case_no):
    with new_uow() as uow:
        package = service.open_package(uow, case_no)
        for number, item in enumerate(package.items):
            archive.get_document(uow, item.document_id).doc_date = date(2026, 1, 9 - number)
    with new_uow() as uow:
        service.sort_exhibits(uow, case_no, "date")
        by_day = [item.title for item in service.open_package(uow, case_no).items]
        service.sort_exhibits(uow, case_no, "checklist")
        by_list = [item.title for item in service.open_package(uow, case_no).items]
        service.sort_exhibits(uow, case_no, "code")
        by_code = [item.title for item in service.open_package(uow, case_no).items]

    assert by_day == ["催收通知书", "借据", "借款合同"]
    assert by_list == ["借款合同", "借据", "催收通知书"]
    assert by_code == ["催收通知书", "借款合同", "借据"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"total": "1"}, {"total": "2"}, "标的总额：1 改为 2"),
        ({}, {"total": "2"}, ""),
        (
            {"exhibits": [{"item": 1, "label": "证据1", "title": "甲", "sha256": "a"}]},
            {"exhibits": [{"item": 1, "label": "证据1", "title": "甲", "sha256": "b"}]},
            "换为新的文件版本",
        ),
        (
            {"exhibits": [{"item": 1, "sha256": "a"}, {"item": 2, "sha256": "b"}]},
            {"exhibits": [{"item": 2, "sha256": "b"}, {"item": 1, "sha256": "a"}]},
            "顺序",
        ),
        ({"papers": [{"title": "甲", "sha256": "a"}]}, {"papers": []}, "不再含文书"),
    ],
)
def test_each_difference_has_its_sentence(old, new, words):
    found = "".join(differences(old, new))

    assert (words in found) if words else not found


def test_a_document_that_is_gone_is_named():
    frozen = {"exhibits": [{"document_id": 7, "label": "证据1", "title": "甲", "sha256": "a"}]}

    assert "不在案卷内" in replaced(frozen, {})[0]
    assert replaced(frozen, {7: "a"}) == ()


def _without_values(book: bytes) -> bytes:
    """The workbook without the results that we wrote beside the formulas."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as given, zipfile.ZipFile(out, "w") as made:
        for info in given.infolist():
            data = given.read(info)
            if info.filename.startswith("xl/worksheets/"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            made.writestr(info, data)
    return out.getvalue()


@pytest.mark.office
@pytest.mark.skipif(soffice_path() is None, reason="LibreOffice is not installed")
def test_libreoffice_recalculates_our_figures_to_the_cent(new_uow, case_no, tmp_path):
    with new_uow() as uow:
        service.open_package(uow, case_no)
        plan = plan_package(uow, case_no)
        claim = queries.source_of(uow, cases.get_case(uow, case_no)).claim
        wanted = {
            "本金": claim.principal,
            "期内利息": claim.in_term,
            "罚息": claim.position.penalty,
            "复利": claim.position.compound,
            "合计": claim.total,
        }
        formulas = plan.sheet
    path, out = tmp_path / "sheet.xlsx", tmp_path / "out"
    path.write_bytes(_without_values(formulas))
    subprocess.run(
        [
            *(
                str(soffice_path()),
                "--headless",
                f"-env:UserInstallation=file://{tmp_path}/home",
            ),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    if not (out / "sheet.xlsx").exists():
        pytest.skip("LibreOffice Calc is not installed: apt-get install libreoffice-calc-nogui")
    rows = CalamineWorkbook.from_path(out / "sheet.xlsx").get_sheet_by_index(0).to_python()
    sums = {row[0]: row[6] for row in rows[-8:] if row[0] in wanted}

    assert b"<f>" in zipfile.ZipFile(io.BytesIO(formulas)).read("xl/worksheets/sheet1.xml")
    assert {name: f"{value:.2f}" for name, value in sums.items()} == {
        name: f"{value:.2f}" for name, value in wanted.items()
    }
