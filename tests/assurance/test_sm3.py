"""SM3 beside SHA-256 where the site wants it: in the trail and in exports."""

import io
import json
from dataclasses import replace

import bagit
from cryptography.hazmat.primitives import hashes
from sqlalchemy import select

from postloan_archive.admin.file_export import export_loan
from postloan_archive.archive import service
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.assurance.bags import read_bag
from postloan_archive.audit import AuditRow
from postloan_archive.kernel.actor import Actor
from postloan_archive.vault import Vault
from tests.builders import a_loan

CLI = Actor.program("cli")


def sm3(data: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def test_the_digest_is_that_of_the_standard():
    # GB/T 32905-2016, annex A.1
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_it_stands_in_the_trail_and_in_the_export(system, tmp_path):
    asked = replace(
        system,
        settings=replace(system.settings, sm3=True),
        vault=Vault(system.vault.root, with_sm3=True),
    )
    with asked.unit_of_work(CLI) as uow:
        loan_no = a_loan(uow).loan_no
        batch = service.open_batch(uow, OpenBatch(source="cli")).id
        file = ReceiveFile(
            batch_id=batch, loan_no=loan_no, name="a.bin", stream=io.BytesIO(b"abc")
        )
        service.receive_file(uow, file)
    with asked.unit_of_work(CLI) as uow:
        facts = uow.session.scalar(
            select(AuditRow.facts).where(AuditRow.event == "archive.document_added")
        )
        assert json.loads(facts)["sm3"] == sm3(b"abc")
    export_loan(asked, CLI, loan_no, tmp_path / "bag")
    assert bagit.Bag(str(tmp_path / "bag")).is_valid()
    assert sm3(b"abc") in (tmp_path / "bag" / "sm3-digests.txt").read_text()
    assert read_bag(tmp_path / "bag").loan_no == loan_no


def test_without_the_setting_nothing_is_computed(system, tmp_path):
    with system.unit_of_work(CLI) as uow:
        loan_no = a_loan(uow).loan_no
        assert uow.vault.put(io.BytesIO(b"abc")).sm3 is None
    export_loan(system, CLI, loan_no, tmp_path / "bag")
    assert not (tmp_path / "bag" / "sm3-digests.txt").exists()
