"""The log of the web part: one JSON line a request, tied to the audit by the request id."""

import logging
import secrets
import sys
import time
from typing import Final

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
log = structlog.get_logger("postloan.web")


def configure_logs(level: str) -> None:
    """Write JSON lines to stderr; never bodies, queries, cookies or forms."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS.get(level, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def install_request_log(app: Flask) -> None:
    """Give each request an id and log how it ended."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint != "static":
            actor = g.get("actor")
            log.info(
                "request",
                method=request.method,
                route=request.endpoint or "",
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000),
                user=getattr(actor, "name", ""),
            )
        return response
