"""证据链 as a sealed package: workbook, Word, facts, signature and audit proof in one zip.

The facts name the digest of every file and are signed with the site's key as a four-property
report is; the container is that of a litigation package, so `verify_package` checks it offline.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from postloan_archive import audit
from postloan_archive.assurance import papers
from postloan_archive.assurance.evidence import Link, chain_of
from postloan_archive.audit.line import canonical_json
from postloan_archive.bundle import PackageFile, verify_package, write_package
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.models import Loan
from postloan_archive.sheets import workbook
from postloan_archive.uow import UnitOfWork

SHEET: Final = "证据链.xlsx"
PAPER: Final = "证据链.docx"
FACTS: Final = "evidence.json"
SIGNATURE: Final = "signature.json"
KIND: Final = "postloan evidence 1"
MOST: Final = 64 * 1024 * 1024  # bytes of facts or signature


class NoEvidenceError(RuleError):
    """The file is no sealed evidence chain."""

    field = "package"
    next_step = _l("请选择“证据链”页导出的签名包（.zip）。")

    def __init__(self) -> None:
        super().__init__(_l("不是证据链签名包。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SealChecked:
    """What a sealed evidence chain proves.

    Attributes:
        findings: what is wrong, in words; none: every byte is as it was signed.
        key_id: the key that signed; `ours`: whether it is the key of this installation.
        proved: lines of the trail that the proof holds.
        facts: what was signed.
        differs: papers whose digest here and now is another, or that are not here.
    """

    findings: tuple[str, ...]
    key_id: str
    ours: bool
    proved: int
    facts: Mapping[str, Any]
    differs: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Return whether nothing is wrong with the package itself."""
        return not self.findings


def seal(uow: UnitOfWork, loan: Loan, names: Mapping[str, str]) -> bytes:
    """Return the sealed evidence chain of a loan file and record that it was made.

    Raises:
        NoKeyError: the site has no key to sign with.
    """
    signer = audit.load_key(uow.settings.data)
    links = chain_of(uow, loan)
    now = uow.clock.now()
    maker = uow.actor.display_name or uow.actor.name
    line = f"{loan.loan_no}　制表 {maker}　{now.astimezone(CHINA):%Y-%m-%d %H:%M}"
    table = papers.evidence_table(links, names)
    files = {
        SHEET: workbook(table, title="证据链", line=line),
        PAPER: papers.word(
            table, title="证据链", lines=(line,), more=(f"审计人 {papers.SIGN}",)
        ),
    }
    facts = {
        "kind": KIND,
        "institution": uow.settings.institution,
        "loan_no": loan.loan_no,
        "archive_no": loan.archive_no,
        "made_at": now.isoformat(),
        "made_by": uow.actor.name,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "links": [_plain(link) for link in links],
    }
    text = canonical_json(facts).encode()
    signature = {
        "of": FACTS,
        "signature": signer.sign_report(text),
        "public_key": signer.public_key,
        "key_id": signer.key_id,
        "signed": "Ed25519 over 'postloan report 1' + LF + the bytes of evidence.json",
    }

    def prove(manifest_sha256: str) -> Mapping[str, object]:
        """Record the package; its line and those of the papers are proved together."""
        made = uow.record(
            "assurance.evidence_sealed",
            f"loan:{loan.id}",
            loan_no=loan.loan_no,
            manifest_sha256=manifest_sha256,
            broken=sum(bool(link.gap) for link in links),
        )
        seqs = sorted({made.seq, *(link.seq for link in links if link.seq is not None)})
        return audit.proof_for(uow.session, seqs, signer=signer, at=now)

    with TemporaryDirectory() as folder:
        target = Path(folder) / "evidence.zip"
        write_package(
            target,
            [
                *(PackageFile(name=name, source=data) for name, data in files.items()),
                PackageFile(name=FACTS, source=text),
                PackageFile(name=SIGNATURE, source=json.dumps(signature, indent=1).encode()),
            ],
            {
                "Source-Organization": uow.settings.institution,
                "External-Identifier": loan.archive_no,
                "Bagging-Date": uow.clock.today().isoformat(),
            },
            prove=prove,
        )
        return target.read_bytes()


def check_seal(path: Path, key_id: str = "") -> SealChecked:
    """Check a sealed evidence chain from the file alone.

    Args:
        path: the zip.
        key_id: name of the key of this installation, to be compared.

    Raises:
        NoEvidenceError: the file is something else.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            text, signed = (_read(archive, f"data/{name}") for name in (FACTS, SIGNATURE))
        facts, signature = json.loads(text), json.loads(signed)
        told = {
            key: str(facts[key]) for key in ("loan_no", "archive_no", "institution", "made_at")
        }
        told = told | {"kind": facts["kind"], "links": [dict(one) for one in facts["links"]]}
        if told["kind"] != KIND:
            raise NoEvidenceError
        listed = {str(name): str(digest) for name, digest in facts["files"].items()}
        public_key, mark = str(signature["public_key"]), str(signature["signature"])
        signed_by = audit.key_id_of(bytes.fromhex(public_key))
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RuntimeError,
        NotImplementedError,
        RecursionError,
    ) as error:
        raise NoEvidenceError from error
    report = verify_package(path)
    findings = [finding.sentence for finding in report.findings]
    if not audit.is_report_signed(text, signature=mark, public_key=public_key):
        findings.append(str(_l("evidence.json 与签名不符。")))
    with zipfile.ZipFile(path) as archive:
        for name, digest in listed.items():
            if hashlib.sha256(_read(archive, f"data/{name}")).hexdigest() != digest:
                findings.append(str(_l("{name} 与签名时的摘要不符。")).format(name=name))
    if report.key_id and report.key_id != signed_by:
        findings.append(str(_l("审计证明与签名不是同一把密钥。")))
    if not report.proved:
        findings.append(str(_l("包内没有审计证明。")))
    return SealChecked(
        findings=tuple(findings),
        key_id=signed_by,
        ours=bool(key_id) and signed_by == key_id,
        proved=report.proved,
        facts=told,
    )


def differences(uow: UnitOfWork, loan: Loan, facts: Mapping[str, Any]) -> list[str]:
    """Return the papers of a sealed chain that are another, or none, here and now."""
    now = {link.document_id: link.sha256 for link in chain_of(uow, loan) if link.document_id}
    found = [
        f"{one.get('item', '')} {one.get('title', '')}".strip()
        for one in facts.get("links", ())
        if one.get("document_id") and now.get(one["document_id"]) != one.get("sha256")
    ]
    return list(dict.fromkeys(found))


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise NoEvidenceError from error
    if info.file_size > MOST:
        raise NoEvidenceError
    return archive.read(info)


def _plain(link: Link) -> dict[str, Any]:
    def moment(at: Any) -> str:  # noqa: ANN401 - a day, a moment or None
        return at.isoformat() if at is not None else ""

    return {
        "claim": link.claim.words,
        "day": moment(link.claim.day),
        "gap": str(link.gap),
        "item": link.item,
        "title": link.title,
        "document_id": link.document_id,
        "pages": link.pages,
        "sha256": link.sha256,
        "check_state": link.check_state,
        "checked_at": moment(link.checked_at),
        "added_by": link.added_by,
        "added_at": moment(link.added_at),
        "source": link.source,
        "batch": link.batch_id,
        "viewed_printed_exported": list(link.uses),
        "line": link.seq,
        "intact": link.intact,
    }
