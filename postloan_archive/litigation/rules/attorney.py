"""Reading a power of attorney (R-H05, R-H05a)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    ENFORCEMENT_WORK_PROVISIONS,
    HOUSE_RULE,
)

SPECIAL_POWERS: Final = CIVIL_PROCEDURE_LAW.at("第六十二条", rule="R-H05")
BARE_POWER: Final = CIVIL_PROCEDURE_INTERPRETATION.at("第八十九条", rule="R-H05")
ENFORCEMENT_POWERS: Final = ENFORCEMENT_WORK_PROVISIONS.at("第二十条第二款", rule="R-H05")
KEYWORDS_USUAL: Final = HOUSE_RULE.at(
    "授权委托书关键词", rule="R-H05a", confidence=Confidence.MEMORY
)
AGENTS: Final = CIVIL_PROCEDURE_LAW.at("第六十一条", rule="R-H05")
MAX_AGENTS: Final = 2

SETTLEMENT: Final = r"(?<!执行)和解"
RECEIVE: Final = r"(?:收取|代领|领取)[^，。；,;]*?(?:执行款|案款)"
KEYWORDS: Final[Mapping[str, str]] = {  # act: pattern of its keyword
    "承认诉讼请求": "承认",
    "放弃诉讼请求": "放弃",
    "变更诉讼请求": "变更",
    "和解": SETTLEMENT,
    "提起反诉": "反诉",
    "上诉": "上诉",
    "撤诉": "撤诉|撤回起诉",
    "调解": f"调解|{SETTLEMENT}",
    "申请执行": "申请执行|强制执行",
    "执行和解": "执行和解",
    "代领执行款": RECEIVE,
}
# Other words for the same acts: taking them for general acts would grant a power unwritten.
SAME_ACT: Final[Mapping[str, str]] = {
    "承认": "承认诉讼请求",
    "放弃": "放弃诉讼请求",
    "变更": "变更诉讼请求",
    "进行和解": "和解",
    "诉讼和解": "和解",
    "反诉": "提起反诉",
    "提起上诉": "上诉",
    "撤回起诉": "撤诉",
    "申请强制执行": "申请执行",
    "强制执行": "申请执行",
    "收取执行款": "代领执行款",
    "领取执行款": "代领执行款",
    "代领案款": "代领执行款",
    "收取案款": "代领执行款",
    "领取案款": "代领执行款",
}
EXCLUSION: Final = re.compile(r"不包括|不含|(?<![解扣免消删清拆排])除[^。；;]*?外")
BLANKS: Final = re.compile(r"\s+")


class Stage(StrEnum):
    """The stage in which the agent acts."""

    FIRST = "一审"
    SECOND = "二审"
    RETRIAL = "再审"
    ENFORCEMENT = "执行"


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerScope:
    """Whether the agent may do the act; `review`: a person must read the text."""

    authorized: bool
    review: bool


def poa_scope(text: str, act: str, stage: Stage = Stage.FIRST) -> Derived[PowerScope]:
    """Return whether a written power covers an act (R-H05a).

    Special and enforcement acts need their keyword; neither 全权代理 nor 特别授权 alone gives
    one. Any other act is general: every written power covers it, in enforcement only if the
    text contains 执行. A keyword after 不包括, 不含 or 除…外 grants nothing: a person reads it.
    """
    written = BLANKS.sub("", text)
    name = BLANKS.sub("", act)
    pattern = KEYWORDS.get(SAME_ACT.get(name, name))
    if pattern is None:
        pattern = "执行" if stage is Stage.ENFORCEMENT else ""
        what = "一般授权事项"
    else:
        what = "须写明的特别授权或执行授权事项"
    if not written:
        found = []
    elif pattern:
        found = [match.start() for match in re.finditer(pattern, written)]
    else:
        found = [0]
    exclusions = [match.start() for match in EXCLUSION.finditer(written)] if pattern else []
    excluded = any(mark < place for mark in exclusions for place in found)
    value = PowerScope(authorized=bool(found) and not excluded, review=excluded)
    if excluded:
        why = "关键词之前有“不包括、不含、除…外”，须人工复核"
    else:
        why = "委托书写明" if found else "委托书没有写明"
    return Derived(
        value=value,
        basis=(SPECIAL_POWERS, BARE_POWER, ENFORCEMENT_POWERS, KEYWORDS_USUAL),
        steps=(f"{act}（{stage}）：{what}；{why}",),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCount:
    """Whether the number of agents is allowed, and the most a party may have."""

    valid: bool
    max: int


def poa_agents(count: int) -> Derived[AgentCount]:
    """Return whether a party may appoint so many agents: one or two (R-H05a)."""
    valid = 1 <= count <= MAX_AGENTS
    return Derived(
        value=AgentCount(valid=valid, max=MAX_AGENTS),
        basis=(AGENTS,),
        steps=(f"委托 {count} 人，可以委托一至二人：{'符合' if valid else '不符合'}",),
    )
