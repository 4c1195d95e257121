"""B1: every changed byte in the store is named, and nothing good is accused."""

import io
import random

import pytest
from sqlalchemy import select, update

from postloan_archive.archive import service
from postloan_archive.archive.models import Document, DocumentVersion
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.vault import ChangedBlobError, State, Vault, repair, verify_all
from tests.builders import a_loan
from tests.vault.test_store import damage

pytestmark = pytest.mark.acceptance


@pytest.fixture
def store(new_uow, full):
    """Documents with random bytes in one loan file: digests in the order of their rows."""
    chance = random.Random(20261124)
    with new_uow() as uow:
        loan_no = a_loan(uow).loan_no
        batch = service.open_batch(uow, OpenBatch(source="cli")).id
        for number in range(10_000 if full else 300):
            data = chance.randbytes(chance.randrange(1, 3_000))
            service.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch,
                    loan_no=loan_no,
                    name=f"{number}.bin",
                    stream=io.BytesIO(data),
                ),
            )
    return expected(new_uow), chance


def expected(new_uow) -> list[str]:
    with new_uow() as uow:
        query = select(DocumentVersion.sha256).order_by(DocumentVersion.id)
        return list(uow.session.scalars(query))


def findings(system, digests):
    return {one.name: one.state for one in verify_all(system.vault, digests) if not one.good}


def test_B1_every_change_is_named_and_nothing_else(store, system, new_uow):
    digests, chance = store
    vault = system.vault
    assert findings(system, digests) == {}
    hurt = chance.sample(digests, len(digests) // 10 + 6)
    flipped, (cut, emptied, deleted, one, other, edited) = hurt[:-6], hurt[-6:]
    for sha256 in flipped:
        data = bytearray(vault.read(sha256))
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        damage(vault, sha256, bytes(data))
    damage(vault, cut, vault.read(cut)[:-1])
    damage(vault, emptied, b"")
    vault.path(deleted).unlink()
    first, second = vault.path(one), vault.path(other)
    aside = first.with_suffix(".x")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)
    (vault.root / "seltsam.txt").write_text("who put this here")
    wrong = edited[:-1] + ("0" if edited[-1] != "0" else "1")
    with new_uow() as uow:  # somebody edits the digest of a row
        for model in (DocumentVersion, Document):
            uow.session.execute(
                update(model).where(model.sha256 == edited).values(sha256=wrong)
            )

    found = findings(system, expected(new_uow))

    changed = {*flipped, cut, emptied, one, other}
    assert {name for name, state in found.items() if state is State.CHANGED} == changed
    missing = {name for name, state in found.items() if state is State.MISSING}
    assert missing == {deleted, wrong}
    stray = {name for name, state in found.items() if state is State.STRAY}
    assert stray == {edited, "seltsam.txt"}
    assert len(found) == len(changed) + 4
    for sha256 in (flipped[0], cut, one):  # wrong bytes are never handed out
        with pytest.raises(ChangedBlobError):
            vault.read(sha256)


def test_B1_one_blob_is_restored_from_a_copy(store, system, tmp_path):
    digests, _ = store
    good = system.vault.read(digests[0])
    copy = Vault(tmp_path / "copy")
    copy.put(io.BytesIO(good))
    damage(system.vault, digests[0], b"forged")

    repair(system.vault, digests[0], tmp_path / "copy")
    assert system.vault.read(digests[0]) == good
    assert findings(system, digests) == {}
