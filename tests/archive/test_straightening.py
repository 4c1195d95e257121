"""A page that lies askew is drawn level; one that lies level stays as it is."""

import io

import pytest
from PIL import Image, ImageDraw

from postloan_archive.archive.straightening import skew_of, straightened


def page(degrees: float) -> Image.Image:
    """Lines of print, as bars of words, turned counter-clockwise."""
    image = Image.new("L", (1_000, 1_400), 245)
    draw = ImageDraw.Draw(image)
    for line in range(24):
        for word in range(9):
            left = 120 + word * 84 + (line * 17) % 23
            draw.rectangle((left, 150 + line * 44, left + 66, 168 + line * 44), fill=40)
    return image.rotate(degrees, fillcolor=245)


@pytest.mark.parametrize("degrees", [-6.0, -2.0, 1.0, 4.5])
def test_an_askew_page_is_found_to_half_a_degree(degrees):
    assert skew_of(page(degrees)) == pytest.approx(-degrees, abs=0.5)


def test_a_level_page_and_an_empty_one_stay_as_they_are():
    assert skew_of(page(0)) == 0
    assert skew_of(Image.new("L", (600, 800), 255)) == 0
    out = io.BytesIO()
    page(0).save(out, "JPEG")
    assert straightened(out.getvalue()) == out.getvalue()


def test_the_copy_has_the_size_of_the_page_and_lies_level():
    out = io.BytesIO()
    page(3).save(out, "JPEG")
    with Image.open(io.BytesIO(straightened(out.getvalue()))) as level:
        assert level.size == (1_000, 1_400)
        assert abs(skew_of(level)) < 0.6
