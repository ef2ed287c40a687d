"""Printing as the business sees it: what is meant, what may be seen, what is fetched."""

import pytest

from core.errors import AssignmentEnded, NothingToPrint, ShopNotFound
from core.orders.looking import LeftOut
from core.ports import Store
from core.shipments.printing import Slips
from core.text.tags import read_slip_code, slip_code
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, line, order_no

pytestmark = pytest.mark.usefixtures("firm")


async def prints(firm: Firm, ids: list[int], who: Actor | None = None) -> Slips:
    return await firm.does(firm.services.printing.slips, who or firm.factory, ids)


async def given(firm: Firm, numbers: int) -> list[int]:
    await firm.imports([incoming(n) for n in range(1, numbers + 1)])
    return await firm.assigns(*range(1, numbers + 1))


async def test_a_slip_says_everything_a_packer_needs(firm: Firm) -> None:
    lines = (line(1, 2), line(1, 1, which=2))
    await firm.imports([incoming(1, note="轻放 13700008888", lines=lines)])
    made = await prints(firm, await firm.assigns(1))
    [slip] = made.slips
    assert slip.recipient is not None
    assert slip.recipient.name == "张三丰"
    assert slip.sender is not None
    assert slip.sender.contact == "林小满"
    assert [(one.product, one.quantity) for one in slip.lines] == [("马克杯 1", 2), ("马克杯 2", 1)]
    assert (slip.row.buyer_note, slip.row.merchant_name) == ("轻放 13700008888", "merchant")
    # The packing list has no recipient on it, and may lie about in a group.
    [(row, _)] = await firm.does(firm.services.batches.packing, firm.factory, "open", 0)
    assert row.buyer_note == "轻放 137****8888"


async def test_two_hundred_at_a_time_and_the_next_ones_stay_the_same_while_others_ship(
    firm: Firm,
) -> None:
    ids = await given(firm, 5)
    printing = firm.services.printing

    def chosen(store: Store, who: Actor, after: int) -> tuple[list[int], int]:
        found = printing.chosen(store, who, "open", 0, after=after, limit=2)
        return list(found.ids), found.rest

    assert await firm.sees(chosen, firm.factory, 0) == (ids[:2], 3)
    await firm.does(firm.services.shipping.reply, firm.factory, ids[0], "SF1234567890123")
    assert await firm.sees(chosen, firm.factory, ids[1]) == (ids[2:4], 1)
    assert await firm.sees(chosen, firm.factory, ids[3]) == (ids[4:], 0)
    with pytest.raises(NothingToPrint):
        await firm.sees(chosen, firm.factory, ids[4])


async def test_a_batch_and_ticks_of_another_person_are_not_mixed_in(firm: Firm) -> None:
    ids = await given(firm, 3)
    await firm.database.write(
        lambda store: store.assignments.tick(firm.factory.shop_id, firm.factory.account_id, ids[1])
    )
    printing = firm.services.printing
    found = await firm.sees(printing.chosen, firm.factory, "ticked", 0)
    assert list(found.ids) == [ids[1]]
    draft = (await firm.assignment(ids[0])).draft_id
    found = await firm.sees(printing.chosen, firm.factory, "batch", draft)
    assert list(found.ids) == ids


async def test_nobody_prints_for_a_shop_that_is_not_theirs(firm: Firm) -> None:
    ids = await given(firm, 1)
    stranger = Actor(firm.merchant.account_id, firm.factory.shop_id)
    with pytest.raises(ShopNotFound):
        await prints(firm, ids, stranger)
    other = await firm.opens("other", "factory", 3001)
    with pytest.raises(NothingToPrint):
        await prints(firm, ids, other)
    draft = (await firm.assignment(ids[0])).draft_id
    for asks in (firm.services.printing.pick, firm.services.printing.chosen):
        with pytest.raises(NothingToPrint):
            await firm.sees(asks, other, "batch", draft)


async def test_what_may_not_be_seen_is_left_out_with_its_reason(firm: Firm) -> None:
    ids = await given(firm, 3)
    await firm.does(firm.services.shipping.reply, firm.factory, ids[0], "SF1234567890123")
    await firm.imports([incoming(2, after_sale="open")])
    made = await prints(firm, ids)
    tags = [(await firm.assignment(one)).tag for one in ids]
    assert [one.row.id for one in made.slips] == [ids[2]]
    assert list(made.left_out) == [LeftOut(tags[0], "shipped"), LeftOut(tags[1], "refund_open")]


async def test_each_slip_is_a_look_recorded_once_for_the_quota(firm: Firm) -> None:
    ids = await given(firm, 3)
    await prints(firm, ids)
    again = await prints(firm, ids)
    assert again.left_today == 300 - 3

    def recorded(store: SqlStore) -> list[int]:
        return [sum(row.act == "printed" for row in store.history(n)) for n in (1, 2, 3)]

    assert await firm.looks(recorded) == [2, 2, 2]
    assert (await firm.assignment(ids[0])).looked_at is not None


async def test_when_all_is_left_out_nothing_is_recorded(firm: Firm) -> None:
    ids = await given(firm, 1)
    await firm.imports([incoming(1, status="closed")])
    with pytest.raises(NothingToPrint) as refused:
        await prints(firm, ids)
    assert [why for _, why in refused.value.left_out] == ["cancelled"]
    with pytest.raises(AssignmentEnded):
        await firm.sees(firm.services.printing.chosen, firm.factory, "one", ids[0])


async def test_a_pick_list_sums_products_over_orders_and_leaves_stopped_ones_out(
    firm: Firm,
) -> None:
    await firm.imports(
        [
            incoming(1, quantity=2),
            incoming(2, lines=(line(2, 3), line(2, 1, which=2))),
            incoming(3, quantity=50),
        ]
    )
    ids = await firm.assigns(1, 2, 3)
    await firm.imports([incoming(3, quantity=50, after_sale="open")])
    made = await firm.sees(firm.services.printing.pick, firm.factory, "open", 0)
    tags = [(await firm.assignment(one)).tag for one in ids]
    assert [(one.product, one.pieces, list(one.tags)) for one in made.picks] == [
        ("马克杯 1", 5, tags[:2]), ("马克杯 2", 1, tags[1:2]),
    ]  # fmt: skip
    assert (made.orders, made.pieces) == (2, 6)
    assert list(made.left_out) == [LeftOut(tags[2], "refund_open")]


async def test_the_quota_begins_anew_at_midnight(firm: Firm) -> None:
    ids = await given(firm, 1)
    first = await prints(firm, ids)
    firm.watch.moves(days=1)
    assert (await prints(firm, ids)).left_today == first.left_today + 1


@pytest.mark.parametrize("number", [order_no(1), "240101-123456789012345", "", "订单 1"])
def test_a_slips_code_names_its_order(number: str) -> None:
    found = read_slip_code(slip_code("K7Q2", number))
    assert found is not None
    assert found == ("K7Q2", number if number.isascii() else "")


@pytest.mark.parametrize("text", ["SF1234567890123", "2345-1", "JD0001234567890-1-2-", "I7Q2-1"])
def test_other_codes_are_no_slips(text: str) -> None:
    assert read_slip_code(text) is None
