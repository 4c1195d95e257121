"""Base model, column types, engine and migrations."""

from postloan_archive.db.engine import create_database_engine, new_session
from postloan_archive.db.model import Model, Utc, Yuan, YuanOrNone

__all__ = ["Model", "Utc", "Yuan", "YuanOrNone", "create_database_engine", "new_session"]
