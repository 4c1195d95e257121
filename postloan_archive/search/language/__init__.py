"""The query language: what a person typed becomes a small tree, whatever it was."""

from postloan_archive.search.language.parsing import Parsed, parse

__all__ = ["Parsed", "parse"]
