"""The index inside the database, in the same transaction as the rows.

Pages stand on shelves of `SHELF` pages. A shelf belongs to a lane, a group of branches: who
sees few branches makes few shelves work. The terms of the pages are kept by FTS5 on SQLite
and by GIN on PostgreSQL. The decision and its figures: docs/decisions/0010-search-tokens.md.
"""

from postloan_archive.search.tables.index import DatabaseIndex

__all__ = ["DatabaseIndex"]
