"""The blueprint that the pages of the archive share."""

from typing import Final

from flask import Blueprint

bp: Final = Blueprint("archive", __name__)
