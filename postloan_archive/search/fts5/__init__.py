"""The index inside the SQLite database, in the same transaction as the rows.

Pages stand on shelves of `SHELF` pages. A shelf has two FTS5 tables without content: `gram`
(overlapping two-grams with positions, so that a phrase is an exact substring) and `char` (which
characters a page holds). A shelf belongs to a lane, a group of branches: a person who sees few
branches makes few shelves work. The decision and its figures: docs/decisions/0001.
"""

from postloan_archive.search.fts5.index import Fts5Index

__all__ = ["Fts5Index"]
