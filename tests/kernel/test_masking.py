"""Personal data on screens of those who may not see it (R-J08)."""

import pytest

from postloan_archive.kernel.masking import MaskKind, mask


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        (MaskKind.ID_CARD, "11010519491231002X", "110105********002X"),
        (MaskKind.ID_CARD, "110105 19491231 002x", "110105********002X"),
        (MaskKind.ID_CARD, "110105194912310021", "110105********0021"),  # wrong check digit
        (MaskKind.ID_CARD, "110105491231002", "***************"),
        (MaskKind.MOBILE, "13800138000", "138****8000"),
        (MaskKind.MOBILE, "+86 138 0013 8000", "138****8000"),
        (MaskKind.MOBILE, "010-6655", "********"),
        (MaskKind.BANK_CARD, "6222020000000000000", "***************0000"),
        (MaskKind.BANK_CARD, "6222 0200 0000 0000 123", "**** **** **** ***0 123"),
        (MaskKind.BANK_CARD, "6222", "****"),
        (MaskKind.BANK_CARD, "62220200000X", "************"),
        (MaskKind.NAME, "张三", "张*"),
        (MaskKind.NAME, "张三丰", "张**"),
        (MaskKind.NAME, "欧阳锋", "欧**"),
        (MaskKind.NAME, "张", "张"),
        (MaskKind.NAME, "", ""),
    ],
)
def test_only_what_the_rule_shows_is_shown(kind, value, masked):
    assert mask(kind, value) == masked
