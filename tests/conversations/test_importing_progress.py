"""The message of a long import moves: read, checked, so many of so many, done."""

import asyncio
from pathlib import Path

from bot import sending
from bot.progress import moving
from bot.screens import imports as screens
from bot.screens.screen import Screen
from bot.texts import translator
from core.importing import Steps
from core.incoming import Sheet
from tests.cast import LIN_XIAOMAN, export
from tests.conftest import Company
from tests.conversations.helping import counts
from tests.conversations.test_importing import mugs
from tests.core.firm import founded, incoming


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


async def test_an_import_tells_its_steps_in_order_up_to_all(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    orders = tuple(incoming(one) for one in range(1_200))
    async with founded(tmp_path) as firm:
        importing = firm.services.importing
        kept = await firm.does(
            importing.keep, firm.merchant, Sheet("doudian", orders, ()), "订单.xlsx", (1001, 1)
        )
        await firm.does(
            importing.confirm, firm.merchant, kept.draft_id, kept.digest,
            lambda done, every: told.append((done, every)),
        )  # fmt: skip
    assert told == [(0, 1_200), (0, 1_200), (1_000, 1_200), (1_200, 1_200)]
