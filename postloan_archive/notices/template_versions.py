"""What people do with templates: upload, submit, publish by a second person, roll back."""

import io
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import _l
from postloan_archive.notices.kinds import KINDS
from postloan_archive.notices.letters import Letter
from postloan_archive.notices.models import Notice, TemplatePublication, TemplateVersion
from postloan_archive.notices.template_check import check, is_warning
from postloan_archive.notices.template_errors import (
    NeverPublishedError,
    NoSuchLetterError,
    NotYourPlaceError,
    ReasonNeededError,
    SamePublisherError,
    TemplateFaultyError,
    TemplateStateError,
    TemplateUnchangedError,
    TemplateVersionNotFoundError,
)
from postloan_archive.notices.templates import in_use, next_number, publish, published
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Fault

STATE_LABELS: Final = {
    "draft": _l("草稿"),
    "submitted": _l("待发布"),
    "published": _l("已发布"),
    "refused": _l("已退回"),
}
ACT_LABELS: Final = {
    "publish": _l("发布"),
    "roll_back": _l("退回旧版"),
    "end": _l("停用变体"),
}
# Such a file is no template at all: it is refused and not kept.
UNFIT: Final = frozenset(
    {
        "not_docx",
        "too_large",
        "doctype",
        "macro",
        "ole",
        "remote_template",
        "external",
        "import",
        "field_code",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTemplate:
    """A new version of a template; `branch_id` None: for the whole house."""

    code: str
    data: bytes
    file_name: str
    branch_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideTemplate:
    """The decision of the second person; a refusal says why."""

    version_id: int
    publish: bool
    reason: str = ""


def letter_of(code: str) -> type[Letter]:
    """Return the letter with a code, in any case.

    Raises:
        NoSuchLetterError: none has it.
    """
    letter = KINDS.get(code.upper())
    if letter is None:
        raise NoSuchLetterError(code=code)
    return letter


def may_change(uow: UnitOfWork, branch_id: int | None) -> bool:
    """Return whether the actor may change templates of a place; None: the whole house.

    The whole house is for those who see every branch.
    """
    if uow.actor.branch_ids is None:
        return True
    if branch_id is not None:
        return uow.actor.sees_branch(branch_id)
    return all(row.id in uow.actor.branch_ids for row in branches.tree(uow.session))


def get_version(uow: UnitOfWork, version_id: int) -> TemplateVersion:
    """Return a version: of the whole house, or of a branch that the actor sees.

    Raises:
        TemplateVersionNotFoundError: there is none.
    """
    version = uow.session.get(TemplateVersion, version_id)
    if version is None or not _is_seen(uow, version.branch_id):
        raise TemplateVersionNotFoundError(version=version_id)
    return version


def faults_of(uow: UnitOfWork, version: TemplateVersion) -> list[Fault]:
    """Return every fault of a version, fonts of this machine included."""
    return check(letter_of(version.code), uow.vault.read(version.sha256))


def upload(uow: UnitOfWork, cmd: UploadTemplate) -> TemplateVersion:
    """Keep a file as a draft version; its faults are shown and must go before it is submitted.

    Raises:
        NoSuchLetterError: no letter has the code.
        NotYourPlaceError: the actor may not change templates of that branch.
        TemplateFaultyError: the file is no template that may be kept: macros, a zip bomb …
        TemplateUnchangedError: it is the version in use.
    """
    letter = letter_of(cmd.code)
    _check_place(uow, cmd.branch_id)
    faults = check(letter, cmd.data)
    unfit = [fault for fault in faults if fault.code in UNFIT]
    if unfit:
        raise TemplateFaultyError(count=len(unfit), first=[fault.message for fault in unfit])
    stored = uow.vault.put(io.BytesIO(cmd.data))
    here = in_use(uow, letter, cmd.branch_id)
    if here.sha256 == stored.sha256:
        raise TemplateUnchangedError(number=here.number)
    version = TemplateVersion(
        code=letter.code,
        branch_id=cmd.branch_id,
        number=next_number(uow, letter.code, cmd.branch_id),
        sha256=stored.sha256,
        size=stored.size,
        file_name=cmd.file_name,
        note=cmd.note.strip(),
        uploaded_by=uow.actor.name,
        uploaded_at=uow.clock.now(),
    )
    uow.session.add(version)
    uow.session.flush()  # the audit line needs the id
    _record(uow, "notices.template_uploaded", version, faults=len(faults))
    return version


def submit(uow: UnitOfWork, version_id: int) -> TemplateVersion:
    """Ask for the publication of a draft.

    Raises:
        TemplateVersionNotFoundError: there is none.
        NotYourPlaceError: the actor may not change templates of that branch.
        TemplateStateError: it is no draft.
        TemplateFaultyError: it has faults.
    """
    version = get_version(uow, version_id)
    _check_place(uow, version.branch_id)
    _check_state(version, "draft")
    _check_faults(uow, version)
    version.state = "submitted"
    version.submitted_by, version.submitted_at = uow.actor.name, uow.clock.now()
    _record(uow, "notices.template_submitted", version)
    return version


def decide(uow: UnitOfWork, cmd: DecideTemplate) -> TemplateVersion:
    """Publish a submitted version or send it back; never by who made it.

    Raises:
        TemplateVersionNotFoundError: there is none.
        NotYourPlaceError: the actor may not change templates of that branch.
        TemplateStateError: nobody submitted it, or somebody decided before.
        SamePublisherError: the actor uploaded or submitted it.
        ReasonNeededError: a refusal without a reason.
        TemplateFaultyError: it has faults, as a letter may have changed meanwhile.
    """
    version = get_version(uow, cmd.version_id)
    _check_place(uow, version.branch_id)
    _check_state(version, "submitted")
    if cmd.publish and uow.actor.name in {version.uploaded_by, version.submitted_by}:
        raise SamePublisherError
    reason = cmd.reason.strip()
    version.decided_by, version.decided_at = uow.actor.name, uow.clock.now()
    version.reason = reason
    if not cmd.publish:
        if not reason:
            raise ReasonNeededError
        version.state = "refused"
        _record(uow, "notices.template_refused", version, reason=reason)
        return version
    _check_faults(uow, version)
    version.state = "published"
    publish(uow, version, act="publish", reason=reason)
    _record(uow, "notices.template_published", version, reason=reason)
    return version


def roll_back(uow: UnitOfWork, version_id: int, reason: str) -> TemplateVersion:
    """Take an older published version back into use; two people had agreed to it before.

    Raises:
        TemplateVersionNotFoundError: there is none.
        NotYourPlaceError: the actor may not change templates of that branch.
        NeverPublishedError: it was not published.
        TemplateUnchangedError: it is in use.
        ReasonNeededError: no reason was given.
        TemplateFaultyError: the letter has changed and it no longer fits.
    """
    version = get_version(uow, version_id)
    _check_place(uow, version.branch_id)
    if version.state != "published":
        raise NeverPublishedError(number=version.number)
    now = published(uow, version.code, version.branch_id)
    if now is not None and now.id == version.id:
        raise TemplateUnchangedError(number=version.number)
    if not reason.strip():
        raise ReasonNeededError
    _check_faults(uow, version)
    publish(uow, version, act="roll_back", reason=reason.strip())
    _record(uow, "notices.template_rolled_back", version, reason=reason.strip())
    return version


def end_variant(uow: UnitOfWork, code: str, branch_id: int, reason: str) -> None:
    """Let a branch follow the head office again.

    Raises:
        NotYourPlaceError: the actor may not change templates of that branch.
        TemplateVersionNotFoundError: the branch has no variant in use.
        ReasonNeededError: no reason was given.
    """
    letter = letter_of(code)
    _check_place(uow, branch_id)
    version = published(uow, letter.code, branch_id)
    if version is None:
        raise TemplateVersionNotFoundError(version=code)
    if not reason.strip():
        raise ReasonNeededError
    uow.session.add(
        TemplatePublication(
            code=letter.code,
            branch_id=branch_id,
            act="end",
            reason=reason.strip(),
            published_by=uow.actor.name,
            published_at=uow.clock.now(),
        )
    )
    _record(uow, "notices.template_variant_ended", version, reason=reason.strip())


def versions_of(uow: UnitOfWork, code: str) -> list[TemplateVersion]:
    """Return the versions of a letter that the actor may see, the head office's first."""
    rows = uow.session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.code == code)
        .order_by(
            TemplateVersion.branch_id.is_not(None),
            TemplateVersion.branch_id,
            TemplateVersion.number.desc(),
        )
    )
    return [
        row for row in rows if row.branch_id is None or uow.actor.sees_branch(row.branch_id)
    ]


def versions_of_run(uow: UnitOfWork, run_id: int) -> list[TemplateVersion]:
    """Return the versions that the letters of a run take, the head office's first."""
    used = select(Notice.template_version_id).where(Notice.run_id == run_id).distinct()
    return list(
        uow.session.scalars(
            select(TemplateVersion)
            .where(TemplateVersion.id.in_(used))
            .order_by(TemplateVersion.branch_id.is_not(None), TemplateVersion.id)
        )
    )


def publications_of(uow: UnitOfWork, code: str) -> list[TemplatePublication]:
    """Return what was put in use when and by whom, newest first."""
    rows = uow.session.scalars(
        select(TemplatePublication)
        .where(TemplatePublication.code == code)
        .order_by(TemplatePublication.id.desc())
    )
    return [
        row for row in rows if row.branch_id is None or uow.actor.sees_branch(row.branch_id)
    ]


def may_publish(uow: UnitOfWork, version: TemplateVersion) -> bool:
    """Return whether the actor may be the second person for a version."""
    return (
        uow.actor.may(Permission.TEMPLATE_PUBLISH)
        and may_change(uow, version.branch_id)
        and uow.actor.name not in {version.uploaded_by, version.submitted_by}
    )


def _is_seen(uow: UnitOfWork, branch_id: int | None) -> bool:
    return branch_id is None or uow.actor.sees_branch(branch_id)


def _check_place(uow: UnitOfWork, branch_id: int | None) -> None:
    if branch_id is not None:
        branches.code_of(uow, branch_id)  # there is such a branch
    if not may_change(uow, branch_id):
        raise NotYourPlaceError


def _check_state(version: TemplateVersion, wanted: str) -> None:
    if version.state != wanted:
        raise TemplateStateError(number=version.number, state=STATE_LABELS[version.state])


def _check_faults(uow: UnitOfWork, version: TemplateVersion) -> None:
    faults = [fault for fault in faults_of(uow, version) if not is_warning(fault)]
    if faults:
        raise TemplateFaultyError(count=len(faults), first=[str(fault) for fault in faults])


def _record(uow: UnitOfWork, act: str, version: TemplateVersion, **facts: object) -> None:
    uow.record(
        act,
        f"template:{version.code}",
        version=version.number,
        version_id=version.id,
        branch_id=version.branch_id,
        sha256=version.sha256,
        **facts,
    )
