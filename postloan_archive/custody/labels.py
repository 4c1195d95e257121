"""Codes drawn as SVG in millimetres: Code 128 and QR, without styles, for labels and slips."""

import io

import barcode
import segno
from markupsafe import Markup
from PIL import Image

from postloan_archive.web.codes import square

__all__ = ["bars", "square"]

HEIGHT = 10  # units of the drawing, stretched to the size that the sheet says


def bars(code: str) -> Markup:
    """Return the code as Code 128; the drawing fills its box."""
    pattern = barcode.get("code128", code).build()[0]
    quiet = 10  # modules on each side
    rects, at = [], quiet
    while at - quiet < len(pattern):
        run = at
        while run - quiet < len(pattern) and pattern[run - quiet] == pattern[at - quiet]:
            run += 1
        if pattern[at - quiet] == "1":
            rects.append(f'<rect x="{at}" y="0" width="{run - at}" height="{HEIGHT}"/>')
        at = run
    width = len(pattern) + 2 * quiet
    return Markup(  # noqa: S704 - drawn from a pattern of ones and zeros
        f'<svg class="bars" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none"'
        f' role="img">{"".join(rects)}</svg>'
    )


def bars_image(code: str) -> bytes:
    """Return the code as Code 128 in a PNG, four dots a module, quiet zones included."""
    pattern = barcode.get("code128", code).build()[0]
    quiet, scale, height = 10, 4, 120
    image = Image.new("1", ((len(pattern) + 2 * quiet) * scale, height), 1)
    for at, bit in enumerate(pattern):
        if bit == "1":
            left = (at + quiet) * scale
            image.paste(0, (left, 0, left + scale, height))
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(600, 600))
    return out.getvalue()


def square_image(code: str) -> bytes:
    """Return the code as QR in a PNG."""
    out = io.BytesIO()
    segno.make(code, error="m").save(out, kind="png", scale=8, border=1)
    return out.getvalue()
