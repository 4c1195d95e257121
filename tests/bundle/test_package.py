import hashlib
import io
import json
import random
import zipfile

import bagit
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from postloan_archive.bundle import (
    Code,
    PackageFile,
    PackageNameError,
    verify_package,
    write_package,
)
from postloan_archive.bundle.package.merkle_check import ProofError, check_proof
from tests.bundle.samples import bind, exhibit, pdf

INFO = {"Bagging-Date": "2026-11-24", "Source-Organization": "示范农村商业银行股份有限公司"}


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_and_path(leaves, index):
    """The root of a tree and the path of one leaf, straight from the definition."""
    if len(leaves) == 1:
        return leaves[0], []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < half:
        left, path = root_and_path(leaves[:half], index)
        right, _ = root_and_path(leaves[half:], 0)
        return node(left, right), [*path, right]
    left, _ = root_and_path(leaves[:half], 0)
    right, path = root_and_path(leaves[half:], index - half)
    return node(left, right), [*path, left]


def proof_of(line, index=5, size=11):
    leaves = [hashlib.sha256(b"\x00" + bytes([n])).digest() for n in range(size)]
    leaves[index] = hashlib.sha256(b"\x00" + line.encode()).digest()
    root, path = root_and_path(leaves, index)
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw()
    head = {
        "at": "2026-11-24T08:00:00Z",
        "key_id": hashlib.sha256(public).hexdigest()[:16],
        "root": root.hex(),
        "tree_size": size,
    }
    signed = json.dumps(head, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {
        "tree_size": size,
        "root": root.hex(),
        "entries": [{"line": line, "index": index, "path": [step.hex() for step in path]}],
        "checkpoint": {
            **head, "signature": key.sign(signed.encode()).hex(), "public_key": public.hex(),
        },
    }  # fmt: skip


@pytest.fixture
def package(tmp_path):
    """A package with a bundle of four pages, a paper, facts and a proof."""
    bundle, result = bind(exhibit(pdf(2)))
    placed = result.exhibits[0]
    target = tmp_path / "材料包.zip"
    write_package(
        target,
        [
            PackageFile(name="证据材料.pdf", source=bundle),
            PackageFile(name="文书/民事起诉状.docx", source=b"PK paper"),
        ],
        INFO,
        facts={
            "bundle": "证据材料.pdf",
            "files": [{"name": "证据材料.pdf", "pages": result.pages}],
            "exhibits": [{"label": placed.label, "first": placed.first, "last": placed.last}],
            "claim": {"total": "5000000.00"},
        },
        prove=lambda digest: proof_of(json.dumps({"facts": {"manifest": digest}})),
    )
    return target


def without(members, name):
    """The members but one."""
    return {k: v for k, v in members.items() if k != name}


def codes(path):
    return {finding.code for finding in verify_package(path).findings}


def changed(path, change, *, keep=True):
    """The package with its members passed through `change`, the zip being well formed again."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members = change(members) if keep else members
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_fresh_package_is_intact_and_says_what_is_proved(package):
    report = verify_package(package)
    assert report.findings == ()
    assert report.is_intact
    assert report.files == 3
    assert report.proved == 1
    assert "核验通过" in report.sentences[0]


def test_bagit_agrees(package, tmp_path):
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.validate()
    assert bag.info["Source-Organization"] == INFO["Source-Organization"]


def test_the_same_files_give_the_same_zip(package, tmp_path):
    again = tmp_path / "again.zip"
    files = [
        PackageFile(name="a.txt", source=b"1"),
        PackageFile(name="乙/b.txt", source=package),
    ]
    write_package(again, files, INFO)
    first = again.read_bytes()
    manifest = write_package(again, files, INFO)
    assert again.read_bytes() == first
    assert manifest.size == len(first)
    assert verify_package(again).is_intact
    assert verify_package(again).manifest_sha256 == manifest.manifest_sha256
    assert not list(tmp_path.glob("*.part"))


def test_any_flipped_bit_is_found(package):
    whole = package.read_bytes()
    chance = random.Random(20261124)  # places to damage, not secrets
    with zipfile.ZipFile(package) as archive:
        starts = [info.header_offset + k for info in archive.infolist() for k in range(60)]
    places = {*starts, *range(len(whole) - 400, len(whole))}
    places |= {chance.randrange(len(whole)) for _ in range(150)}
    for place in sorted(p for p in places if p < len(whole)):
        data = bytearray(whole)
        data[place] ^= 1 << chance.randrange(8)
        package.write_bytes(data)
        assert not verify_package(package).is_intact, place


def test_each_file_changed_is_named(package):
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        originals = package.read_bytes()
    for name in names:
        package.write_bytes(originals)
        changed(package, lambda members, name=name: {**members, name: members[name] + b" "})
        report = verify_package(package)
        if name == "tagmanifest-sha256.txt":
            assert not report.is_intact
        else:
            assert Code.CHANGED in {f.code for f in report.findings if f.name == name}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: {**m, "data/extra.pdf": b"x"}, Code.ADDED),
        (lambda m: {**m, "extra.txt": b"x"}, Code.ADDED),
        (lambda m: {k: v for k, v in m.items() if "docx" not in k}, Code.MISSING),
        (lambda m: without(m, "manifest-sha256.txt"), Code.LIST_MISSING),
        (lambda m: without(m, "tagmanifest-sha256.txt"), Code.LIST_MISSING),
        (lambda m: {**m, "manifest-sha256.txt": b"nonsense\n"}, Code.LIST_INVALID),
        (lambda m: {**m, "bagit.txt": b"BagIt-Version: 0.97\n"}, Code.DECLARATION),
        (lambda m: {**m, "bag-info.txt": b"Payload-Oxum: 1.1\n"}, Code.COUNT_DIFFERS),
        (lambda m: {**m, "data/../../etc/passwd": b"x"}, Code.UNSAFE_NAME),
        (lambda m: {**m, "/etc/passwd": b"x"}, Code.UNSAFE_NAME),
        (lambda m: {**m, "data/C:evil.txt": b"x"}, Code.UNSAFE_NAME),
        (lambda m: {**m, "DATA/证据材料.PDF": b"x"}, Code.DUPLICATE),
        (lambda m: {**m, "data/package.json": b"{"}, Code.FACTS_INVALID),
        (lambda m: m, Code.CONTAINER_CHANGED),
    ],
)  # fmt: skip
def test_tampering_is_told_apart(package, change, code):
    assert code in codes(changed(package, change))


def relisted(members):
    """Members with both lists made to fit again, as a careful forger would."""
    payload = {k: v for k, v in members.items() if k.startswith("data/")}
    listing = "".join(f"{hashlib.sha256(v).hexdigest()}  {k}\n" for k, v in payload.items())
    size = sum(map(len, payload.values()))
    fresh = {**members, "manifest-sha256.txt": listing.encode()}
    fresh["bag-info.txt"] = f"Payload-Oxum: {size}.{len(payload)}\n".encode()
    tags = {
        k: v for k, v in fresh.items() if k not in payload and k != "tagmanifest-sha256.txt"
    }
    lines = "".join(f"{hashlib.sha256(v).hexdigest()}  {k}\n" for k, v in tags.items())
    return {**fresh, "tagmanifest-sha256.txt": lines.encode()}


def test_lists_made_anew_do_not_fit_the_audit_trail(package):
    def forge(members):
        facts = json.loads(members["data/package.json"])
        facts["claim"]["total"] = "9.00"
        return relisted({**members, "data/package.json": json.dumps(facts).encode()})

    assert codes(changed(package, forge)) == {Code.CONTAINER_CHANGED, Code.PROOF_UNRELATED}


def test_page_counts_are_checked_against_the_files(package):
    def forge(members):
        facts = json.loads(members["data/package.json"])
        facts["files"][0]["pages"] = 99
        facts["exhibits"][0]["last"] = 98
        return relisted({**members, "data/package.json": json.dumps(facts).encode()})

    assert Code.PAGES_DIFFER in codes(changed(package, forge))


def test_a_member_stored_twice_is_found(package):
    with zipfile.ZipFile(package, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("data/证据材料.pdf", b"other")
    assert Code.DUPLICATE in codes(package)


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + bytes(200)])
def test_what_is_no_zip_is_said_to_be_none(tmp_path, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert codes(path) == {Code.NOT_A_PACKAGE}


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "/a",
        "a/../b",
        "a\\b",
        "a:b",
        "",
        "a//b",
        "con.txt",
        "a\nb",
        "a ",
        "a.",
        "\u202ea",
    ],
)
def test_an_unsafe_name_is_refused_when_writing(tmp_path, name):
    with pytest.raises(PackageNameError):
        write_package(tmp_path / "x.zip", [PackageFile(name=name, source=b"")], INFO)
    assert list(tmp_path.iterdir()) == []


def test_two_names_that_differ_in_case_only_are_refused(tmp_path):
    files = [PackageFile(name="A.pdf", source=b"1"), PackageFile(name="a.PDF", source=b"2")]
    with pytest.raises(PackageNameError):
        write_package(tmp_path / "x.zip", files, INFO)


def spoilt(proof, chance):
    """The proof with one value changed."""
    fresh = json.loads(json.dumps(proof))
    entry, head = fresh["entries"][0], fresh["checkpoint"]

    def flip(text):
        place = chance.randrange(len(text))
        return text[:place] + format(int(text[place], 16) ^ 1, "x") + text[place + 1 :]

    changes = [
        lambda: entry.update(line=entry["line"] + " "),
        lambda: entry.update(index=entry["index"] + 1),
        lambda: fresh.update(root=flip(fresh["root"])),
        lambda: fresh.update(tree_size=fresh["tree_size"] + 1),
        lambda: head.update(signature=flip(head["signature"])),
        lambda: head.update(public_key=flip(head["public_key"])),
        lambda: head.update(at="2026-11-25T08:00:00Z"),
        lambda: head.update(key_id=flip(head["key_id"])),
        lambda: entry["path"].append("00" * 32),
        lambda: entry.update(line=None),
        lambda: fresh.update(entries=[]),
    ]
    if entry["path"]:
        place = chance.randrange(len(entry["path"]))
        changes.append(lambda: entry["path"].pop(place))
        changes.append(lambda: entry["path"].__setitem__(place, flip(entry["path"][place])))
    chance.choice(changes)()
    return fresh


def test_true_proofs_are_accepted_and_changed_ones_refused():
    chance = random.Random(7)  # places to damage, not secrets
    for _ in range(400):
        size = chance.randrange(1, 70)
        proof = proof_of(f"line {size}", chance.randrange(size), size)
        assert check_proof(proof).lines == (f"line {size}",)
        with pytest.raises(ProofError):
            check_proof(spoilt(proof, chance))


def test_a_forged_proof_is_named(package):
    def forge(members):
        proof = json.loads(members["audit/proof.json"])
        proof["entries"][0]["index"] = 4
        return relisted({**members, "audit/proof.json": json.dumps(proof).encode()})

    assert Code.PROOF_INVALID in codes(changed(package, forge))


def test_a_large_file_is_read_in_pieces(tmp_path):
    source = tmp_path / "大.bin"
    source.write_bytes(b"\0" * 3_000_000)
    target = tmp_path / "x.zip"
    write_package(target, [PackageFile(name="大.bin", source=source)], INFO)
    assert verify_package(target).is_intact
    assert zipfile.ZipFile(io.BytesIO(target.read_bytes())).read("data/大.bin") == bytes(
        3_000_000
    )
