"""Finding every changed file, and only those, and putting a good copy back."""

import hashlib
import io
import os
import random

import pytest

from postloan_archive.kernel.clock import SystemClock
from postloan_archive.vault import (
    MissingBlobError,
    NoCopyError,
    State,
    Vault,
    repair,
    share,
    verify_all,
)
from tests.vault.test_store import damage, names_in


def filled(root, count):
    vault = Vault(root)
    chance = random.Random(count)
    digests = [
        vault.put(io.BytesIO(chance.randbytes(chance.randrange(1, 3_000)))).sha256
        for _ in range(count)
    ]
    return vault, digests, chance


def test_every_flipped_bit_is_found_and_no_good_file_is_accused(tmp_path):
    vault, digests, chance = filled(tmp_path, 120)
    flipped = set(chance.sample(digests, 30))
    for sha256 in flipped:
        data = bytearray(vault.read(sha256))
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        damage(vault, sha256, bytes(data))

    results = list(verify_all(vault, digests))

    assert {one.name for one in results if one.state is State.CHANGED} == flipped
    assert {one.name for one in results if one.good} == set(digests) - flipped
    assert len(results) == len(digests)


def test_every_kind_of_damage_has_its_name(tmp_path):
    vault, digests, _ = filled(tmp_path, 12)
    cut, emptied, deleted, one, other, linked, held = digests[:7]
    damage(vault, cut, vault.read(cut)[:-1])
    damage(vault, emptied, b"")
    vault.path(deleted).unlink()
    first, second = vault.path(one), vault.path(other)
    first.rename(tmp_path / "swap")
    second.rename(first)
    (tmp_path / "swap").rename(second)
    place = vault.path(linked)
    place.unlink()
    place.symlink_to(vault.path(held))
    (tmp_path / "note.txt").write_text("a strange file")
    (place.parent / "note.txt").write_text("another")
    wrong = hashlib.sha256(b"a row that was edited").hexdigest()
    rows = [*digests[:-1], wrong]

    found = {one.name: one.state for one in verify_all(vault, rows) if not one.good}

    assert found == {
        cut: State.CHANGED,
        emptied: State.CHANGED,
        deleted: State.MISSING,
        one: State.CHANGED,
        other: State.CHANGED,
        linked: State.UNREADABLE,
        wrong: State.MISSING,
        digests[-1]: State.STRAY,
        "note.txt": State.STRAY,
        f"{linked[:2]}/{linked[2:4]}/note.txt": State.STRAY,
    }
    assert all(one.message for one in verify_all(vault, rows) if not one.good)


def test_a_young_file_without_row_is_not_reported(tmp_path):
    vault, digests, _ = filled(tmp_path, 2)
    hour_ago = SystemClock().now().timestamp() - 3600
    os.utime(vault.path(digests[0]), (hour_ago, hour_ago))

    stray = [one.name for one in verify_all(vault, [], young=hour_ago + 60)]

    assert stray == [digests[0]]


def test_the_shares_of_a_rolling_check_cover_each_file_once():
    digests = [hashlib.sha256(bytes([n])).hexdigest() for n in range(256)]
    slots = 7

    seen = [
        sha256 for slot in range(500, 507) for sha256 in share(digests, slot=slot, slots=slots)
    ]

    assert sorted(seen) == sorted(digests)


@pytest.mark.parametrize("below", ["vault", "."])
def test_a_bad_file_is_replaced_by_the_copy_and_kept_as_evidence(tmp_path, below):
    vault, digests, _ = filled(tmp_path / "vault", 3)
    copy, _, _ = filled(tmp_path / "copy" / below, 3)
    bad, lost, good = digests
    damage(vault, bad, b"bad")
    vault.path(lost).unlink()

    for sha256 in digests:
        repair(vault, sha256, tmp_path / "copy")

    assert all(vault.verify(sha256).good for sha256 in digests)
    assert vault.read(good) == copy.read(good)
    evidence = names_in(vault.root / "quarantine")
    assert [name.partition(".")[0] for name in evidence] == [bad]


def test_a_bad_or_missing_copy_repairs_nothing(tmp_path):
    vault, digests, _ = filled(tmp_path / "vault", 1)
    copy, _, _ = filled(tmp_path / "copy", 1)
    damage(copy, digests[0], b"bad too")
    damage(vault, digests[0], b"bad")

    for sha256 in (digests[0], "0" * 64, "no digest"):
        with pytest.raises(NoCopyError):
            repair(vault, sha256, tmp_path / "copy")
    assert vault.verify(digests[0]).state is State.CHANGED


def test_what_is_not_there_cannot_be_put_in_quarantine(tmp_path):
    with pytest.raises(MissingBlobError):
        Vault(tmp_path).quarantine("0" * 64)
