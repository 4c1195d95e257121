"""Full disks, I/O errors, killed processes and power cuts."""

import errno
import hashlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from postloan_archive.vault import NotStoredError, OutOfSpaceError, State, Vault, verify_all
from tests.vault.broken_files import DATA, OLD, FailingFiles, Medium, RecordingFiles
from tests.vault.test_store import names_in

ROOT = Path(__file__).resolve().parents[2]


def put(vault, data):
    return vault.put(io.BytesIO(data))


@pytest.mark.parametrize(
    ("number", "refusal"), [(errno.ENOSPC, OutOfSpaceError), (errno.EIO, NotStoredError)]
)
def test_an_error_at_any_step_is_said_and_leaves_nothing_half_stored(tmp_path, number, refusal):
    failures = 0
    for fail_at in range(100):
        root = tmp_path / str(fail_at)
        old = put(Vault(root), OLD).sha256
        vault = Vault(root, files=FailingFiles(fail_at, number))
        if fail_at == failures == 12:  # nothing is left that can fail
            assert vault.read(put(vault, DATA).sha256) == DATA
            assert vault.files.count == 12
            break
        with pytest.raises(refusal) as error:
            put(vault, DATA)
        failures += 1
        assert error.value.next_step
        assert names_in(root / "tmp") == []
        assert vault.read(old) == OLD
        assert {one.state for one in verify_all(vault, [old])} <= {State.GOOD, State.STRAY}
        assert all(vault.verify(sha256).good for sha256 in vault.digests())
        assert put(vault, DATA).size == len(DATA)  # goes on by itself
    assert failures == 12  # create, 3 writes, seal, sync, 2 folders, rename, 3 folder syncs


def test_a_volume_that_is_gone_is_said_and_not_made_anew(tmp_path):
    vault = Vault(tmp_path / "vault")
    shutil.rmtree(tmp_path / "vault")

    with pytest.raises(NotStoredError):
        put(vault, DATA)
    assert not (tmp_path / "vault").exists()


@pytest.mark.parametrize("kill_at", range(13))
def test_a_kill_at_any_point_loses_no_acknowledged_file(tmp_path, kill_at):
    program = f"""
import io, sys
from pathlib import Path
from postloan_archive.vault import Vault
from tests.vault.broken_files import DATA, OLD, KillingFiles
vault = Vault(Path({str(tmp_path)!r}))
print(vault.put(io.BytesIO(OLD)).sha256, flush=True)
vault = Vault(Path({str(tmp_path)!r}), files=KillingFiles({kill_at}))
print(vault.put(io.BytesIO(DATA)).sha256, flush=True)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    acknowledged = ended.stdout.split()
    assert ended.returncode == (-signal.SIGKILL if kill_at < 12 else 0), ended.stderr
    assert len(acknowledged) == (1 if kill_at < 12 else 2)

    vault = Vault(tmp_path)
    states = {one.state for one in verify_all(vault, acknowledged)}
    assert states <= {State.GOOD, State.STRAY}
    assert all(vault.verify(sha256).good for sha256 in acknowledged)
    assert put(vault, DATA).sha256 == hashlib.sha256(DATA).hexdigest()


def test_a_power_cut_at_any_point_loses_no_acknowledged_file(tmp_path):
    files = RecordingFiles()
    vault = Vault(tmp_path, files=files)
    chance = random.Random(20261124)
    papers = [chance.randbytes(chance.choice((0, 1, 511, 5_000, 70_000))) for _ in range(40)]
    for data in papers + papers[::7]:
        stored = put(vault, data)
        files.log.append(("acknowledge", stored.sha256))
    medium, acknowledged, states = Medium(tmp_path), {}, 0

    for operation, *facts in files.log:
        if operation == "acknowledge":
            acknowledged[vault.path(facts[0])] = facts[0]
        else:
            medium.apply(operation, *facts)
        for _ in range(6):
            state = medium.after_power_cut(chance)
            states += 1
            for path, sha256 in acknowledged.items():
                assert hashlib.sha256(state[path]).hexdigest() == sha256
            for path, data in state.items():
                if path.parent.name not in {"tmp", "quarantine"}:  # no name without its bytes
                    assert hashlib.sha256(data).hexdigest() == path.name
    assert states > 2_000


@pytest.mark.parametrize("forgotten", ["sync", "sync_folder"])
def test_the_power_cut_test_finds_a_vault_that_forgets_a_sync(tmp_path, forgotten):
    files = RecordingFiles()
    vault = Vault(tmp_path, files=files)
    sha256 = put(vault, b"paper").sha256
    medium, chance = Medium(tmp_path), random.Random(1)

    for operation, *facts in files.log:
        if operation != forgotten:
            medium.apply(operation, *facts)

    states = [medium.after_power_cut(chance).get(vault.path(sha256)) for _ in range(50)]
    assert any(data != b"paper" for data in states)


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_the_system_calls_sync_before_the_answer(tmp_path):
    program = f"""
import io, os
from pathlib import Path
from postloan_archive.vault import Vault
vault = Vault(Path({str(tmp_path / "vault")!r}))
vault.put(io.BytesIO(b"paper"))
os.write(1, b"ACKNOWLEDGED")
"""
    trace = tmp_path / "trace"
    calls = "trace=fsync,rename,write"
    ended = subprocess.run(
        ["strace", "-f", "-y", "-e", calls, "-o", trace, sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # noqa: TID251 - for the child
        capture_output=True,
        check=False,
    )
    lines = trace.read_text().splitlines() if ended.returncode == 0 else []
    if not lines:
        pytest.skip(f"strace may not trace here: {ended.stderr[:200]!r}")
    order = [
        line.split(" ", 1)[1].strip().split("(")[0]
        for line in lines
        if "vault" in line or "ACKNOWLEDGED" in line
    ]
    assert order == ["write", "fsync", "rename", "fsync", "fsync", "fsync", "write"]
