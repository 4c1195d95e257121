"""Electronic signatures: what holds, what was changed, what nobody can tell."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from postloan_archive.archive.rules.states import signatures_in
from postloan_archive.reading import Verdict, read_file
from tests.bundle.samples import pdf
from tests.shared_folder import SHARED, needs_shared

USAGE = (True, True, *[False] * 7)  # to sign, not to be denied
REAL = SHARED / "corpus" / "ofdrw/ofdrw-converter/src/test/resources/h.ofd"


@pytest.fixture(scope="module")
def signed_pdf(tmp_path_factory) -> bytes:
    """A PDF that a made-up certificate has signed."""
    folder = tmp_path_factory.mktemp("keys")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示范银行电子印章")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .add_extension(x509.KeyUsage(*USAGE), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    signer = signers.SimpleSigner.load(str(folder / "key.pem"), str(folder / "cert.pem"))
    with ThreadPoolExecutor(1) as beside:  # a browser of other tests may hold this one's loop
        out = beside.submit(
            signers.sign_pdf,
            IncrementalPdfFileWriter(io.BytesIO(pdf(1))),
            signers.PdfSignatureMetadata(field_name="Sig"),
            signer=signer,
        ).result()
    return bytes(out.getbuffer())


def found(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    result = read_file(path, name)
    return result, [(str(one.verdict), one.signer) for one in result.signatures]


def test_a_signed_pdf_holds_and_a_changed_one_does_not(signed_pdf, tmp_path):
    result, verdicts = found(tmp_path, "合同.pdf", signed_pdf)
    assert verdicts == [("valid", "示范银行电子印章")]
    assert result.signatures[0].signed_at
    place = signed_pdf.index(b"endobj")
    touched = signed_pdf[: place - 1] + b" " + signed_pdf[place:]
    assert touched != signed_pdf
    assert found(tmp_path, "改.pdf", touched)[1][0][0] == "changed"
    assert found(tmp_path, "无.pdf", pdf(1))[1] == []


def test_a_broken_signature_is_no_verdict_and_no_fault(signed_pdf, tmp_path):
    start = signed_pdf.index(b"/Contents <") + 11
    broken = signed_pdf[:start] + b"00" * 40 + signed_pdf[start + 80 :]
    result, verdicts = found(tmp_path, "坏.pdf", broken)
    assert verdicts[0][0] in {"unverified", "changed"}
    assert "验证" in result.signatures[0].message or "不符" in result.signatures[0].message


def changed(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            body = source.read(info)
            if info.filename == member:
                assert old in body
                body = body.replace(old, new, 1)
            target.writestr(info.filename, body)
    return out.getvalue()


@needs_shared
def test_a_sealed_ofd_is_checked_by_digests_and_by_sm2(tmp_path):
    data = REAL.read_bytes()
    result, verdicts = found(tmp_path, "h.ofd", data)
    assert [one for one, _name in verdicts] == ["valid", "valid"]
    assert "此后签名列表有追加" in result.signatures[0].message
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        value = next(name for name in names if name.lower().endswith("sign_1/signedvalue.dat"))
        page = next(name for name in names if name.endswith("Content.xml"))
        last = archive.read(value)[-8:]
    touched = changed(data, page, b"<", b" <")
    assert {one for one, _n in found(tmp_path, "a.ofd", touched)[1]} <= {
        "changed",
        "unverified",
    }
    flipped = changed(data, value, last, bytes([last[0] ^ 1]) + last[1:])
    result, verdicts = found(tmp_path, "b.ofd", flipped)
    assert verdicts[1][0] == "changed"
    assert "SM2" in result.signatures[1].message


def test_words_for_what_is_not_signed_and_for_what_is_not_checked():
    assert signatures_in([], {}, "application/pdf")[0]["verdict"] == "none"
    assert signatures_in(["signature"], {}, "x/docx")[0]["verdict"] == Verdict.UNVERIFIED
    assert signatures_in([], {}, "image/png") == []
