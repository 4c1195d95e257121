"""Uploads in parts (tus 1.0): how far, going on, breaking off; C11: wrong and broken ones."""

import base64
import io
import threading
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from postloan_archive.archive import batches
from postloan_archive.archive.incoming import sending
from postloan_archive.archive.incoming.jobs import clear_uploads, handlers
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.reading_jobs import handlers as reading
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.clock import FrozenClock
from tests.archive.page_fixtures import OURS
from tests.reading.made_files import zip_of

PART = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


def opened(browser, who):
    """The client of a signed-in person, with the token that scripts send."""
    person = browser(who)
    person.client.environ_base["HTTP_X_CSRFTOKEN"] = person.token()
    return person.client


@pytest.fixture
def tus(browser, loans):
    """A clerk's browser with an open delivery."""
    del loans
    client = opened(browser, "legal")

    class Tus:
        def __init__(self):
            reply = client.post("/uploads/deliveries", json={"expected": 1})
            self.batch, self.client = reply.get_json()["batch"], client

        def start(self, size, name="a.txt", **told):
            facts = {"filename": name, "batch": str(self.batch)} | told
            pairs = [f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in facts.items()]
            headers = {"Upload-Length": str(size), "Upload-Metadata": ",".join(pairs)}
            return client.post("/uploads", headers=headers)

        def part(self, address, offset, data, **headers):
            return client.patch(
                address, data=data, headers=PART | {"Upload-Offset": str(offset)} | headers
            )

        def offset(self, address):
            return client.head(address).headers.get("Upload-Offset")

    return Tus()


@pytest.fixture
def work(system):
    kinds = reading(system) | handlers(system)
    return JobRunner(system.engine, kinds, clock=system.clock).run_until_empty


def parts_left(settings):
    return list((settings.data / "incoming" / "uploads").iterdir())


def test_a_file_comes_in_parts_and_is_filed(tus, work, new_uow, settings):
    data = "催收通知书".encode() * 1_000
    there = tus.start(len(data), "BQ01 催收.txt", loan=OURS).headers["Location"]
    half = len(data) // 2
    first = tus.part(there, 0, data[:half])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert tus.offset(there) == str(half)
    last = tus.part(there, half, data[half:])
    assert last.headers["Upload-Offset"] == str(len(data))
    work()
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert uow.vault.read(document.sha256) == data
        assert (document.item_code, document.source) == ("BQ01", "upload")
        receipt = batches.receipt_of(uow, tus.batch)
        assert (receipt.expected, receipt.received, receipt.adds_up) == (1, 1, True)
        assert receipt.closed_at is not None
    assert parts_left(settings) == []


def test_a_part_at_the_wrong_place_is_refused_with_the_right_one(tus):
    there = tus.start(10).headers["Location"]
    tus.part(there, 0, b"12345")
    wrong = tus.part(there, 3, b"45")
    assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, "5")
    assert tus.part(there, 5, b"x", **{"Content-Type": "text/plain"}).status_code == 415
    assert tus.offset(there) == "5"


def test_more_than_announced_is_refused_while_it_comes(tus, settings):
    there = tus.start(10).headers["Location"]
    assert tus.part(there, 0, b"x" * 11).status_code == 413
    assert tus.offset(there) == "0"
    limit = settings.upload_max_mb * 1_048_576
    assert tus.start(limit + 1).status_code == 413
    assert tus.start(limit + 1, "a.zip").status_code == 201
    for length in ("-1", "²", "9" * 30, ""):
        assert tus.start(length).status_code == 422


def test_an_empty_file_is_whole_at_once(tus, work, new_uow):
    assert tus.start(0, "空.txt", loan=OURS).status_code == 201
    work()
    with new_uow() as uow:
        assert uow.session.scalars(select(IntakeFile)).one().size == 0


def test_nobody_else_goes_on_with_it(tus, browser):
    there = tus.start(10).headers["Location"]
    for who in ("archive_clerk", "other_branch"):
        stranger = opened(browser, who)
        assert stranger.head(there).status_code == 404
        assert stranger.delete(there).status_code == 404
    assert (
        opened(browser, "archive_clerk")
        .post(
            "/uploads",
            headers={
                "Upload-Length": "1",
                "Upload-Metadata": "batch "
                + base64.b64encode(str(tus.batch).encode()).decode(),
            },
        )
        .status_code
        == 404
    )
    assert tus.start(1, loan="JJ9999-0000").status_code == 404
    assert tus.start(1, item="XX99").status_code == 422


def test_breaking_off_leaves_nothing(tus, settings):
    there = tus.start(10).headers["Location"]
    tus.part(there, 0, b"123")
    assert tus.client.delete(there).status_code == 204
    assert tus.client.head(there).status_code == 404
    assert parts_left(settings) == []


def test_two_hundred_broken_uploads_are_gone_after_an_hour(
    tus, system, settings, new_uow, full
):
    count = 200 if full else 20
    for number in range(count):
        there = tus.start(1_000, f"{number}.bin").headers["Location"]
        tus.part(there, 0, b"half")
    assert len(parts_left(settings)) == count
    clear_uploads(system)
    assert len(parts_left(settings)) == count
    later = FrozenClock(system.clock.now() + timedelta(minutes=61))
    clear_uploads(replace(system, clock=later))
    assert parts_left(settings) == []
    with new_uow() as uow:
        receipt = batches.receipt_of(uow, tus.batch)
        assert (receipt.arrived.given_up, receipt.received) == (count, 0)


def test_a_worker_killed_after_storing_leaves_no_part_file(tus, work, settings, new_uow):
    there = tus.start(4).headers["Location"]
    tus.part(there, 0, b"1234")
    with new_uow() as uow:  # the rows of the file are committed, its part is still there
        row = uow.session.scalars(select(Arrival)).one()
        row.state = "taken"
    work()
    assert parts_left(settings) == []
    with new_uow() as uow:
        assert uow.session.scalars(select(Arrival)).one().removed
        assert batches.receipt_of(uow, tus.batch).closed_at is not None


def test_the_same_file_twice_at_once_is_one_blob(tus, work, system, new_uow):
    data = b"the same" * 10_000
    addresses = [tus.start(len(data), loan=OURS).headers["Location"] for _ in range(2)]
    for address in addresses:
        tus.part(address, 0, data)
    runs = [threading.Thread(target=work) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    work()
    assert len(list(system.vault.digests())) == 1
    with new_uow() as uow:
        states = sorted(uow.session.scalars(select(IntakeFile.state)))
        assert states == ["duplicate", "stored"]


BROKE = "connection lost"


class Broken(io.BytesIO):
    """A line that goes dead after some bytes."""

    def read(self, size=-1):
        if self.tell() >= 5:
            raise OSError(BROKE)
        return super().read(min(size, 5))


def test_what_came_before_the_line_broke_stays(tus, system, new_uow):
    there = tus.start(10).headers["Location"]
    token = there.rpartition("/")[2]
    with new_uow() as uow:
        row = uow.session.scalars(select(Arrival)).one()
    actor = replace(sending_actor(), name=row.sender)
    with pytest.raises(OSError, match=BROKE):
        sending.append(system, actor, token, 0, Broken(b"1234567890"))
    assert tus.offset(there) == "5"
    assert tus.part(there, 5, b"67890").status_code == 204


def sending_actor():
    return sending.Actor.program("job")


def test_a_zip_by_numbers_finds_its_loan_files(tus, work, new_uow):
    data = zip_of({f"{OURS}_GL11 对账单.txt": "一", "JJ1999-0001.txt": "二"})
    there = tus.start(len(data), "卷宗.zip", by_number="1").headers["Location"]
    tus.part(there, 0, data)
    work()
    with new_uow() as uow:
        receipt = batches.receipt_of(uow, tus.batch)
        assert (receipt.received, receipt.unmatched, receipt.adds_up) == (2, 1, True)
        assert uow.session.scalars(select(Document)).one().item_code == "GL11"


def test_options_tell_what_is_spoken(tus):
    reply = tus.client.options("/uploads")
    assert reply.headers["Tus-Version"] == "1.0.0"
    assert "creation" in reply.headers["Tus-Extension"]


def test_the_receipt_names_what_has_not_come_and_it_can_be_given_up(tus, browser, settings):
    tus.start(10, "半个.pdf")
    page = tus.client.get(f"/intake/{tus.batch}").get_data(as_text=True)
    assert "半个.pdf" in page
    assert "传送中" in page
    assert (
        opened(browser, "archive_clerk").post("/intake/arrivals/1/give-up").status_code == 404
    )
    assert tus.client.post("/intake/arrivals/1/give-up").status_code == 302
    page = tus.client.get(f"/intake/{tus.batch}").get_data(as_text=True)
    assert "已放弃" in page
    assert parts_left(settings) == []


def test_a_program_with_a_key_sends_in_parts_and_the_receipt_is_a_workbook(
    program, browser, loans, work, new_uow
):
    del loans
    client = program("legal")
    batch = client.post("/api/v1/uploads/deliveries", json={"expected": 1}).get_json()["batch"]
    facts = {"filename": "YJ01 合同.txt", "batch": str(batch), "loan": OURS}
    pairs = [f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in facts.items()]
    announced = {"Upload-Length": "6", "Upload-Metadata": ",".join(pairs)}
    there = client.post("/api/v1/uploads", headers=announced).headers["Location"]
    assert there.startswith("/api/v1/uploads/")
    assert client.patch(there, data=b"abc", headers=PART | {"Upload-Offset": "0"}).status_code
    assert client.head(there).headers["Upload-Offset"] == "3"
    client.patch(there, data=b"def", headers=PART | {"Upload-Offset": "3"})
    assert program("auditor").head(there).status_code == 403
    work()
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert uow.vault.read(document.sha256) == b"abcdef"
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    assert "patch" in paths["/api/v1/uploads/{token}"]
    body = browser("legal").get(f"/intake/{batch}.xlsx").get_data()
    cells = [c.value for row in openpyxl.load_workbook(io.BytesIO(body)).active for c in row]
    assert "YJ01 合同.txt" in cells
    assert "合计相符。" in cells
    assert browser("other_branch").get(f"/intake/{batch}.xlsx").status_code == 404
