"""A shop is linked: its orders come in by themselves, its parcels go back, whatever goes wrong."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from core.entities import (
    Order,
    OrderAside,
    OrderHint,
    PlatformCall,
    PlatformLink,
    PushMark,
    SealedRecipient,
)
from core.ids import key
from core.platforms.facts import Push
from core.platforms.opening import opener_of
from core.platforms.platform_errors import (
    AuthorisationUnknown,
    LinkNotFound,
    OutsideShopTaken,
    SellingShopGone,
)
from core.platforms.syncing import PLATFORM_KEPT
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import SHIP_FROM
from tests.platforms.town import Town
from tests.sandbox.conftest import MERCHANT, OTHER_MERCHANT


async def came(town: Town, n: int) -> bool:
    return len(await town.orders()) == n


async def looked_again(town: Town) -> None:
    """The platform is looked at now, and what has changed there is taken.

    Twice: the first look may have been under way before.
    """
    linking = town.services.platforms.linking
    for _ in range(2):
        before = (await town.link()).ok_at
        await town.does(linking.look_now, town.merchant, town.link_id)

        async def done(before: datetime | None = before) -> bool:
            return (await town.link()).ok_at != before

        await town.until(done)


async def assigned(town: Town, order_no: str) -> int:
    """The order is handed to the factory; returns the assignment."""
    direct = town.services.assigning.direct
    done = await town.does(direct, town.merchant, [order_no], town.number)
    given = await town.database.read(lambda store: store.assignments.of_draft(done.draft_id))
    return key(given[0])


async def replies(town: Town, assignment_id: int, number: str = "YT8800000000001") -> None:
    """The factory ships it."""
    given = [(number, "yto", None)]
    await town.does(town.services.shipping.numbers, town.factory, assignment_id, given)


async def unsure(town: Town) -> bool:
    """Whether the only call's answer was cut: nobody knows what became of it."""
    return [why for _, _, why in await town.calls()] == ["unsure"]


async def test_what_was_bought_comes_in_once_and_its_recipient_stays_concealed(town: Town) -> None:
    made = await town.operator.post("orders", shop=MERCHANT, count=3)
    order_no = made["orders"][0]
    shown = await town.operator.get(f"orders/{order_no}")
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 3))
        await looked_again(town)
        orders = await town.orders()
    assert sorted(orders) == sorted(made["orders"])
    assert {one.tab for one in orders.values()} == {"unassigned"}
    assert all(one.complete for one in orders.values())
    kept = await town.all(SealedRecipient)
    assert {one.masked_name for one in kept} <= {f"{one.masked_name[0]}**" for one in kept}
    files = b"".join(path.read_bytes() for path in town.folder.glob("daifa.sqlite3*"))
    assert order_no.encode() in files  # so would a name be, were it there
    for part in ("name", "phone", "detail"):
        assert shown["recipient"][part].encode() not in files


async def test_half_a_day_of_orders_comes_in_whole_over_windows_and_pages(town: Town) -> None:
    made = await town.operator.post("orders", shop=MERCHANT, count=420, over=43_200, quiet=True)
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 420))
    assert sorted(await town.orders()) == sorted(made["orders"])


async def test_a_change_a_refund_and_an_end_reach_the_order(town: Town) -> None:
    order = await town.operator.order()
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 1))
        acts: list[tuple[str, dict[str, str], Callable[[Order], bool]]] = [
            ("remark", {"text": "加急"}, lambda one: one.revision == 2),
            ("refund", {"act": "open"}, lambda one: one.tab == "stopped"),
            ("refund", {"act": "close"}, lambda one: one.tab == "unassigned"),
            ("cancel", {}, lambda one: one.closed_reason == "cancelled"),
        ]
        for act, facts, holds in acts:
            await town.operator.post(f"orders/{order['id']}/{act}", **facts)
            await looked_again(town)
            assert holds((await town.orders())[order["id"]]), act
        [kept] = (await town.orders()).values()
        assert (await town.notes(kept)).seller_note == "加急"


async def test_another_address_is_told_as_one_and_the_same_again_is_no_news(town: Town) -> None:
    order = await town.operator.order()
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 1))
        await looked_again(town)
        assert (await town.orders())[order["id"]].revision == 1
        await town.operator.post(
            f"orders/{order['id']}/address", name="周小雨", phone="13800000077",
            areas=["浙江省", "金华市", "义乌市", "福田街道"], detail="示例二路 7 号",
        )  # fmt: skip
        await looked_again(town)
        assert (await town.orders())[order["id"]].revision == 2
        await looked_again(town)
        assert (await town.orders())[order["id"]].revision == 2


async def test_a_parcel_goes_back_to_the_platform_and_is_acknowledged(town: Town) -> None:
    order = await town.operator.order()
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 1))
        await replies(town, await assigned(town, order["id"]))

        async def told() -> bool:
            return await town.calls() == [("ship", "done", "")]

        await town.until(told)
    shown = await town.operator.get(f"orders/{order['id']}")
    assert shown["status"] == "shipped"
    assert [one["number"] for one in shown["parcels"]] == ["YT8800000000001"]
    [call] = await town.all(PlatformCall)
    assert call.sent_at is not None
    assert call.done_at is not None


async def test_a_number_corrected_before_and_after_it_was_told_stands_corrected(town: Town) -> None:
    order = await town.operator.order()
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 1))
        await replies(town, await assigned(town, order["id"]))

        async def shows(number: str) -> bool:
            shown = await town.operator.get(f"orders/{order['id']}")
            return [one["number"] for one in shown["parcels"]] == [number]

        await town.until(lambda: shows("YT8800000000001"))
        [call] = await town.all(PlatformCall)
        for number in ("YT8800000000002", "YT8800000000003"):
            await town.does(town.services.shipping.correct, town.factory, call.shipment_id, number)
            await town.until(lambda number=number: shows(number))  # type: ignore[misc]

        async def settled() -> bool:
            return {state for _, state, _ in await town.calls()} == {"done"}

        await town.until(settled)
    assert await town.calls() == [("ship", "done", ""), ("correct", "done", "")]


async def shows(town: Town, order: dict[str, str], number: str) -> bool:
    """The platform has this one parcel of the order, and nothing is owed to it any more."""
    shown = await town.operator.get(f"orders/{order['id']}")
    numbers = [one["number"] for one in shown["parcels"]]
    return numbers == [number] and {state for _, state, _ in await town.calls()} == {"done"}


async def sent(town: Town, kind: str) -> bool:
    """A call of that kind is under way: nobody knows yet what became of it."""
    return any(one.kind == kind and one.sent_at is not None for one in await town.all(PlatformCall))


async def test_a_number_corrected_while_a_correction_is_being_told_is_told_next(town: Town) -> None:
    order = await town.operator.order()
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 1))
        await replies(town, await assigned(town, order["id"]))
        await town.until(lambda: shows(town, order, "YT8800000000001"))
        [call] = await town.all(PlatformCall)
        correct = town.services.shipping.correct
        for method in ("order.logisticsEditByPack", "order.logisticsEdit"):
            await town.operator.fault("slow", method=method, seconds=0.5, times=1)
        await town.does(correct, town.factory, call.shipment_id, "YT8800000000002")
        await town.until(lambda: sent(town, "correct"))
        await town.does(correct, town.factory, call.shipment_id, "YT8800000000003")
        await town.until(lambda: shows(town, order, "YT8800000000003"))
    assert await town.calls() == [("ship", "done", ""), ("correct", "done", "")]


async def test_a_number_corrected_after_an_answer_was_cut_takes_the_place_of_the_one_there(
    town: Town,
) -> None:
    order = await town.operator.order()
    await town.links()
    await town.operator.fault("cut_after", method="order.logisticsAddMultiPack", times=1)
    async with town.working():
        await town.until(lambda: came(town, 1))
        await replies(town, await assigned(town, order["id"]))
        await town.until(lambda: unsure(town))
        [call] = await town.all(PlatformCall)
        correct = town.services.shipping.correct
        await town.does(correct, town.factory, call.shipment_id, "YT8800000000002")
        await town.database.write(lambda store: _due_now(store, call))
        await town.until(lambda: shows(town, order, "YT8800000000002"))
    assert await town.calls() == [("ship", "done", ""), ("correct", "done", "")]


async def test_what_shipped_while_disconnected_is_told_once_the_shop_is_linked_again(
    town: Town,
) -> None:
    orders = [await town.operator.order() for _ in range(3)]
    linking, link_id = town.services.platforms.linking, await town.links()
    async with town.working():
        await town.until(lambda: came(town, 3))
        given = [await assigned(town, order["id"]) for order in orders]
        await replies(town, given[2], "YT8800000000003")
        await town.until(lambda: shows(town, orders[2], "YT8800000000003"))
        await town.does(linking.disconnect, town.merchant, link_id)
        with pytest.raises(SellingShopGone):
            await town.database.read(lambda store: opener_of(store, 1))
        left = datetime.now(UTC) - timedelta(days=5)

        def long_ago(store: SqlStore) -> None:
            store.session.get_one(PlatformLink, link_id).synced_to = left

        await town.database.write(long_ago)
        await replies(town, given[0], "YT8800000000001")
        [call] = await town.all(PlatformCall)
        correct = town.services.shipping.correct
        await town.does(correct, town.factory, call.shipment_id, "YT8800000000009")
    assert await town.links() != link_id
    assert (await town.link()).synced_to == left  # an end there meanwhile is not missed
    async with town.working():
        await replies(town, given[1], "YT8800000000002")
        for order, end in zip(orders, (1, 2, 9), strict=True):
            number = f"YT8800000000{end:03}"
            await town.until(lambda o=order, n=number: shows(town, o, n))  # type: ignore[misc]
    assert len(await town.orders()) == 3
    assert sorted(await town.calls()) == [("correct", "done", ""), *[("ship", "done", "")] * 3]


async def test_an_answer_that_was_cut_is_read_back_and_the_parcel_told_once(town: Town) -> None:
    order = await town.operator.order()
    await town.links()
    await town.operator.fault("cut_after", method="order.logisticsAddMultiPack", times=1)
    async with town.working():
        await town.until(lambda: came(town, 1))
        await replies(town, await assigned(town, order["id"]))
        await town.until(lambda: unsure(town))
        [call] = await town.all(PlatformCall)
        assert call.sent_at is not None
        await town.database.write(lambda store: _due_now(store, call))

        async def told() -> bool:
            return await town.calls() == [("ship", "done", "")]

        await town.until(told)
    calls = await town.operator.get("calls?limit=200")
    shipped = [one for one in calls["calls"] if one["method"] == "order.logisticsAddMultiPack"]
    assert len(shipped) == 1


def _due_now(store: object, call: PlatformCall) -> None:
    store.session.get(PlatformCall, call.id).due_at = store.now  # type: ignore[attr-defined]


async def test_a_refusal_is_given_up_at_once_and_can_be_tried_again(town: Town) -> None:
    order = await town.operator.order()
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 1))
        assignment = await assigned(town, order["id"])
        await town.operator.post(f"orders/{order['id']}/refund", act="open")
        await replies(town, assignment)  # before anybody here has heard of the refund

        async def given_up() -> bool:
            return await town.calls() == [("ship", "given_up", "refund_open")]

        await town.until(given_up)
        view = await town.does(town.services.platforms.linking.one, town.merchant, town.link_id)
        assert [(call.why, number) for call, number in view.given_up] == [
            ("refund_open", order["id"])
        ]
        await town.operator.post(f"orders/{order['id']}/refund", act="close")
        linking = town.services.platforms.linking
        call_id = key(view.given_up[0][0])
        await town.does(linking.retry, town.merchant, town.link_id, call_id)

        async def told() -> bool:
            return await town.calls() == [("ship", "done", "")]

        await town.until(told)


async def test_what_was_refused_for_a_refund_is_told_once_it_is_over_or_the_merchant_lets_it_go(
    town: Town,
) -> None:
    over, refused = [await town.operator.order() for _ in range(2)]
    await town.links()
    async with town.working():
        await town.until(lambda: came(town, 2))
        given = [await assigned(town, one["id"]) for one in (over, refused)]

        async def given_up() -> bool:
            return await town.calls() == [("ship", "given_up", "refund_open")] * 2

        for place, one in enumerate((over, refused)):
            await town.operator.does("refund", one, act="open")
            await replies(town, given[place], f"YT880000000000{place}")
        await town.until(given_up)
        await looked_again(town)  # now the merchant hears of the refunds
        await town.does(town.services.under_way.judge, town.merchant, given[1], "let_go")
        await town.operator.does("refund", over, act="close")
        await looked_again(town)

        async def told() -> bool:
            return await town.calls() == [("ship", "done", "")] * 2

        await town.until(told)


async def test_a_message_makes_its_order_come_first_and_a_repeated_one_is_no_work(
    town: Town,
) -> None:
    await town.links()
    async with town.working():
        await looked_again(town)
        order = await town.operator.order()
        push = Push("m1", str(MERCHANT), order["id"], news="paid")
        strange = Push("m2", "999", "1")
        assert (
            await town.does(town.services.platforms.syncing.pushed, "doudian", [push, strange]) == 1
        )
        assert await town.does(town.services.platforms.syncing.pushed, "doudian", [push]) == 0
        await town.until(lambda: came(town, 1))

        async def unhinted() -> bool:
            return not await town.all(OrderHint)

        await town.until(unhinted)
    assert len(await town.all(PushMark)) == 2

    def long_ago(store: SqlStore) -> None:
        for mark in store.session.scalars(select(PushMark)):
            mark.at -= PLATFORM_KEPT + timedelta(seconds=1)

    await town.database.write(long_ago)
    await town.does(town.services.platforms.syncing.forget)
    assert not await town.all(PushMark)


async def test_a_token_that_ends_in_the_middle_is_renewed_and_kept(town: Town) -> None:
    await town.operator.post("orders", shop=MERCHANT, count=250)
    await town.links()
    before = (await town.link()).sealed_access
    await town.operator.fault("token_expired", times=1, after=1)
    async with town.working():
        await town.until(lambda: came(town, 250))
        await looked_again(town)
    assert (await town.link()).sealed_access != before
    assert (await town.link()).why == ""


@pytest.mark.parametrize("fault", ["throttle", "5xx", "html", "cut_before", "service"])
async def test_a_look_that_fails_is_made_again_later_and_loses_nothing(
    town: Town, fault: str
) -> None:
    await town.operator.post("orders", shop=MERCHANT, count=120)
    await town.links()
    await town.operator.fault(fault, times=1, after=1)
    async with town.working():

        async def failed() -> bool:
            return (await town.link()).failing_since is not None

        await town.until(failed)
        link = await town.link()
        assert link.due_at is not None
        await looked_again(town)
        await town.until(lambda: came(town, 120))
        assert (await town.link()).failing_since is None


async def test_an_order_nobody_can_read_stands_aside_until_it_can_be(town: Town) -> None:
    made = await town.operator.post("orders", shop=MERCHANT, count=3)
    await town.links()
    await town.operator.fault("missing", method="order.searchList", fields=["update_time"])
    async with town.working():

        async def aside() -> bool:
            return bool(await town.all(OrderAside))

        await town.until(aside)
        number = (await town.all(OrderAside))[0].order_no
        assert number in made["orders"]
        await town.operator.raw("DELETE", "faults")
        await town.does(town.services.platforms.linking.look_now, town.merchant, town.link_id)
        await town.until(lambda: came(town, 3))
    assert not await town.all(OrderAside)


async def test_a_grant_that_was_taken_back_is_told_and_nothing_is_tried(town: Town) -> None:
    await town.links()
    tokens = await town.database.read(
        lambda store: [store.platforms.tokens(one) for one in store.platforms.own(1)]
    )
    await town.platform.refreshed(tokens[0][1])  # by another of the merchant's programs
    async with town.working():

        async def stopped() -> bool:
            link = await town.link()
            return link.due_at is None and link.why == "grant_ended"

        await town.until(stopped)
    assert (await town.link()).told_at is not None


async def test_a_slow_shop_delays_no_other(town: Town) -> None:
    await town.operator.post("orders", shop=MERCHANT, count=1)
    await town.operator.post("orders", shop=OTHER_MERCHANT, count=1)
    await town.links(MERCHANT)
    await town.links(OTHER_MERCHANT)
    await town.operator.fault("slow", shop=MERCHANT, seconds=30.0)
    async with town.working():
        await town.until(lambda: came(town, 1))


async def test_an_authorisation_is_good_once_in_time_and_for_one_house(town: Town) -> None:
    linking = town.services.platforms.linking
    grant = await town.platform.granted(
        (await town.operator.post("authorise", shop=MERCHANT))["code"]
    )
    word = await town.does(linking.begin, town.merchant, "doudian")
    with pytest.raises(AuthorisationUnknown):
        await town.does(linking.finish, "doudian", word + "x", grant)
    with pytest.raises(AuthorisationUnknown):
        await town.does(linking.finish, "kuaishou", word, grant)
    link = await town.does(linking.finish, "doudian", word, grant)
    with pytest.raises(AuthorisationUnknown):
        await town.does(linking.finish, "doudian", word, grant)
    other = Actor(town.factory.account_id, town.factory.shop_id)
    with pytest.raises(LinkNotFound):
        await town.does(linking.one, town.merchant, key(link) + 1)

    def opens(store: object) -> Actor:
        shop = town.services.shops.open(store, other.account_id, "merchant", "乙", SHIP_FROM)  # type: ignore[arg-type]
        return Actor(other.account_id, key(shop))

    another = await town.database.write(opens)
    word = await town.does(linking.begin, another, "doudian")
    with pytest.raises(OutsideShopTaken):
        await town.does(linking.finish, "doudian", word, grant)


async def test_paused_it_is_left_alone_and_goes_on_where_it_stood(town: Town) -> None:
    linking = town.services.platforms.linking
    await town.links()
    async with town.working():
        await looked_again(town)
        await town.does(linking.pause, town.merchant, town.link_id)
        await town.operator.post("orders", shop=MERCHANT, count=2)
        assert (await town.link()).due_at is None
        assert not await town.orders()
        await town.does(linking.resume, town.merchant, town.link_id)
        await town.until(lambda: came(town, 2))
        await town.does(linking.disconnect, town.merchant, town.link_id)
    link = await town.link()
    assert (link.sealed_access, link.sealed_refresh, link.due_at) == (b"", b"", None)
