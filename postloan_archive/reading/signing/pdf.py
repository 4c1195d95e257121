"""Signatures of a PDF, by pyHanko; nothing is fetched."""

import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.results import Signature, Verdict

MOST: Final = 50
LOGGERS: Final = ("pyhanko", "pyhanko_certvalidator")


def signatures(path: Path) -> tuple[Signature, ...]:
    """Return what the signatures of a PDF say; never raises for what is in the file."""
    for name in LOGGERS:  # an untrusted certificate is no fault of ours to be logged
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with path.open("rb") as stream:
            reader = PdfFileReader(stream, strict=False)
            embedded = reader.embedded_signatures
            return tuple(_checked(one) for one in embedded[:MOST])
    except Exception as error:  # noqa: BLE001 - a stranger's file: any fault is one answer
        return (_unknown(error),)


def _checked(embedded: Any) -> Signature:  # noqa: ANN401 - pyHanko's own class
    signer, issuer, moment = "", "", ""
    try:
        certificate = embedded.signer_cert
        signer = _name(certificate.subject)
        issuer = _name(certificate.issuer)
        at = embedded.self_reported_timestamp
        moment = at.isoformat() if at is not None else ""
        context = ValidationContext(allow_fetching=False, trust_roots=[])
        status = _run(async_validate_pdf_signature(embedded, context))
    except Exception as error:  # noqa: BLE001 - unknown algorithms among them: no verdict
        return _unknown(error, signer=signer, issuer=issuer, signed_at=moment)
    if not (status.intact and status.valid):
        verdict, message = Verdict.CHANGED, str(_l("签名之后内容被改动，或签名值不符。"))
    elif status.modification_level in {ModificationLevel.OTHER, None} and (
        status.coverage != SignatureCoverageLevel.ENTIRE_FILE
    ):
        verdict = Verdict.CHANGED
        message = str(_l("签名之后追加了签名不允许的内容。"))
    elif status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        verdict = Verdict.VALID
        message = str(_l("签名部分未改动；其后仅有签名允许的追加（如再次签名、填表）。"))
    else:
        verdict, message = Verdict.VALID, str(_l("签名覆盖整个文件，签名后未改动。"))
    return Signature(
        form="pdf",
        verdict=verdict,
        signer=signer,
        issuer=issuer,
        signed_at=moment,
        message=message,
    )


def _run(step: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - what pyHanko returns
    """Finish a coroutine that never waits: without a network there is nothing to wait for.

    An event loop would open a socket, and the worker that reads files has given those up.
    """
    try:
        step.send(None)
    except StopIteration as done:
        return done.value
    step.close()
    raise RuntimeError


def _name(name: Any) -> str:  # noqa: ANN401 - asn1crypto carries no types
    told = name.native
    wanted = [told.get("common_name"), told.get("organization_name")]
    return "，".join(str(one) for one in wanted if one)[:200]


def _unknown(error: Exception, **known: str) -> Signature:
    detail = f"{type(error).__name__}: {error}"[:120]
    text = str(_l("未能验证：不支持的签名算法或结构（{detail}）。"))
    return Signature(
        form="pdf", verdict=Verdict.UNVERIFIED, message=text.format(detail=detail), **known
    )
