"""Signed heads of the trail on their way out of the machine; the trail held against them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from postloan_archive import audit
from postloan_archive.audit import AuditReport, Checkpoint, OutsideCheckpoints
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.uow import System

log = structlog.get_logger(__name__)

OWN_FOLDER: Final = "checkpoints"  # of the data folder; a backup takes it along
EARLIER_KEYS: Final = Path("keys") / "earlier-keys.txt"  # one public key a line


class NoCheckpointFileError(NotFoundError):
    """A named file of checkpoints is not there; the trail is not called good without it."""

    next_step = _l("请检查路径，或连接存放检查点的设备。")

    def __init__(self, *, path: str) -> None:
        super().__init__(_l("找不到检查点文件 {path}。"), path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of a checkpoint.

    Attributes:
        checkpoint: the head signed last, None while the trail is empty.
        written: folder and how many checkpoints it lacked until now.
        failed: folder and reason, for a folder that could not be written.
    """

    checkpoint: Checkpoint | None
    written: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, str], ...]


def folders(settings: Settings) -> tuple[Path, ...]:
    """Return where checkpoints are kept: beside the database, and outside if that is set."""
    own = settings.data / OWN_FOLDER
    return (own, Path(settings.checkpoint_folder)) if settings.checkpoint_folder else (own,)


def make_checkpoint(system: System, actor: Actor, *, extra: Sequence[Path] = ()) -> Published:
    """Sign the head of the trail, commit, then write what each folder lacks.

    A folder that cannot be written stops no other one.

    Raises:
        NoKeyError: the signing key is missing.
        HistoryChangedError: the lines no longer give the root of the last checkpoint.
    """
    signer = audit.load_key(system.settings.data)
    with system.unit_of_work(actor) as uow:
        checkpoint = audit.sign_checkpoint(uow.session, signer, at=uow.clock.now())
    written, failed = [], []
    with system.unit_of_work(actor) as uow:  # sees only what is committed
        for folder in (*folders(system.settings), *extra):
            try:
                written.append((str(folder), audit.publish(uow.session, folder)))
            except OSError as error:
                failed.append((str(folder), str(error.strerror or error)))
    return Published(checkpoint=checkpoint, written=tuple(written), failed=tuple(failed))


def outside_of(settings: Settings, named: Sequence[Path] = ()) -> OutsideCheckpoints:
    """Return the checkpoints of all folders together.

    Args:
        settings: name the usual folders.
        named: further files or folders, which must be there.

    Raises:
        NoCheckpointFileError: a named one is missing.
    """
    for path in named:
        if not (path / audit.CHECKPOINT_FILE if path.is_dir() else path).is_file():
            raise NoCheckpointFileError(path=str(path))
    read = [audit.read_checkpoints(path) for path in (*folders(settings), *named)]
    return OutsideCheckpoints(
        checkpoints=tuple(dict.fromkeys(one for part in read for one in part.checkpoints)),
        bad_lines=tuple(number for part in read for number in part.bad_lines),
    )


def trusted_keys(settings: Settings) -> set[str]:
    """Return the public keys, hex, that may have signed: the present one and earlier ones.

    Raises:
        NoKeyError: the signing key is missing.
    """
    own = audit.load_key(settings.data).public_key
    earlier = settings.data / EARLIER_KEYS
    words = earlier.read_text("ascii", "replace").split() if earlier.is_file() else []
    return {own, *(word.lower() for word in words)}


def verify_trail(
    system: System,
    actor: Actor,
    *,
    named: Sequence[Path] = (),
    trusted: Sequence[str] = (),
) -> AuditReport:
    """Read the whole trail against every checkpoint there is and record what was found.

    Args:
        system: the installation.
        actor: who asks.
        named: files or folders of checkpoints from elsewhere.
        trusted: public keys, hex, that may have signed; those of the installation if none.

    Raises:
        NoCheckpointFileError: a named file is missing.
        NoKeyError: no key was named and the installation has none.
    """
    keys = set(trusted) or trusted_keys(system.settings)
    outside = outside_of(system.settings, named)
    with system.engine.connect().execution_options(read_only=True) as connection:
        report = audit.verify(Session(bind=connection), outside, trusted=keys)
    try:
        _record(system, actor, report)
    except (SQLAlchemyError, ValueError) as error:
        # A trail that was tampered with may take no further line; the report must not be lost.
        if report.ok:
            raise
        log.warning("verification_not_recorded", reason=str(error))
    return report


def _record(system: System, actor: Actor, report: AuditReport) -> None:
    with system.unit_of_work(actor) as uow:
        uow.record(
            "audit.verified",
            f"audit_lines:{report.lines}",
            lines=report.lines,
            covered=report.covered,
            checkpoints=report.checkpoints,
            faults=report.fault_count,
            first_faults=[fault.message for fault in report.faults[:10]],
        )
