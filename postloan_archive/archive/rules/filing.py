"""Which item a paper belongs to: checking a code, guessing one from a name (R-I02)."""

import difflib
import re
from pathlib import PurePath
from typing import Final

from postloan_archive.archive.rules.items import ITEMS
from postloan_archive.kernel.errors import RuleError, _l

UNSORTED: Final = "ZH00"  # 待归类: kept, found, and waiting for a person
UNSORTED_TITLE: Final = "待归类"
_CODE: Final = re.compile(r"(?<![A-Za-z])(QZ|YJ|GL|BQ)(\d{2})(?!\d)", re.ASCII | re.IGNORECASE)
_LEADING_CODE: Final = re.compile(
    r"^(?:QZ|YJ|GL|BQ|ZH)\d{2}(?!\d)[\s_、.．·-]*", re.ASCII | re.IGNORECASE
)

# Words of a file name, the more telling first; the first match decides.
_WORDS: Final = (
    ("保证合同", "YJ03"),
    ("抵押合同", "YJ04"),
    ("质押合同", "YJ05"),
    ("补充协议", "YJ15"),
    ("展期", "YJ15"),
    ("借款合同", "YJ01"),
    ("授信协议", "YJ01"),
    ("借据", "YJ02"),
    ("放款凭证", "YJ02"),
    ("营业执照", "YJ06"),
    ("身份证", "YJ06"),
    ("担保人主体", "YJ07"),
    ("股东会决议", "YJ08"),
    ("董事会决议", "YJ08"),
    ("配偶", "YJ10"),
    ("面签", "YJ11"),
    ("征信查询授权", "YJ12"),
    ("送达地址", "YJ13"),
    ("受托支付", "YJ14"),
    ("个人信息", "YJ16"),
    ("融资成本", "YJ17"),
    ("公证", "YJ18"),
    ("执行证书", "YJ18"),
    ("登记证明", "QZ02"),
    ("不动产权证", "QZ01"),
    ("保险单", "QZ07"),
    ("机动车登记", "QZ08"),
    ("申请书", "GL01"),
    ("调查报告", "GL02"),
    ("审批", "GL03"),
    ("征信报告", "GL04"),
    ("信用报告", "GL04"),
    ("财务报表", "GL05"),
    ("收入", "GL05"),
    ("评估报告", "GL06"),
    ("首次检查", "GL08"),
    ("检查报告", "GL09"),
    ("对账单", "GL11"),
    ("流水", "GL11"),
    ("到期通知", "GL12"),
    ("用途", "GL14"),
    ("担保人履行", "BQ02"),
    ("催收公告", "BQ04"),
    ("催收", "BQ01"),
    ("律师函", "BQ03"),
    ("债权计算", "BQ05"),
    ("起诉状", "BQ06"),
    ("保全", "BQ07"),
    ("受理", "BQ08"),
    ("缴费", "BQ08"),
    ("传票", "BQ09"),
    ("举证通知", "BQ09"),
    ("判决", "BQ10"),
    ("调解书", "BQ10"),
    ("裁定", "BQ10"),
    ("生效证明", "BQ11"),
    ("执行申请", "BQ12"),
    ("和解", "BQ14"),
    ("抵债", "BQ15"),
    ("核销", "BQ16"),
    ("债权转让", "BQ17"),
    ("送达回证", "BQ18"),
    ("专递", "BQ18"),
)


class UnknownItemError(RuleError):
    """The item code is none of the catalogue (R-I02)."""

    field = "item"
    next_step = _l("请从件类目录中选择代码。")

    def __init__(self, *, code: str, nearest: str) -> None:
        super().__init__(
            _l("没有件类代码“{code}”；最接近的是“{nearest}”。"), code=code, nearest=nearest
        )
        self.given, self.nearest = code, nearest


def check_item(code: str) -> str:
    """Return the item code as the catalogue writes it.

    Raises:
        UnknownItemError: no such item; names the nearest one.
    """
    wanted = code.strip().upper()
    if wanted in ITEMS or wanted == UNSORTED:
        return wanted
    near = difflib.get_close_matches(wanted, ITEMS, n=1, cutoff=0)
    raise UnknownItemError(code=code, nearest=near[0])


def item_title(code: str) -> str:
    """Return the Chinese title of an item code, 待归类 for papers without one."""
    item = ITEMS.get(code)
    return item.title if item else UNSORTED_TITLE


def title_of(name: str) -> str:
    """Return the title that a file name suggests: no folder, no ending, no item code before it.

    A name that holds nothing else is its own title.
    """
    stem = PurePath(name.replace("\\", "/")).stem.strip()
    bare = _LEADING_CODE.sub("", stem).strip()
    return bare or stem or name.strip()


def guess_item(name: str) -> str:
    """Return the item code that a file name suggests, 待归类 where it suggests none.

    A code in the name itself, such as `YJ01-合同.pdf`, decides before any word.
    """
    found = _CODE.search(name)
    if found and (code := (found[1] + found[2]).upper()) in ITEMS:
        return code
    return next((code for word, code in _WORDS if word in name), UNSORTED)


def title_word(text: str) -> str:
    """Return the code or the word by which `guess_item` decides, empty where none does."""
    found = _CODE.search(text)
    if found and (found[1] + found[2]).upper() in ITEMS:
        return found[0]
    return next((word for word, _code in _WORDS if word in text), "")
