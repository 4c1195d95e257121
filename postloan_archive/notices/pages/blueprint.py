"""The one blueprint of runs and letters."""

from typing import Final

from flask import Blueprint

bp: Final = Blueprint("notices", __name__)
