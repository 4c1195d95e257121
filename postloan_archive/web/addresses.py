"""Where to go back to: only ever to an address of our own."""

from urllib.parse import urlsplit

from flask import request, url_for


def local_address(wanted: str | None) -> str:
    r"""Return `wanted` if it is a path of this site, else the first page.

    A path begins with exactly one slash and holds no backslash, control character, scheme or
    host: browsers read `//x`, `/\x` and `\tx` as other sites.
    """
    text = wanted or ""
    parts = urlsplit(text)
    plain = text.isprintable() and "\\" not in text
    if text.startswith("/") and not text.startswith("//") and plain and not parts.netloc:
        return text
    return url_for("home.index")


def page_before() -> str:
    """Return the page of ours that sent the form, else the first page."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return url_for("home.index")
    return local_address(f"{parts.path}?{parts.query}" if parts.query else parts.path)
