"""自动分配: rules hand out what arrives, once, to the factory they name, and say what they left."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from core.assignments.auto_assigning import AutoDone, Trial
from core.assignments.rule_errors import (
    ProvincesUnclear,
    RuleExists,
    RuleNotFound,
    RuleWordMissing,
    TooManyRules,
)
from core.assignments.ruling import LIMIT, WORD_LIMIT, RuleView
from core.changes.order_news import OrderNews
from core.entities import AssignRule
from core.entities.order import AfterSale
from core.errors import DraftGone, NotBound, WrongRole
from core.ids import key
from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient
from core.text.regions import PROVINCES
from tests.core.firm import Firm, incoming, order_no
from tests.core.truth import faults


async def two_factories(firm: Firm) -> None:
    await firm.opens("second", "factory", 2002)
    await firm.binds(factory="second")


async def rule(firm: Firm, kind: str, word: str = "", to: str = "factory") -> RuleView:
    ruling = firm.services.ruling
    new = await firm.does(ruling.looks_for, firm.merchant, kind, word)
    return await firm.does(ruling.add, firm.merchant, firm.people[to].shop_id, new.mark)


def of(number: int, *codes: str, province: str = "浙江省") -> IncomingOrder:
    lines = tuple(
        IncomingLine(f"{order_no(number)}{at}", f"商品 {code}", "", code, 1)
        for at, code in enumerate(codes)
    )
    plain = incoming(number, lines=lines)
    return replace(plain, recipient=replace(plain.recipient, province=province))


async def where(firm: Firm, *numbers: int) -> list[int | None]:
    return [(await firm.order(one)).factory_id for one in numbers]


async def test_what_a_file_brings_goes_by_itself_and_each_factory_is_told_once(
    firm: Firm,
) -> None:
    await two_factories(firm)
    mugs = await rule(firm, "code", "MUG-01")
    await rule(firm, "keyword", "餐盘", to="second")
    done = await firm.imports(
        [of(one, "MUG-01") for one in range(1, 9)] + [of(9, "餐盘-08"), of(10, "CUP-01")]
    )
    mine, theirs = firm.factory.shop_id, firm.people["second"].shop_id
    assert [(one.factory_name, one.orders) for one in done.given] == [("factory", 8), ("second", 1)]
    assert await where(firm, 1, 8, 9, 10) == [mine, mine, theirs, None]
    assert (await firm.owed("OrdersAssigned"), await firm.owed("OrderAssigned")) == (1, 1)

    given = await firm.looks(lambda store: store.assignments.of_draft(done.given[0].draft_id))
    assert {one.rule_id for one in given} == {mugs.rule.id}
    trail = await firm.looks(lambda store: store.history(given[0].order_id))
    told = [(one.door, one.detail["rule"]) for one in trail if one.act == "assigned"]
    assert told == [("file", mugs.rule.id)]
    card = await firm.sees(firm.services.listing.order, firm.merchant, given[0].order_id)
    assert card.rule is not None
    assert card.rule.word == "MUG-01"
    assert await firm.looks(faults) == []


async def test_an_order_without_its_recipient_goes_when_that_comes(firm: Firm) -> None:
    await rule(firm, "all")
    masked = IncomingRecipient("张**", "139****5678", "浙江省", "金华市", "义乌市", "", "***")
    await firm.imports([replace(incoming(1), recipient=masked)])
    assert await where(firm, 1) == [None]
    done = await firm.imports([incoming(1)])
    assert await where(firm, 1) == [firm.factory.shop_id]
    assert [one.orders for one in done.given] == [1]


async def test_a_trial_says_what_each_rule_takes_and_what_stays_and_why(firm: Firm) -> None:
    await two_factories(firm)
    await firm.imports(
        [of(1, "MUG-01"), of(2, "PLATE-08"), of(3, "MUG-01", "PLATE-08"), of(4, "CUP-01"),
         of(5, "CUP-01", province="广东省"), of(6, "MUG-01")]
    )  # fmt: skip
    await firm.imports([replace(of(6, "MUG-01"), after_sale="open")])
    first = await rule(firm, "code", "MUG-01")
    await rule(firm, "code", "PLATE-08", to="second")
    guangdong = await rule(firm, "province", "广东省", to="second")
    auto = firm.services.auto
    trial = await firm.sees(auto.trial, firm.merchant)
    assert trial.orders == 3
    assert (trial.takes[key(first.rule)], trial.takes[key(guangdong.rule)]) == (1, 1)
    assert {one.why: one.orders for one in trial.left} == {"rules_disagree": 1, "no_rule": 1}
    assert await firm.owed("OrderAssigned") == 0

    done = await firm.does(auto.apply, firm.merchant, trial.mark)
    assert isinstance(done, AutoDone)
    assert sum(one.orders for one in done.given) == 3
    again = await firm.does(auto.apply, firm.merchant, trial.mark)
    assert isinstance(again, Trial)  # pressed twice: nothing happens, as it stands now is shown
    assert again.orders == 0
    assert await firm.owed("OrderAssigned") == 3
    assert await firm.looks(faults) == []


async def test_a_trial_that_no_longer_holds_assigns_nothing(firm: Firm) -> None:
    await firm.imports([of(1, "MUG-01")])
    await rule(firm, "code", "MUG-01")
    auto = firm.services.auto
    trial = await firm.sees(auto.trial, firm.merchant)
    paused = await firm.sees(firm.services.ruling.every, firm.merchant)
    await firm.does(firm.services.ruling.change, firm.merchant, key(paused[0].rule), "pause")
    assert isinstance(await firm.does(auto.apply, firm.merchant, trial.mark), Trial)
    assert await where(firm, 1) == [None]


async def test_what_came_back_does_not_go_there_again_by_itself(firm: Firm) -> None:
    await firm.imports([of(1, "MUG-01"), of(2, "MUG-01"), of(3, "MUG-01", "MUG-01")])
    [first, second] = await firm.assigns(1, 2)
    await firm.does(firm.services.fulfilling.decline, firm.factory, first, "out_of_stock")
    await firm.does(firm.services.recalling.one, firm.merchant, second)
    await rule(firm, "all")
    trial = await firm.sees(firm.services.auto.trial, firm.merchant)
    assert trial.orders == 1
    assert [(one.why, one.orders) for one in trial.left] == [("given_back", 2)]


async def test_a_rule_whose_factory_is_gone_keeps_its_orders_and_says_so(firm: Firm) -> None:
    await two_factories(firm)
    await rule(firm, "code", "MUG-01", to="second")
    await rule(firm, "all")
    bindings = firm.services.bindings
    bound = await firm.looks(
        lambda store: store.bindings.bound(firm.merchant.shop_id, firm.people["second"].shop_id)
    )
    assert bound is not None
    await firm.does(
        lambda store, who: bindings.unbind(store, who, key(bound), back=True), firm.merchant
    )
    await firm.imports([of(1, "MUG-01"), of(2, "CUP-01")])
    assert await where(firm, 1, 2) == [None, firm.factory.shop_id]
    views = await firm.sees(firm.services.ruling.every, firm.merchant)
    assert [one.works for one in views] == [False, True]
    trial = await firm.sees(firm.services.auto.trial, firm.merchant)
    assert [(one.why, one.orders) for one in trial.left] == [("rule_not_working", 1)]


async def test_rules_are_moved_paused_and_deleted(firm: Firm) -> None:
    ruling = firm.services.ruling
    every = await rule(firm, "all")
    first, second = await rule(firm, "code", "A"), await rule(firm, "code", "B")

    async def order() -> list[int | None]:
        return [one.rule.id for one in await firm.sees(ruling.every, firm.merchant)]

    # A new one stands before 全部订单, which would take everything from it.
    assert await order() == [first.rule.id, second.rule.id, every.rule.id]
    await firm.does(ruling.change, firm.merchant, key(second.rule), "up")
    await firm.does(ruling.change, firm.merchant, key(second.rule), "up")  # first already
    assert await order() == [second.rule.id, first.rule.id, every.rule.id]
    await firm.does(ruling.change, firm.merchant, key(second.rule), "down")
    await firm.does(ruling.change, firm.merchant, key(first.rule), "end")
    assert await order() == [second.rule.id, every.rule.id]
    with pytest.raises(RuleNotFound):
        await firm.does(ruling.change, firm.merchant, key(first.rule), "resume")
    await firm.does(ruling.change, firm.merchant, key(every.rule), "pause")
    await firm.does(ruling.change, firm.merchant, key(every.rule), "pause")
    await firm.imports([incoming(1)])
    assert await where(firm, 1) == [None]
    await firm.does(ruling.change, firm.merchant, key(every.rule), "resume")
    await firm.imports([incoming(2)])
    assert await where(firm, 1, 2) == [None, firm.factory.shop_id]
    places = await firm.sees(ruling.every, firm.merchant)
    assert [one.rule.place for one in places] == [1, 2]


async def test_what_is_no_rule_is_refused_with_the_reason(firm: Firm) -> None:
    ruling = firm.services.ruling
    await firm.opens("unbound", "factory", 2009)
    await firm.opens("stranger", "merchant", 1009)
    kept = await rule(firm, "code", "MUG-01")
    with pytest.raises(RuleExists):
        await rule(firm, "code", "mug-01")
    with pytest.raises(RuleWordMissing):
        await rule(firm, "keyword", " \u200b ")
    with pytest.raises(ProvincesUnclear):
        await rule(firm, "province", "火星")
    with pytest.raises(NotBound):
        await rule(firm, "all", to="unbound")
    with pytest.raises(DraftGone):
        await rule(firm, "weather", "rain")
    with pytest.raises(WrongRole):
        await firm.sees(ruling.every, firm.factory)
    with pytest.raises(RuleNotFound):
        await firm.sees(ruling.one, firm.people["stranger"], key(kept.rule))
    # The button of an older question keeps nothing.
    older = await firm.does(ruling.looks_for, firm.merchant, "keyword", "马克杯")
    await firm.does(ruling.looks_for, firm.merchant, "keyword", "餐盘")
    with pytest.raises(DraftGone):
        await firm.does(ruling.add, firm.merchant, firm.factory.shop_id, older.mark)

    def fill(store):  # type: ignore[no-untyped-def]
        for place in range(2, LIMIT + 1):
            store.rules.add(
                AssignRule(
                    shop_id=firm.merchant.shop_id, factory_id=firm.factory.shop_id, kind="code",
                    word=f"C{place}", place=place, created_by=firm.merchant.account_id,
                    created_at=store.now,
                )
            )  # fmt: skip

    await firm.looks_write(fill) if hasattr(firm, "looks_write") else await firm.database.write(
        fill
    )
    with pytest.raises(TooManyRules):
        await rule(firm, "code", "one more")


async def test_five_thousand_orders_go_by_thirty_rules_in_one_go(firm: Firm) -> None:
    await two_factories(firm)
    for at in range(14):
        await rule(firm, "keyword", f"词{at}", to="second")
    for at in range(14):
        await rule(firm, "code", f"C-{at}")
    await firm.imports([of(one, f"C-{one % 15}") for one in range(5_000)])
    paused = await firm.sees(firm.services.auto.trial, firm.merchant)
    assert [(one.why, one.orders) for one in paused.left] == [("no_rule", 333)]
    assert await firm.owed("OrdersAssigned") == 1
    begun = time.monotonic()
    await firm.sees(firm.services.auto.trial, firm.merchant)
    assert time.monotonic() - begun < 5
    assert await firm.looks(faults) == []


async def test_a_merchant_of_many_factories_chooses_among_all_of_them(firm: Firm) -> None:
    for one in range(11):
        await firm.opens(f"maker {one}", "factory", 3000 + one)
        await firm.binds(factory=f"maker {one}")
    last = firm.people["maker 10"].shop_id
    s, who = firm.services, firm.merchant
    await firm.imports([incoming(1, quantity=2)])
    order_id = (await firm.order(1)).id
    new = await firm.does(s.ruling.looks_for, who, "code", "MUG-01")
    split = await firm.does(s.splitting.plan, who, order_id)
    await firm.does(s.extras.begin, who, order_id, "gift")
    gift = await firm.does(s.extras.take_same, who, order_id, "gift")
    for offered in (new.factories, split.factories, gift.factories):
        assert last in [row.shop_id for row in offered]


async def test_what_came_in_with_a_refund_open_goes_once_that_is_over(firm: Firm) -> None:
    await rule(firm, "all")
    assert not (await firm.imports([incoming(1, after_sale="open")])).given
    assert not (await firm.imports([incoming(1, after_sale="open", note="易碎")])).given
    done = await firm.imports([incoming(1, note="易碎")])
    assert [one.orders for one in done.given] == [1]
    assert (await firm.order(1)).factory_id == firm.factory.shop_id
    # Given back, it does not go there again by a rule, whatever its refund does.
    [given] = await firm.looks(lambda store: store.assignments.of_draft(done.given[0].draft_id))
    await firm.does(firm.services.fulfilling.decline, firm.factory, given.id, "price")
    await firm.imports([incoming(1, after_sale="open", note="易碎")])
    assert not (await firm.imports([incoming(1, note="易碎")])).given


async def by_chat(firm: Firm, what: str) -> None:
    order = await firm.order(1)
    await firm.does(firm.services.editing.act, firm.merchant, key(order), order.revision, what)


async def by_program(firm: Firm, **said: Any) -> None:
    news = OrderNews(key(await firm.order(1)), **said)
    program = replace(firm.merchant, door="api")
    await firm.does(firm.services.programs.ordering.change, program, news)


async def by_push(firm: Firm) -> None:
    push = firm.services.programs.ordering.push
    program = replace(firm.merchant, door="api")
    await firm.does(push, program, "doudian", [incoming(1)])


async def by_letting_go(firm: Firm) -> None:
    await firm.does(firm.services.stopping.let_go, firm.merchant, key(await firm.order(1)))


async def by_news_told_twice_and_late(firm: Firm) -> None:
    """A platform says it at half past, then what was so at a quarter past, then at half past."""
    for minutes, now in ((30, "none"), (15, "open"), (30, "none")):
        at = firm.watch.now + timedelta(minutes=minutes)
        news = OrderNews(key(await firm.order(1)), at, after_sale=cast("AfterSale", now))
        await firm.does(firm.services.changing.change, firm.merchant, [news])


REFUND_OVER: dict[str, Callable[[Firm], Awaitable[None]]] = {
    "chat": lambda firm: by_chat(firm, "refund_closed"),
    "a program": lambda firm: by_program(firm, after_sale="none"),
    "a program's push": by_push,
    "a platform's news": by_news_told_twice_and_late,
    "letting it go": by_letting_go,
}


@pytest.mark.parametrize("door", REFUND_OVER)
async def test_a_refund_that_is_over_sets_the_rules_off_whatever_door_says_so(
    firm: Firm, door: str
) -> None:
    every = await rule(firm, "all")
    await firm.imports([incoming(1, after_sale="open")])
    assert await where(firm, 1) == [None]
    await REFUND_OVER[door](firm)
    assert await where(firm, 1) == [firm.factory.shop_id]
    trail = await firm.looks(lambda store: store.history(1))
    [made] = [one for one in trail if one.act == "assigned"]
    assert made.detail["rule"] == every.rule.id
    assert made.door == ("api" if "program" in door else "chat")
    assert await firm.owed("OrderAssigned") == 1
    # Given back, it stays with its merchant, whatever else its refund does.
    [given] = await firm.looks(lambda store: store.assignments.live_of(1))
    await firm.does(firm.services.fulfilling.decline, firm.factory, key(given), "price")
    await firm.imports([incoming(1, after_sale="open")])
    await by_program(firm, after_sale="none")
    assert await where(firm, 1) == [None]
    assert await firm.looks(faults) == []


async def test_what_was_held_or_not_whole_goes_when_that_ends_by_hand(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await by_chat(firm, "hold")
    await rule(firm, "all")
    await by_program(firm, buyer_note="易碎")  # says nothing of what keeps it
    assert await where(firm, 1) == [None]
    await by_chat(firm, "release")
    assert await where(firm, 1) == [firm.factory.shop_id]
    masked = IncomingRecipient("张**", "139****5678", "浙江省", "金华市", "义乌市", "", "***")
    await firm.imports([replace(incoming(2), recipient=masked)])
    whole = OrderNews(key(await firm.order(2)), recipient=incoming(2).recipient)
    await firm.does(firm.services.changing.change, firm.merchant, [whole])
    assert await where(firm, 2) == [firm.factory.shop_id]


@pytest.mark.parametrize(
    "typed",
    ["浙江、江苏", "江苏省 浙江省", "浙江，江苏", "浙江江苏", "浙江省和江苏", "江苏/浙江/江苏。"],
)
async def test_one_rule_takes_several_provinces(firm: Firm, typed: str) -> None:
    made = await rule(firm, "province", typed)
    assert made.rule.word == "江苏、浙江"
    await firm.imports([of(1, "A"), of(2, "A", province="江苏"), of(3, "A", province="江西省")])
    assert await where(firm, 1, 2, 3) == [firm.factory.shop_id, firm.factory.shop_id, None]
    with pytest.raises(RuleExists):
        await rule(firm, "province", "浙江、江苏")


async def test_a_rule_may_name_nearly_every_province(firm: Firm) -> None:
    most = PROVINCES[:-1]
    made = await rule(firm, "province", "、".join(most))
    assert len(made.rule.word) > WORD_LIMIT
    assert made.rule.word.split("、") == list(most)


@pytest.mark.parametrize("typed", ["浙江、火星", "浙江省杭州市", "除了浙江", "江浙沪", "、"])
async def test_what_is_not_only_provinces_is_not_read_by_halves(firm: Firm, typed: str) -> None:
    with pytest.raises(ProvincesUnclear):
        await rule(firm, "province", typed)
