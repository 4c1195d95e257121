"""The refusals of preservation measures."""

from postloan_archive.kernel.errors import NotFoundError, _l


class MeasureNotFoundError(NotFoundError):
    """No such measure for this actor."""

    field = "measure_id"

    def __init__(self, *, measure_id: int) -> None:
        super().__init__(_l("没有找到编号为 {measure_id} 的保全措施。"), measure_id=measure_id)
