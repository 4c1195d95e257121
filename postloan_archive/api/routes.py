"""Every part of the API, for `app.py`."""

from typing import Final

from flask import Blueprint

from postloan_archive.api import (
    court,
<<<<<<< HEAD
    documents,
    enforcement,
=======
    deadlines,
    documents,
>>>>>>> main
    imports,
    loan_files,
    notices,
    system,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    loan_files.bp,
    imports.bp,
    documents.bp,
    notices.bp,
    court.bp,
<<<<<<< HEAD
    enforcement.bp,
=======
    deadlines.bp,
>>>>>>> main
    system.bp,
)
