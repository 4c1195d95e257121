"""拉正: a page that was photographed or scanned a little askew, drawn straight; only a view.

Lines of print give rows that are dark and rows that are light; the angle at which they differ
most is the one at which the lines lie level.
"""

import io
from itertools import pairwise
from typing import Final

from PIL import Image

MOST: Final = 8.0  # degrees that are tried to either side; more than that is no accident
COARSE: Final = 1.0
FINE: Final = 0.25
LEAST: Final = 0.3  # degrees; less is not worth drawing anew
_SMALL: Final = (420, 420)
_BETTER: Final = 1.25  # the rows must differ that much more than as the page lies
_SOME: Final = 20.0  # of difference as the page lies; with less there is hardly a line on it
_QUALITY: Final = 88


def skew_of(image: Image.Image) -> float:
    """Return by how many degrees, counter-clockwise, to turn the page; 0: it lies level."""
    grey = image.convert("L")
    grey.thumbnail(_SMALL, Image.Resampling.BOX)
    lying = _contrast(grey, 0.0)
    steps = round(MOST / COARSE)
    coarse = max(
        (at * COARSE for at in range(-steps, steps + 1)),
        key=lambda degrees: _contrast(grey, degrees),
    )
    steps = round(COARSE / FINE)
    best = max(
        (coarse + at * FINE for at in range(-steps, steps + 1)),
        key=lambda degrees: _contrast(grey, degrees),
    )
    level = _contrast(grey, best)
    if lying < _SOME or level < lying * _BETTER or not LEAST <= abs(best) <= MOST:
        return 0.0
    return best


def straightened(image: bytes) -> bytes:
    """Return the JPEG drawn level, of the same size; as it is where it lies level."""
    with Image.open(io.BytesIO(image)) as opened:
        page = opened.convert("RGB")
    degrees = skew_of(page)
    if not degrees:
        return image
    out = io.BytesIO()
    level = page.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")
    level.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _contrast(grey: Image.Image, degrees: float) -> float:
    """Return how much the rows of the middle of the page differ when it is turned so."""
    turned = grey.rotate(degrees, resample=Image.Resampling.BILINEAR, fillcolor=255)
    across, down = turned.size
    middle = turned.crop((across // 8, down // 10, across * 7 // 8, down * 9 // 10))
    rows = list(middle.resize((1, middle.height), Image.Resampling.BOX).tobytes())
    return sum((one - two) ** 2 for one, two in pairwise(rows))
