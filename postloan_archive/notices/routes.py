"""法务 › 催收函 and 管理 › 模板: every page of the letters, for `app` to register."""

from typing import Final

from flask import Blueprint

from postloan_archive.notices.pages import (
    deliveries,
    letters,
    outputs,
    runs,
    sending,
    template_versions,
    templates,
    today,
)
from postloan_archive.notices.pages.blueprint import bp

PAGES: Final = (
    runs,
    letters,
    outputs,
    sending,
    deliveries,
    template_versions,
    today,
)  # importing them has given `bp` its routes
BLUEPRINTS: Final[tuple[Blueprint, ...]] = (bp, templates.bp)
