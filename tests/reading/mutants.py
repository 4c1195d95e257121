"""Seeded damage: cut off, bits flipped, a hole of zeros, numbers made huge."""

import random
import re
from collections.abc import Iterator


def mutants(data: bytes, *, seed: int, count: int) -> Iterator[bytes]:
    """Yield `count` mutants of the bytes, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.choice((_cut, _flip, _hole, _huge))(data, chance)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 40)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _hole(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randrange(1, max(2, len(data) // 4)))
    return data[:start] + bytes(end - start) + data[end:]


def _huge(data: bytes, chance: random.Random) -> bytes:
    numbers = list(re.finditer(rb"\d{1,6}", data))
    if not numbers:
        return _flip(data, chance)
    found = chance.choice(numbers)
    return data[: found.start()] + b"99999999999" + data[found.end() :]
