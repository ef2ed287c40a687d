"""Both shops on one platform and bound there: what is done here with an order is done there too.

The factory's shop tells its parcels itself; wherever it cannot, the merchant's does, as ever.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from core.entities import Alert, AuditRow, PlatformCall
from core.ids import key
from tests.platforms.test_syncing import came, looked_again, replies
from tests.platforms.town import Town
from tests.sandbox.conftest import FACTORY, MASK, MERCHANT, OTHER_FACTORY

CUP = [{"name": "杯", "count": 2, "code": "A"}]
CUP_AND_LID = [{"name": "杯", "count": 2, "code": "A"}, {"name": "盖", "count": 1, "code": "B"}]


async def both_link(town: Town) -> int:
    """Both shops are linked, and that they are bound there is known; returns the factory's link."""
    await town.links()
    factory = await town.links_factory()
    await town.partnered()
    return factory


async def order_of(town: Town, lines: Sequence[Any] = CUP) -> Any:
    """Somebody buys; the order has come in."""
    there = len(await town.orders())
    order = await town.operator.order(lines=lines)
    await looked_again(town)
    await town.until(lambda: came(town, there + 1))
    return order


async def assigns(town: Town, *orders: Any) -> Sequence[int]:
    numbers = [one["id"] for one in orders]
    direct = town.services.assigning.direct
    done = await town.does(direct, town.merchant, numbers, town.number)
    given = await town.database.read(lambda store: store.assignments.of_draft(done.draft_id))
    return [key(one) for one in given]


async def until(town: Town, *states: tuple[str, str, str]) -> None:
    """The calls, in their order, stand so."""

    async def so() -> bool:
        return await town.calls() == list(states)

    try:
        await town.until(so)
    except TimeoutError:
        assert await town.calls() == list(states)


async def units(town: Town, order: Any) -> list[tuple[int, int | None]]:
    """How the platform has the order's lines: the state, and the factory."""
    shown = await town.operator.get(f"orders/{order['id']}")
    return [(one["status"], one["factory"]) for one in shown["units"]]


async def called(town: Town, method: str) -> list[Any]:
    said = await town.operator.get("calls?limit=500")
    return [one for one in said["calls"] if one["method"] == method]


async def history(town: Town, act: str) -> list[dict[str, Any]]:
    return [one.detail for one in await town.all(AuditRow) if one.act == act]


async def due_now(town: Town) -> None:
    """What waits for another try is tried."""
    await town.database.write(lambda store: store.platforms.release())


GIVEN, SHIPPED = ("assign", "done", ""), ("ship", "done", "")


async def test_assigned_here_is_assigned_there_and_shipped_by_the_factory(town: Town) -> None:
    async with town.working():
        await both_link(town)
        order = await order_of(town, CUP_AND_LID)
        [given] = await assigns(town, order)
        await until(town, GIVEN)
        assert await units(town, order) == [(1, FACTORY), (1, FACTORY)]
        await replies(town, given)
        await until(town, GIVEN, SHIPPED)
        assert await units(town, order) == [(2, FACTORY), (2, FACTORY)]
        shown = await town.operator.get(f"orders/{order['id']}")
        assert shown["status"] == "shipped"
        assert {one["number"] for one in shown["parcels"]} == {"YT8800000000001"}
        assert len(await called(town, "iop.waybillReturn")) == 2  # a line each
        assert not await called(town, "order.logisticsAddMultiPack")
        assert await history(town, "told_platform") == [
            {"shipment": 1, "number": "YT8800000000001", "by": "factory"}
        ]
        [found] = await town.database.read(lambda store: store.platforms.ticketing([given]))
        assert (found.state, found.mask, len(found.handles)) == ("given", str(MASK), 2)
        assert found.access_token
        assert found.access_token not in repr(found)
        parcel = (await town.all(PlatformCall))[-1].shipment_id
        correct = town.services.shipping.correct
        await town.does(correct, town.factory, parcel, "YT8800000000002")
        await until(town, GIVEN, SHIPPED, ("correct", "done", ""))
        shown = await town.operator.get(f"orders/{order['id']}")
        assert {one["number"] for one in shown["parcels"]} == {"YT8800000000002"}
        assert len(await called(town, "iop.waybillUpdate")) == 2


async def test_taken_back_here_is_taken_back_there_and_may_be_given_again(town: Town) -> None:
    async with town.working():
        await both_link(town)
        order = await order_of(town)
        [given] = await assigns(town, order)
        await until(town, GIVEN)
        await town.does(town.services.recalling.one, town.merchant, given)
        [again] = await assigns(town, order)
        taken = ("unassign", "done", "")
        await until(town, GIVEN, taken, GIVEN)
        assert await units(town, order) == [(1, FACTORY)]
        await town.does(town.services.fulfilling.decline, town.factory, again, "缺货")
        await until(town, GIVEN, taken, GIVEN, taken)
        assert await units(town, order) == [(3, FACTORY)]
        acts = [one.act for one in await town.all(AuditRow) if one.act.endswith("_there")]
        assert acts == ["given_there", "taken_back_there"] * 2


async def test_of_many_each_is_answered_for_itself_and_their_merchant_told_once(
    town: Town,
) -> None:
    async with town.working():
        await both_link(town)
        await town.operator.post("bindings", merchant=MERCHANT, factory=OTHER_FACTORY, status=2)
        fine, elsewhere, ours, over = [await order_of(town) for _ in range(4)]
        for one, factory in ((elsewhere, OTHER_FACTORY), (ours, FACTORY)):
            unit = one["units"][0]["id"]
            await town.operator.post("assign", unit=unit, factory=factory)
        await town.operator.post(f"orders/{over['id']}/cancel")  # nobody here has heard of it
        given = await assigns(town, fine, elsewhere, ours, over)
        no = ("assign", "given_up", "given_elsewhere")
        await until(town, GIVEN, no, GIVEN, ("assign", "given_up", "state_forbids"))
        assert await units(town, fine) == await units(town, ours) == [(1, FACTORY)]
        assert await units(town, elsewhere) == [(1, OTHER_FACTORY)]
        told = [one for one in await town.all(Alert) if one.event == "NotGivenThere"]
        assert [len(one.payload["calls"]) for one in told] == [2]
        await replies(town, given[1])  # as it stands here it ships, in the merchant's name
        await until(town, GIVEN, no, GIVEN, ("assign", "given_up", "state_forbids"), SHIPPED)
        assert [one["instead"] for one in await history(town, "told_platform")] == [
            "given_elsewhere"
        ]


@pytest.mark.parametrize("method", ["iop.sellerDistribute", "iop.waybillReturn"])
async def test_an_answer_that_was_cut_is_read_back_and_nothing_told_twice(
    town: Town, method: str
) -> None:
    await town.operator.fault("cut_after", method=method, times=1)
    async with town.working():
        await both_link(town)
        order = await order_of(town, CUP_AND_LID)
        [given] = await assigns(town, order)
        if method == "iop.sellerDistribute":
            await until(town, ("assign", "owed", "unsure"))
            await due_now(town)
        await until(town, GIVEN)
        await replies(town, given)
        if method == "iop.waybillReturn":
            await until(town, GIVEN, ("ship", "owed", "unsure"))
            await due_now(town)
        await until(town, GIVEN, SHIPPED)
        shown = await town.operator.get(f"orders/{order['id']}")
        assert [len(one["items"]) for one in shown["parcels"]] == [1, 1]  # a line in each
        assert len(await called(town, "iop.sellerDistribute")) == 1
        assert len(await called(town, "iop.waybillReturn")) == 2


async def test_a_parcel_waits_until_its_assignment_is_told_and_not_forever(town: Town) -> None:
    await town.operator.fault("throttle", method="iop.sellerDistribute")
    async with town.working():
        await both_link(town)
        order = await order_of(town)
        [given] = await assigns(town, order)
        slow = ("assign", "owed", "throttled")
        await until(town, slow)
        await replies(town, given)
        waits = ("ship", "waits", "")
        await until(town, slow, waits)
        for tries in range(2, 5):
            await due_now(town)

            async def tried(tries: int = tries) -> bool:
                return (await town.all(PlatformCall))[0].tries == tries

            await town.until(tried)
        assert await town.calls() == [slow, waits]
        await due_now(town)
        await until(town, ("assign", "given_up", "throttled"), SHIPPED)
        assert [one["instead"] for one in await history(town, "told_platform")] == ["throttled"]
        assert (await town.operator.get(f"orders/{order['id']}"))["status"] == "shipped"


async def test_what_was_never_told_is_not_taken_back(town: Town) -> None:
    async with town.working():
        await both_link(town)
        order = await order_of(town)
    [given] = await assigns(town, order)  # nobody is at work
    assert await town.calls() == [("assign", "owed", "")]
    await town.does(town.services.recalling.one, town.merchant, given)
    assert await town.calls() == []


async def test_unbound_there_or_disconnected_the_merchant_tells_as_ever(town: Town) -> None:
    async with town.working():
        factory = await both_link(town)
        both = {"merchant": MERCHANT, "factory": FACTORY}
        kept, alone = await order_of(town), await order_of(town)
        [first] = await assigns(town, kept)
        await until(town, GIVEN)
        await town.does(town.services.platforms.linking.disconnect, town.factory, factory)
        await replies(town, first)
        await until(town, GIVEN, SHIPPED)
        assert [one["instead"] for one in await history(town, "told_platform")] == ["factory_away"]
        await town.links_factory()
        await town.operator.post("bindings", **both, status=4)
        await looked_again(town)
        [second] = await assigns(town, alone)
        await replies(town, second, "YT8800000000002")
        await until(town, GIVEN, SHIPPED, SHIPPED)
        assert "instead" not in (await history(town, "told_platform"))[1]
        assert len(await called(town, "order.logisticsAddMultiPack")) == 2
        assert await units(town, alone) == [(0, None)]


async def test_a_product_in_two_parcels_goes_back_in_the_merchants_name(town: Town) -> None:
    async with town.working():
        await both_link(town)
        order = await order_of(town)
        [given] = await assigns(town, order)
        await until(town, GIVEN)
        shipping = town.services.shipping.numbers
        for n in (1, 2):
            await town.does(shipping, town.factory, given, [(f"YT880000000000{n}", "yto", 1)])
        await until(town, GIVEN, SHIPPED, SHIPPED)
        reasons = [one["instead"] for one in await history(town, "told_platform")]
        assert reasons == ["line_in_part"] * 2
        assert (await town.operator.get(f"orders/{order['id']}"))["status"] == "shipped"


async def test_what_the_platform_refuses_the_factory_its_merchant_tells(town: Town) -> None:
    async with town.working():
        await both_link(town)
        order = await order_of(town)
        [given] = await assigns(town, order)
        await until(town, GIVEN)
        code = (await town.operator.post("authorise", shop=FACTORY))["code"]
        assert code
        await town.operator.post("tokens/revoke", shop=FACTORY)
        await replies(town, given)
        await until(town, GIVEN, SHIPPED)
        [told] = await history(town, "told_platform")
        assert (told.get("by"), told["instead"]) == (None, "grant_ended")


async def test_hundreds_go_together_and_those_split_off_change_hands(town: Town) -> None:
    async with town.working():
        await both_link(town)
        made = await town.operator.post(
            "orders", shop=MERCHANT, count=120, lines=CUP_AND_LID, over=3_000, quiet=True
        )
        await looked_again(town)
        await town.until(lambda: came(town, 120))
        await assigns(town, *({"id": one} for one in made["orders"]))
        await until(town, *[GIVEN] * 120)
        assert len(await called(town, "iop.sellerDistribute")) == 3  # 240 lines
        assert len(await called(town, "iop.sellerOrderList")) < 20
        for one in made["orders"][::40]:
            assert await units(town, {"id": one}) == [(1, FACTORY)] * 2
