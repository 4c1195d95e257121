"""The job handlers and the recurring work of all capabilities, for workers and commands."""

from postloan_archive.admin import export_writing, upkeep
from postloan_archive.archive import gaps, indexing, reading_jobs
from postloan_archive.archive.incoming import jobs as incoming
from postloan_archive.archive.pieces.suggesting import look_also_for
from postloan_archive.assurance import checking
from postloan_archive.cases import keeping
from postloan_archive.cases.numbers import numbers_of_cases
from postloan_archive.collection import jobs as collection
from postloan_archive.inspection import jobs as inspection
from postloan_archive.jobs import Handler, Periodic
from postloan_archive.litigation import freezing, readiness_keeping
from postloan_archive.loans import positions, reconciling
from postloan_archive.loans.importing import batches
from postloan_archive.notices import issuing_jobs, proposing, slips
from postloan_archive.reports import jobs as reports
from postloan_archive.retention.service import destroying
from postloan_archive.uow import System
from postloan_archive.worklist import jobs as worklist


def all_handlers(system: System) -> dict[str, Handler]:
    """Return every job handler by its kind."""
    look_also_for(numbers_of_cases)
    return {
        **reading_jobs.handlers(system, (slips.SLIPS,)),
        **incoming.handlers(system),
        **gaps.handlers(system),
        **indexing.handlers(system),
        **positions.handlers(system),
        **keeping.handlers(system),
        **batches.handlers(system),
        **reconciling.handlers(system),
        **issuing_jobs.handlers(system),
        **freezing.handlers(system),
        **readiness_keeping.handlers(system),
        **worklist.handlers(system),
        **reports.handlers(system),
        **collection.handlers(system),
        **inspection.handlers(system),
        **upkeep.handlers(system),
        **export_writing.handlers(system),
        **destroying.handlers(system),
        **checking.handlers(system),
    }


def all_periodic() -> tuple[Periodic, ...]:
    """Return the work that comes back."""
    return (
        *positions.PERIODIC,
        *keeping.PERIODIC,
        *readiness_keeping.PERIODIC,
        *incoming.PERIODIC,
        *worklist.PERIODIC,
        *proposing.PERIODIC,
        *reports.PERIODIC,
        *collection.PERIODIC,
        *inspection.PERIODIC,
        *upkeep.PERIODIC,
        *export_writing.PERIODIC,
        *checking.PERIODIC,
    )
