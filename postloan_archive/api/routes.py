"""Every part of the API, for `app.py`."""

from typing import Final

from flask import Blueprint

from postloan_archive.api import (
    collecting,
    court,
    deadlines,
    disposing,
    documents,
    enforcement,
    imports,
    inspecting,
    loan_files,
    notices,
    reporting,
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
    collecting.bp,
    disposing.bp,
    inspecting.bp,
    reporting.bp,
    system.bp,
)
