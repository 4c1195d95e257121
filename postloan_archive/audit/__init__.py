"""The trail: append-only lines in a hash chain and a Merkle tree, with signed checkpoints."""

from postloan_archive.audit.checkpoints import (
    FILE_NAME as CHECKPOINT_FILE,
)
from postloan_archive.audit.checkpoints import (
    Checkpoint,
    OutsideCheckpoints,
    Signer,
    create_key,
    is_report_signed,
    key_id_of,
    last_checkpoint,
    load_key,
    publish,
    read_checkpoints,
    sign_checkpoint,
)
from postloan_archive.audit.errors import (
    HistoryChangedError,
    KeyExistsError,
    NoKeyError,
    NoSuchLineError,
    NotCoveredError,
)
from postloan_archive.audit.line import JSON, AuditLine
from postloan_archive.audit.models import AuditRow, BlockRow, CheckpointRow, trigger_statements
from postloan_archive.audit.proof import consistency_for, proof_for
from postloan_archive.audit.report import AuditFault, AuditReport, FaultKind
from postloan_archive.audit.trail import (
    TrailFilter,
    TrailPage,
    append,
    append_many,
    count,
    counts,
    last_of,
    lines_of,
    read,
    read_forward,
    read_newest,
)
from postloan_archive.audit.verification import verify

__all__ = [
    "CHECKPOINT_FILE",
    "JSON",
    "AuditFault",
    "AuditLine",
    "AuditReport",
    "AuditRow",
    "BlockRow",
    "Checkpoint",
    "CheckpointRow",
    "FaultKind",
    "HistoryChangedError",
    "KeyExistsError",
    "NoKeyError",
    "NoSuchLineError",
    "NotCoveredError",
    "OutsideCheckpoints",
    "Signer",
    "TrailFilter",
    "TrailPage",
    "append",
    "append_many",
    "consistency_for",
    "count",
    "counts",
    "create_key",
    "is_report_signed",
    "key_id_of",
    "last_checkpoint",
    "last_of",
    "lines_of",
    "load_key",
    "proof_for",
    "publish",
    "read",
    "read_checkpoints",
    "read_forward",
    "read_newest",
    "sign_checkpoint",
    "trigger_statements",
    "verify",
]
