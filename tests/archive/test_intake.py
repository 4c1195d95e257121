"""Delivery of files: a line and a state for each, the bytes kept, nothing twice."""

import hashlib
import os
import shutil

import pytest
from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.archive.intake import Delivery, take_in
from postloan_archive.archive.models import Document, IntakeBatch, IntakeFile, Page
from postloan_archive.archive.rules.filing import UnknownItemError
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.uow import open_system
from tests.builders import a_branch, a_loan
from tests.reading.made_files import docx, paragraph, pdf, zip_of

CONTRACT = pdf(["甲方借到乙方人民币十万元整，借款期限一年。", "第二页：违约责任。"])
LETTER = docx(paragraph("催收通知书：请于三日内归还欠款。"))


@pytest.fixture
def kept(tmp_path):
    """Write bytes under a name that a clerk would give."""

    def keep(name: str, data: bytes):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return keep


def counts(new_uow) -> dict[str, int]:
    with new_uow() as uow:
        return {
            model.__tablename__: uow.session.scalar(select(func.count()).select_from(model))
            for model in (Document, IntakeFile, IntakeBatch, Page)
        }


def events(new_uow) -> list[str]:
    with new_uow() as uow:
        return [line.event for line in audit.read(uow.session, limit=500).lines]


def test_a_paper_is_kept_read_indexed_and_audited(kept, deliver, new_uow, system):
    (taken,) = deliver(kept("YJ01-借款合同.pdf", CONTRACT))

    assert (taken.state, taken.message) == ("stored", "")
    assert taken.pages == 2
    assert taken.sha256 == hashlib.sha256(CONTRACT).hexdigest()
    assert system.vault.read(taken.sha256) == CONTRACT
    with new_uow() as uow:
        document = uow.session.get_one(Document, taken.document_id)
        assert (document.piece_no, document.item_code) == (1, "YJ01")
        assert document.title == "借款合同"
        assert [page.no for page in document.pages] == [1, 2]
        assert "违约责任" in document.pages[1].text
        assert document.read_at is not None
        assert [version.no for version in document.versions] == [1]
    recorded = events(new_uow)
    for event in (
        "archive.batch_opened",
        "archive.document_added",
        "archive.document_read",
        "archive.batch_closed",
    ):
        assert recorded.count(event) == 1, event
    with new_uow() as uow:
        assert audit.verify(uow.session).fault_count == 0


def test_the_same_bytes_in_one_loan_file_are_linked_not_stored_again(kept, deliver, new_uow):
    (first,) = deliver(kept("借款合同.pdf", CONTRACT))
    (second,) = deliver(kept("合同副本.pdf", CONTRACT))

    assert second.state == "duplicate"
    assert second.document_id == first.document_id
    assert "第 1 件" in second.message
    assert deliver.receipt == {"duplicate": 1}
    assert counts(new_uow)["documents"] == 1
    assert counts(new_uow)["intake_files"] == 2


def test_a_duplicate_that_was_never_read_is_read_now(kept, deliver, new_uow):
    (first,) = deliver(kept("a.pdf", CONTRACT))
    with new_uow() as uow:  # as a kill between the commit and the reading leaves it
        uow.session.get_one(Document, first.document_id).read_at = None
    (again,) = deliver(kept("b.pdf", CONTRACT))

    assert (again.state, again.pages) == ("duplicate", 2)
    with new_uow() as uow:
        assert uow.session.get_one(Document, first.document_id).read_at is not None


def test_twins_in_one_delivery_are_linked_too(kept, deliver, new_uow):
    taken = deliver(kept("a.pdf", CONTRACT), kept("b.pdf", CONTRACT))

    assert [one.state for one in taken] == ["stored", "duplicate"]
    assert deliver.receipt == {"stored": 1, "duplicate": 1}
    assert counts(new_uow)["documents"] == 1


def test_the_same_bytes_in_another_loan_file_are_a_document_of_their_own(
    kept, deliver, new_uow, system
):
    with new_uow() as uow:
        other = a_loan(
            uow,
            loan_no="JJ2025-0002",
            contract_no="示农商借字2025第0002号",
            customer_id=1,
        ).loan_no
    (first,) = deliver(kept("a.pdf", CONTRACT))
    (second,) = deliver(kept("b.pdf", CONTRACT), loan_no=other)

    assert second.state == "stored"
    assert second.document_id != first.document_id
    assert list(system.vault.digests()) == [first.sha256]


def test_a_wrong_loan_number_stores_nothing(kept, deliver, new_uow, system):
    with pytest.raises(LoanNotFoundError, match="JJ2099-9999"):
        deliver(kept("a.pdf", CONTRACT), loan_no="JJ2099-9999")

    assert set(counts(new_uow).values()) == {0}
    assert list(system.vault.digests()) == []


def test_a_loan_of_another_branch_is_a_wrong_loan_number(kept, deliver, new_uow):
    with new_uow() as uow:
        elsewhere = a_branch(uow, "0202")
    clerk = Actor(name="clerk", branch_ids=frozenset({elsewhere}), categories=None)

    with pytest.raises(LoanNotFoundError):
        deliver(kept("a.pdf", CONTRACT), actor=clerk)
    assert set(counts(new_uow).values()) == {0}


def test_an_unknown_item_stores_nothing_and_names_the_nearest(kept, deliver, new_uow, system):
    with pytest.raises(UnknownItemError) as refused:
        deliver(kept("a.pdf", CONTRACT), item_code="YJ99")

    assert refused.value.nearest.startswith("YJ")
    assert set(counts(new_uow).values()) == {0}
    assert list(system.vault.digests()) == []


def test_a_folder_gives_its_files_in_order_under_their_path(kept, deliver):
    for name in ("卷/b/催收通知.docx", "卷/a.pdf", "卷/空.txt"):
        data = {"a.pdf": CONTRACT, "催收通知.docx": LETTER}.get(name.rsplit("/", 1)[1], b"")
        folder = kept(name, data).parent
    folder = next(one for one in (folder, *folder.parents) if one.name == "卷")

    taken = deliver(folder)

    assert [one.path for one in taken] == ["卷/a.pdf", "卷/b/催收通知.docx", "卷/空.txt"]
    assert [one.state for one in taken] == ["stored", "stored", "damaged"]
    assert taken[2].message
    assert taken[2].sha256 == hashlib.sha256(b"").hexdigest()


def test_a_zip_gives_its_members_and_a_bad_member_does_not_stop_the_rest(kept, deliver):
    inner = zip_of({"催收/通知.docx": LETTER})
    path = kept("包.zip", zip_of({"合同.pdf": CONTRACT, "内.zip": inner, "坏.pdf": b"%PDF-x"}))

    taken = {one.path.rsplit("包.zip/", 1)[1]: one for one in deliver(path)}

    assert taken["合同.pdf"].state == "stored"
    assert taken["坏.pdf"].state == "damaged"
    assert taken["内.zip/催收/通知.docx"].state == "stored"
    assert taken["内.zip/催收/通知.docx"].sha256 == hashlib.sha256(LETTER).hexdigest()


def test_a_zip_with_a_member_that_cannot_be_had_is_kept_whole(kept, deliver, system):
    """The bytes behind a password are in the zip: it stays until somebody knows the word."""
    data = bytearray(zip_of({"借据.pdf": CONTRACT, "征信.pdf": LETTER}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the second member: encrypted
        place = data.index(mark, data.index(mark) + 4)
        data[place + at] |= 1
    path = kept("包.zip", bytes(data))

    good, locked, whole = deliver(path)

    assert good.state == "stored"
    assert (locked.state, locked.document_id) == ("encrypted", None)
    assert whole.path == str(path)
    assert system.vault.read(whole.sha256) == bytes(data)


def test_an_empty_and_a_broken_zip_are_kept_as_they_are(kept, deliver, system):
    broken = zip_of({"a.pdf": CONTRACT})[:200]
    empty, torn = deliver(kept("空.zip", zip_of({})), kept("断.zip", broken))

    assert empty.state == "unsupported"
    assert "原件已原样保存" in empty.message
    assert torn.state == "damaged"
    assert system.vault.read(torn.sha256) == broken
    assert system.vault.read(empty.sha256) == zip_of({})


def test_what_cannot_be_opened_is_named_and_does_not_stop_the_rest(kept, deliver, tmp_path):
    good = kept("卷/b.pdf", CONTRACT)
    (good.parent / "a.pdf").symlink_to(tmp_path / "gone")
    os.mkfifo(good.parent / "c.pdf")

    taken = {one.path: one for one in deliver(good.parent, tmp_path / "没有.pdf")}

    assert taken["卷/b.pdf"].state == "stored"
    for name in ("卷/a.pdf", "卷/c.pdf", str(tmp_path / "没有.pdf")):
        assert taken[name].state == "damaged", name
        assert taken[name].message
        assert taken[name].document_id is None


def test_a_file_that_goes_away_while_others_are_taken_in_is_named(
    kept, loan_id, system, runner
):
    del loan_id
    first, second = kept("1.pdf", CONTRACT), kept("2.docx", LETTER)
    taken = []

    class Vanishing(type(second)):
        def stat(self, **more):  # it is seen, and gone when it is opened
            facts = super().stat(**more)
            if seen.append(1) or len(seen) == 2:
                self.unlink()
            return facts

    seen = []

    delivery = Delivery(paths=(first, Vanishing(second)), loan_no="JJ2025-0001")
    receipt = take_in(system, Actor.program("cli"), delivery, runner, taken.append)

    assert [one.state for one in taken] == ["stored", "damaged"]
    assert receipt == {"stored": 1, "damaged": 1}


def test_a_file_over_the_limit_is_refused_while_it_streams(
    kept, loan_id, system, runner, settings, new_uow
):
    assert loan_id
    small = open_system(replace_limit(settings, 1), clock=system.clock)
    path = kept("大.bin", os.urandom(1_048_577))
    taken = []
    receipt = take_in(
        small,
        Actor.program("cli"),
        Delivery(paths=(path, kept("b.pdf", CONTRACT)), loan_no="JJ2025-0001"),
        runner,
        taken.append,
    )
    small.close()

    assert [one.state for one in taken] == ["too_large", "stored"]
    assert receipt == {"stored": 1, "too_large": 1}
    assert taken[0].sha256 == ""
    assert "1" in taken[0].message
    assert list((settings.data / "vault" / "tmp").iterdir()) == []
    assert counts(new_uow)["documents"] == 1


def replace_limit(settings, megabytes):
    return type(settings)(data=settings.data, secure_cookies=False, upload_max_mb=megabytes)


def test_a_delivery_of_many_files_counts_each_once(kept, deliver, new_uow):
    for number in range(70):  # three groups
        folder = kept(f"多/{number:03}.txt", f"第 {number} 号对账单".encode()).parent

    taken = deliver(folder)

    assert [one.path for one in taken] == [f"多/{number:03}.txt" for number in range(70)]
    assert deliver.receipt == {"stored": 70}
    with new_uow() as uow:
        pieces = uow.session.scalars(select(Document.piece_no).order_by(Document.id)).all()
        assert pieces == list(range(1, 71))
        assert uow.session.scalars(select(IntakeBatch)).one().closed_at is not None


def test_the_source_may_go_once_it_was_reported(kept, deliver, system):
    path = kept("卷/a.pdf", CONTRACT)
    (taken,) = deliver(path)
    shutil.rmtree(path.parent)

    assert system.vault.verify(taken.sha256).good


def test_a_name_in_the_bytes_of_an_old_disk_is_shown_as_chinese(tmp_path, deliver):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in (("催收通知书.txt", b"1"), ("借据.txt", b"2")):
        (folder / os.fsdecode(name.encode("gb18030"))).write_bytes(data)
    (folder / os.fsdecode(b"\xff\xff.txt")).write_bytes(b"3")

    taken = deliver(folder)

    names = {one.path.rsplit("/", 1)[-1] for one in taken}
    assert names >= {"催收通知书.txt", "借据.txt"}
    assert {one.state for one in taken} == {"stored"}
    assert all(one.path.encode() for one in taken)
