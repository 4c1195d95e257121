"""Where the shared reference folder is, if it is here at all."""

from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_PLACES = (_ROOT.parent / "shared", _ROOT.parent.parent / "shared")
SHARED = next((place for place in _PLACES if place.is_dir()), _PLACES[0])

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="../shared is not here; it holds the corpus and the law vectors"
)
