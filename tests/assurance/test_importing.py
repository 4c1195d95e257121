"""F4: a loan file goes to an empty installation: equal digests, facts and audit proofs."""

import io
import json
import shutil
import zipfile

import bagit
import pytest
from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.admin.file_export import export_loan
from postloan_archive.admin.holdings import verify_holdings
from postloan_archive.archive.models import Document, DocumentVersion
from postloan_archive.assurance.bags import BagDamagedError, NoBagError, read_bag, unpack
from postloan_archive.assurance.importing import LEFT_OUT, AlreadyHereError, import_bag
from postloan_archive.assurance.models import ImportedFile
from postloan_archive.bundle.package.merkle_check import check_proof
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.models import Loan

CLI = Actor.program("cli")


@pytest.fixture
def bag(whole_file, system, tmp_path):
    """The folder of an export, valid for bagit-python."""
    del whole_file
    with system.unit_of_work(CLI) as uow:
        loan_no = uow.session.scalar(select(Loan.loan_no).order_by(Loan.id).limit(1))
    target = tmp_path / "bag"
    export_loan(system, CLI, loan_no, target)
    assert bagit.Bag(str(target)).is_valid()
    return target


def taken(elsewhere, folder):
    with elsewhere.unit_of_work(CLI) as uow:
        return import_bag(uow, read_bag(folder))


def facts(folder) -> dict:
    return json.loads((folder / "data" / "facts.json").read_bytes())


def plain(row: dict) -> dict:
    """A row without the numbers that each installation gives anew."""
    return {
        key: value
        for key, value in row.items()
        if key != "id" and not key.endswith("_id") and key not in {"path", "replaced_by"}
    }


DERIVED = {  # what reading finds again, and what counts changes
    "read_at",
    "version",
    "state",
    "message",
    "page_count",
    "char_count",
    "ocr_pages",
    "ocr_pending",
    "properties",
    "flags",
    "media_type",
}


def test_digests_facts_and_proof_are_equal(bag, elsewhere, tmp_path):
    done = taken(elsewhere, bag)
    JobRunner(
        elsewhere.engine, all_handlers(elsewhere), clock=elsewhere.clock
    ).run_until_empty()
    again = tmp_path / "again"
    export_loan(elsewhere, CLI, done.loan_no, again)
    before, after = facts(bag)["tables"], facts(again)["tables"]
    for table in before.keys() - LEFT_OUT:  # an audit of the other bank stays there
        rows = before[table]
        skip = DERIVED if table == "documents" else set()
        mine = [{k: v for k, v in plain(row).items() if k not in skip} for row in rows]
        theirs = [
            {k: v for k, v in plain(row).items() if k not in skip} for row in after[table]
        ]
        assert sorted(mine, key=repr) == sorted(theirs, key=repr), table
    with elsewhere.unit_of_work(CLI) as uow:
        kept = uow.session.scalars(select(ImportedFile)).one()
        proof = json.loads(uow.vault.read(kept.sha256))
        assert check_proof(proof).key_id == done.key_id == kept.key_id
        assert len(check_proof(proof).lines) == kept.lines == done.lines > 5
        assert audit.verify(uow.session, audit.read_checkpoints(tmp_path / "x")).ok
        digests = set(uow.session.scalars(select(DocumentVersion.sha256)))
        assert digests == {row["sha256"] for row in before["document_versions"]}
    assert verify_holdings(elsewhere, CLI).ok


def test_the_papers_are_read_and_found_again(bag, elsewhere):
    taken(elsewhere, bag)
    JobRunner(
        elsewhere.engine, all_handlers(elsewhere), clock=elsewhere.clock
    ).run_until_empty()
    with elsewhere.unit_of_work(CLI) as uow:
        pages = uow.session.scalar(select(func.sum(Document.page_count)))
        assert pages
        assert uow.index.status(uow.session, expected=pages).pages == pages


def test_nothing_is_taken_twice(bag, elsewhere):
    taken(elsewhere, bag)
    with pytest.raises(AlreadyHereError):
        taken(elsewhere, bag)


def test_a_bag_that_was_touched_is_refused_and_nothing_is_left(bag, elsewhere, tmp_path):
    paper = next((bag / "data" / "documents").rglob("*.*"))
    for number, hurt in enumerate((flipped, added, removed, unlisted, forged)):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(bag, copy)
        hurt(copy, paper.relative_to(bag))
        with pytest.raises((BagDamagedError, NoBagError)):
            taken(elsewhere, copy)
    with elsewhere.unit_of_work(CLI) as uow:
        assert uow.session.scalar(select(func.count(Loan.id))) == 0


def flipped(folder, paper):
    data = bytearray((folder / paper).read_bytes())
    data[0] ^= 1
    (folder / paper).write_bytes(data)


def added(folder, _paper):
    (folder / "data" / "more.txt").write_text("x")


def removed(folder, paper):
    (folder / paper).unlink()


def unlisted(folder, _paper):
    (folder / "tagmanifest-sha256.txt").unlink()


def forged(folder, _paper):
    path = folder / "audit" / "proof.json"
    path.write_text(path.read_text().replace("archive", "archivf"))


def test_a_zip_is_unpacked_inside_its_folder_only(bag, tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(bag.rglob("*")):
            if path.is_file():
                archive.write(path, f"案卷/{path.relative_to(bag)}")
    out.seek(0)
    assert read_bag(unpack(out, tmp_path / "a")[0]).loan_no == facts(bag)["loan_no"]
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../evil.txt", "x")
    with pytest.raises(NoBagError):
        unpack(evil, tmp_path / "b")
    assert not (tmp_path / "evil.txt").exists()
    with pytest.raises(NoBagError):
        unpack(io.BytesIO(b"no zip"), tmp_path / "c")
