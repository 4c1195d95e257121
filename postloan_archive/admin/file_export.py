"""One loan file for another institution: a BagIt folder with papers, facts and audit proof."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from sqlalchemy.orm import Session

from postloan_archive import __version__, audit
from postloan_archive.admin.loan_rows import Rows, rows_of_loan
from postloan_archive.audit import TrailFilter
from postloan_archive.bundle import is_safe
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import ConflictError, FixityError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import System, UnitOfWork

CHUNK: Final = 1024 * 1024
MOST_LINES: Final = 1_000_000
DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FACTS: Final = "data/facts.json"
PROOF: Final = "audit/proof.json"
SM3: Final = "sm3-digests.txt"  # of the payload, where the site wants them (GB/T 32905)
Progress = Callable[[int, int], None]


class ExportTargetError(ConflictError):
    """The folder for the export holds something already."""

    next_step = _l("请给出一个空的或不存在的文件夹。")

    def __init__(self, *, path: str) -> None:
        super().__init__(_l("{path} 不是空文件夹，未导出。"), path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        files: papers in the folder.
        lines: lines of the trail that are proven.
        manifest_sha256: the one digest that stands for all files; the trail records it.
        problems: papers that the vault could not give unchanged; they are not in the folder.
    """

    folder: Path
    loan_no: str
    files: int
    size: int
    lines: int
    manifest_sha256: str
    problems: tuple[str, ...]


def export_loan(
    system: System,
    actor: Actor,
    loan_no: str,
    target: Path,
    *,
    progress: Progress | None = None,
    asked: Mapping[str, str] | None = None,
) -> Exported:
    """Write the loan file into an empty folder and record the export.

    The papers are copied while others go on writing; only the line and the proof are a
    transaction that changes something. `asked` goes into the line: who wanted it and why.

    Every row that belongs to the loan is in `data/facts.json`, every version of every paper
    under `data/documents`, and `audit/proof.json` proves the lines of the trail about them.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ExportTargetError: the folder holds something.
        NoKeyError: the signing key is missing.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ExportTargetError(path=str(target))
    signer = audit.load_key(system.settings.data)
    with system.look(actor) as uow:
        loan = loans.get_loan(uow, loan_no)
        number, loan_id = loan.loan_no, loan.id
        rows = rows_of_loan(uow.session, loan_id)
        bag = _Bag(target)
        problems = list(_papers(uow, rows, bag, progress))
        bag.write(FACTS, _json({"loan_no": loan.loan_no, "tables": rows, "problems": problems}))
        manifest = bag.write_manifest("manifest-sha256.txt", bag.payload)
        if uow.settings.sm3:
            bag.write(SM3, _sm3_list(target, bag.payload))
        bag.write("bagit.txt", DECLARATION)
        bag.write("bag-info.txt", _info(uow, loan.loan_no, loan.archive_no, bag))
    with system.unit_of_work(actor) as uow:
        line = uow.record(
            "archive.file_exported",
            f"loan:{loan_id}",
            loan_no=number,
            manifest_sha256=manifest,
            files=bag.files,
            **(asked or {}),
        )
        seqs = sorted({line.seq, *_lines_about(uow.session, rows)})
        proof = audit.proof_for(uow.session, seqs, signer=signer, at=uow.clock.now())
        bag.write(PROOF, _json(proof))
        bag.write_manifest("tagmanifest-sha256.txt", bag.tags)
    return Exported(
        folder=target,
        loan_no=number,
        files=bag.files,
        size=bag.size,
        lines=len(seqs),
        manifest_sha256=manifest,
        problems=tuple(problems),
    )


class _Bag:
    """Writes files below a folder and remembers their digests."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.digests: dict[str, str] = {}
        self.files = 0
        self.size = 0  # bytes of the payload

    @property
    def payload(self) -> list[str]:
        return [name for name in self.digests if name.startswith("data/")]

    @property
    def tags(self) -> list[str]:
        return [name for name in self.digests if not name.startswith("data/")]

    def write(self, name: str, data: bytes | Iterable[bytes]) -> str:
        """Write one file durably and return its digest."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with path.open("xb") as stream:
            for part in (data,) if isinstance(data, bytes) else data:
                stream.write(part)
                digest.update(part)
                size += len(part)
            stream.flush()
            os.fsync(stream.fileno())
        self.digests[name] = digest.hexdigest()
        if name.startswith("data/"):
            self.size += size
        return self.digests[name]

    def write_manifest(self, name: str, listed: Iterable[str]) -> str:
        """Write the digests of these files, in order of name, and return that of the list."""
        lines = (f"{self.digests[one]}  {one}\n" for one in sorted(listed))
        return self.write(name, "".join(lines).encode())


def _papers(uow: UnitOfWork, rows: Rows, bag: _Bag, progress: Progress | None) -> Iterator[str]:
    """Copy every stored file that a row points to; yield what could not be had."""
    wanted = list(_names(rows))
    for done, (name, sha256) in enumerate(wanted, start=1):
        fixity = uow.vault.verify(sha256)
        if not fixity.good:
            yield f"{name}：{fixity.message}"
            continue
        with uow.vault.open(sha256) as stream:
            found = bag.write(name, iter(lambda: stream.read(CHUNK), b""))
        if found != sha256:
            raise FixityError(_l("复制 {name} 时内容发生变化。"), name=name)
        bag.files += 1
        if progress is not None:
            progress(done, len(wanted))


def _names(rows: Rows) -> Iterator[tuple[str, str]]:
    pieces = {row["id"]: row["piece_no"] for row in rows.get("documents", ())}
    taken: set[str] = set()
    for row in rows.get("document_versions", ()):
        name = row["filename"].replace("\\", "/").rsplit("/", 1)[-1]
        safe = name if is_safe(name) else f"{row['sha256'][:16]}{_suffix(name)}"
        place = f"data/documents/{pieces[row['document_id']]:04d}/v{row['no']}/{safe}"
        taken.add(row["sha256"])
        yield place, row["sha256"]
    for table, listed in rows.items():
        for row in listed:
            sha256 = row.get("sha256")
            if sha256 and sha256 not in taken:
                taken.add(sha256)
                ending = ".zip" if table == "package_versions" else ""
                yield f"data/{table}/{row['id']:04d}{ending}", sha256


def _sm3_list(root: Path, names: Iterable[str]) -> bytes:
    lines = []
    for name in sorted(names):
        digest = hashes.Hash(hashes.SM3())
        with (root / name).open("rb") as stream:
            while data := stream.read(CHUNK):
                digest.update(data)
        lines.append(f"{digest.finalize().hex()}  {name}\n")
    return "".join(lines).encode()


def _suffix(name: str) -> str:
    ending = Path(name).suffix.lower()
    return ending if ending[1:].isascii() and ending[1:].isalnum() else ""


def _lines_about(session: Session, rows: Rows) -> Iterator[int]:
    for table, listed in rows.items():
        if table in {"branches", "customers", "notice_runs"}:  # shared with other loan files
            continue
        for row in listed:
            wanted = TrailFilter(subject=f"{table.removesuffix('s')}:{row['id']}")
            yield from (
                line.seq for line in audit.read_forward(session, wanted, limit=MOST_LINES)
            )


def _info(uow: UnitOfWork, loan_no: str, archive_no: str, bag: _Bag) -> bytes:
    payload = len(bag.payload)
    facts = {
        "Source-Organization": uow.settings.institution,
        "External-Identifier": archive_no,
        "External-Description": f"贷后档案案卷 {loan_no}",
        "Bag-Software-Agent": f"postloan-archive {__version__}",
        "Bagging-Date": uow.clock.today().isoformat(),
        "Payload-Oxum": f"{bag.size}.{payload}",
    }
    lines = (f"{key}: {' '.join(value.split())}\n" for key, value in facts.items())
    return "".join(lines).encode()


def _json(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=_plain)
    return text.encode()


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value))
