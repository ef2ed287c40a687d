"""A shop that hears nothing any more: those who deal with it are told, once, until it is back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from sqlmodel import col, select

from core.entities import Alert
from core.events import OrderRecalled, OrderShipped, ShipmentCorrected, ShopUnreachable
from core.ids import key
from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient, Sheet
from core.people.reaching import left, lost
from core.ports import Store
from core.shipments.sending import Shipped
from core.values import Actor, ShipFrom
from storage.store import SqlStore
from tests.machinery.floor import CHEN, LIN, WANG, ZHAO, Floor

NUMBER = "6900000000000000001"


async def told(floor: Floor) -> list[int]:
    """Take what is owed now: the chats told that a shop cannot be reached."""

    def work(store: Store) -> list[int]:
        chats: list[int] = []
        while claimed := store.alerts.claim(50, store.now + timedelta(seconds=1), []):
            chats += [alert.chat_id for alert in claimed if alert.event == "ShopUnreachable"]
            for alert in claimed:
                store.alerts.settle(key(alert), "sent")
            store.flush()
        return sorted(chats)

    return await floor.write(work)


async def another_merchant(floor: Floor, *, bound: bool) -> None:
    """陈新's shop asks 王厂, which may agree."""
    services = floor.house.services

    def work(store: Store) -> None:
        chen = key(services.accounts.meet(store, CHEN, "陈新"))
        ship_from = ShipFrom("陈新", "13900000001", "广东省广州市")
        shop = services.shops.open(store, chen, "merchant", "陈记", ship_from)
        number = store.shops.of(floor.shops.factory.shop_id).number
        asked = services.bindings.request(store, Actor(chen, key(shop)), number)
        if bound:
            services.bindings.confirm(store, floor.shops.factory, key(asked.binding))

    await floor.write(work)


async def assigned(floor: Floor) -> int:
    """林记 hands one order to 王厂; return the assignment."""
    services, merchant = floor.house.services, floor.shops.merchant
    line = IncomingLine("s1", "杯子", "红", "C1", 1)
    recipient = IncomingRecipient(
        "张三", "13800001111", "浙江省", "金华市", "义乌市", "", "某路1号"
    )

    def work(store: Store) -> int:
        order = IncomingOrder(
            "doudian", NUMBER, (line,), recipient, paid_at=store.now, ship_by=store.now
        )
        sheet = Sheet("doudian", (order,), ())
        draft_id = services.importing.keep(store, merchant, sheet, "a.xlsx", (1, 2))
        services.importing.confirm(store, merchant, draft_id)
        number = store.shops.of(floor.shops.factory.shop_id).number
        services.assigning.direct(store, merchant, [NUMBER], number)
        return services.listing.assignments(store, floor.shops.factory, "to_ship").rows[0].id

    return await floor.write(work)


async def undelivered(floor: Floor, alert_id: int) -> None:
    def work(store: Store) -> None:
        alert = store.alerts.get(alert_id)
        assert isinstance(alert, Alert)
        lost(store, alert)

    await floor.write(work)


async def test_everybody_bound_to_a_shop_that_blocked_the_bot_is_told_once(floor: Floor) -> None:
    await another_merchant(floor, bound=True)
    await told(floor)
    await floor.write(lambda store: left(store, WANG))
    assert await told(floor) == [LIN, CHEN]
    await floor.write(lambda store: left(store, WANG))
    assert await told(floor) == []


async def test_somebody_waiting_for_an_answer_is_told_too(floor: Floor) -> None:
    await another_merchant(floor, bound=False)
    await told(floor)
    await floor.write(lambda store: left(store, WANG))
    assert await told(floor) == [LIN, CHEN]


async def test_nobody_is_told_while_another_member_still_hears(floor: Floor) -> None:
    await floor.hires(ZHAO)
    await floor.write(lambda store: left(store, WANG))
    assert await told(floor) == []
    await floor.write(lambda store: left(store, ZHAO))
    assert await told(floor) == [LIN]


async def test_after_a_return_the_next_loss_is_news_again(floor: Floor) -> None:
    await floor.write(lambda store: left(store, WANG))
    await told(floor)
    await floor.write(lambda store: store.alerts.reachable(WANG))
    await floor.write(lambda store: left(store, WANG))
    assert await told(floor) == [LIN]


async def test_a_stranger_who_blocks_the_bot_concerns_nobody(floor: Floor) -> None:
    await floor.write(lambda store: left(store, CHEN))
    assert await told(floor) == []


async def test_an_undelivered_alert_tells_everybody_bound(floor: Floor) -> None:
    await another_merchant(floor, bound=True)
    [alert] = await floor.owes_factory()
    await undelivered(floor, alert)
    await undelivered(floor, alert)
    assert await told(floor) == [LIN, CHEN]


async def test_the_shop_across_an_order_is_told_though_they_are_not_bound_any_more(
    floor: Floor,
) -> None:
    services, shops = floor.house.services, floor.shops
    assignment_id = await assigned(floor)
    await floor.write(
        lambda store: services.bindings.unbind(store, shops.merchant, shops.binding_id, back=False)
    )
    await told(floor)
    [alert] = await floor.owes_factory(OrderRecalled(assignment_id))
    await undelivered(floor, alert)
    assert await told(floor) == [LIN]


async def test_the_factory_hears_that_its_parcel_news_did_not_arrive(floor: Floor) -> None:
    services = floor.house.services
    assignment_id = await assigned(floor)
    reply = await floor.write(
        lambda store: services.shipping.reply(
            store, floor.shops.factory, assignment_id, "SF1234567890123"
        )
    )
    assert isinstance(reply, Shipped)
    parcel = key(reply.shipments[0])
    await told(floor)
    for event in (ShipmentCorrected(parcel, "sf", "SF1"), OrderShipped(assignment_id, (parcel,))):
        [alert] = await floor.owes_merchant(event)
        await undelivered(floor, alert)
        assert await told(floor) == [WANG]
        await floor.write(lambda store: store.alerts.reachable(LIN))
        await told(floor)


async def test_news_of_a_lost_shop_that_is_lost_too_goes_round_no_further(floor: Floor) -> None:
    await floor.write(lambda store: left(store, WANG))
    await told(floor)
    [alert] = await floor.owes_merchant(ShopUnreachable(floor.shops.factory.shop_id))
    await undelivered(floor, alert)
    assert await told(floor) == []


async def test_a_group_lost_with_nobody_else_listening_is_told(floor: Floor) -> None:
    group, here = -4001, floor.house.services.gathering.here
    await floor.write(lambda store: here(store, floor.shops.factory, group, None))
    await floor.write(lambda store: left(store, WANG))
    assert await told(floor) == []  # the group still hears
    [alert] = await floor.owes_factory()
    await undelivered(floor, alert)
    assert await told(floor) == [LIN]
    # What the group was owed waits for whoever comes back.
    await floor.write(lambda store: store.alerts.reachable(WANG))
    events = await floor.read(lambda store: [one.event for one in _owed(store)])
    assert events == ["BindingRequested", "GroupLost"]


def _owed(store: Store) -> Sequence[Alert]:
    session = cast("SqlStore", store).session
    return session.scalars(select(Alert).where(col(Alert.state) == "owed")).all()
