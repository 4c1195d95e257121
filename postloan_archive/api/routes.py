"""Every part of the API, for `app.py`."""

from typing import Final

from flask import Blueprint

from postloan_archive.api import court, documents, loan_files, notices, system

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    loan_files.bp,
    documents.bp,
    notices.bp,
    court.bp,
    system.bp,
)
