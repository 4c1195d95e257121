"""A program to be killed while it issues letters: python -m … DATA POINT NUMBER JOB_ID."""

import sys
from pathlib import Path

from postloan_archive.jobs import JobContext, get_job
from postloan_archive.kernel.actor import Actor
from postloan_archive.notices import issuing_jobs
from tests.acceptance.killed_intake import Killer, opened

SMALL_GROUP = 4  # letters in a transaction, so that there are many places to stop


def main() -> None:
    """Issue the letters of a run and say that it is done."""
    data, point, number, job_id = sys.argv[1:5]
    killer = Killer(point, int(number))
    system = opened(Path(data), killer)
    with system.unit_of_work(Actor.program("job")) as uow:
        job = get_job(uow.session, int(job_id))
    issuing_jobs.GROUP = SMALL_GROUP  # type: ignore[misc]  # of this process alone
    issuing_jobs.issue_letters(system, JobContext(job))
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
