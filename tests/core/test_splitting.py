"""拆单: pieces of one order at several factories, each piece at one of them at most."""

import pytest

from core.assignments.piecing import Held, free_of, seen_by, shared
from core.assignments.splitting import Choice, FactoryHasThem, NothingToSplit, Split, SplitOutdated
from core.errors import NotBound, NothingChosen, OrderNotFound, OrderStopped
from core.ids import key
from core.shipments.sending import Shipped
from tests.core.firm import Firm, incoming, line, order_no
from tests.core.truth import faults

TWO_LINES = (line(1, 3, 1), line(1, 2, 2))


async def two_factories(firm: Firm) -> None:
    await firm.opens("second", "factory", 2002)
    await firm.binds(factory="second")


async def splits(firm: Firm, to: str, *counts: int, number: int = 1) -> Split:
    splitting, order = firm.services.splitting, await firm.order(number)
    plan = await firm.sees(splitting.plan, firm.merchant, key(order))
    to_id = firm.people[to].shop_id
    return await firm.does(
        splitting.split, firm.merchant, key(order), to_id, Choice(counts, plan.mark)
    )


async def owned(firm: Firm, number: int = 1) -> list[tuple[int, str, dict[int, int]]]:
    """Return (shop, status, pieces by place of the line) of every holder of the order."""
    order_id = key(await firm.order(number))

    def look(store):  # type: ignore[no-untyped-def]
        lines = [key(one) for one in store.orders.lines([order_id])[order_id]]
        found: dict[tuple[int, int, str], dict[int, int]] = {}
        for one in store.assignments.held_of(order_id):
            place = (one.assignment_id, one.factory_id, one.status)
            found.setdefault(place, {})[lines.index(one.line_id) + 1] = one.owned
        return [(shop, status, pieces) for (_, shop, status), pieces in sorted(found.items())]

    return await firm.looks(look)


async def ships(firm: Firm, who: str, assignment_id: int, number: str) -> None:
    reply = firm.services.shipping.reply
    done = await firm.does(reply, firm.people[who], assignment_id, number)
    assert isinstance(done, Shipped)


async def test_an_order_goes_to_two_factories_and_ships_when_both_have_shipped(firm: Firm) -> None:
    await two_factories(firm)
    await firm.imports([incoming(1, lines=TWO_LINES)])
    first = await splits(firm, "second", 1, 2)
    assert (first.pieces, first.left) == (3, 2)
    order = await firm.order(1)
    assert (order.status, order.tab) == ("assigned", "unassigned")

    [rest] = await firm.assigns(1)  # the usual assignment takes what nobody has, and only that
    assert await owned(firm) == [
        (firm.people["second"].shop_id, "assigned", {1: 1, 2: 2}),
        (firm.factory.shop_id, "assigned", {1: 2}),
    ]
    assert (await firm.order(1)).tab == "to_ship"
    card = await firm.sees(firm.services.listing.assignment, firm.factory, rest)
    assert [(one.product, one.quantity) for one in card.lines] == [("马克杯 1", 2)]

    await ships(firm, "second", key(first.assignment), "SF1234567890123")
    assert (await firm.order(1)).status == "part_shipped"
    await ships(firm, "factory", rest, "SF1234567890124")
    assert (await firm.order(1)).status == "shipped"
    assert await firm.looks(faults) == []


async def test_what_has_not_begun_gives_pieces_back_and_is_told(firm: Firm) -> None:
    await two_factories(firm)
    await firm.imports([incoming(1, lines=TWO_LINES)])
    [given] = await firm.assigns(1)
    await splits(firm, "second", 2)
    assert await owned(firm) == [
        (firm.factory.shop_id, "assigned", {1: 1, 2: 2}),
        (firm.people["second"].shop_id, "assigned", {1: 2}),
    ]
    assert (await firm.owed("PiecesTakenBack"), await firm.owed("OrderRecalled")) == (1, 0)
    # All it has left goes elsewhere too: that is a recall.
    await splits(firm, "second", 1, 2)
    assert (await firm.assignment(given)).status == "recalled"
    assert await firm.owed("OrderRecalled") == 1
    assert (await firm.order(1)).factory_id == firm.people["second"].shop_id
    assert await firm.looks(faults) == []


async def test_whoever_has_accepted_keeps_its_pieces(firm: Firm) -> None:
    await two_factories(firm)
    await firm.imports([incoming(1, quantity=3)])
    [given] = await firm.assigns(1)
    await firm.does(firm.services.fulfilling.accept, firm.factory, given)
    with pytest.raises(NothingToSplit):
        await splits(firm, "second", 1)


async def test_a_decline_and_a_recall_return_just_those_pieces(firm: Firm) -> None:
    await two_factories(firm)
    await firm.imports([incoming(1, lines=TWO_LINES)])
    first = await splits(firm, "second", 1)
    [rest] = await firm.assigns(1)
    decline = firm.services.fulfilling.decline
    await firm.does(decline, firm.people["second"], key(first.assignment), "price")
    order = await firm.order(1)
    assert (order.tab, order.factory_id) == ("unassigned", firm.factory.shop_id)
    [again] = await firm.assigns(1, factory="second")
    assert (await owned(firm))[1][2] == {1: 1}
    await firm.does(firm.services.recalling.one, firm.merchant, rest)
    assert (await firm.order(1)).factory_id == firm.people["second"].shop_id
    await firm.does(firm.services.recalling.one, firm.merchant, again)
    assert (await firm.order(1)).status == "unassigned"
    assert await firm.looks(faults) == []


async def test_confirming_again_an_old_choice_gives_nothing_twice(firm: Firm) -> None:
    await two_factories(firm)
    await firm.imports([incoming(1, quantity=3)])
    splitting, order_id = firm.services.splitting, key(await firm.order(1))
    plan = await firm.sees(splitting.plan, firm.merchant, order_id)
    to = firm.people["second"].shop_id
    await firm.does(splitting.split, firm.merchant, order_id, to, Choice((1,), plan.mark))
    with pytest.raises(SplitOutdated):
        await firm.does(splitting.split, firm.merchant, order_id, to, Choice((1,), plan.mark))
    assert await owned(firm) == [(to, "assigned", {1: 1})]


async def test_what_cannot_be_split_says_why(firm: Firm) -> None:
    await two_factories(firm)
    await firm.opens("stranger", "merchant", 1009)
    await firm.opens("unbound", "factory", 2009)
    await firm.imports([incoming(1, quantity=2), incoming(2), incoming(3, quantity=2)])
    splitting, order_id = firm.services.splitting, key(await firm.order(1))
    with pytest.raises(OrderNotFound):
        await firm.sees(splitting.plan, firm.people["stranger"], order_id)
    with pytest.raises(NothingToSplit):
        await splits(firm, "second", 1, number=2)
    with pytest.raises(NothingChosen):
        await splits(firm, "second", 0)
    with pytest.raises(NotBound):
        await splits(firm, "unbound", 1)
    await firm.assigns(3, factory="second")
    with pytest.raises(FactoryHasThem):
        await splits(firm, "second", 1, number=3)
    await firm.imports([incoming(1, quantity=2, after_sale="open")])
    with pytest.raises(OrderStopped):
        await splits(firm, "second", 1)
    assert await firm.looks(faults) == []


async def test_what_a_split_order_grows_by_is_nobodys_and_shrinking_takes_the_latest(
    firm: Firm,
) -> None:
    await two_factories(firm)
    await firm.imports([incoming(1, quantity=4)])
    second = await splits(firm, "second", 1)
    [first] = await firm.assigns(1)  # later: 3 pieces
    await firm.imports([incoming(1, quantity=6)])
    assert [pieces for _, _, pieces in await owned(firm)] == [{1: 1}, {1: 3}]
    assert (await firm.order(1)).tab == "unassigned"
    assert await firm.owed("OrderChanged") == 0  # nothing of it is for either of them

    await firm.imports([incoming(1, quantity=2)])
    assert [pieces for _, _, pieces in await owned(firm)] == [{1: 1}, {1: 1}]
    assert await firm.owed("OrderChanged") == 1
    card = await firm.sees(firm.services.listing.assignment, firm.factory, first)
    seen = [seen_by(one.diffs, first) for one in card.changes]
    assert [(one["old"], one["new"]) for diffs in seen for one in diffs] == [(3, 1)]

    await firm.imports([incoming(1, quantity=1)])
    assert (await firm.assignment(first)).status == "cancelled"
    assert await firm.owed("OrderChanged") == 2
    await ships(firm, "second", key(second.assignment), "SF1234567890123")
    assert (await firm.order(1)).status == "shipped"
    assert await firm.looks(faults) == []


async def test_ten_orders_partly_given_are_assigned_the_rest_at_once(firm: Firm) -> None:
    await two_factories(firm)
    numbers = range(1, 11)
    await firm.imports([incoming(one, quantity=3) for one in numbers])
    for number in numbers:
        await splits(firm, "second", 1, number=number)
    assigning = firm.services.assigning
    names = [order_no(one) for one in numbers]
    chosen = await firm.does(assigning.take_these, firm.merchant, names)
    run = await firm.does(assigning.dry_run, firm.merchant, chosen.draft_id, firm.factory.shop_id)
    assert (run.orders, run.pieces) == (10, 20)
    done = await firm.does(assigning.confirm, firm.merchant, run.draft_id)
    assert (done.orders, done.pieces) == (10, 20)
    assert await firm.looks(faults) == []


def held(assignment: int, owned: int, gone: int = 0, status: str = "assigned") -> Held:
    return Held(assignment, assignment, status, 1, owned, gone)  # type: ignore[arg-type]


def test_nobodys_pieces_are_what_no_holder_keeps() -> None:
    holders = [held(1, 2, 2, "shipped"), held(2, 1), held(3, 3, 1, "cancelled")]
    assert free_of({1: 5, 2: 1}, holders) == {1: 1, 2: 1}
    assert free_of({1: 4}, holders) == {}


def test_each_holder_sees_its_own_pieces_of_a_change() -> None:
    diff = {"field": "quantity", "product": "杯", "sub": "a", "old": 4, "new": 3}
    before, after = [held(1, 2), held(2, 2)], [held(1, 2), held(2, 1)]
    said = shared([diff, {"field": "buyer_note"}], {"a": 1}, before, after)
    assert [(one.get("old"), one.get("new")) for one in seen_by(said, 2)] == [(2, 1), (None, None)]
    assert seen_by(said, 1) == [{"field": "buyer_note"}]
    # Who has all of it sees the change as it is.
    assert shared([diff], {"a": 1}, [held(1, 4)], [held(1, 3)]) == [diff]


def test_a_line_one_holder_has_alone_is_not_told_to_the_others() -> None:
    diff = {"field": "quantity", "product": "盘", "sub": "b", "old": 3, "new": 2}
    renamed = {"field": "product", "sub": "b", "old": "盘", "new": "大盘"}
    other_line = Held(1, 1, "assigned", 9, 4, 0)
    before, after = [other_line, held(2, 3)], [other_line, held(2, 2)]
    for said in (
        shared([diff, renamed], {"b": 1}, before, after),
        shared([diff, renamed], {"b": 1}, [held(2, 3)], [held(2, 2)], {1, 2}),  # 1 is an extra
    ):
        assert seen_by(said, 1) == []
        assert [(one["old"], one["new"]) for one in seen_by(said, 2)] == [(3, 2), ("盘", "大盘")]
