"""Reading a BagIt folder that `postloan export` wrote; nothing is believed unchecked."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from postloan_archive.admin.file_export import FACTS, PROOF
from postloan_archive.bundle import is_safe
from postloan_archive.bundle.package.merkle_check import ProofError, check_proof
from postloan_archive.kernel.errors import FixityError, RuleError, _l

DECLARED: Final = "BagIt-Version: 1.0"
MANIFEST: Final = "manifest-sha256.txt"
TAGS: Final = "tagmanifest-sha256.txt"
INFO: Final = "bag-info.txt"
CHUNK: Final = 1024 * 1024
MOST_FILES: Final = 50_000
MOST_BYTES: Final = 20 * 1024**3
MOST_FACTS: Final = 256 * 1024**2


class NoBagError(RuleError):
    """The folder is not what an export writes."""

    field = "bag"

    def __init__(self, *, why: str) -> None:
        super().__init__(_l("不是本系统导出的案卷包：{why}"), why=why)


class BagDamagedError(FixityError):
    """A file of the bag is changed, missing, or too many."""

    next_step = _l("请向来源方重新取得导出包。")

    def __init__(self, *, name: str, why: str) -> None:
        super().__init__(_l("案卷包受损：{name} {why}"), name=name, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag whose every byte was compared with its lists.

    Attributes:
        root: the folder.
        loan_no: as the facts say.
        tables: rows by table, as JSON values.
        digests: SHA-256 of the payload by name.
        manifest_sha256: the digest that stands for all files.
        source: the institution that wrote it.
        lines: lines of its trail that the proof proves.
        key_id: the key that signed the head they lead to.
        proof: the bytes of the proof.
    """

    root: Path
    loan_no: str
    tables: dict[str, list[dict[str, Any]]]
    digests: dict[str, str]
    manifest_sha256: str
    source: str
    lines: tuple[str, ...]
    key_id: str
    proof: bytes


def read_bag(root: Path) -> Bag:
    """Check a bag whole and return what it says.

    Raises:
        NoBagError: a part that every export has is missing or unreadable.
        BagDamagedError: a file is changed, missing or not listed; the proof does not hold.
    """
    if not (root / "bagit.txt").is_file() or not _text(root, "bagit.txt").startswith(DECLARED):
        raise NoBagError(why=_l("没有 bagit.txt。"))
    payload, tags = _listed(root, MANIFEST), _listed(root, TAGS)
    present = set(_files(root))
    for name in sorted(present - {*payload, *tags, TAGS}):
        raise BagDamagedError(name=name, why=_l("不在清单中。"))
    for name, digest in sorted({**payload, **tags}.items()):
        if name not in present:
            raise BagDamagedError(name=name, why=_l("缺失。"))
        if _digest(root / name) != digest:
            raise BagDamagedError(name=name, why=_l("内容与摘要不符。"))
    if MANIFEST not in tags or PROOF not in tags or FACTS not in payload:
        raise NoBagError(why=_l("清单不全。"))
    if (root / FACTS).stat().st_size > MOST_FACTS:
        raise NoBagError(why=_l("事实文件过大。"))
    try:
        facts = json.loads((root / FACTS).read_bytes())
        tables = {str(name): list(rows) for name, rows in facts["tables"].items()}
        proof = (root / PROOF).read_bytes()
        proved = check_proof(json.loads(proof))
        loan_no = str(facts["loan_no"])
    except ProofError as error:
        raise BagDamagedError(name=PROOF, why=str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoBagError(why=_l("事实文件无法读取。")) from error
    return Bag(
        root=root,
        loan_no=loan_no,
        tables=tables,
        digests=payload,
        manifest_sha256=tags[MANIFEST],
        source=_source(root),
        lines=proved.lines,
        key_id=proved.key_id,
        proof=proof,
    )


def unpack(stream: BinaryIO, folder: Path) -> list[Path]:
    """Unpack a zip of one bag or several and return the folders of the bags, in order of name.

    Raises:
        NoBagError: no zip, an unsafe name, too much in it, or no bag inside.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
                raise NoBagError(why=_l("压缩包过大。"))
            for member in members:
                if not is_safe(member.filename):
                    raise NoBagError(why=_l("压缩包内有不安全的文件名。"))
                target = folder / member.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("xb") as out:
                    left = member.file_size
                    while data := source.read(min(CHUNK, left + 1)):
                        left -= len(data)
                        if left < 0:
                            raise NoBagError(why=_l("压缩包的大小不实。"))
                        out.write(data)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise NoBagError(why=_l("压缩包无法读取。")) from error
    found = sorted(folder.rglob("bagit.txt"))
    tops = {one.parent for one in found}  # what lies inside a bag is a paper of it
    if not found:
        raise NoBagError(why=_l("没有 bagit.txt。"))
    return [one.parent for one in found if not any(up in tops for up in one.parent.parents)]


def _listed(root: Path, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _text(root, name).splitlines():
        digest, _blank, path = line.partition("  ")
        if len(digest) != 64 or not is_safe(path) or path in found:  # noqa: PLR2004 - SHA-256 in hex
            raise BagDamagedError(name=name, why=_l("清单格式不正确。"))
        found[path] = digest
    return found


def _text(root: Path, name: str) -> str:
    try:
        return (root / name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise NoBagError(why=name) from error


def _files(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            raise BagDamagedError(name=name, why=_l("是链接。"))
        if path.is_file():
            yield name


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _source(root: Path) -> str:
    for line in _text(root, INFO).splitlines():
        key, _colon, value = line.partition(":")
        if key == "Source-Organization":
            return value.strip()
    return ""
