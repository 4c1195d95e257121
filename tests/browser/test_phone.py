"""A paper photographed by a telephone: from the code at the desk to the inbox."""

import re

import pytest

from tests.archive.test_phone_page import photo

pytestmark = pytest.mark.browser


def test_two_photographs_reach_the_inbox(open_page, tmp_path):
    desk = open_page("archive_clerk")
    desk.goto("/inbox")
    desk.get_by_role("button", name="手机拍摄").click()
    desk.wait_for_function("document.body.innerHTML.includes('/phone/')")
    address = re.search(r"/phone/[\w-]{20,}", desk.content())[0]
    assert desk.locator("main svg, main img").first.is_visible()  # the code to be scanned

    phone = open_page(None, width="phone")
    phone.goto(address)
    phone.get_by_role("button", name="开始拍摄").click()
    for number in (1, 2):
        (tmp_path / f"{number}.jpg").write_bytes(photo(60 * number))
        phone.wait_for_load_state()  # the script sends a photograph as soon as it is taken
        phone.get_by_label(f"拍第 {number} 页").set_input_files(tmp_path / f"{number}.jpg")
        phone.get_by_label(f"拍第 {number + 1} 页").wait_for()
    assert phone.locator(".phone-strip img").count() == 2
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 390
    buttons = [one.bounding_box() for one in phone.get_by_role("button").all()]
    assert min(box["height"] for box in buttons if box) >= 40  # a thumb hits it
    phone.screenshot(path=str(tmp_path / "phone.png"), full_page=True)
    phone.get_by_role("button", name="完成，共 2 页").click()
    phone.get_by_text("已进入收件箱").wait_for()

    desk.goto("/inbox")
    assert desk.get_by_text("手机拍摄 · 2 页").first.is_visible()
