"""B3: a litigation package tells every change by itself: without our database, offline."""

import random
import subprocess
import sys
import zipfile
from pathlib import Path

import bagit
import pytest

from postloan_archive.bundle import verify_package
from postloan_archive.kernel.actor import Actor
from postloan_archive.litigation import binding, freezing

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).resolve().parents[2]
CLI = Actor.program("cli")
ALONE = """
import socket, sys
def refused(*_args, **_more): raise OSError("no network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refused
from pathlib import Path
from postloan_archive.bundle import verify_package
report = verify_package(Path(sys.argv[1]))
print(report.is_intact, report.proved)
forbidden = {"sqlalchemy", "flask", "postloan_archive.uow", "postloan_archive.db"}
assert not forbidden & set(sys.modules), forbidden & set(sys.modules)
"""


@pytest.fixture
def package(system, case_no, tmp_path, monkeypatch) -> Path:
    """A frozen package of a case with three exhibits, in a folder of its own."""
    monkeypatch.setattr(
        binding, "soffice_path", lambda _configured: None
    )  # see the office tests
    frozen = freezing.freeze(system, CLI, case_no)
    path = tmp_path / "elsewhere" / "材料包.zip"
    path.parent.mkdir()
    path.write_bytes(system.vault.read(frozen.sha256))
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def bagit_accepts(files: dict[str, bytes], folder: Path) -> bool:
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    try:
        return bagit.Bag(str(folder)).validate()
    except (bagit.BagError, UnicodeDecodeError):  # its own errors, and text that is none
        return False


def test_B3_the_package_is_verified_alone_and_offline(package, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", ALONE, package],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    intact, proved = ended.stdout.split()
    assert intact == "True"
    assert int(proved) >= 1
    assert bagit_accepts(members(package), tmp_path / "bag")


def test_B3_a_bit_flipped_in_any_file_is_found_by_both(package, tmp_path, full):
    files = members(package)
    assert len(files) > 8
    chance = random.Random(3)
    for number, name in enumerate(sorted(files)):
        for turn in range(20 if full else 2):
            data = bytearray(files[name])
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            forged = {**files, name: bytes(data)}
            assert not verify_package(packed(tmp_path / "x.zip", forged)).is_intact, name
            if name != "tagmanifest-sha256.txt":  # bagit-python takes its own list as given
                assert not bagit_accepts(forged, tmp_path / f"{number}-{turn}"), name


@pytest.mark.parametrize("change", ["added", "removed", "list edited", "list and file edited"])
def test_B3_files_and_lists_cannot_be_edited(package, tmp_path, change):
    files = members(package)
    paper = next(name for name in sorted(files) if name.endswith(".docx"))
    lines = files["manifest-sha256.txt"].decode().splitlines(keepends=True)
    if change == "added":
        forged = {**files, "data/新证据.pdf": b"%PDF-1.4"}
    elif change == "removed":
        forged = {name: data for name, data in files.items() if name != paper}
    elif change == "list edited":
        kept = [line for line in lines if paper not in line]
        forged = {**files, "manifest-sha256.txt": "".join(kept).encode()}
    else:
        kept = [line for line in lines if paper not in line]
        forged = {name: data for name, data in files.items() if name != paper}
        forged["manifest-sha256.txt"] = "".join(kept).encode()

    assert not verify_package(packed(tmp_path / "x.zip", forged)).is_intact
    assert not bagit_accepts(forged, tmp_path / "bag")
