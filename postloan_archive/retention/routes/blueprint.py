"""The blueprint of retention, shared by its modules of routes."""

from flask import Blueprint

bp = Blueprint("retention", __name__)
