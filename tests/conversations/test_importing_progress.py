"""The message of a long import moves: read, checked, so many of so many, done."""

import asyncio

from bot import sending
from bot.progress import Steps, moving
from bot.screens import imports as screens
from bot.screens.screen import Screen
from bot.texts import translator
from tests.cast import LIN_XIAOMAN, export
from tests.conftest import Company
from tests.conversations.helping import counts
from tests.conversations.test_importing import mugs


async def test_a_message_moves_while_work_holds_the_database_and_stops_with_it(
    company: Company,
) -> None:
    """Work goes on a step only when the phone has seen the last one."""
    bot, merchant, t = company.stage.running.bot, company.merchant, translator("zh_CN")
    sent = await sending.send(bot, LIN_XIAOMAN.id, Screen("…"))
    seen = asyncio.Event()

    async def show(done: int, every: int) -> None:
        screen = screens.applying_screen(t, done, every)
        assert await sending.edit(bot, LIN_XIAOMAN.id, sent.message_id, screen)
        await merchant.sees(f"{done} / {every} 单", anywhere=True)
        seen.set()

    loop = asyncio.get_running_loop()

    def work(steps: Steps) -> list[int]:
        told = []
        for done in (1_000, 2_000, 9_999):
            steps(done, 10_000)
            asyncio.run_coroutine_threadsafe(seen.wait(), loop).result(10)
            loop.call_soon_threadsafe(seen.clear)
            told.append(done)
        return told

    async with moving(show, pause=0.01) as steps:
        told = await company.stage.running.house.database.write(lambda _: work(steps))
    assert told == [1_000, 2_000, 9_999]
    await merchant.sees("9999 / 10000 单", anywhere=True)


async def test_what_was_read_is_said_before_it_is_checked(company: Company) -> None:
    merchant, stage = company.merchant, company.stage
    await merchant.uploads("订单.xlsx", export(mugs(700)), wait=0)
    await merchant.sees("已读取 700 行")
    await merchant.sees("新订单：700 单")
    assert await counts(stage, company.merchant_number) == {}
