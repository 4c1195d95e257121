"""Every part of the API, for `app.py`."""

from typing import Final

from flask import Blueprint

from postloan_archive.api import (
    court,
    deadlines,
    documents,
    enforcement,
    imports,
    loan_files,
    notices,
    system,
    uploads,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    loan_files.bp,
    imports.bp,
    documents.bp,
    notices.bp,
    court.bp,
    enforcement.bp,
    deadlines.bp,
    uploads.bp,
    system.bp,
)
