"""Telegram keeps an update until it is handled, whatever happens to us in between."""

import asyncio
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from bot.inbox import Inbox
from bot.polling import Polling, TokenRefused
from storage.database import DatabaseClosed
from tests.machinery.conftest import Run
from tests.machinery.floor import TOKEN, Floor, Playground, until

Raw = dict[str, Any]


class Hands:
    """Stands for the handlers; a text that starts with `wait` waits until told."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.done: list[str] = []
        self.go = asyncio.Event()

    async def __call__(self, raw: Raw) -> None:
        text = raw["message"]["text"]
        self.got.append(text)
        if text.startswith("wait"):
            await self.go.wait()
        if text == "fail":
            raise ValueError
        self.done.append(text)


async def tell(chat_id: int, lang: str | None) -> None:
    pass


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def inbox(floor: Floor, hands: Hands) -> Inbox:
    return Inbox(floor.house, hands, tell, pauses=(0.0, 0.0))


@pytest.fixture
def polling(bot: Bot, inbox: Inbox) -> Polling:
    return Polling(bot, inbox, timeout=30, glance=0.02, pause=0.01)


async def until_called(playground: Playground, method: str, n: int) -> None:
    await until(lambda: playground.calls(method), lambda calls: len(calls) >= n)


async def got(hands: Hands, *texts: str) -> None:
    async def look() -> list[str]:
        return sorted(hands.got)

    await until(look, lambda found: set(texts) <= set(found))


async def test_what_a_person_writes_is_handled_and_acknowledged(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    run(polling.run())
    await playground.lin.sends("待发货")
    assert hands.done[-1] == "待发货"


async def test_handlers_of_aiogram_are_reached(
    playground: Playground, bot: Bot, floor: Floor, run: Run
) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answer(message: Message) -> None:
        await message.answer(f"→ {message.text}")

    inbox = Inbox(floor.house, lambda raw: dispatcher.feed_raw_update(bot, raw), tell)
    run(Polling(bot, inbox).run())
    await playground.lin.sends("分配")
    assert playground.lin.last.text == "→ 分配"


async def test_an_update_is_not_acknowledged_while_it_is_being_handled(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    run(polling.run())
    await playground.lin.sends("wait", wait=0)
    await got(hands, "wait")
    oldest = playground.lin.update_id
    assert oldest is not None
    await playground.wang.sends("later", wait=0)
    await got(hands, "later")
    await playground.wang.sends("and later", wait=0)
    await got(hands, "and later")
    assert not await playground.acknowledged(oldest)
    assert polling.offset == oldest
    hands.go.set()
    assert await playground.acknowledged(oldest, wait=10)
    assert hands.got.count("later") == hands.got.count("wait") == 1


async def test_a_run_that_was_killed_leaves_its_update_to_the_next(
    playground: Playground, bot: Bot, floor: Floor, hands: Hands, run: Run
) -> None:
    first = Inbox(floor.house, hands, tell)
    polling = Polling(bot, first, glance=0.02)
    rounds = asyncio.create_task(polling._round())  # `run` would end it properly
    await playground.lin.sends("wait for ever", wait=0)
    await rounds
    assert hands.got[-1] == "wait for ever"
    await first.close(patience=0)

    hands.go.set()
    run(Polling(bot, Inbox(floor.house, hands, tell), glance=0.02).run())
    assert playground.lin.update_id is not None
    assert await playground.acknowledged(playground.lin.update_id, wait=10)
    assert hands.got.count("wait for ever") == 2
    assert hands.done.count("wait for ever") == 1


async def test_a_poisoned_update_is_acknowledged_and_the_next_one_handled(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    run(polling.run())
    await playground.lin.sends("fail")
    await playground.lin.sends("fine")
    assert hands.done[-1] == "fine"
    assert hands.got.count("fail") == 3


async def test_what_could_not_even_be_given_up_is_not_acknowledged_but_tried_again(
    playground: Playground, bot: Bot, floor: Floor, hands: Hands, run: Run
) -> None:
    house = floor.moody(refusals=1, error=DatabaseClosed("the database has been closed"))
    inbox = Inbox(house, hands, tell, pauses=(0.0, 0.0))
    run(Polling(bot, inbox, glance=0.02, pause=0.01).run())
    await playground.lin.sends("fail")
    assert hands.got.count("fail") == 6


async def test_the_second_of_two_runs_waits_and_takes_over_once_the_first_has_ended(
    playground: Playground, bot: Bot, floor: Floor, hands: Hands, run: Run
) -> None:
    first = Polling(bot, Inbox(floor.house, hands, tell), pause=0.01, settled=0.0)
    serving = run(first.run())
    await playground.lin.sends("one")
    others = Hands()
    async with Bot(TOKEN, session=AiohttpSession(api=bot.session.api)) as bot_again:
        inbox = Inbox(floor.house, others, tell)
        second = Polling(bot_again, inbox, pause=0.01, standing_by=(0.05,), listening=0.3)
        waiting = run(second.run())
        await until_called(playground, "getUpdates", 5)
        for text in ("two", "three", "four"):
            await playground.lin.sends(text)
        assert hands.done == ["one", "two", "three", "four"]
        assert others.got == []
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await playground.lin.sends("five")
        assert others.done == ["five"]
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_a_429_is_obeyed(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    await playground.breaks("429", method="getUpdates", times=1, retry_after=1)
    run(polling.run())
    await playground.lin.sends("patience")
    first, second, *_ = await playground.calls("getUpdates")
    assert second["at"] - first["at"] >= 0.95
    assert hands.done[-1] == "patience"


async def test_ending_waits_for_handlers_and_acknowledges_what_they_did(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    ending = run(polling.run())
    await playground.lin.sends("wait", wait=0)
    await got(hands, "wait")
    ending.cancel()
    await asyncio.sleep(0)
    hands.go.set()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert playground.lin.update_id is not None
    assert await playground.acknowledged(playground.lin.update_id)
    assert hands.done[-1] == "wait"


async def test_an_idle_bot_asks_seldom(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    run(polling.run())
    await playground.lin.sends("one")
    await asyncio.sleep(0.2)
    assert len(await playground.calls("getUpdates")) <= 6


async def test_network_faults_are_sat_out(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    for kind in ("5xx", "html", "drop_answer", "drop_request"):
        await playground.breaks(kind, method="getUpdates", times=1)
    run(polling.run())
    await playground.lin.sends("after the storm")
    assert hands.done[-1] == "after the storm"


async def test_a_second_poller_is_mentioned_and_outlived(
    playground: Playground, polling: Polling, hands: Hands, run: Run
) -> None:
    run(polling.run())
    await playground.lin.sends("before")
    other = f"{playground.url}/bot{TOKEN}/getUpdates"
    await playground.client.post(other, json={"timeout": 0})
    await playground.lin.sends("after")
    assert hands.done[-2:] == ["before", "after"]


async def test_a_refused_token_ends_the_run_with_a_sentence(
    playground: Playground, inbox: Inbox
) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(playground.url))
    async with Bot("7000000001:somebody-elses", session=session) as stranger:
        with pytest.raises(TokenRefused, match="BotFather"):
            await Polling(stranger, inbox).run()
