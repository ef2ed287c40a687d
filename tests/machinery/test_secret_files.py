"""Files with recipients: a place held and owed to vanish before anything secret stands in it."""

import pytest
from aiogram import Bot

from bot.screens.screen import Attachment, Screen
from bot.secret_files import PrivateChatClosed, hold_place, put_in
from bot.sweeper import Sweeper
from core.errors import OrderNotFound
from core.ports import Store
from playground.seen import M
from tests.machinery.floor import BOT, WANG, Floor, Playground

WAITING = Screen("⏳ 正在制作")
SECRET = Screen("面单", attachment=Attachment("面单.pdf", b"%PDF 13912345678"))


@pytest.fixture(autouse=True)
async def open_chat(playground: Playground) -> None:
    await playground.wang.opens(wait=0)


async def said(playground: Playground) -> list[M]:
    return [one for one in await playground.wang.chat() if one.from_bot]


async def owed(floor: Floor) -> list[int]:
    rows = await floor.read(lambda store: store.chats.vanishing(BOT, 10))
    return [row.message_id for row in rows]


async def test_the_file_takes_the_place_held_for_it_protected_and_vanishes(
    playground: Playground, floor: Floor, bot: Bot
) -> None:
    place, made = await hold_place(floor.house, bot, WANG, WAITING, lambda _: "recorded")
    assert made == "recorded"
    assert await put_in(bot, WANG, place, SECRET)
    [message] = await said(playground)
    assert message.protected
    assert await playground.wang.downloads(message) == b"%PDF 13912345678"
    floor.clock.passes(minutes=5)
    await Sweeper(floor.house, bot).sweep()
    assert await said(playground) == []


async def test_a_stop_between_holding_and_putting_in_leaves_only_a_place_that_vanishes(
    playground: Playground, floor: Floor, bot: Bot
) -> None:
    place, _ = await hold_place(floor.house, bot, WANG, WAITING, lambda _: None)
    [message] = await said(playground)
    assert (message.message_id, message.text) == (place, WAITING.text)
    floor.clock.passes(minutes=5)
    assert await owed(floor) == [place]
    await Sweeper(floor.house, bot).sweep()
    assert await said(playground) == []


async def test_what_is_refused_leaves_no_place_and_owes_nothing(
    playground: Playground, floor: Floor, bot: Bot
) -> None:
    def refuse(store: Store) -> None:
        raise OrderNotFound

    with pytest.raises(OrderNotFound):
        await hold_place(floor.house, bot, WANG, WAITING, refuse)
    assert await said(playground) == []
    floor.clock.passes(minutes=5)
    assert await owed(floor) == []


async def test_a_closed_private_chat_is_told_apart_and_nothing_is_recorded(
    playground: Playground, floor: Floor, bot: Bot
) -> None:
    await playground.wang.blocks(wait=0)
    recorded: list[bool] = []
    with pytest.raises(PrivateChatClosed):
        await hold_place(floor.house, bot, WANG, WAITING, lambda _: recorded.append(True))
    assert not recorded


async def test_a_place_the_person_deleted_takes_no_file(
    playground: Playground, floor: Floor, bot: Bot
) -> None:
    place, _ = await hold_place(floor.house, bot, WANG, WAITING, lambda _: None)
    await bot.delete_message(WANG, place)
    assert not await put_in(bot, WANG, place, SECRET)
    assert await said(playground) == []
