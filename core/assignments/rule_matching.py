"""Which rule an order falls to. Pure: no store, no texts.

Of the rules that match any product of an order, or its province, the first by place takes the whole
order. Where that is a product code's rule, and other products have codes whose rules name another
factory, the rules disagree: nobody but a person can say who ships it. A rule whose factory is not
bound any more still claims its orders, and leaves them where they are: they go nowhere by accident.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.entities import RuleKind

NO_RULE, DISAGREE, NOT_WORKING = "no_rule", "rules_disagree", "rule_not_working"
GIVEN_BACK, PARTLY_GIVEN = "given_back", "partly_given"

BETWEEN = "、"  # the provinces of one rule


class Product(NamedTuple):
    """What a rule looks at of a product."""

    code: str
    words: str  # its name and specification


class OrderFacts(NamedTuple):
    """What rules look at of an order. `blocked` is why it cannot be assigned at all."""

    id: int
    order_no: str
    pieces: int
    province: str
    blocked: str | None
    products: Sequence[Product]


class LiveRule(NamedTuple):
    """A rule that is not paused; `works` while its factory is bound."""

    id: int
    factory_id: int
    kind: RuleKind
    word: str
    works: bool


class Decision(NamedTuple):
    """The rule an order falls to, or why it stays where it is."""

    rule: LiveRule | None
    why: str = ""


class Matcher:
    """The rules of one merchant in their order."""

    def __init__(self, rules: Sequence[LiveRule]) -> None:
        self._rules = rules
        self._codes: dict[str, LiveRule] = {}
        for one in rules:
            if one.kind == "code":
                self._codes.setdefault(one.word.casefold(), one)
        self._place = {one.id: place for place, one in enumerate(rules)}

    def decide(
        self, order: OrderFacts, given_back: Mapping[int, frozenset[int]] | None = None
    ) -> Decision:
        """Return where the order goes; `given_back`: who has had it and gave it back."""
        if order.blocked is not None:
            return Decision(None, order.blocked)
        by_code = [self._codes.get(one.code.casefold()) for one in order.products if one.code]
        named = [one for one in by_code if one is not None]
        rule = self._first(order, named)
        if rule is None:
            return Decision(None, NO_RULE)
        if rule.kind == "code" and len({one.factory_id for one in named}) > 1:
            return Decision(None, DISAGREE)
        if not rule.works:
            return Decision(None, NOT_WORKING)
        if given_back and rule.factory_id in given_back.get(order.id, frozenset()):
            return Decision(None, GIVEN_BACK)
        return Decision(rule)

    def _first(self, order: OrderFacts, named: Sequence[LiveRule]) -> LiveRule | None:
        best = min(named, key=lambda one: self._place[one.id], default=None)
        words = ""
        for one in self._rules:
            if best is not None and self._place[one.id] > self._place[best.id]:
                break
            if one.kind == "keyword" and not words:
                words = "\n".join(product.words for product in order.products).casefold()
            if _matches(one, order, words):
                return one
        return best


def _matches(rule: LiveRule, order: OrderFacts, words: str) -> bool:
    """Return whether a rule of any kind but a code's matches."""
    if rule.kind == "keyword":
        return rule.word.casefold() in words
    if rule.kind == "province":
        return order.province in rule.word.split(BETWEEN)
    return rule.kind == "all"
