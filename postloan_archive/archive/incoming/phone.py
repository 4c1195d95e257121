"""Photographs from a telephone: a one-time code, bound to a person, a slot and 15 minutes."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from sqlalchemy import select

from postloan_archive.access import rights, users
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import inbox, service
from postloan_archive.archive.cutting import editing, sources
from postloan_archive.archive.inbox import FileIt
from postloan_archive.archive.incoming.models import PhoneLink
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.rules import leaves as cuts
from postloan_archive.archive.rules.filing import UNSORTED, check_item, item_title
from postloan_archive.archive.service import OpenBatch
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.reading import has_page_image, read_file
from postloan_archive.uow import System, UnitOfWork

LASTS: Final = timedelta(minutes=15)  # from the last photograph, too
MOST: Final = 100  # photographs of one paper
RETAKEN: Final = _l("手机端重拍，未采用。")


class LinkOverError(NotFoundError):
    """The code was used by another telephone, is too old, or the work is done."""

    next_step = _l("请在电脑上重新生成二维码。")

    def __init__(self) -> None:
        super().__init__(_l("此二维码已使用或已过期。"))


class NoPictureError(RuleError):
    """What the telephone sent is no photograph."""

    field = "photo"
    next_step = _l("请用相机拍摄，或选择图片。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("“{name}”不是图片。"), name=name)


class NoShotError(RuleError):
    """Nothing was photographed yet."""

    def __init__(self) -> None:
        super().__init__(_l("还没有照片。"))


class TooManyShotsError(ConflictError):
    """One paper has so many pages only on a scanner."""

    next_step = _l("请先完成本件，再拍下一件。")

    def __init__(self) -> None:
        super().__init__(_l("一件最多 {most} 页。"), most=MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What telephone and desk see of a link."""

    id: int
    actor: Actor
    batch_id: int
    loan_no: str
    item_code: str
    item: str
    shots: tuple[int, ...]
    expires_at: datetime
    opened: bool
    closed: bool
    document_id: int | None


def make_link(uow: UnitOfWork, *, loan_no: str = "", item_code: str = "") -> tuple[int, str]:
    """Return id and token of a new link for the actor.

    Raises:
        LoanNotFoundError, UnknownItemError: there is no such slot for this person.
    """
    assert uow.actor.user_id is not None  # programs have no telephone
    number = loans.get_loan(uow, loan_no).loan_no if loan_no else ""
    token = secrets.token_urlsafe(24)
    batch = service.open_batch(uow, OpenBatch(source="phone"))
    now = uow.clock.now()
    row = PhoneLink(
        token_hash=_digest(token),
        user_id=uow.actor.user_id,
        batch_id=batch.id,
        loan_no=number,
        item_code=check_item(item_code) if item_code else "",
        made_at=now,
        expires_at=now + LASTS,
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record("archive.phone_link_made", f"phone_link:{row.id}", loan_no=number)
    return row.id, token


def look_at_token(uow: UnitOfWork, token: str) -> Phone:
    """Return the link of a code that nobody has opened yet.

    Raises:
        LinkOverError: it is used, too old or unknown: the same answer.
    """
    row = uow.session.scalar(select(PhoneLink).where(PhoneLink.token_hash == _digest(token)))
    if row is None or row.opened_at is not None:
        raise LinkOverError
    return _phone(uow, _alive(uow, row))


def open_link(uow: UnitOfWork, token: str) -> str:
    """Use the code up; return the key that this telephone keeps as a cookie.

    Raises:
        LinkOverError: it is used, too old or unknown.
    """
    look_at_token(uow, token)
    row = uow.session.scalars(
        select(PhoneLink).where(PhoneLink.token_hash == _digest(token))
    ).one()
    key = secrets.token_urlsafe(24)
    now = uow.clock.now()
    row.key_hash, row.opened_at, row.expires_at = _digest(key), now, now + LASTS
    uow.record("archive.phone_link_opened", f"phone_link:{row.id}")
    return key


def by_key(uow: UnitOfWork, key: str) -> Phone:
    """Return the link that a telephone has opened.

    Raises:
        LinkOverError: there is none, or it is over.
    """
    return _phone(uow, _row(uow, key))


def by_id(uow: UnitOfWork, link_id: int) -> Phone:
    """Return a link of the actor, for the desk that shows its code.

    Raises:
        LinkOverError: there is no such link of this person.
    """
    row = uow.session.get(PhoneLink, link_id)
    if row is None or row.user_id != uow.actor.user_id:
        raise LinkOverError
    return _phone(uow, row)


def take_shot(system: System, phone: Phone, key: str, name: str, stream: BinaryIO) -> int:
    """Keep one photograph; return the id of its file.

    Raises:
        LinkOverError: the link is over.
        NoPictureError: it is no picture.
        TooManyShotsError: the paper has enough pages.
    """
    with TemporaryDirectory(prefix="postloan-phone-") as folder:
        path = Path(folder) / "shot"
        with path.open("wb") as out:
            while block := stream.read(1 << 20):
                out.write(block)
        result = read_file(path, name)
        if not has_page_image(result.media_type) or not result.pages:
            raise NoPictureError(name=name)
        with system.unit_of_work(phone.actor) as uow, path.open("rb") as photo:
            link = _row(uow, key)
            if len(link.shots) >= MOST:
                raise TooManyShotsError
            row = inbox.receive_waiting(
                uow,
                batch_id=link.batch_id,
                name=name,
                stream=photo,
                item_code=link.item_code,
            )
            row.media_type, row.page_count = result.media_type, len(result.pages)
            row.state = "stored"
            link.shots = [*link.shots, row.id]
            link.expires_at = uow.clock.now() + LASTS
            return row.id


def retake(uow: UnitOfWork, key: str, file_id: int) -> None:
    """Leave a photograph out; it stays kept and is named in the inbox as not used.

    Raises:
        LinkOverError: the link is over, or the photograph is not of it.
    """
    link = _row(uow, key)
    if file_id not in link.shots:
        raise LinkOverError
    row = uow.session.get_one(IntakeFile, file_id)
    inbox.reject(uow, row.id, row.version, RETAKEN)
    link.shots = [one for one in link.shots if one != file_id]


def move(uow: UnitOfWork, key: str, file_id: int, by: int) -> None:
    """Move a photograph one place up or down.

    Raises:
        LinkOverError: the link is over, or the photograph is not of it.
    """
    link = _row(uow, key)
    if file_id not in link.shots:
        raise LinkOverError
    rest = [one for one in link.shots if one != file_id]
    at = min(max(link.shots.index(file_id) + by, 0), len(rest))
    link.shots = [*rest[:at], file_id, *rest[at:]]


def finish(system: System, phone: Phone, key: str) -> Document | None:
    """Join the photographs to one piece; into the slot where there is one, else the inbox.

    Raises:
        LinkOverError: the link is over.
        NoShotError: there is no photograph.
        UnreadableError: a photograph cannot be taken over.
    """
    with system.unit_of_work(phone.actor) as uow:
        link = _row(uow, key)
        if not link.shots:
            raise NoShotError
        rows = [uow.session.get_one(IntakeFile, one) for one in link.shots]
        leaves = [leaf for row in rows for leaf in cuts.whole(row.id, row.page_count)]
        first = rows[0]
        if len(rows) > 1:
            editing.join(uow, rows, leaves)
        loan_no, item, first_id = link.loan_no, link.item_code or UNSORTED, first.id
        uow.session.flush()  # the version of the joined row
        version = first.version
    document = None
    made = sources.make(system, phone.actor, first_id) if loan_no else None
    with system.unit_of_work(phone.actor) as uow:
        link = _row(uow, key)
        if loan_no:
            title = item_title(item) if item != UNSORTED else _l("手机拍摄")
            cmd = FileIt(
                file_id=first_id,
                version=version,
                loan_no=loan_no,
                item_code=item,
                title=title,
                made=made,
            )
            document = inbox.file_it(uow, cmd)
            link.document_id = document.id
        link.closed_at = uow.clock.now()
        service.close_batch(uow, link.batch_id)
    return document


def _row(uow: UnitOfWork, key: str) -> PhoneLink:
    found = uow.session.scalar(
        select(PhoneLink).where(PhoneLink.key_hash == _digest(key), PhoneLink.key_hash != "")
    )
    if not key or found is None:
        raise LinkOverError
    return _alive(uow, found)


def _alive(uow: UnitOfWork, row: PhoneLink) -> PhoneLink:
    user = users.get(uow, row.user_id)
    over = row.closed_at is not None or row.expires_at < uow.clock.now()
    if over or user.disabled_at is not None:
        raise LinkOverError
    return row


def _phone(uow: UnitOfWork, row: PhoneLink) -> Phone:
    user = users.get(uow, row.user_id)
    posts = rights.posts_of(uow.session, user.id)
    actors = [rights.actor_for(user, post) for post in posts]
    actor = next((one for one in actors if one.may(Permission.DOCUMENT_ADD)), None)
    if actor is None:
        raise LinkOverError
    return Phone(
        id=row.id,
        actor=actor,
        batch_id=row.batch_id,
        loan_no=row.loan_no,
        item_code=row.item_code,
        item=item_title(row.item_code) if row.item_code else "",
        shots=tuple(row.shots),
        expires_at=row.expires_at,
        opened=row.opened_at is not None,
        closed=row.closed_at is not None,
        document_id=row.document_id,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
