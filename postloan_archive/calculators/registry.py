"""Every calculator by name: the functions that callers and pages can ask for."""

from collections.abc import Mapping
from typing import Final

from postloan_archive.calculators.conduct import CLASSIFICATION, CONDUCT
from postloan_archive.calculators.court_fees import FEES
from postloan_archive.calculators.functions import Function
from postloan_archive.calculators.identifiers import IDENTIFIERS
from postloan_archive.calculators.interest import INTEREST
from postloan_archive.calculators.limitation import LIMITATION
from postloan_archive.calculators.papers import ARCHIVE, PAPER_FUNCTIONS
from postloan_archive.calculators.periods import PERIODS, SMALL_CLAIMS, WORKDAYS
from postloan_archive.calculators.preservation import PRESERVATION

GROUPS: Final[Mapping[str, str]] = {
    "A": "期间计算",
    "B": "诉讼节点",
    "C": "财产保全",
    "D": "诉讼时效与保证期间",
    "E": "诉讼费用",
    "F": "利息、罚息与清偿",
    "G": "风险分类与贷后检查",
    "H": "文书",
    "I": "信贷档案",
    "J": "数据校验",
    "K": "工作日历",
    "L": "催收行为",
}

FUNCTIONS: Final[Mapping[str, Function]] = {
    function.name: function
    for function in (
        *PERIODS,
        *SMALL_CLAIMS,
        *PRESERVATION,
        *LIMITATION,
        *FEES,
        *INTEREST,
        *CLASSIFICATION,
        *PAPER_FUNCTIONS,
        *ARCHIVE,
        *IDENTIFIERS,
        *WORKDAYS,
        *CONDUCT,
    )
}
