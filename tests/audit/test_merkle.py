"""Proofs of the Merkle tree: the example of RFC 6962 and thousands of random trees."""

import hashlib
import random

import pytest

from postloan_archive.audit import merkle

# The inputs and roots of the test data that Certificate Transparency publishes.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves_of(count):
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def range_of(leaves):
    return lambda low, high: plain_root(leaves[low:high])


def plain_root(leaves):
    """The definition of RFC 6962, section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return merkle.node_hash(plain_root(leaves[:middle]), plain_root(leaves[middle:]))


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_certificate_transparency(size):
    leaves = [merkle.leaf_hash(data) for data in INPUTS[:size]]
    assert merkle.root_of(leaves).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 64, 100])
def test_a_growing_tree_has_the_root_of_the_definition(size):
    assert merkle.root_of(leaves_of(size)) == plain_root(leaves_of(size))


def test_every_line_of_small_trees_is_proved_and_no_other():
    for size in range(1, 34):
        leaves = leaves_of(size)
        root = plain_root(leaves)
        for index in range(size):
            path = merkle.inclusion_path(index, size, range_of(leaves))
            facts = {"index": index, "size": size, "path": path, "root": root}
            assert merkle.is_included(leaves[index], **facts)
            for other in range(-1, size + 2):
                if other != index:
                    assert not merkle.is_included(leaves[index], **{**facts, "index": other})


def test_growth_of_small_trees_is_proved():
    for new in range(1, 34):
        leaves = leaves_of(new)
        for old in range(1, new + 1):
            path = merkle.consistency_path(old, new, range_of(leaves))
            assert merkle.is_consistent(
                old=old,
                new=new,
                old_root=plain_root(leaves[:old]),
                new_root=plain_root(leaves),
                path=path,
            )


def mutants(chance, path):
    """Paths that are not the path."""
    flip = list(path)
    if flip:
        index = chance.randrange(len(flip))
        data = bytearray(flip[index])
        data[chance.randrange(32)] ^= 1 << chance.randrange(8)
        flip[index] = bytes(data)
        yield flip
        yield path[:-1]
        yield path[1:]
    yield [*path, chance.randbytes(32)]
    yield [chance.randbytes(32), *path]
    if len(path) > 1 and path[0] != path[1]:
        yield [path[1], path[0], *path[2:]]


def test_random_proofs_hold_and_their_mutants_do_not():
    chance = random.Random(6962)
    refused = 0
    for _ in range(150):
        new = chance.randint(2, 300)
        old, index = chance.randint(1, new - 1), chance.randrange(new)
        leaves = leaves_of(new)
        root, old_root = plain_root(leaves), plain_root(leaves[:old])
        path = merkle.inclusion_path(index, new, range_of(leaves))
        growth = merkle.consistency_path(old, new, range_of(leaves))
        assert merkle.is_included(leaves[index], index=index, size=new, path=path, root=root)
        sizes = {"old": old, "new": new}
        roots = {"old_root": old_root, "new_root": root}
        assert merkle.is_consistent(**sizes, **roots, path=growth)
        wrong = chance.randbytes(32)
        assert not merkle.is_included(wrong, index=index, size=new, path=path, root=root)
        assert not merkle.is_included(
            leaves[index], index=index, size=new, path=path, root=wrong
        )
        assert not merkle.is_consistent(**sizes, **{**roots, "old_root": wrong}, path=growth)
        assert not merkle.is_consistent(**sizes, **{**roots, "new_root": wrong}, path=growth)
        for bad in mutants(chance, path):
            refused += 1
            assert not merkle.is_included(
                leaves[index], index=index, size=new, path=bad, root=root
            )
        for bad in mutants(chance, growth):
            refused += 1
            assert not merkle.is_consistent(**sizes, **roots, path=bad)
    assert refused > 1_000


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 0)])
def test_impossible_sizes_prove_nothing(old, new):
    root = plain_root(leaves_of(5))
    assert not merkle.is_consistent(old=old, new=new, old_root=root, new_root=root, path=[])


def test_a_tree_is_consistent_with_itself_only_by_an_empty_proof():
    root = plain_root(leaves_of(5))
    same = {"old": 5, "new": 5, "old_root": root, "new_root": root}
    assert merkle.is_consistent(**same, path=[])
    assert not merkle.is_consistent(**same, path=[root])
    assert not merkle.is_consistent(old=3, new=5, old_root=root, new_root=root, path=[])
