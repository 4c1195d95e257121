"""The mailbox for papers: each message is kept whole, each attachment beside it, once."""

import contextlib
import email
import email.policy
import imaplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import structlog
from sqlalchemy import select

from postloan_archive.archive import service
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.incoming.taking import (
    BROKEN,
    MEBIBYTE,
    NO_FAULT_OF_A_FILE,
    by_number,
    numbers_of,
)
from postloan_archive.archive.intake import Source, store_group
from postloan_archive.archive.rules.file_numbers import Numbers
from postloan_archive.archive.service import OpenBatch
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.reading import State
from postloan_archive.uow import System

log = structlog.get_logger(__name__)
CHANNEL: Final = "mail"
ACTOR: Final = Actor.program("mail")
PATIENCE_S: Final = 60  # for an answer of the server
AT_ONCE: Final = 200  # messages of one look
MOST_PARTS: Final = 200  # attachments of one message that are taken one by one
LONGEST: Final = 120  # characters of a subject in a name
NO_SUBJECT: Final = _l("无主题邮件")
TOO_LARGE: Final = _l("邮件超过上限，未收取，仍在邮箱中；请由发件方另行传送。")


class MailboxError(PostloanError):
    """The mailbox does not let us in, or breaks off."""

    next_step = _l("请核对 POSTLOAN_IMAP_ 各项设置和网络。")

    def __init__(self, *, reason: str) -> None:
        super().__init__(_l("收件邮箱无法读取：{reason}"), reason=reason)


def fetch(system: System) -> int:
    """Take in what is new in the mailbox; return how many messages.

    A message is marked as seen once it is stored. One that was stored by a run that was killed
    before is known by its number and only marked.

    Raises:
        MailboxError: the server cannot be reached, refuses, or breaks off.
    """
    settings = system.settings
    if not settings.imap_host:
        return 0
    try:
        with _opened(settings) as box:
            return _take_new(system, box)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(reason=str(error) or type(error).__name__) from error


@contextlib.contextmanager
def _opened(settings: Settings) -> Iterator[imaplib.IMAP4]:
    kind = imaplib.IMAP4_SSL if settings.imap_tls else imaplib.IMAP4
    box = kind(settings.imap_host, settings.imap_port, timeout=PATIENCE_S)
    try:
        box.login(settings.imap_user, settings.imap_password)
        yield box
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            box.logout()
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            box.shutdown()  # the line may have broken before


def _take_new(system: System, box: imaplib.IMAP4) -> int:
    settings = system.settings
    folder = settings.imap_folder
    _right(box.select(f'"{folder}"'))
    validity = (box.response("UIDVALIDITY")[1] or [b"0"])[0]
    era = validity.decode("ascii", "replace") if isinstance(validity, bytes) else "0"
    found = _right(box.uid("SEARCH", "UNSEEN"))
    uids = [part.decode("ascii") for part in found[0].split()] if found and found[0] else []
    if not uids:
        return 0
    delivery = _Delivery(system, folder)
    try:
        for uid in uids[:AT_ONCE]:
            place = f"{settings.imap_user}@{settings.imap_host}/{folder}/{era}/{uid}"
            if delivery.needs(place):
                _take_one(system, box, uid, place, delivery)
                delivery.taken += 1
            _right(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    finally:  # a line that broke: what came before is a delivery of its own
        delivery.close()
    return delivery.taken


class _Delivery:
    """The delivery of one look: opened with its first message, closed however the look ends."""

    def __init__(self, system: System, folder: str) -> None:
        self._system, self._folder = system, folder
        self.taken = 0
        self.batch_id = 0  # none yet
        self.numbers = Numbers(())

    def needs(self, place: str) -> bool:
        """Return whether the message is new; then there is a delivery for it."""
        with self._system.unit_of_work(ACTOR) as uow:
            query = select(Arrival.id).where(Arrival.channel == CHANNEL, Arrival.place == place)
            if uow.session.scalar(query) is not None:
                return False
            if not self.batch_id:
                self.numbers = numbers_of(uow)
                batch = service.open_batch(uow, OpenBatch(source=CHANNEL))
                batch.place = f"{self._system.settings.imap_user} {self._folder}"
                self.batch_id = batch.id
        return True

    def close(self) -> None:
        """Close it, if it was opened."""
        if self.batch_id:
            with self._system.unit_of_work(ACTOR) as uow:
                service.close_batch(uow, self.batch_id)


def _take_one(
    system: System, box: imaplib.IMAP4, uid: str, place: str, delivery: _Delivery
) -> None:
    """Store one message and its attachments in one transaction."""
    limit = system.settings.upload_max_mb * MEBIBYTE
    size = _size(box, uid)
    with TemporaryDirectory(prefix="postloan-mail-") as folder:
        if size > limit:
            name = f"{place.rpartition('/')[2]}.eml"
            sources = [Source(name=name, path=None, state=State.TOO_LARGE, message=TOO_LARGE)]
        else:
            raw = _body(box, uid)
            size = len(raw)
            sources = [by_number(one, delivery.numbers) for one in parts_of(raw, Path(folder))]
        try:
            _store(system, place, size, delivery, sources)
        except NO_FAULT_OF_A_FILE:
            raise
        except Exception:  # one letter must not stop the mailbox for ever
            log.exception("message_not_taken", place=place)
            name = f"{place.rpartition('/')[2]}.eml"
            broken = Source(name=name, path=None, state=State.DAMAGED, message=BROKEN)
            _store(system, place, size, delivery, [broken])


def _store(
    system: System, place: str, size: int, delivery: _Delivery, sources: list[Source]
) -> None:
    with system.unit_of_work(ACTOR) as uow:
        rows = store_group(uow, delivery.batch_id, sources)
        failed = not rows[0].sha256
        uow.session.add(
            Arrival(
                channel=CHANNEL,
                place=place,
                name=rows[0].name,
                size=size,
                state="failed" if failed else "taken",
                message=rows[0].message if failed else "",
                members=len(rows),
                removed=True,
                batch_id=delivery.batch_id,
                by_number=True,
                sender=ACTOR.name,
                seen_at=uow.clock.now(),
                taken_at=uow.clock.now(),
            )
        )


def parts_of(raw: bytes, folder: Path) -> list[Source]:
    """Return the message and its attachments as files under numbers.

    Args:
        raw: the message as it came; kept byte for byte.
        folder: where to write them.
    """
    whole = folder / "0"
    whole.write_bytes(raw)
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        subject = " ".join(str(message.get("subject", "")).split())[:LONGEST]
    except Exception:  # noqa: BLE001 - headers from strangers; the message itself is kept
        return [Source(name=f"{NO_SUBJECT}.eml", path=whole)]
    title = (subject or NO_SUBJECT).replace("/", "_").replace("\\", "_")
    sources = [Source(name=f"{title}.eml", path=whole)]
    assert isinstance(message, EmailMessage)
    try:
        for number, part in enumerate(message.iter_attachments(), start=1):
            if number > MOST_PARTS:
                break
            data = part.get_payload(decode=True)
            if not isinstance(data, bytes):
                continue  # a message within; it is in the whole
            path = folder / str(number)
            path.write_bytes(data)
            name = str(part.get_filename() or f"附件{number}").replace("/", "_")
            sources.append(Source(name=f"{title}/{name}", path=path))
    except Exception:  # noqa: BLE001 - what cannot be taken apart is still in the whole
        return sources
    return sources


def _size(box: imaplib.IMAP4, uid: str) -> int:
    answer = _right(box.uid("FETCH", uid, "(RFC822.SIZE)"))
    text = b" ".join(one for one in answer if isinstance(one, bytes))
    digits = text.partition(b"RFC822.SIZE ")[2].split(b")")[0].split(b" ")[0]
    return int(digits) if digits.isdigit() else 0


def _body(box: imaplib.IMAP4, uid: str) -> bytes:
    answer = _right(box.uid("FETCH", uid, "(BODY.PEEK[])"))
    for one in answer:
        if isinstance(one, tuple) and isinstance(one[1], bytes):
            return one[1]
    raise MailboxError(reason=f"UID {uid}")


def _right(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise MailboxError(reason=f"{kind} {data!r}"[:200])
    return data
