"""Fixtures of the reading tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from postloan_archive.reading import DEFAULT_LIMITS, Limits, ReadResult, read_file


@pytest.fixture
def kept(tmp_path) -> Callable[[bytes, str], Path]:
    """Write bytes to a file of a neutral name, as the vault does."""

    def keep(data: bytes, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return keep


@pytest.fixture
def read(kept) -> Callable[..., ReadResult]:
    """Read bytes under the name that a user gave them."""

    def reading(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> ReadResult:
        return read_file(kept(data), name, limits=limits)

    return reading
