"""The pages of the worklist: desk, deadlines, limitation, the tabs of a loan file."""

from postloan_archive.worklist.routes import board, exports, feeds, one
from postloan_archive.worklist.routes.blueprint import bp

__all__ = ["board", "bp", "exports", "feeds", "one"]
