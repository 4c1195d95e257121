"""Writing a package."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from postloan_archive.bundle.package.container import ContainerWriter
from postloan_archive.bundle.package.names import PackageNameError, folded, is_safe

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FACTS: Final = "package.json"  # in the payload
PROOF: Final = "audit/proof.json"  # a tag file: it proves the payload, so it is none of it
Prover = Callable[[str], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A file for the payload; `name` is its path below `data/`, with forward slashes."""

    name: str
    source: bytes | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageEntry:
    """A file of the payload as written; `name` as in `PackageFile`, size in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageManifest:
    """What was written; `manifest_sha256` is the one digest that stands for all files."""

    entries: tuple[PackageEntry, ...]
    manifest_sha256: str
    size: int


def write_package(
    target: Path,
    files: Iterable[PackageFile],
    info: Mapping[str, str],
    *,
    facts: Mapping[str, object] | None = None,
    prove: Prover | None = None,
) -> PackageManifest:
    """Write a BagIt 1.0 zip; the same input gives the same bytes.

    Args:
        target: the zip; it appears only when it is complete, and replaces an older one.
        files: the payload in the order in which it is stored.
        info: lines of bag-info.txt, such as Bagging-Date; Payload-Oxum is computed.
        facts: becomes `data/package.json`. `verify_package` understands: `files`, a list of
            {"name", "pages"}, completed here with sha256 and size of every file; `bundle`, the
            name of the bound PDF, and `exhibits`, a list with `first` and `last` page in it.
        prove: is given the digest of manifest-sha256.txt and returns the proof of the audit
            line that records it, for `audit/proof.json`; None leaves the proof out.

    Raises:
        PackageNameError: a name is unsafe or taken.
        OSError: a source cannot be read or the target cannot be written.
    """
    draft = target.with_name(target.name + ".part")
    try:
        with draft.open("w+b") as stream:
            manifest = _Writer(stream).write(files, info, facts, prove)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


class _Writer:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream: Final = stream
        self._container: Final = ContainerWriter(stream)
        self._names: Final[set[str]] = set()

    def write(
        self,
        files: Iterable[PackageFile],
        info: Mapping[str, str],
        facts: Mapping[str, object] | None,
        prove: Prover | None,
    ) -> PackageManifest:
        tags = [self._tag("bagit.txt", DECLARATION)]
        entries = [self._payload(file) for file in files]
        if facts is not None:
            whole = json.dumps(
                _completed(facts, entries), ensure_ascii=False, indent=1, sort_keys=True
            )
            entries.append(self._payload(PackageFile(name=FACTS, source=whole.encode())))
        lines = "".join(f"{entry.sha256}  data/{entry.name}\n" for entry in entries)
        manifest = self._tag("manifest-sha256.txt", lines.encode())
        tags += [manifest, self._tag("bag-info.txt", _bag_info(info, entries))]
        proof = prove(manifest.sha256) if prove is not None else None
        if proof is not None:
            text = json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True)
            tags.append(self._tag(PROOF, text.encode()))
        listed = "".join(f"{tag.sha256}  {tag.name}\n" for tag in tags)
        self._tag("tagmanifest-sha256.txt", listed.encode())
        self._container.finish()
        return PackageManifest(
            entries=tuple(entries), manifest_sha256=manifest.sha256, size=self._stream.tell()
        )

    def _payload(self, file: PackageFile) -> PackageEntry:
        if not is_safe(file.name):
            raise PackageNameError(name=file.name)
        if folded(file.name) in self._names:
            raise PackageNameError(name=file.name, taken=True)
        self._names.add(folded(file.name))
        if isinstance(file.source, Path):
            with file.source.open("rb") as source:
                size = os.fstat(source.fileno()).st_size
                digest = self._store(f"data/{file.name}", source, size)
        else:
            size = len(file.source)
            digest = self._store(f"data/{file.name}", BytesIO(file.source), size)
        return PackageEntry(name=file.name, size=size, sha256=digest)

    def _tag(self, name: str, data: bytes) -> PackageEntry:
        digest = self._store(name, BytesIO(data), len(data))
        return PackageEntry(name=name, size=len(data), sha256=digest)

    def _store(self, name: str, source: BinaryIO, size: int) -> str:
        digest = hashlib.sha256()
        for piece in self._container.add(name, source, size):
            digest.update(piece)
        return digest.hexdigest()


def _completed(facts: Mapping[str, object], entries: list[PackageEntry]) -> dict[str, object]:
    given = facts.get("files", ())
    told = {
        str(one.get("name")): dict(one)
        for one in (given if isinstance(given, list | tuple) else ())
        if isinstance(one, Mapping)
    }
    unknown = set(told) - {entry.name for entry in entries}
    if unknown:
        raise PackageNameError(name=min(unknown))
    listed = [
        {
            **told.get(entry.name, {}),
            "name": entry.name,
            "sha256": entry.sha256,
            "size": entry.size,
        }
        for entry in entries
    ]
    return {**facts, "files": listed}


def _bag_info(info: Mapping[str, str], entries: list[PackageEntry]) -> bytes:
    lines = {key: " ".join(value.split()) for key, value in info.items()}
    lines["Payload-Oxum"] = f"{sum(entry.size for entry in entries)}.{len(entries)}"
    return "".join(f"{key}: {value}\n" for key, value in lines.items()).encode()
