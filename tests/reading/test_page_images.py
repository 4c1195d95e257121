"""Page images for the viewer."""

import io

import pytest
from PIL import Image

from postloan_archive.reading import (
    DamagedError,
    NoPageError,
    NotRenderableError,
    render_page,
)
from tests.reading.made_files import docx, paragraph, pdf


def picture(data):
    return Image.open(io.BytesIO(data))


def test_a_pdf_page_is_drawn_at_the_width_asked_for(kept):
    path = kept(pdf(["第一页", "第二页"]))
    image = picture(render_page(path, "application/pdf", 2, width=600))

    assert image.format == "JPEG"
    assert image.width == 600
    assert image.height in {849, 850}
    assert image.convert("L").getextrema()[0] < 128


def test_a_photo_is_turned_as_its_camera_says(kept):
    photo = Image.new("RGB", (400, 200), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif)

    assert picture(render_page(kept(out.getvalue()), "image/jpeg", 1, width=100)).size == (
        100,
        200,
    )


def test_a_sheet_of_a_tiff_is_drawn_and_never_enlarged(kept):
    out = io.BytesIO()
    sheets = [Image.new("1", (300, 400), shade) for shade in (1, 0)]
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])
    path = kept(out.getvalue())
    second = picture(render_page(path, "image/tiff", 2, width=2_000))

    assert second.size == (300, 400)
    assert second.convert("L").getextrema()[1] < 10
    with pytest.raises(NoPageError):
        render_page(path, "image/tiff", 3, width=100)


@pytest.mark.parametrize("shade", ["white", "black"])
def test_drawing_on_a_transparent_ground_stays_visible(kept, shade):
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste(shade, (20, 20, 80, 80))
    out = io.BytesIO()
    image.save(out, "PNG")
    low, high = (
        picture(render_page(kept(out.getvalue()), "image/png", 1, width=100))
        .convert("L")
        .getextrema()
    )

    assert high - low > 80


def test_a_word_file_has_no_page_image(kept):
    path = kept(docx(paragraph("x")))
    with pytest.raises(NotRenderableError):
        render_page(
            path,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            1,
            width=100,
        )


def test_a_broken_pdf_is_refused_by_name(kept):
    with pytest.raises(DamagedError):
        render_page(kept(b"%PDF-1.4 nothing"), "application/pdf", 1, width=100)


def test_half_a_picture_is_drawn_as_far_as_it_goes(kept):
    out = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(out, "JPEG")
    path = kept(out.getvalue()[: len(out.getvalue()) // 2])

    assert picture(render_page(path, "image/jpeg", 1, width=400)).size == (400, 400)
