"""The blueprint of proof, shared by its modules of routes."""

from flask import Blueprint

bp = Blueprint("assurance", __name__)
