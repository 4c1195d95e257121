"""A zip gives its files under their right names and never writes outside its folder."""

import os
import struct
import zlib

import pytest

from postloan_archive.reading import State, is_archive, unpack
from tests.reading.made_files import RawZip, docx, paragraph, zip_of

UTF8 = 0x800


def unicode_path(raw: bytes, name: str, crc: int | None = None) -> bytes:
    body = struct.pack("<BL", 1, zlib.crc32(raw) if crc is None else crc) + name.encode()
    return struct.pack("<2H", 0x7075, len(body)) + body


@pytest.mark.parametrize(
    ("raw", "flags", "extra", "shown"),
    [
        ("合同.pdf".encode(), UTF8, b"", "合同.pdf"),
        ("合同.pdf".encode(), 0, b"", "合同.pdf"),
        ("借款合同（正本）.pdf".encode("gbk"), 0, b"", "借款合同（正本）.pdf"),
        (
            "判决书/（2024）京01民初1号.doc".encode("gb18030"),
            0,
            b"",
            "判决书/（2024）京01民初1号.doc",
        ),
        ("Übersicht.txt".encode("cp437"), 0, b"", "Übersicht.txt"),
        (b"a.txt", 0, b"", "a.txt"),
        (b"????.pdf", 0, unicode_path(b"????.pdf", "抵押物.pdf"), "抵押物.pdf"),
        (b"b.pdf", 0, unicode_path(b"b.pdf", "旧名.pdf", crc=7), "b.pdf"),
        (b"\xff\xfe.txt", UTF8, b"", None),
    ],
)
def test_names_are_right_in_each_way_of_writing_them(kept, raw, flags, extra, shown):
    (member,) = unpack(kept(RawZip().add(raw, flags=flags, extra=extra).bytes()))

    assert member.path is not None
    assert shown is None or member.name == shown


HOSTILE = [
    b"../../etc/passwd",
    b"/etc/cron.d/x",
    b"..\\..\\windows\\x.dll",
    b"C:\\x.txt",
    b"a\0b.txt",
    b"a\r\nb.txt",
    "合同\u202efdp.exe".encode(),
    b"CON",
    b"aux.txt",
    b"." * 300,
    ("长" * 200 + ".pdf").encode(),
    "é.txt".encode(),
    "e\u0301.txt".encode(),
    b"~/x",
    b"-rf",
    b"",
]


@pytest.mark.parametrize("raw", HOSTILE)
def test_a_hostile_name_is_shown_and_stays_in_the_folder(kept, tmp_path, raw):
    for member in unpack(kept(RawZip().add(raw, b"bytes", flags=UTF8).bytes(), "hostile.zip")):
        assert member.path is not None
        assert member.path.read_bytes() == b"bytes"
        assert member.path.name.isdecimal()
        assert member.path.is_relative_to(member.path.parent.resolve())
        assert not any(character in member.name for character in "\0\r\n\u202e")
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.zip"]


def test_a_symlink_is_named_and_not_made(kept):
    data = RawZip().add(b"link", b"/etc/passwd", mode=0o120777).add(b"b.txt").bytes()
    link, other = unpack(kept(data))

    assert (link.name, link.path) == ("link", None)
    assert "符号链接" in link.error
    assert other.path is not None


def test_a_bad_member_does_not_stop_the_rest(kept):
    data = (
        RawZip()
        .add(b"bad_crc.txt", b"x" * 100, crc=1)
        .add(b"secret.txt", flags=1)
        .add("好的.txt".encode(), b"good")
        .bytes()
    )
    bad, secret, good = [
        (member.name, member.state, member.path and member.path.read_bytes())
        for member in unpack(kept(data))
    ]

    assert bad[1:] == (State.DAMAGED, None)
    assert secret[1:] == (State.ENCRYPTED, None)
    assert good == ("好的.txt", State.STORED, b"good")


def test_members_with_data_descriptors_are_unpacked(kept):
    (member,) = [
        (member.name, member.path.read_bytes())
        for member in unpack(kept(RawZip().add(b"a.txt", b"streamed", descriptor=True).bytes()))
    ]

    assert member == ("a.txt", b"streamed")


def test_zips_within_zips_are_unpacked_under_their_path(kept):
    inner = zip_of({"丙.txt": "c"})
    data = zip_of({"甲.txt": "a", "乙.zip": zip_of({"乙.txt": "b", "丁.zip": inner})})

    names = [(member.name, member.path.read_text()) for member in unpack(kept(data))]
    assert names == [("甲.txt", "a"), ("乙.zip/乙.txt", "b"), ("乙.zip/丁.zip/丙.txt", "c")]


def test_what_systems_leave_behind_and_folders_are_passed_over(kept):
    data = zip_of({"__MACOSX/._a": "x", "夹/": "", "夹/Thumbs.db": "x", "夹/a.txt": "a"})

    assert [member.name for member in unpack(kept(data))] == ["夹/a.txt"]


def test_a_broken_zip_gives_one_refusal(kept):
    (refusal,) = unpack(kept(zip_of({"a.txt": "a"})[:-30]))

    assert refusal.path is None
    assert refusal.state is State.DAMAGED
    assert refusal.error


def test_the_folder_goes_when_the_loop_ends(kept):
    members = unpack(kept(zip_of({"a.txt": "a", "b.txt": "b"})))
    first = next(members)
    assert first.path.exists()
    members.close()

    assert not os.path.lexists(first.path.parent)


@pytest.mark.parametrize(
    ("data", "name", "is_one"),
    [
        (zip_of({"a.txt": "a"}), "a.zip", True),
        (zip_of({"a.txt": "a"}), "a.ZIP", True),
        (docx(paragraph("x")), "a.docx", False),
        (docx(paragraph("x")), "a.zip", False),
        (b"PK but no", "a.zip", False),
        (zip_of({"a.txt": "a"})[:-30], "a.zip", True),
    ],
    ids=["zip", "capitals", "docx", "docx named zip", "no zip", "cut zip"],
)
def test_an_archive_is_told_from_a_document(kept, data, name, is_one):
    assert is_archive(kept(data), name) is is_one
