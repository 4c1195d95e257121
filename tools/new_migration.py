"""Write the next migration from the difference to the models: python -m tools.new_migration TEXT."""

import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

import postloan_archive
from postloan_archive.db import schema


def import_models() -> None:
    """Import every module of tables, so that the metadata is complete."""
    for found in pkgutil.walk_packages(postloan_archive.__path__, "postloan_archive."):
        if found.name.endswith(".models") or ".models." in found.name:
            importlib.import_module(found.name)


def main() -> None:
    """Migrate an empty database to the head, compare it with the models, write the rest."""
    import_models()
    config = schema.alembic_config()
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            if any(Path(schema.VERSIONS).glob("*.py")):
                command.upgrade(config, "head")
            taken = [int(path.name[:4]) for path in Path(schema.VERSIONS).glob("0*.py")]
            number = max(taken, default=0) + 1
            command.revision(config, sys.argv[1], autogenerate=True, rev_id=f"{number:04d}")


main()
