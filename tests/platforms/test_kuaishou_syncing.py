"""A shop on Kuaishou is linked: orders come in, parcels go back, none that would be refused."""

from typing import Any

from sqlmodel import select

from core.assignments.splitting import Choice
from core.entities import OrderHint, PlatformCall, Ticket
from core.ids import key
from core.platforms.facts import Push
from core.shipments.shipping import Question
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import SHIP_FROM
from tests.platforms.test_drawing import SHIPS_FROM, draws
from tests.platforms.test_syncing import assigned, came, looked_again, replies
from tests.platforms.town import Town
from tests.sandbox.conftest import KS_FACTORY, KS_MERCHANT, KS_OTHER

NUMBER = "YT8800000000001"
BUYER = {"name": "林小满", "phone": "13800000001", "detail": "桂花里 6 号",
         "areas": ["浙江省", "杭州市", "西湖区", "北山街道"]}  # fmt: skip


async def states(town: Town, *wanted: tuple[str, str, str]) -> None:
    """The calls owed stand like that, the oldest first."""

    async def stand() -> bool:
        return await town.calls() == list(wanted)

    await town.until(stand)


async def told(town: Town, part: str = "seller.order") -> list[Any]:
    """What the platform was told of parcels, the newest first."""
    heard = await town.operator.get("calls?limit=500")
    return [one for one in heard["calls"] if part in one["method"]]


async def numbers(town: Town, order: Any) -> list[str]:
    shown = await town.operator.get(f"orders/{order['id']}")
    return [one["number"] for one in shown["parcels"]]


async def test_an_order_comes_in_its_parcel_goes_back_and_is_corrected(ks_town: Town) -> None:
    town = ks_town
    order = await town.operator.order(KS_MERCHANT, lines=[{"name": "杯", "count": 2}])
    await town.operator.post("orders", shop=KS_MERCHANT, count=130, over=100_000, quiet=True)
    await town.operator.fault("cut_after", method="open.seller.order.goods.deliver", times=1)
    await town.links(KS_MERCHANT)
    async with town.working():
        await town.until(lambda: came(town, 131))
        await replies(town, await assigned(town, order["id"]), NUMBER)
        await states(town, ("ship", "owed", "unsure"))

        def due_now(store: SqlStore) -> None:
            call = store.session.get_one(PlatformCall, 1)
            call.due_at = store.now

        await town.database.write(due_now)
        await states(town, ("ship", "done", ""))
        assert len(await told(town)) == 1
        [call] = await town.all(PlatformCall)
        correct = town.services.shipping.correct
        await town.does(correct, town.factory, call.shipment_id, "YT8800000000002")
        await states(town, ("ship", "done", ""), ("correct", "done", ""))
    assert await numbers(town, order) == ["YT8800000000002"]


async def test_a_number_of_another_parcel_is_not_told_until_it_is_put_right(
    ks_town: Town,
) -> None:
    town = ks_town
    first, together = [await town.operator.order(KS_MERCHANT, buyer=BUYER) for _ in range(2)]
    elsewhere = await town.operator.order(KS_MERCHANT, buyer={**BUYER, "name": "赵一鸣"})
    foreign = await town.operator.order(KS_OTHER, buyer=BUYER)
    other = await another_merchant(town)
    await town.links(KS_OTHER, other)
    await town.links(KS_MERCHANT)
    async with town.working():
        await town.until(lambda: came(town, 4))
        for order in (first, together):
            await replies(town, await assigned(town, order["id"]), NUMBER)
        await insists(town, await assigned(town, elsewhere["id"]))
        direct = town.services.assigning.direct
        done = await town.does(direct, other, [foreign["id"]], town.number)
        given = await town.database.read(lambda store: store.assignments.of_draft(done.draft_id))
        await insists(town, key(given[0]))
        await states(
            town, ("ship", "done", ""), ("ship", "done", ""),
            ("ship", "given_up", "number_used"), ("ship", "given_up", "number_elsewhere"),
        )  # fmt: skip
        assert len(await told(town)) == 2  # for the two that go together
        wrong = (await town.all(PlatformCall))[2]
        await town.does(
            town.services.shipping.correct, town.factory, wrong.shipment_id, "YT8800000000009"
        )  # that is enough: nobody need press 🔁

        async def told_right() -> bool:
            return (await town.calls())[2] == ("ship", "done", "")

        await town.until(told_right)
    assert await numbers(town, elsewhere) == ["YT8800000000009"]
    assert await numbers(town, foreign) == []


async def insists(town: Town, assignment_id: int) -> None:
    """The factory ships under the same number, asked whether it is meant."""
    shipping = town.services.shipping
    asked = await town.does(shipping.numbers, town.factory, assignment_id, [(NUMBER, "yto", None)])
    assert isinstance(asked, Question)
    await town.does(shipping.insist, town.factory, asked.draft_id, asked.index)


async def test_a_number_that_is_not_the_drawn_e_waybills_is_not_told(ks_town: Town) -> None:
    town = ks_town
    order = await town.operator.order(KS_MERCHANT)
    await town.links(KS_MERCHANT)
    async with town.working():
        await town.until(lambda: came(town, 1))
        assignment = await assigned(town, order["id"])
        stored = (await town.orders())[order["id"]]
        ticket = Ticket(
            assignment_id=assignment, order_id=key(stored), factory_id=town.factory.shop_id,
            account_id=town.factory.account_id, link_id=town.link_id, pack="1", carrier="yto",
            handle=order["units"][0]["id"], state="drawn", number="YT8800000000005",
            asked_at=stored.created_at,
        )  # fmt: skip
        await town.database.write(lambda store: store.session.add(ticket))
        await insists(town, assignment)
        await states(town, ("ship", "given_up", "ticket_differs"))
        assert await told(town) == []

        def cancel(store: SqlStore) -> None:
            for one in store.session.scalars(select(Ticket)):
                one.state = "cancelled"

        await town.database.write(cancel)
        linking = town.services.platforms.linking
        await town.does(linking.retry, town.merchant, town.link_id, 1)
        await states(town, ("ship", "done", ""))
    assert await numbers(town, order) == [NUMBER]


async def another_merchant(town: Town) -> Actor:
    """A second merchant of the house, bound to the same factory."""

    def opens(store: SqlStore) -> Actor:
        account = town.services.accounts.meet(store, 1002, "another")
        shop = town.services.shops.open(store, key(account), "merchant", "乙店", SHIP_FROM)
        return Actor(key(account), key(shop))

    other = await town.database.write(opens)
    view = await town.does(town.services.bindings.request, other, town.number)
    await town.does(town.services.bindings.confirm, town.factory, key(view.binding))
    return other


async def test_a_message_brings_its_order_whether_or_not_it_says_which(ks_town: Town) -> None:
    town = ks_town
    pushed = town.services.platforms.syncing.pushed
    shop = f"open{KS_MERCHANT}"
    await town.links(KS_MERCHANT)
    async with town.working():
        await looked_again(town)
        order = await town.operator.order(KS_MERCHANT)
        named = Push("e1", shop, order["units"][0]["id"], news="created")
        assert await town.does(pushed, "kuaishou", [named]) == 1
        await town.until(lambda: came(town, 1))
        await town.operator.order(KS_MERCHANT)
        assert await town.does(pushed, "kuaishou", [Push("e2", shop, news="created")]) == 0
        await town.until(lambda: came(town, 2))

        async def unhinted() -> bool:
            return not await town.all(OrderHint)

        await town.until(unhinted)


async def test_what_its_factory_has_there_too_is_shipped_there_by_the_factory(
    ks_town: Town,
) -> None:
    town = ks_town
    two = [{"name": "杯", "count": 2, "code": "A"}, {"name": "盖", "count": 1, "code": "B"}]
    whole, parted = [await town.operator.order(KS_MERCHANT, lines=two) for _ in range(2)]
    await town.links(KS_MERCHANT)
    await town.links(KS_FACTORY, town.factory)
    given, shipped = ("assign", "done", ""), ("ship", "done", "")
    async with town.working():
        await town.partnered()
        await town.until(lambda: came(town, 2))
        assignment = await assigned(town, whole["id"])
        await states(town, given)
        unit = (await town.operator.get(f"orders/{whole['id']}"))["units"][0]
        assert (unit["status"], unit["factory"]) == (1, KS_FACTORY)
        await replies(town, assignment, NUMBER)
        await states(town, given, shipped)
        call = (await town.all(PlatformCall))[-1]
        correct = town.services.shipping.correct
        await town.does(correct, town.factory, call.shipment_id, "YT8800000000002")
        await states(town, given, shipped, ("correct", "done", ""))
        assert len(await told(town, "order.deliver")) == 1
        assert len(await told(town, "dropshipping.order.logistics.update")) == 1
        assert await told(town) == []  # nothing in the merchant's name
        assert await numbers(town, whole) == ["YT8800000000002"]
        await replies(town, await splits_off(town, parted), "YT8800000000003")

        async def by_the_merchant() -> bool:
            return (await town.calls())[3:] == [
                ("assign", "dropped", "order_in_part"), ("ship", "done", ""),
            ]  # fmt: skip

        await town.until(by_the_merchant)
        assert len(await told(town)) == 1
    shown = await town.operator.get(f"orders/{parted['id']}")
    assert shown["units"][0]["factory"] is None


async def test_its_e_waybill_is_drawn_for_the_order_and_the_parcel_goes_by_it(
    ks_town: Town,
) -> None:
    town = ks_town
    two = [{"name": "杯", "count": 2, "code": "A"}, {"name": "盖", "count": 1, "code": "B"}]
    order = await town.operator.order(KS_MERCHANT, lines=two)
    await town.does(lambda store: store.shops.put_ship_from(town.factory.shop_id, SHIPS_FROM))
    await town.links(KS_MERCHANT)
    await town.links(KS_FACTORY, town.factory)
    given, shipped = ("assign", "done", ""), ("ship", "done", "")
    async with town.working():
        await town.partnered()
        await town.until(lambda: came(town, 1))
        assignment = await assigned(town, order["id"])
        await states(town, given)
        [drawn] = (await draws(town, [assignment])).values()
        assert drawn.number.startswith("YT"), drawn
        await replies(town, assignment, drawn.number)
        await states(town, given, shipped)
    assert await numbers(town, order) == [drawn.number]
    assert len(await told(town, "order.deliver")) == 1
    [ticket] = await town.all(Ticket)
    assert (ticket.state, ticket.sort_code != "") == ("used", True)


async def splits_off(town: Town, order: Any) -> int:
    """The factory has the first product of the order, nobody the other; returns its assignment."""
    splitting, order_id = town.services.splitting, key((await town.orders())[order["id"]])
    plan = await town.does(splitting.plan, town.merchant, order_id)
    choice = Choice((2,), plan.mark)
    done = await town.does(splitting.split, town.merchant, order_id, town.factory.shop_id, choice)
    return key(done.assignment)
