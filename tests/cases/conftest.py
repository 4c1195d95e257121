"""The docketed case."""

from tests.cases.docket import add, case_no, docketed

__all__ = ["add", "case_no", "docketed"]
