"""What proof keeps of a loan file: a hold, a signed report, a sample, a redacted copy."""

import io

from postloan_archive.archive import holds
from postloan_archive.archive.holds import SetHold
from postloan_archive.archive.models import Redaction
from postloan_archive.assurance import checking, sampling
from postloan_archive.assurance.rules.sampling import Method
from postloan_archive.assurance.sampling import DrawSample
from postloan_archive.uow import UnitOfWork


def the_proof(
    uow: UnitOfWork, loan_no: str, document_id: int, secret: str
) -> dict[str, object]:
    """Records of holds, checks, samples and redactions; ids by URL name."""
    stored = uow.vault.put(io.BytesIO(f"%PDF-1.4 {secret}".encode()))
    copy = Redaction(
        document_id=document_id,
        version_no=1,
        boxes=[[1, 0, 0, 100, 100]],
        reason=secret,
        pages=1,
        sha256=stored.sha256,
        size=stored.size,
        made_by="cli",
        made_at=uow.clock.now(),
    )
    uow.session.add(copy)
    hold = holds.set_hold(uow, SetHold(document_id=document_id, reason=secret))
    drawn = sampling.draw_sample(
        uow, DrawSample(title=secret, method=Method.RISK, wanted=1_000, seed="s")
    )
    return {
        "hold_id": hold.id,
        "check_id": checking.check_loan(uow, loan_no).id,
        "sample_id": drawn.id,
        "redaction_id": copy.id,
    }
