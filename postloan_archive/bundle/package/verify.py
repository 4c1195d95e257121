"""Checking a package from the zip alone, offline, without a database."""

import hashlib
import json
import re
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from postloan_archive.bundle.documents import UnreadableError, count_pages
from postloan_archive.bundle.package.container import Member, directory
from postloan_archive.bundle.package.merkle_check import ProofError, SignatureError, check_proof
from postloan_archive.bundle.package.names import folded, is_safe
from postloan_archive.bundle.package.report import Code, Finding, Report
from postloan_archive.bundle.package.write import DECLARATION, FACTS, PROOF

_CHUNK: Final = 1 << 20
_TAG_AT_MOST: Final = 64 << 20  # bytes of a list; larger ones are not ours
_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")
_LIST, _TAG_LIST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_INFO, _DECLARED = "bag-info.txt", "bagit.txt"
_BROKEN: Final = (
    zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
    zlib.error, struct.error,
)  # fmt: skip


@dataclass(slots=True)
class _Seen:
    """What is in the zip: digests and sizes by name, the bytes of small files."""

    digests: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    small: dict[str, bytes] = field(default_factory=dict)


def verify_package(path: Path) -> Report:
    """Check everything a package says about itself; never raises for what is in the file.

    Raises:
        OSError: the file itself cannot be opened.
    """
    with path.open("rb") as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except _BROKEN:
            return Report(findings=(Finding(code=Code.NOT_A_PACKAGE, name=path.name),))
        with archive:
            return _Check(archive, stream).report()


class _Check:
    def __init__(self, archive: zipfile.ZipFile, stream: BinaryIO) -> None:
        self._archive: Final = archive
        self._stream: Final = stream
        self._findings: Final[list[Finding]] = []
        self._seen: Final = _Seen()
        self._proved = 0
        self._key_id = ""

    def report(self) -> Report:
        members = self._archive.infolist()
        self._check_names([member.filename for member in members])
        for member in members:
            self._read(member)
        self._check_container(members)
        self._check_lists()
        payload = [name for name in self._seen.sizes if name.startswith("data/")]
        size = sum(self._seen.sizes[name] for name in payload)
        self._check_counts(size, len(payload))
        self._check_facts()
        self._check_proof()
        return Report(
            findings=tuple(self._findings),
            files=len(payload),
            size=size,
            manifest_sha256=self._seen.digests.get(_LIST, ""),
            proved=self._proved,
            key_id=self._key_id,
        )

    def _find(self, code: Code, name: str = "", detail: object = "") -> None:
        self._findings.append(Finding(code=code, name=name, detail=str(detail)))

    def _check_names(self, names: list[str]) -> None:
        for name in names:
            if not is_safe(name):
                self._find(Code.UNSAFE_NAME, name)
        counted = Counter(folded(name) for name in names)
        for name in dict.fromkeys(names):
            if counted[folded(name)] > 1:
                self._find(Code.DUPLICATE, name)

    def _read(self, member: zipfile.ZipInfo) -> None:
        name = member.filename
        digest, kept, size = hashlib.sha256(), bytearray(), 0
        is_small = not name.startswith("data/") or name == f"data/{FACTS}"
        try:
            with self._archive.open(member) as source:
                while piece := source.read(_CHUNK):
                    digest.update(piece)
                    size += len(piece)
                    if is_small and len(kept) <= _TAG_AT_MOST:
                        kept += piece
        except _BROKEN:
            self._find(Code.UNREADABLE, name)
            return
        self._seen.digests[name], self._seen.sizes[name] = digest.hexdigest(), size
        if is_small:
            self._seen.small[name] = bytes(kept)

    def _check_container(self, members: list[zipfile.ZipInfo]) -> None:
        """Compare every byte outside the members with what the writer would have put there."""
        expected, at = [], 0
        for info in members:
            member = Member(name=info.filename, size=info.file_size, crc=info.CRC, offset=at)
            try:
                header = member.local_header()
            except UnicodeEncodeError:
                self._find(Code.CONTAINER_CHANGED, detail=at)
                return
            if not self._has(at, header):
                self._find(Code.CONTAINER_CHANGED, detail=at)
                return
            at += len(header) + info.file_size
            expected.append(member)
        tail = directory(expected, at)
        self._stream.seek(0, 2)
        if self._stream.tell() != at + len(tail) or not self._has(at, tail):
            self._find(Code.CONTAINER_CHANGED, detail=at)

    def _has(self, at: int, expected: bytes) -> bool:
        self._stream.seek(at)
        return self._stream.read(len(expected)) == expected

    def _check_lists(self) -> None:
        if self._seen.small.get(_DECLARED) != DECLARATION:
            self._find(Code.DECLARATION, _DECLARED)
        payload = {name for name in self._seen.digests if name.startswith("data/")}
        tags = set(self._seen.digests) - payload - {_TAG_LIST}
        self._compare(_LIST, payload)
        self._compare(_TAG_LIST, tags)

    def _compare(self, listing: str, present: set[str]) -> None:
        raw = self._seen.small.get(listing)
        if raw is None:
            self._find(Code.LIST_MISSING, listing)
            return
        listed: dict[str, str] = {}
        for place, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
            match = _LINE.fullmatch(line)
            if match is None or match[2] in listed:
                self._find(Code.LIST_INVALID, listing, place)
            else:
                listed[match[2]] = match[1]
        for name, digest in listed.items():
            if name not in present:
                self._find(Code.MISSING, name)
            elif self._seen.digests[name] != digest:
                self._find(Code.CHANGED, name)
        for name in sorted(present - set(listed)):
            self._find(Code.ADDED, name)

    def _check_counts(self, size: int, count: int) -> None:
        text = self._seen.small.get(_INFO, b"").decode("utf-8", "replace")
        stated = re.search(r"^Payload-Oxum: (\S*)$", text, re.MULTILINE)
        if stated is None or stated[1] != f"{size}.{count}":
            self._find(Code.COUNT_DIFFERS, _INFO, f"{count} 个文件，{size} 字节")

    def _check_facts(self) -> None:
        raw = self._seen.small.get(f"data/{FACTS}")
        if raw is None:
            return
        try:
            facts = json.loads(raw)
        except (ValueError, RecursionError) as error:
            self._find(Code.FACTS_INVALID, FACTS, type(error).__name__)
            return
        if not isinstance(facts, dict):
            self._find(Code.FACTS_INVALID, FACTS, type(facts).__name__)
            return
        files, exhibits = facts.get("files", []), facts.get("exhibits", [])
        listed = (
            [one for one in files if isinstance(one, dict)] if isinstance(files, list) else []
        )
        for one in listed:
            self._check_file(one)
        names = {str(one.get("name")) for one in listed} | {FACTS}
        for name in sorted(self._seen.digests):
            if name.startswith("data/") and name.removeprefix("data/") not in names:
                self._find(Code.FACTS_DIFFER, name.removeprefix("data/"))
        volumes = facts.get("volumes") or [facts["bundle"]] if "bundle" in facts else []
        if volumes and isinstance(volumes, list) and isinstance(exhibits, list):
            self._check_exhibits([str(name) for name in volumes], exhibits)

    def _check_file(self, one: dict[str, object]) -> None:
        name = str(one.get("name"))
        inside = f"data/{name}"
        if self._seen.digests.get(inside) != one.get("sha256") or self._seen.sizes.get(
            inside
        ) != one.get("size"):
            self._find(Code.FACTS_DIFFER, name)
        elif one.get("pages") is not None and name.lower().endswith(".pdf"):
            counted = self._pages(inside)
            if counted != one["pages"]:
                self._find(Code.PAGES_DIFFER, name, f"{one['pages']} / {counted}")

    def _check_exhibits(self, volumes: list[str], exhibits: list[object]) -> None:
        bundle = volumes[0]
        counted = sum(
            self._pages(f"data/{name}")
            for name in volumes
            if f"data/{name}" in self._seen.digests
        )
        before = 0
        for exhibit in exhibits:
            one = exhibit if isinstance(exhibit, dict) else {}
            first, last = one.get("first"), one.get("last")
            is_placed = (
                isinstance(first, int) and isinstance(last, int)
                and before < first <= last <= counted
            )  # fmt: skip
            if not is_placed:
                self._find(Code.PAGES_DIFFER, bundle, f"{one.get('label')}：{first}–{last}")
                return
            before = int(str(last))

    def _pages(self, name: str) -> int:
        with tempfile.TemporaryFile() as held:
            try:
                with self._archive.open(name) as source:
                    while piece := source.read(_CHUNK):
                        held.write(piece)
                held.seek(0)
                return count_pages(held)
            except (UnreadableError, KeyError, *_BROKEN):
                return 0

    def _check_proof(self) -> None:
        raw = self._seen.small.get(PROOF)
        if raw is None:
            return
        try:
            proved = check_proof(json.loads(raw))
        except SignatureError as error:
            self._find(Code.SIGNATURE_INVALID, PROOF, error)
        except ProofError as error:
            self._find(Code.PROOF_INVALID, PROOF, error)
        except (ValueError, RecursionError):
            self._find(Code.PROOF_INVALID, PROOF, "不是 JSON")
        else:
            self._proved, self._key_id = len(proved.lines), proved.key_id
            digest = self._seen.digests.get(_LIST, "-")
            if not any(digest in line for line in proved.lines):
                self._find(Code.PROOF_UNRELATED, PROOF)
