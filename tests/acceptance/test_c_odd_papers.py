"""C: odd papers through the whole intake: many pages, huge scans, mixed sizes, odd names."""

import io
import resource
import time

import pytest
from PIL import Image
from sqlalchemy import select

from postloan_archive.archive import reading_jobs
from postloan_archive.archive.cutting import editing, sources
from postloan_archive.archive.cutting.editing import Edit
from postloan_archive.archive.inbox import FileIt, file_it
from postloan_archive.archive.incoming import folder
from postloan_archive.archive.incoming.folder import Watch
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.page_images import Size, draw, source_of
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.reading import Limits
from tests.builders import a_loan
from tests.reading.made_files import pdf

pytestmark = pytest.mark.acceptance
ACTOR = Actor.program("cli")
GIGABYTE_AND_A_HALF = 1_536 * 1_024  # KiB


@pytest.fixture
def take(system, new_uow, tmp_path):
    """Put a paper into the watched folder; return its row once it is read."""
    with new_uow() as uow:
        a_loan(uow)
    place = tmp_path / "scanner"
    place.mkdir()
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)

    def taken(name: str, data: bytes) -> IntakeFile:
        (place / name).write_bytes(data)
        folder.look(system, ACTOR, Watch(folder=place, quiet_s=0))
        runner.run_until_empty()
        with new_uow() as uow:
            row = uow.session.scalars(select(IntakeFile).where(IntakeFile.name == name)).one()
            assert uow.vault.read(row.sha256) == data
            return row

    return taken


def test_C1_a_pdf_of_600_pages_is_cut_and_filed(system, new_uow, take, full):
    count = 600 if full else 60
    begun = time.monotonic()
    row = take("一大卷.pdf", pdf([f"第 {no} 页 借款合同" for no in range(1, count + 1)]))
    read = time.monotonic() - begun
    assert (row.state, row.page_count) == ("stored", count)
    middle = count // 2
    with new_uow() as uow:
        fresh = uow.session.get_one(IntakeFile, row.id)
        cmd = Edit(file_id=row.id, version=fresh.version, kind="split", place=middle)
        child = editing.edit(uow, cmd).id
    made = sources.make(system, ACTOR, child)
    with new_uow() as uow:
        version = uow.session.get_one(IntakeFile, child).version
        file_it(
            uow,
            FileIt(
                file_id=child,
                version=version,
                loan_no="JJ2025-0001",
                item_code="YJ01",
                made=made,
            ),
        )
    JobRunner(
        system.engine, reading_jobs.handlers(system), clock=system.clock
    ).run_until_empty()
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert document.page_count == count - middle + 1
        assert document.pages[0].text == f"第 {middle} 页 借款合同"
    if full:
        print(f"{count} pages looked at in {read:.0f} s")


def test_C1_a_huge_tiff_is_kept_and_drawn_within_the_memory(system, new_uow, take, full):
    edge = 10_000 if full else 2_000  # 300 MB or 12 MB of pixels
    out = io.BytesIO()
    Image.new("RGB", (edge, edge), "white").save(out, "TIFF")
    row = take("大图.tif", out.getvalue())
    assert row.page_count == 1
    assert row.state in {"stored", "no_text", "too_large"}
    with new_uow() as uow:
        source = source_of(uow, row.sha256, row.media_type, 1, Size.PAGE)
    image = draw(system.settings.data / "cache" / "pages", source, limits=Limits())
    assert image.startswith(b"\xff\xd8")
    worst = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert worst < GIGABYTE_AND_A_HALF


def test_C1_mixed_sizes_stay_what_they_are(take, system):
    pages = [Image.new("L", size, "white") for size in ((1_240, 1_754), (2_480, 1_754))]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=150, save_all=True, append_images=pages[1:])
    row = take("混合.pdf", out.getvalue())
    assert row.page_count == 2
    with system.unit_of_work(ACTOR) as uow:
        for no, wide in ((1, False), (2, True)):
            source = source_of(uow, row.sha256, row.media_type, no, Size.PAGE)
            data = draw(system.settings.data / "cache" / "pages", source, limits=Limits())
            with Image.open(io.BytesIO(data)) as image:
                assert (image.width > image.height) is wide


@pytest.mark.parametrize(
    "name",
    ["😀" * 61 + ".txt", "合" * 82 + ".txt", "e\u0301合同.txt", "é合同.txt", "a\u202egpj.txt"],
)
def test_C6_names_of_250_bytes_and_emoji(take, name):
    row = take(name, name.encode())
    assert (row.name, row.state) == (name, "stored")
