"""The clocks of a debt in the header of its file, with what its court cases mean for them.

The ledger knows letters and payments; that a suit stops the limitation, that a judgment takes
its place and that suing a guarantor keeps the right, only the cases say.
"""

from collections.abc import Iterator
from dataclasses import replace

from postloan_archive.kernel.errors import _l
from postloan_archive.loans.clocks import header_clocks as ledger_clocks
from postloan_archive.loans.file_parts import HeaderClock
from postloan_archive.loans.models import Loan
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar
from postloan_archive.worklist.rules.computed import Computed, State
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import LoanFile, load_files
from postloan_archive.worklist.sources.limitation import deadlines


def header_clocks(uow: UnitOfWork, loan: Loan) -> Iterator[HeaderClock]:
    """Yield the clocks of the debt and of its guarantees, as the deadlines have them."""
    clocks = list(ledger_clocks(uow, loan))
    (file,) = load_files(uow, [loan.id])
    if not file.cases:
        yield from clocks
        return
    at = AsOf(
        day=uow.clock.today(), calendar=load_calendar(uow.session), policy=load_policy(uow)
    )
    computed = {one.key: one for one in deadlines(file, at)}
    for clock in clocks:
        one = computed.pop(_key(clock.key, loan.id), None)
        yield clock if one is None else _with_cases(clock, one)
    yield from _only_by_cases(file, computed)


def _key(clock: str, loan_id: int) -> str:
    """Return the key of the deadline that a clock of the header stands for."""
    name, _, number = clock.rpartition("-")
    if clock == "limitation":
        return f"limitation:{loan_id}"
    return f"guarantee:{number}:{'limitation' if name == 'guarantee-debt' else 'period'}"


def _with_cases(clock: HeaderClock, one: Computed) -> HeaderClock:
    if one.ended is None:
        return replace(clock, due=one.due, steps=one.due.steps, basis=one.due.basis, done=False)
    if one.ended.state is State.DONE:
        return replace(clock, done=True, words=_l("期间内已主张"), note=one.ended.why)
    return replace(
        clock,
        due=None,
        done=True,
        words=_l("程序中") if one.ended.why.startswith("程序") else _l("已有判决"),
        steps=(*one.due.steps, one.ended.why),
        note=one.ended.why,
    )


def _only_by_cases(file: LoanFile, computed: dict[str, Computed]) -> Iterator[HeaderClock]:
    """Yield the limitation of guarantees that only a suit has claimed."""
    names = {str(promise.id): promise.guarantor for promise in file.promises}
    for key, one in computed.items():
        table, number, what = (*key.split(":"), "")[:3]
        if table == "guarantee" and what == "limitation" and one.ended is None:
            yield HeaderClock(
                key=f"guarantee-debt-{number}",
                label=_l("保证债务时效"),
                subject=names[number],
                due=one.due,
                long_period=True,
            )
