"""Which rule takes an order: as people put them in order, and never by accident."""

import pytest

from core.assignments.rule_matching import (
    DISAGREE,
    GIVEN_BACK,
    NO_RULE,
    NOT_WORKING,
    LiveRule,
    Matcher,
    OrderFacts,
    Product,
)

MUG, PLATE = Product("MUG-01", "陶瓷马克杯 奶白色"), Product("PLATE-08", "陶瓷餐盘 八寸")


def order(*products: Product, province: str = "浙江", blocked: str | None = None) -> OrderFacts:
    return OrderFacts(1, "694", len(products), province, blocked, products)


def rules(*given: tuple[str, str, int]) -> list[LiveRule]:
    """Return working rules in this order: kind, word, factory. Their ids count from 1."""
    return [
        LiveRule(place, factory, kind, word, works=True)  # type: ignore[arg-type]
        for place, (kind, word, factory) in enumerate(given, start=1)
    ]


@pytest.mark.parametrize(
    ("given", "products", "expected"),
    [
        ([("code", "MUG-01", 7)], [MUG], 1),
        ([("code", "mug-01", 7)], [MUG], 1),
        ([("code", "MUG", 7)], [MUG], NO_RULE),
        ([("keyword", "马克杯", 7)], [PLATE, MUG], 1),
        ([("keyword", "八寸", 7)], [PLATE], 1),
        ([("province", "浙江", 7)], [MUG], 1),
        ([("province", "广东", 7)], [MUG], NO_RULE),
        ([("all", "", 7)], [MUG], 1),
        ([("all", "", 7), ("code", "MUG-01", 8)], [MUG], 1),
        ([("code", "MUG-01", 8), ("all", "", 7)], [MUG], 1),
        ([("code", "MUG-01", 8), ("all", "", 7)], [PLATE], 2),
        ([("keyword", "陶瓷", 9), ("code", "MUG-01", 8)], [MUG], 1),
        # One product has a rule, the other none: the whole order goes there.
        ([("code", "MUG-01", 8)], [MUG, PLATE], 1),
        # Two codes, two factories: nobody can say; the same factory is fine.
        ([("code", "MUG-01", 8), ("code", "PLATE-08", 9)], [MUG, PLATE], DISAGREE),
        ([("code", "MUG-01", 8), ("code", "PLATE-08", 8)], [MUG, PLATE], 1),
        # A rule that was put before the codes' decides all the same.
        ([("province", "浙江", 7), ("code", "MUG-01", 8), ("code", "PLATE-08", 9)],
         [MUG, PLATE], 1),
        ([], [MUG], NO_RULE),
    ],
)  # fmt: skip
def test_the_first_rule_that_matches_takes_the_whole_order(
    given: list[tuple[str, str, int]], products: list[Product], expected: int | str
) -> None:
    decision = Matcher(rules(*given)).decide(order(*products))
    assert (decision.rule.id if decision.rule else decision.why) == expected


def test_a_rule_whose_factory_is_gone_keeps_its_orders_from_going_elsewhere() -> None:
    gone = LiveRule(1, 7, "code", "MUG-01", works=False)
    every = LiveRule(2, 8, "all", "", works=True)
    matcher = Matcher([gone, every])
    assert matcher.decide(order(MUG)).why == NOT_WORKING
    assert matcher.decide(order(PLATE)).rule == every


def test_what_cannot_be_assigned_or_came_back_stays() -> None:
    matcher = Matcher(rules(("all", "", 7)))
    assert matcher.decide(order(MUG, blocked="refund_open")).why == "refund_open"
    assert matcher.decide(order(MUG), {1: frozenset({7})}).why == GIVEN_BACK
    assert matcher.decide(order(MUG), {1: frozenset({8}), 2: frozenset({7})}).rule is not None
