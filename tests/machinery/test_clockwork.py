"""What happens by the clock: recipients vanish, requests expire, what is old is forgotten."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile

from app.ticks import Ticks
from bot.sweeper import Sweeper
from core.entities import AssignDraft, Vanishing
from core.ids import key
from core.ports import Store
from core.values import ShipFrom
from playground.seen import M
from tests.machinery.conftest import Run
from tests.machinery.floor import BOT, CHEN, LIN, WANG, Floor, Playground, TelegramClock, until


@pytest.fixture
async def shown(playground: Playground, bot: Bot, floor: Floor) -> M:
    """A message with a recipient in 王大力's chat, due to vanish in five minutes."""
    await playground.wang.opens(wait=0)
    sent = await bot.send_message(WANG, "收件人")
    await vanishes(floor, sent.message_id, timedelta(minutes=5))
    return (await playground.wang.chat())[-1]


async def vanishes(floor: Floor, message_id: int, after: timedelta, chat_id: int = WANG) -> None:
    def work(store: Store) -> None:
        row = Vanishing(
            bot_id=BOT, chat_id=chat_id, message_id=message_id, due_at=store.now + after
        )
        store.chats.vanish(row)

    await floor.write(work)


async def waiting(floor: Floor) -> Sequence[Vanishing]:
    return await floor.read(lambda store: store.chats.vanishing(BOT, 10))


async def texts(playground: Playground) -> list[str]:
    return [message.text for message in await playground.wang.chat() if message.from_bot]


async def test_a_recipient_is_gone_when_its_time_is_over_and_not_before(
    playground: Playground, floor: Floor, bot: Bot, shown: M
) -> None:
    sweeper = Sweeper(floor.house, bot)
    await sweeper.sweep()
    assert await texts(playground) == ["收件人"]
    floor.clock.passes(minutes=5)
    await sweeper.sweep()
    assert await texts(playground) == []
    assert await waiting(floor) == []


async def test_a_message_already_gone_is_done_with(
    playground: Playground, floor: Floor, bot: Bot, shown: M
) -> None:
    await bot.delete_message(WANG, shown.message_id)
    floor.clock.passes(minutes=5)
    await Sweeper(floor.house, bot).sweep()
    assert await waiting(floor) == []


async def test_what_cannot_be_deleted_is_edited_empty(
    playground: Playground, floor: Floor, bot: Bot, shown: M, telegram_clock: TelegramClock
) -> None:
    telegram_clock.ahead = 49 * 3600
    floor.clock.passes(hours=49)
    await Sweeper(floor.house, bot).sweep()
    [text] = await texts(playground)
    assert "收件人" not in text
    assert await waiting(floor) == []


async def test_what_could_not_be_edited_for_the_networks_sake_is_tried_again(
    playground: Playground, floor: Floor, bot: Bot, shown: M, telegram_clock: TelegramClock
) -> None:
    telegram_clock.ahead = 49 * 3600
    floor.clock.passes(hours=49)
    await playground.breaks("5xx", method="editMessageText", times=1)
    sweeper = Sweeper(floor.house, bot)
    await sweeper.sweep()
    assert len(await waiting(floor)) == 1
    await sweeper.sweep()
    assert await waiting(floor) == []
    assert "收件人" not in (await texts(playground))[0]


async def test_a_file_that_cannot_be_deleted_is_replaced_by_one_that_says_so(
    playground: Playground, floor: Floor, bot: Bot, telegram_clock: TelegramClock
) -> None:
    await playground.wang.opens(wait=0)
    file = BufferedInputFile("收件人".encode(), "面单.pdf")
    sent = await bot.send_document(WANG, file, caption="面单")
    await vanishes(floor, sent.message_id, timedelta(minutes=5))
    telegram_clock.ahead = 49 * 3600
    floor.clock.passes(hours=49)
    await playground.breaks("5xx", method="editMessageMedia", times=1)
    sweeper = Sweeper(floor.house, bot)
    await sweeper.sweep()
    assert len(await waiting(floor)) == 1
    await sweeper.sweep()
    assert await waiting(floor) == []
    [message] = [one for one in await playground.wang.chat() if one.from_bot]
    assert message.text == ""
    assert "收件人" not in (await playground.wang.downloads(message)).decode()
    assert (message.document or {})["file_name"] == "expired.txt"


async def test_a_chat_out_of_reach_is_done_with(
    playground: Playground, floor: Floor, bot: Bot, shown: M
) -> None:
    await playground.breaks("403", method="deleteMessage")
    floor.clock.passes(minutes=5)
    await Sweeper(floor.house, bot).sweep()
    assert await waiting(floor) == []


@pytest.mark.parametrize("kind", ["5xx", "html", "drop_request", "429"])
async def test_a_network_fault_leaves_it_to_the_next_tick(
    playground: Playground, floor: Floor, bot: Bot, shown: M, kind: str
) -> None:
    await playground.breaks(kind, method="deleteMessage", times=1)
    floor.clock.passes(minutes=5)
    sweeper = Sweeper(floor.house, bot)
    await sweeper.sweep()
    assert len(await waiting(floor)) == 1
    await sweeper.sweep()
    assert await waiting(floor) == []
    assert await texts(playground) == []


async def test_after_a_restart_the_first_tick_removes_what_is_overdue(
    playground: Playground, floor: Floor, bot: Bot, shown: M, run: Run
) -> None:
    floor.clock.passes(minutes=5)
    run(Ticks(floor.house, Sweeper(floor.house, bot).sweep).run())
    await until(lambda: waiting(floor), lambda rows: not rows)
    assert await texts(playground) == []


async def test_a_request_nobody_answered_expires_and_both_sides_are_owed_the_news(
    floor: Floor, run: Run
) -> None:
    binding_id = await asks_to_bind(floor)
    floor.clock.passes(days=7, seconds=1)
    ticks = Ticks(floor.house, nothing)
    floor.house.owed.clear()
    await ticks.expire_bindings()
    assert floor.house.owed.is_set()
    binding = await floor.read(lambda store: store.bindings.get(binding_id))
    assert binding is not None
    assert binding.status == "expired"

    def owed(store: Store) -> set[tuple[int, str]]:
        lease = store.now + timedelta(seconds=1)
        found: set[tuple[int, str]] = set()
        while claimed := store.alerts.claim(10, lease, []):
            found |= {(alert.chat_id, alert.event) for alert in claimed}
            for alert in claimed:
                store.alerts.settle(alert.id or 0, "sent")
            store.flush()
        return found

    told = await floor.write(owed)
    assert {(LIN, "BindingExpired"), (CHEN, "BindingExpired")} <= told


async def test_marks_are_forgotten_after_telegram_has_forgotten_the_update(floor: Floor) -> None:
    ticks = Ticks(floor.house, nothing)
    await floor.write(lambda store: store.chats.mark(BOT, 1))
    floor.clock.passes(hours=71)
    await floor.write(lambda store: store.chats.mark(BOT, 2))
    await ticks.forget_marks()
    assert await floor.read(lambda store: store.chats.marked(BOT, 1)) is not None
    floor.clock.passes(hours=2)
    await ticks.forget_marks()
    assert await floor.read(lambda store: store.chats.marked(BOT, 1)) is None
    assert await floor.read(lambda store: store.chats.marked(BOT, 2)) is not None


async def test_prepared_work_nobody_came_back_to_is_dropped(floor: Floor) -> None:
    actor = floor.shops.merchant

    def begin(store: Store) -> int:
        draft = AssignDraft(
            shop_id=actor.shop_id, account_id=actor.account_id, created_at=store.now
        )
        return key(store.drafts.add(draft))

    draft_id = await floor.write(begin)
    ticks = Ticks(floor.house, nothing)

    async def state() -> str | None:
        draft = await floor.read(lambda store: store.drafts.get(draft_id))
        return draft.state if draft else None

    await ticks.drop_drafts()
    assert await state() == "open"
    floor.clock.passes(hours=25)
    await ticks.drop_drafts()
    assert await state() == "dropped"


async def nothing() -> None:
    """There is nothing to sweep."""


async def asks_to_bind(floor: Floor) -> int:
    """林记 asks a second factory, 陈新's."""
    services = floor.house.services

    def work(store: Store) -> int:
        chen = services.accounts.meet(store, CHEN, "陈新").id or 0
        ship_from = ShipFrom("陈新", "13900000001", "广东省广州市")
        factory = services.shops.open(store, chen, "factory", "陈厂", ship_from)
        asked = services.bindings.request(store, floor.shops.merchant, factory.number)
        return asked.binding.id or 0

    return await floor.write(work)
