"""QR codes drawn as SVG, without styles, for paper and screens."""

import io

import segno
from markupsafe import Markup


def square(code: str, *, border: int = 1) -> Markup:
    """Return the code as QR.

    Args:
        code: what it says.
        border: modules of white around it.
    """
    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        svgclass="qr",
        lineclass=None,
        border=border,
        omitsize=True,  # a viewBox instead: the page says how large it is
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by segno from our own code
