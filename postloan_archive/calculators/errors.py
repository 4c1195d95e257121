"""The refusals of calculator pages."""

from postloan_archive.kernel.errors import NotFoundError, _l


class CalculatorNotFoundError(NotFoundError):
    """No calculator with this name."""

    next_step = _l("请从“计算器”页面选择。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("没有名为“{name}”的计算器。"), name=name)
