"""All tables of the product, whether or not a test has imported them."""

import importlib
import pkgutil

from sqlalchemy.orm import Mapper

import postloan_archive
from postloan_archive.db import Model


def mappers() -> list[Mapper]:
    """Import every models module; return the mapped classes by table name."""
    for found in pkgutil.walk_packages(postloan_archive.__path__, "postloan_archive."):
        if ".models" in found.name:
            importlib.import_module(found.name)
    return sorted(Model.registry.mappers, key=lambda mapper: mapper.local_table.name)
