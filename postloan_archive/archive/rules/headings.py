"""The title of a paper, as its first lines show it; pure."""

import re
from typing import Final

LINES: Final = 8  # from the top in which a title is looked for
_SHORTEST: Final = 3  # Han characters of a title
_LONGEST: Final = 24
_HAN: Final = re.compile("[\u3400-\u9fff]")
_BRACKETED: Final = re.compile(r"[（(〔【\[《].*?[)）〕】\]》]")
_NUMBERS: Final = re.compile(
    r"[A-Za-z0-9０-９\-—–_/.．:：#№]+|第?[〇零一二三四五六七八九十百]+号"
)
_SENTENCE: Final = re.compile("[。；;，,、？?！!]")
_LABEL: Final = re.compile(
    "^(编号|合同号|合同编号|档号|日期|致|甲方|乙方|出借人|借款人|抵押人|保证人|贷款人)"
)


def heading_of(text: str, *names: str) -> str:
    """Return the words of the title, without numbers, brackets and the names given.

    Empty where no line of the top looks like a title.
    """
    for line in text.splitlines()[:LINES]:
        bare = line.strip()
        if _SENTENCE.search(bare) or _LABEL.match("".join(bare.split())):
            continue
        for name in filter(None, names):
            bare = bare.replace(name, "")
        bare = "".join(_NUMBERS.sub("", _BRACKETED.sub("", bare)).split())
        if _SHORTEST <= len(_HAN.findall(bare)) == len(bare) <= _LONGEST:
            return bare
    return ""
