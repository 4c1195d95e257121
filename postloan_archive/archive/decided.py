"""Filing a piece of which a barcode has decided."""

from collections.abc import Sequence

from postloan_archive.archive import inbox
from postloan_archive.archive.cutting import sources
from postloan_archive.archive.cutting.deciding import BARCODE, Slips, sender_of
from postloan_archive.archive.inbox import FileIt
from postloan_archive.archive.models import IntakeFile
from postloan_archive.jobs import JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System


def file_decided(system: System, context: JobContext, slips: Sequence[Slips]) -> None:
    """File the piece as its sender; the letter of a return slip gets its proof."""
    piece_id, code, loan_no, item_code, title = context.args
    assert isinstance(piece_id, int)
    with system.unit_of_work(Actor.program("job")) as uow:
        row = uow.session.get_one(IntakeFile, piece_id)
        if row.handled_at is not None or row.document_id is not None:
            return  # a person was quicker, or a killed run has done it
        actor = sender_of(uow, row)
        leaves = row.leaves
    made = sources.make(system, actor, piece_id)
    with system.unit_of_work(actor) as uow:
        row = uow.session.get_one(IntakeFile, piece_id)
        if row.leaves != leaves:
            return  # somebody cuts it in another way just now
        row.decided_by = f"{BARCODE} {code}"
        uow.session.flush()  # a new version of the row
        cmd = FileIt(
            file_id=piece_id,
            version=row.version,
            loan_no=str(loan_no),
            item_code=str(item_code),
            title=str(title),
            made=made,
        )
        document = inbox.file_it(uow, cmd)
        for one in slips:
            one.filed(uow, str(code), document.id)
