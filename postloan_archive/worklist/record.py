"""A deadline as programs get it, from the command line and from the API alike."""

from postloan_archive.worklist.queries import DeadlineRow


def record_of(row: DeadlineRow) -> dict[str, object]:
    """Return the three days with where they come from; amounts and days are not yet text."""
    return {
        "id": row.id,
        "key": row.key,
        "kind": row.kind,
        "title": row.title,
        "loan_no": row.loan_no,
        "debtor": row.debtor,
        "branch": row.branch,
        "case_no": row.case_no,
        "nominal": row.nominal,
        "legal": row.legal,
        "safe": row.safe,
        "at": row.at,
        "days_left": row.days_left,
        "over": row.bucket == "past",
        "provisional": row.provisional,
        "source": row.source,
        "computed_legal": row.computed_legal,
        "trigger": row.trigger,
        "trigger_on": row.trigger_on,
        "proof_document_id": row.proof_document_id,
        "owner": row.owner,
        "state": row.state,
        "done_on": row.done_on,
        "struck_reason": row.struck_reason,
        "note": row.note,
        "basis": [str(one) for one in row.basis],
        "steps": row.steps,
        "edition": row.edition,
        "calendar_edition": row.calendar_edition,
        "version": row.version,
    }
