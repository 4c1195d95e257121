"""The blueprint that the modules of this folder hang their pages on."""

from typing import Any

from flask import Blueprint, current_app

bp = Blueprint("worklist", __name__)


@bp.context_processor
def endpoints() -> dict[str, Any]:
    """Let the templates ask whether a page of another capability is there."""
    return {"has_endpoint": lambda name: name in current_app.view_functions}
