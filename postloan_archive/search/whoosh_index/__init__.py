"""The index in a folder of its own, written by Whoosh: pure Python, for any database.

A change is first a row of the table `search_queue`, in the transaction of the rows it belongs
to. After the commit the waiting rows go into the index, which is then synced, and only then are
they deleted. So a crash at any point leaves rows that the next start, or the next commit of any
process, applies again; applying twice changes nothing. The decision on tokens and its figures:
docs/decisions/0010-search-tokens.md.
"""

from postloan_archive.search.whoosh_index.index import WhooshIndex

__all__ = ["WhooshIndex"]
