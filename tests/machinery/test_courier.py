"""Alerts reach their chats: in order, once, and honestly when nobody can know."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import cast

import pytest
import telegram

from bot.courier import Courier, Pace
from bot.screens.screen import Screen
from bot.telegram_out import close_courier_bot, make_courier_bot
from core.entities import Alert
from core.events import BindingWithdrawn, OrderRecalled
from core.ports import Store
from tests.machinery.conftest import Run
from tests.machinery.floor import (
    BOT,
    TOKEN,
    WANG,
    ZHAO,
    Floor,
    Moody,
    Playground,
    render,
    until,
)

QUICK = Pace(chat_pause=0, retry=timedelta(0), doubt=timedelta(0), look=5)
SLOW_AGAIN = Pace(chat_pause=0, retry=timedelta(seconds=4), doubt=timedelta(seconds=4), look=5)


async def texts(playground: Playground, who: str) -> list[str]:
    phone = playground.wang if who == "wang" else playground.lin
    return [message.text for message in await phone.chat() if message.from_bot]


async def test_what_a_factory_is_owed_arrives_in_the_order_it_happened(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    alerts = await floor.owes_factory(*[floor.request] * 5)
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    for alert in alerts:
        assert (await floor.settled(alert)).state == "sent"
    assert await texts(started, "wang") == [f"BindingRequested {alert}" for alert in alerts]


async def test_an_alert_written_while_the_courier_waits_goes_out_at_once(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    run(Courier(floor.house, courier_bot, render, Pace(look=3600)).run())
    await asyncio.sleep(0)
    [alert] = await floor.owes_factory()
    assert (await floor.settled(alert)).state == "sent"


async def test_a_reply_to_an_alert_finds_what_it_was_about(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    [alert] = await floor.owes_factory()
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    await floor.settled(alert)
    message = await started.wang.sees("BindingRequested", anywhere=True)
    card = await floor.read(lambda store: store.chats.shown(BOT, WANG, message.message_id))
    assert card is not None
    assert (card.kind, card.ref_id) == ("binding", floor.shops.binding_id)


async def test_an_alert_with_nothing_to_say_any_more_is_not_sent(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    [alert] = await floor.owes_factory(BindingWithdrawn(floor.shops.binding_id))
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    assert (await floor.settled(alert)).state == "sent"
    assert await texts(started, "wang") == []


async def test_a_chat_with_something_urgent_comes_first_and_keeps_its_own_order(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    early = await floor.owes_merchant()
    late = await floor.owes_factory(floor.request, OrderRecalled(1))
    run(Courier(floor.house, courier_bot, render, replace(QUICK, at_once=1)).run())
    for alert in (*early, *late):
        await floor.settled(alert)
    sent = [call["params"]["text"].split()[-1] for call in await started.calls("sendMessage")]
    assert sent == [str(one) for one in (*late, *early)]


async def test_one_slow_chat_does_not_hold_up_another(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.breaks("429", chat_id=WANG, retry_after=30)
    [stuck] = await floor.owes_factory()
    [other] = await floor.owes_merchant()
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    assert (await floor.settled(other)).state == "sent"
    assert (await floor.postponed(stuck)).state == "owed"


async def test_a_429_is_obeyed_to_the_second(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.breaks("429", times=1, retry_after=17)
    first, second = await floor.owes_factory(floor.request, floor.request)
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    put_off = await floor.postponed(first)
    assert put_off.due_at == floor.clock.now + timedelta(seconds=17)
    assert not put_off.doubtful
    assert (await floor.alert(second)).attempts == 0  # it waits behind the first
    floor.clock.passes(seconds=17)
    floor.house.owed.set()
    await floor.settled(second)
    assert await texts(started, "wang") == [f"BindingRequested {n}" for n in (first, second)]


async def test_a_cut_answer_is_repeated_once_and_says_so(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.breaks("drop_answer", method="sendMessage", times=1)
    [alert] = await floor.owes_factory()
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    assert (await floor.settled(alert)).state == "sent"
    first, second = await texts(started, "wang")
    assert first == f"BindingRequested {alert}"
    assert second.endswith(first)
    assert second != first
    assert str(alert) in second.splitlines()[0]


async def test_after_two_cut_answers_nobody_knows_and_it_is_not_sent_a_third_time(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.breaks("drop_answer", method="sendMessage", times=2)
    alert, later = await floor.owes_factory(floor.request, floor.request)
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    assert (await floor.settled(alert)).state == "unknown"
    assert (await floor.settled(later)).state == "sent"
    assert len(await texts(started, "wang")) == 3


async def test_a_gateway_error_is_tried_until_answered_and_says_it_may_be_a_repeat(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.breaks("5xx", method="sendMessage", times=2)
    await started.breaks("html", method="sendMessage", times=1)
    [alert] = await floor.owes_factory()
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    settled = await floor.settled(alert)
    assert (settled.state, settled.attempts) == ("sent", 4)
    [text] = await texts(started, "wang")
    assert text.splitlines()[0] != f"BindingRequested {alert}"


async def test_pauses_after_failures_grow(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.breaks("5xx", method="sendMessage", times=2)
    [alert] = await floor.owes_factory()
    run(Courier(floor.house, courier_bot, render, SLOW_AGAIN).run())
    first = await floor.postponed(alert)
    assert first.due_at - floor.clock.now == timedelta(seconds=4)
    floor.clock.passes(seconds=4)
    floor.house.owed.set()
    second = await until(
        lambda: floor.alert(alert), lambda found: found.attempts == 2 and not found.lease_until
    )
    assert second.due_at - floor.clock.now == timedelta(seconds=8)


async def test_a_blocked_bot_tells_the_other_side_and_owes_the_alerts_until_the_return(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.wang.blocks(wait=0)
    first, second = await floor.owes_factory(floor.request, floor.request)
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    assert (await floor.settled(first)).state == "unreachable"
    assert (await floor.alert(second)).state == "unreachable"
    await started.lin.sees("ShopUnreachable", anywhere=True)
    assert (await texts(started, "lin")) == [f"ShopUnreachable {second + 1}"]

    [meanwhile] = await floor.owes_factory()
    assert (await floor.alert(meanwhile)).state == "unreachable"
    await started.wang.unblocks(wait=0)
    await floor.write(lambda store: store.alerts.reachable(WANG))
    floor.house.owed.set()
    assert (await floor.settled(meanwhile)).state == "sent"
    expected = [f"BindingRequested {alert}" for alert in (first, second, meanwhile)]
    assert await texts(started, "wang") == expected


async def test_the_other_side_is_not_told_while_another_member_still_hears(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.wang.blocks(wait=0)
    await started.zhao.opens(wait=0)
    await floor.hires(ZHAO)
    to_wang, to_zhao = await floor.owes_factory()
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    assert (await floor.settled(to_wang)).state == "unreachable"
    assert (await floor.settled(to_zhao)).state == "sent"
    assert await texts(started, "lin") == []


async def test_an_alert_that_cannot_be_shown_stalls_nobody(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    broken, fine = await floor.owes_factory(floor.request, floor.request)

    def breaking(store: Store, alert: Alert) -> Screen | None:
        if alert.id == broken:
            raise KeyError("a card that has gone")
        return render(store, alert)

    run(Courier(floor.house, courier_bot, breaking, QUICK).run())
    rejected = await floor.settled(broken)
    assert (rejected.state, rejected.attempts) == ("rejected", 3)
    assert (await floor.settled(fine)).state == "sent"


async def test_what_telegram_will_never_take_is_rejected(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    [alert] = await floor.owes_factory()
    run(Courier(floor.house, courier_bot, lambda *_: Screen("<b>not closed"), QUICK).run())
    assert (await floor.settled(alert)).state == "rejected"


async def test_an_alert_claimed_by_a_run_that_died_comes_again_after_its_lease(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    [alert] = await floor.owes_factory()
    lease = floor.clock.now + timedelta(seconds=60)
    await floor.write(lambda store: len(store.alerts.claim(1, lease, [])))
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    [other] = await floor.owes_merchant()
    await floor.settled(other)
    assert (await floor.alert(alert)).state == "owed"  # another run may still be sending it
    floor.clock.passes(seconds=61)
    floor.house.owed.set()
    settled = await floor.settled(alert)
    assert (settled.state, settled.doubtful) == ("sent", True)
    assert (
        f"#{alert}" in (await texts(started, "wang"))[0]
        or "Possibly repeated" in (await texts(started, "wang"))[0]
    )


async def test_a_group_that_became_a_supergroup_is_followed(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    group = await started.groups("发货群", WANG)
    [alert] = await floor.owes_factory()
    await floor.write(lambda store: store.alerts.move_chat(WANG, group))
    moved = await started.becomes_supergroup(group)
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    settled = await floor.settled(alert)
    assert (settled.state, settled.chat_id, settled.doubtful) == ("sent", moved, False)
    assert any(
        message.text == f"BindingRequested {alert}" for message in await started.wang.chat(moved)
    )


async def test_somebody_who_never_started_the_bot_is_out_of_reach(
    floor: Floor, playground: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    [alert] = await floor.owes_factory()
    run(Courier(floor.house, courier_bot, render, QUICK).run())
    assert (await floor.settled(alert)).state == "unreachable"


async def test_a_busy_database_is_asked_again(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    [alert] = await floor.owes_factory()
    run(Courier(floor.moody(refusals=3), courier_bot, render, QUICK).run())
    assert (await floor.settled(alert)).state == "sent"


async def test_a_sending_that_could_not_be_noted_down_comes_again_as_a_possible_repeat(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    [alert] = await floor.owes_factory()
    house = floor.moody(refusals=0)

    def forgetful(store: Store, shown: Alert) -> Screen | None:
        if shown.attempts == 1:
            cast("Moody", house.database).refusals = 1
        return render(store, shown)

    run(Courier(house, courier_bot, forgetful, QUICK).run())
    await started.wang.sees(f"BindingRequested {alert}", anywhere=True)
    assert (await floor.alert(alert)).state == "owed"
    floor.clock.passes(seconds=61)
    floor.house.owed.set()
    settled = await floor.settled(alert)
    assert (settled.state, settled.doubtful) == ("sent", True)


async def test_ending_the_courier_settles_what_is_on_its_way(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    await started.breaks("latency", method="sendMessage", seconds=0.1, times=1)
    [alert] = await floor.owes_factory()
    courier = run(Courier(floor.house, courier_bot, render, QUICK).run())
    await until(lambda: floor.alert(alert), lambda found: found.lease_until is not None)
    courier.cancel()
    with pytest.raises(asyncio.CancelledError):
        await courier
    assert (await floor.alert(alert)).state == "sent"


async def test_ending_the_courier_sends_what_it_was_just_taking(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    """Taken and not sent, it would come later, and as a possible repeat of nothing."""
    house = floor.moody(refusals=0)
    answers = cast("Moody", house.database).answers
    answers.clear()
    [alert] = await floor.owes_factory()
    courier = run(Courier(house, courier_bot, render, QUICK).run())
    await until(lambda: floor.alert(alert), lambda found: found.lease_until is not None)
    courier.cancel()
    await asyncio.sleep(0)
    answers.set()
    with pytest.raises(asyncio.CancelledError):
        await courier
    found = await floor.alert(alert)
    assert (found.state, found.attempts, found.doubtful) == ("sent", 1, False)


async def test_a_courier_told_to_end_takes_nothing_more(
    floor: Floor, courier_bot: telegram.Bot, run: Run
) -> None:
    """Its database was away until then: another courier may lead before this one had sent it."""
    house = floor.moody(refusals=0)
    listens = cast("Moody", house.database).listens
    listens.clear()
    [alert] = await floor.owes_factory()
    courier = run(Courier(house, courier_bot, render, QUICK).run())
    await asyncio.sleep(0.01)
    courier.cancel()
    await asyncio.sleep(0)
    listens.set()
    with pytest.raises(asyncio.CancelledError):
        await courier
    found = await floor.alert(alert)
    assert (found.state, found.attempts, found.lease_until) == ("owed", 0, None)


async def test_messages_to_one_chat_keep_their_distance(
    floor: Floor, started: Playground, courier_bot: telegram.Bot, run: Run
) -> None:
    alerts = await floor.owes_factory(*[floor.request] * 3)
    run(Courier(floor.house, courier_bot, render, Pace(chat_pause=0.1)).run())
    await floor.settled(alerts[-1])
    times = [call["at"] for call in await started.calls("sendMessage")]
    assert all(later - earlier >= 0.09 for earlier, later in pairwise(times))


async def test_a_group_at_its_pace_holds_up_no_private_chat(
    floor: Floor, started: Playground, run: Run
) -> None:
    """Twenty a minute: the twenty-first waits three seconds, the merchant does not."""
    group = await started.groups("发货群", WANG)
    factory = floor.shops.factory
    gathering = floor.house.services.gathering
    await floor.write(lambda store: gathering.here(store, factory, group, None))
    to_group = await floor.owes_factory(*[floor.request] * 21)
    to_merchant = [(await floor.owes_merchant())[0] for _ in range(3)]
    bot = make_courier_bot(TOKEN, started.url, per_second=1000)
    courier = run(Courier(floor.house, bot, render, QUICK).run())
    assert (await floor.settled(to_group[19])).state == "sent"
    for alert in to_merchant:
        assert (await floor.settled(alert)).state == "sent"
    assert (await floor.alert(to_group[20])).state == "owed"
    assert (await floor.settled(to_group[20])).state == "sent"
    courier.cancel()
    with pytest.raises(asyncio.CancelledError):
        await courier
    await close_courier_bot(bot)
