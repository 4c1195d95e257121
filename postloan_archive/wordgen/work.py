"""How much one letter may cost: loops, characters and time, counted while it is filled."""

import time
from collections.abc import Sized
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.wordgen.values import LetterError, Picture, UnprintableValueError

MAX_ROUNDS: Final = 100_000  # of all loops of a letter together
MAX_JOINED: Final = 4_000_000  # characters made by ~, join and the like
MAX_OUTPUT: Final = 32_000_000  # characters of one part
MAX_SECONDS: Final = 3.0


class WorkLimitError(LetterError):
    """The template asked for more work than a letter may cost."""

    next_step = _l("检查模板中的循环，或减少数据行数。")

    def __init__(self, *, what: str) -> None:
        super().__init__(_l("套用模板超出限制：{what}。"), what=what)


@dataclass(slots=True)
class Work:
    """The account of one letter."""

    rounds: int = MAX_ROUNDS
    joined: int = MAX_JOINED
    deadline: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)
    pictures: dict[Picture, str] = field(
        default_factory=dict
    )  # of the part in hand, by relation

    def check_time(self) -> None:
        """Raise `WorkLimitError` when the time is up."""
        if time.monotonic() > self.deadline:
            raise WorkLimitError(what=_l("用时过长"))

    def count_rounds(self, items: object) -> object:
        """Return what a loop runs over, having paid for all its rounds."""
        if not isinstance(items, Sized):
            raise UnprintableValueError(what=_l("循环"), reason=_l("不是列表"))
        self.rounds -= len(items)
        if self.rounds < 0:
            raise WorkLimitError(what=_l("循环次数过多"))
        self.check_time()
        return items

    def count_text(self, text: str) -> str:
        """Return text made by an operator, having paid for its length."""
        self.joined -= len(text)
        if self.joined < 0:
            raise WorkLimitError(what=_l("拼接的文字过长"))
        return text


CURRENT: Final[ContextVar[Work]] = ContextVar("wordgen_work")
