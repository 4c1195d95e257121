"""Security headers on every reply, and what browsers may keep."""

from typing import Final

from flask import Flask, g, request
from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS: Final = "max-age=31536000; includeSubDomains"
_YEAR: Final = "public, max-age=31536000, immutable"


def install_headers(app: Flask, *, secure: bool) -> None:
    """Set the headers after each request; a view may only make them stricter itself."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers["Strict-Transport-Security"] = HSTS
        if request.endpoint == "static" and "v" in request.args and response.status_code < 400:  # noqa: PLR2004 - an error is not kept
            response.headers["Cache-Control"] = _YEAR
        elif request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.add("Vary", "Cookie")
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response
