"""A person presses or replies: fed to the routing tree, committed and answered.

The floor is a bare aiogram echo plus the same statements in bare sqlite3; ours, then the floor,
one update each, in turn.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.types import CallbackQuery, Message

from bench.figures import Row
from bench.house import CARD_MESSAGES, FACTORY, MERCHANT, Prepared, prepare
from bench.races import Sizes, calm_the_collector, run_race
from bench.statements import Tape, bare, recording
from bench.telegram import instant_bot, press, says
from bot.dispatcher import routing
from bot.keyboards.data import ConfirmAssign

Raw = dict[str, Any]
ASSIGNED = "SELECT count(*) FROM assign_draft WHERE state = 'confirmed' AND factory_id IS NOT NULL"


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of the taps."""
    calm_the_collector()
    made = await prepare(folder, sizes.all)
    return [
        *await _confirm(made, sizes),
        *await _reply(made, sizes),
        *await _nothing(made, sizes),
    ]


async def _confirm(made: Prepared, sizes: Sizes) -> list[Row]:
    raws = confirming(made)
    return await _against_statements(made, sizes, raws, "确认分配 tap", ASSIGNED, goal=3.0)


def confirming(made: Prepared) -> list[Raw]:
    """Return a press of 确认分配 for each frozen draft."""
    shop = made.merchant.shop_id
    return [
        press(n, MERCHANT, n, ConfirmAssign(shop=shop, draft=draft).pack())
        for n, draft in enumerate(made.drafts, start=1)
    ]


async def _reply(made: Prepared, sizes: Sizes) -> list[Row]:
    raws, done = replying(made), "SELECT count(*) FROM shipment"
    return await _against_statements(made, sizes, raws, "number by reply", done, goal=3.5)


def replying(made: Prepared) -> list[Raw]:
    """Return a number for each assigned order, in reply to its card."""
    return [
        says(n, FACTORY, f"SF{n:013d}", reply_to=CARD_MESSAGES + assignment)
        for n, assignment in enumerate(made.assignments, start=1)
    ]


async def _against_statements(
    made: Prepared, sizes: Sizes, raws: list[Raw], what: str, done: str, goal: float
) -> list[Row]:
    """Record on one copy, then measure ours on a second and the floor on a third.

    `done` counts what the updates do: each must have done it, on both.
    """
    bot, echo, tree = instant_bot(), bare_echo(), routing()
    tapes = await recorded(made, bot, raws)
    async with made.opened(made.copy("ours.sqlite3")) as house:
        with closing(bare(made.copy("floor.sqlite3"))) as raw:

            async def ours(n: int) -> None:
                await tree.feed_raw_update(bot, raws[n], house=house)

            async def floor(n: int) -> None:
                await echo.feed_raw_update(bot, raws[n])
                tapes[n].run(raw)

            race = await run_race(ours, floor, sizes)
            check(made, done, len(raws))
    return race.rows(what, goal, f"{sizes.words}; {len(tapes[-1].statements)} statements")


def check(made: Prepared, done: str, wanted: int) -> None:
    """Raise `RuntimeError` unless each update had its effect, on our copy and on the floor's."""
    with closing(bare(made.path)) as raw:
        before = raw.execute(done).fetchone()[0]
    for name in ("ours.sqlite3", "floor.sqlite3"):
        with closing(bare(made.path.with_name(name))) as raw:
            did = raw.execute(done).fetchone()[0] - before
        if did != wanted:
            raise RuntimeError(f"{did} of {wanted} updates had their effect in {name}")


async def recorded(made: Prepared, bot: Bot, raws: list[Raw]) -> list[Tape]:
    """Handle these updates on a copy, and return the statements of each."""
    async with made.opened(made.copy("recorded.sqlite3")) as house:
        with recording() as tapes:
            for raw in raws:
                tapes.append(Tape())
                await routing().feed_raw_update(bot, raw, house=house)
    return tapes


async def _nothing(made: Prepared, sizes: Sizes) -> list[Row]:
    """Press a button nobody knows: every router is asked, only the fallback answers."""
    bot, echo, tree = instant_bot(), bare_echo(), routing()
    async with made.opened(made.copy("nothing.sqlite3")) as house:

        async def ours(n: int) -> None:
            update = press(n, MERCHANT, n, "of-an-earlier-version")
            await tree.feed_raw_update(bot, update, house=house)

        async def floor(n: int) -> None:
            await echo.feed_raw_update(bot, press(n, MERCHANT, n, "of-an-earlier-version"))

        race = await run_race(ours, floor, sizes)
    return race.rows("full routing tree, nothing to do", 1.5, sizes.words)


def bare_echo() -> Dispatcher:
    """Return the least bot there is: one router that answers presses and messages."""
    router = Router()

    @router.callback_query()
    async def pressed(callback: CallbackQuery) -> None:
        await callback.answer()

    @router.message()
    async def said(message: Message) -> None:
        await message.answer(message.text or "")

    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_router(router)
    return dispatcher
