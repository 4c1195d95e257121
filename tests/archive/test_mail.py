"""The mailbox for papers, against a server of our own: kept whole, with attachments, once."""

import re
import socketserver
import threading
from dataclasses import replace
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from postloan_archive.archive import batches
from postloan_archive.archive.incoming import mail
from postloan_archive.archive.incoming.mail import MailboxError
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.models import Document, IntakeFile
from tests.archive.conftest import LOAN_NO
from tests.reading.made_files import pdf


class Imap(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 as a mailbox reader needs."""

    def handle(self):  # noqa: C901 - one branch for each command
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, rest = line.decode().strip().partition(" ")
            self.server.heard.append(rest)
            command = rest.upper()
            if command.startswith("LOGIN") and "geheim" not in rest:
                self.say(f"{tag} NO wrong password")
                continue
            if command.startswith("SELECT"):
                self.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] ok")
            elif command.startswith("UID SEARCH"):
                unseen = [uid for uid in self.server.box if uid not in self.server.seen]
                self.say("* SEARCH " + " ".join(map(str, unseen)))
            elif command.startswith("UID FETCH"):
                uid = int(rest.split()[2])
                data = self.server.box[uid]
                if "SIZE" in command:
                    size = self.server.sizes.get(uid, len(data))
                    self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {size})")
                else:
                    self.wfile.write(
                        f"* 1 FETCH (UID {uid} BODY[] {{{len(data)}}}\r\n".encode()
                    )
                    if uid == self.server.breaks_at:
                        self.wfile.write(data[: len(data) // 2])
                        return  # the line breaks in the middle of the message
                    self.wfile.write(data + b")\r\n")
            elif command.startswith("UID STORE"):
                if self.server.deaf:
                    return  # the line breaks before the mark
                self.server.seen.add(int(rest.split()[2]))
            elif command.startswith("LOGOUT"):
                self.say("* BYE", f"{tag} OK bye")
                return
            elif command.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1")
            self.say(f"{tag} OK done")

    def say(self, *lines):
        for line in lines:
            self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def server():
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    running = Server(("127.0.0.1", 0), Imap)
    running.box, running.seen, running.heard, running.sizes = {}, set(), [], {}
    running.deaf, running.breaks_at = False, 0
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def office(system, server, loan_id):
    del loan_id
    settings = replace(
        system.settings,
        imap_host="127.0.0.1",
        imap_port=server.server_address[1],
        imap_tls=False,
        imap_user="papers",
        imap_password="geheim",
    )
    return replace(system, settings=settings)


def message(subject, **attachments):
    one = EmailMessage()
    one["Subject"], one["From"], one["To"] = subject, "court@example.com", "papers@example.com"
    one.set_content("请查收。")
    for name, data in attachments.items():
        one.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return one.as_bytes()


def test_messages_and_attachments_come_once(office, server, new_uow):
    server.box[1] = message(f"判决书 {LOAN_NO}", **{"民事判决书.pdf": pdf(["民事判决书"])})
    server.box[2] = message("随便/看看  一下")
    assert mail.fetch(office) == 2
    assert mail.fetch(office) == 0
    assert server.seen == {1, 2}
    with new_uow() as uow:
        rows = uow.session.scalars(select(IntakeFile).order_by(IntakeFile.id)).all()
        assert [row.name for row in rows] == [
            f"判决书 {LOAN_NO}.eml",
            f"判决书 {LOAN_NO}/民事判决书.pdf",
            "随便_看看 一下.eml",
        ]
        assert [row.loan_no for row in rows] == [LOAN_NO, LOAN_NO, ""]
        assert uow.vault.read(rows[0].sha256) == server.box[1]
        papers = uow.session.scalars(select(Document).order_by(Document.id)).all()
        assert [paper.source for paper in papers] == ["mail", "mail"]
        assert papers[1].item_code == "BQ10"
        receipt = batches.receipt_of(uow, rows[0].batch_id)
        assert (receipt.received, receipt.adds_up) == (3, True)


def test_a_stop_before_the_mark_takes_nothing_twice(office, server, new_uow):
    server.box[1] = message("一封")
    server.deaf = True
    with pytest.raises(MailboxError):
        mail.fetch(office)
    server.deaf = False
    assert mail.fetch(office) == 0
    assert server.seen == {1}
    with new_uow() as uow:
        assert len(uow.session.scalars(select(IntakeFile)).all()) == 1


def test_a_line_that_breaks_within_a_message_keeps_none_of_it(office, server, new_uow):
    server.box = {1: message("一封"), 2: message("二", **{"长.pdf": pdf(["长"]) * 50})}
    server.breaks_at = 2
    with pytest.raises(MailboxError):
        mail.fetch(office)
    with new_uow() as uow:
        row = uow.session.scalars(select(IntakeFile)).one()
        assert uow.vault.read(row.sha256) == server.box[1]
        one = batches.receipt_of(uow, row.batch_id)
        assert (one.adds_up, one.closed_at is not None) == (True, True)
    server.breaks_at = 0
    assert mail.fetch(office) == 1
    assert server.seen == {1, 2}


def test_a_message_that_breaks_the_storing_is_named_and_the_others_come(
    office, server, new_uow, monkeypatch
):
    server.box = {1: message("坏"), 2: message("好")}
    real = mail.store_group

    def store(uow, batch_id, sources):
        if any(source.name == "坏.eml" for source in sources):
            raise ValueError
        return real(uow, batch_id, sources)

    monkeypatch.setattr(mail, "store_group", store)
    assert mail.fetch(office) == 2
    assert mail.fetch(office) == 0
    with new_uow() as uow:
        rows = uow.session.scalars(select(IntakeFile).order_by(IntakeFile.id)).all()
        assert [(row.name, row.state) for row in rows] == [
            ("1.eml", "damaged"),
            ("好.eml", "stored"),
        ]
        assert "意外" in rows[0].message


def test_what_is_too_large_is_named_and_left(office, server, new_uow):
    server.box[1] = message("大")
    server.sizes[1] = office.settings.upload_max_mb * 1_048_576 + 1
    assert mail.fetch(office) == 1
    with new_uow() as uow:
        row = uow.session.scalars(select(IntakeFile)).one()
        assert (row.state, row.sha256) == ("too_large", "")
        assert uow.session.scalars(select(Arrival)).one().state == "failed"
    assert not any(re.search(r"BODY", line) for line in server.heard)


def test_odd_messages_are_kept_whole(office, server, new_uow):
    server.box[1] = b"\xff\xfe no message at all"
    server.box[2] = b"Subject: =?gb2312?B?broken?=\r\nContent-Type: multipart/mixed\r\n\r\n--"
    assert mail.fetch(office) == 2
    with new_uow() as uow:
        rows = uow.session.scalars(select(IntakeFile).order_by(IntakeFile.id)).all()
        assert [uow.vault.read(row.sha256) for row in rows] == [server.box[1], server.box[2]]


def test_a_wrong_password_and_a_closed_door_are_said(office):
    wrong = replace(office.settings, imap_password="falsch")
    with pytest.raises(MailboxError, match="收件邮箱无法读取"):
        mail.fetch(replace(office, settings=wrong))
    closed = replace(office.settings, imap_port=1)
    with pytest.raises(MailboxError):
        mail.fetch(replace(office, settings=closed))
    assert mail.fetch(replace(office, settings=replace(office.settings, imap_host=""))) == 0
