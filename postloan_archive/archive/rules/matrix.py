"""What a bank adds to the standard matrix or takes off it, by product (R-I05, R-I05a)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from postloan_archive.archive.rules.completeness import MATRIX
from postloan_archive.archive.rules.items import ITEMS, PRODUCT_EXTRAS
from postloan_archive.kernel.errors import RuleError, _l

EVERY_PRODUCT: Final = ""
MOST_RULES: Final = 500


class MatrixRuleError(RuleError):
    """A line of the bank's matrix cannot be used."""

    field = "rules"

    def __init__(self, *, code: str, why: str) -> None:
        super().__init__(_l("必备件 {code}：{why}"), basis=MATRIX, code=code, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRule:
    """One change of the standard matrix.

    Attributes:
        product: as it stands on the loan; empty: every product.
        code: an item of the catalogue.
        need: asked for as well, or no longer asked for.
        reason: shown beside the item.
    """

    product: str
    code: str
    need: bool
    reason: str


def check_rules(rules: Iterable[MatrixRule]) -> tuple[MatrixRule, ...]:
    """Return the rules in order of product and code.

    Raises:
        MatrixRuleError: an unknown item, no reason, the same item twice for a product.
    """
    found: dict[tuple[str, str], MatrixRule] = {}
    for rule in rules:
        key = (rule.product, rule.code)
        if rule.code not in ITEMS:
            raise MatrixRuleError(code=rule.code, why=_l("不在件类目录中。"))
        if not rule.reason.strip():
            raise MatrixRuleError(code=rule.code, why=_l("请写明理由。"))
        if key in found:
            raise MatrixRuleError(code=rule.code, why=_l("同一产品写了两次。"))
        found[key] = rule
    if len(found) > MOST_RULES:
        raise MatrixRuleError(code="", why=_l("条目过多。"))
    return tuple(found[key] for key in sorted(found))


def adjusted(
    needed: Mapping[str, str], product: str, rules: Iterable[MatrixRule]
) -> dict[str, str]:
    """Return the required items of a loan of a product: code and reason.

    Rules for every product come first, so that one for the product itself has the last word.
    """
    found = dict(needed)
    mine = (rule for rule in rules if rule.product in {EVERY_PRODUCT, product})
    for rule in sorted(mine, key=lambda rule: rule.product != EVERY_PRODUCT):
        if rule.need:
            found.setdefault(rule.code, rule.reason)
        else:
            found.pop(rule.code, None)
    return found


def usual_extras(product: str) -> tuple[str, ...]:
    """Return what banks usually ask for besides, of the product most like this one [M]."""
    for name, extras in PRODUCT_EXTRAS.items():
        if product and (product in name or name in product):
            return extras
    return ()
