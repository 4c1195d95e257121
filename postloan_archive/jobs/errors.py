"""What the job queue refuses."""

from postloan_archive.kernel.errors import ConflictError, NotFoundError, PostloanError, _l


class NoSuchJobError(NotFoundError):
    """There is no job of that number."""

    def __init__(self, *, job_id: int) -> None:
        super().__init__(_l("没有第 {job_id} 号后台任务。"), job_id=job_id)
        self.job_id = job_id


class JobStateError(ConflictError):
    """The job is in a state that does not allow the step."""

    def __init__(self, *, job_id: int, state: str) -> None:
        super().__init__(
            _l("第 {job_id} 号后台任务当前状态为 {state}，不能执行此操作。"),
            job_id=job_id,
            state=state,
        )
        self.job_id, self.state = job_id, state


class JobCancelledError(PostloanError):
    """Somebody cancelled the job; raised inside its handler, which lets it pass."""

    def __init__(self) -> None:
        super().__init__(_l("任务已取消。"))
