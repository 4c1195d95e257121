"""The Word templates in use: which version a letter takes, read once, compiled once."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, object_session

from postloan_archive.access import branches
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.notices.letters import Letter
from postloan_archive.notices.models import TemplatePublication, TemplateVersion
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Template, compile_template

_PACKAGE: Final = Path(__file__).resolve().parents[1]
FOLDERS: Final = (_PACKAGE / "doc_templates", _PACKAGE.parent / "doc_templates")
_CACHE: Final[dict[str, Template]] = {}  # by digest; a template never changes
PRODUCT: Final = "system"  # who publishes what the product ships


class TemplateMissingError(NotFoundError):
    """The Word file is not in the installation."""

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("缺少 Word 模板 {name}，请检查安装是否完整。"), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplate:
    """A compiled template and the digest of the file it was compiled from."""

    sha256: str
    compiled: Template


def template_bytes(name: str) -> bytes:
    """Return the template that the product ships.

    Raises:
        TemplateMissingError: no such file in the installation.
    """
    for folder in FOLDERS:
        path = folder / name
        if path.is_file():
            return path.read_bytes()
    raise TemplateMissingError(name=name)


def letter_template(
    uow: UnitOfWork, name: str, *, sha256: str | None = None, keep: bool = True
) -> LetterTemplate:
    """Return a shipped template, or the one of an earlier run by its digest.

    Args:
        uow: the vault holds the earlier ones.
        name: the file of the template.
        sha256: the digest that a run has recorded; the shipped template if None.
        keep: put the bytes into the vault, so that a letter can be printed again for ever;
            the caller records the digest in a row. A paper that is only previewed or that is
            kept itself needs no such copy.
    """
    data: bytes | None = None
    if sha256 is None:
        data = template_bytes(name)
        if keep:
            sha256 = uow.vault.put(io.BytesIO(data)).sha256
        else:
            sha256 = hashlib.sha256(data).hexdigest()
    cached = _CACHE.get(sha256)
    if cached is None:
        cached = _CACHE[sha256] = compile_template(
            uow.vault.read(sha256) if data is None else data
        )
    return LetterTemplate(sha256=sha256, compiled=cached)


class InUse:
    """The versions that the letters of one run take, looked up once for each branch."""

    def __init__(self, uow: UnitOfWork, letter: type[Letter]) -> None:
        self.uow, self.letter = uow, letter
        self._by_branch: dict[int | None, TemplateVersion] = {}

    def of(self, branch_id: int | None) -> TemplateVersion:
        """Return the version for loans of a branch; None: the head office's."""
        found = self._by_branch.get(branch_id)
        if found is None:
            found = in_use(self.uow, self.letter, branch_id)
            self._by_branch[branch_id] = found
        return found


def in_use(
    uow: UnitOfWork, letter: type[Letter], branch_id: int | None = None, *, keep: bool = True
) -> TemplateVersion:
    """Return the version in use: of the branch, of those above it, of the head office.

    What ships with the product becomes a version the first time it is needed, and again when
    an update of the product brings another file, until the bank publishes a version of its own.

    Args:
        uow: where to look.
        letter: the kind of letter.
        branch_id: the branch of the loan, None for the head office.
        keep: make that version; a page that only reads gets it without an id.
    """
    places = branches.upwards(uow.session, branch_id) if branch_id is not None else ()
    for place in places:
        variant = published(uow, letter.code, place)
        if variant is not None:
            return variant
    head = published(uow, letter.code, None)
    if head is not None and head.origin != "shipped":
        return head
    return _shipped(uow, letter, head, keep=keep)


def published(uow: UnitOfWork, code: str, branch_id: int | None) -> TemplateVersion | None:
    """Return what the newest publication of a code at one place put in use."""
    newest = uow.session.scalar(
        select(TemplatePublication)
        .where(TemplatePublication.code == code, _at(TemplatePublication.branch_id, branch_id))
        .order_by(TemplatePublication.id.desc())
        .limit(1)
    )
    if newest is None or newest.version_id is None:
        return None
    return uow.session.get_one(TemplateVersion, newest.version_id)


def next_number(uow: UnitOfWork, code: str, branch_id: int | None) -> int:
    """Return the number of the next version of a code at one place."""
    last = uow.session.scalar(
        select(func.max(TemplateVersion.number)).where(
            TemplateVersion.code == code, _at(TemplateVersion.branch_id, branch_id)
        )
    )
    return (last or 0) + 1


def publish(
    uow: UnitOfWork, version: TemplateVersion, *, act: str, reason: str = "", by: str = ""
) -> None:
    """Put a version in use at its place from now on."""
    uow.session.add(
        TemplatePublication(
            code=version.code,
            branch_id=version.branch_id,
            version_id=version.id,
            act=act,
            reason=reason,
            published_by=by or uow.actor.name,
            published_at=uow.clock.now(),
        )
    )
    uow.session.flush()  # the next look for what is in use must see it


def content_of(uow: UnitOfWork, version: TemplateVersion) -> bytes:
    """Return the file of a version, one that is not kept yet included."""
    if object_session(version) is None:
        return template_bytes(version.file_name)
    return uow.vault.read(version.sha256)


def keep_shipped(uow: UnitOfWork, letters: Iterable[type[Letter]]) -> None:
    """Make versions of what ships with the product; running it again changes nothing."""
    for letter in letters:
        in_use(uow, letter)


def _shipped(
    uow: UnitOfWork, letter: type[Letter], head: TemplateVersion | None, *, keep: bool
) -> TemplateVersion:
    data = template_bytes(letter.template)
    digest = hashlib.sha256(data).hexdigest()
    if head is not None and head.sha256 == digest:
        return head
    now = uow.clock.now()
    version = TemplateVersion(
        code=letter.code,
        number=next_number(uow, letter.code, None),
        sha256=digest,
        size=len(data),
        file_name=letter.template,
        origin="shipped",
        state="published",
        uploaded_by=PRODUCT,
        uploaded_at=now,
        decided_by=PRODUCT,
        decided_at=now,
    )
    if not keep:
        return version
    uow.vault.put(io.BytesIO(data))
    uow.session.add(version)
    uow.session.flush()  # the publication and the audit line need the id
    publish(uow, version, act="publish", by=PRODUCT)
    uow.record(
        "notices.template_shipped",
        f"template:{letter.code}",
        version=version.number,
        sha256=version.sha256,
    )
    return version


def _at(
    column: InstrumentedAttribute[int | None], branch_id: int | None
) -> ColumnElement[bool]:
    return column.is_(None) if branch_id is None else column == branch_id
