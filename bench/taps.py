"""A person presses or replies: fed to the routing tree, committed and answered.

The floor is a bare aiogram echo plus the same statements in bare sqlite3; ours, then the floor,
one update each, in turn.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from aiogram import Bot, Dispatcher, Router
from aiogram.types import CallbackQuery, Message

from bench.figures import Rounds, Row, micros, middle, p99
from bench.house import CARD_MESSAGES, FACTORY, MERCHANT, Prepared, prepare
from bench.statements import Tape, bare, recording
from bench.telegram import instant_bot, press, says
from bot.dispatcher import routing
from bot.house import House
from bot.keyboards.data import ConfirmAssign

Raw = dict[str, Any]
WARM = 20  # updates before the clock starts, beyond the rounds


class Sizes(NamedTuple):
    """How often: rounds, and updates in each."""

    rounds: int = 7
    updates: int = 150

    @property
    def all(self) -> int:
        """Return how many updates are needed."""
        return WARM + self.rounds * self.updates

    @property
    def words(self) -> str:
        """Return it in words."""
        return f"{self.rounds} × {self.updates}"


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of the taps."""
    made = await prepare(folder, sizes.all)
    return [
        *await _confirm(made, sizes),
        *await _reply(made, sizes),
        await _nothing(made, sizes),
    ]


async def _confirm(made: Prepared, sizes: Sizes) -> list[Row]:
    shop = made.merchant.shop_id
    raws = [
        press(n, MERCHANT, n, ConfirmAssign(shop=shop, draft=draft).pack())
        for n, draft in enumerate(made.drafts, start=1)
    ]
    done = "SELECT count(*) FROM assign_draft WHERE state = 'confirmed' AND factory_id IS NOT NULL"
    return await _against_statements(made, sizes, raws, "确认分配 tap", done, goal=3.0)


async def _reply(made: Prepared, sizes: Sizes) -> list[Row]:
    raws = [
        says(n, FACTORY, f"SF{n:013d}", reply_to=CARD_MESSAGES + assignment)
        for n, assignment in enumerate(made.assignments, start=1)
    ]
    done = "SELECT count(*) FROM shipment"
    return await _against_statements(made, sizes, raws, "number by reply", done, goal=3.5)


async def _against_statements(
    made: Prepared, sizes: Sizes, raws: list[Raw], what: str, done: str, goal: float
) -> list[Row]:
    """Record on one copy, then measure ours on a second and the floor on a third.

    `done` counts what the updates do: each must have done it, on both.
    """
    bot, echo, tree = instant_bot(), bare_echo(), routing()
    tapes = await _recorded(made, bot, raws)
    async with made.opened(made.copy("ours.sqlite3")) as house:
        with closing(bare(made.copy("floor.sqlite3"))) as raw:
            ours, floor = await _in_turn(bot, tree, house, echo, raws, sizes, raw, tapes)
            _check(made, done, len(raws))
    counted = f"{len(tapes[-1].statements)} statements"
    return [
        Row("taps", f"{what}: p50", micros(middle(ours)), micros(middle(floor)), goal,
            measured=f"{sizes.words}; {counted}"),
        Row("taps", f"{what}: p99", micros(p99(ours)), micros(p99(floor)), measured=sizes.words),
    ]  # fmt: skip


def _check(made: Prepared, done: str, wanted: int) -> None:
    with closing(bare(made.path)) as raw:
        before = raw.execute(done).fetchone()[0]
    for name in ("ours.sqlite3", "floor.sqlite3"):
        with closing(bare(made.path.with_name(name))) as raw:
            did = raw.execute(done).fetchone()[0] - before
        if did != wanted:
            raise RuntimeError(f"{did} of {wanted} updates had their effect in {name}")


async def _recorded(made: Prepared, bot: Bot, raws: list[Raw]) -> list[Tape]:
    async with made.opened(made.copy("recorded.sqlite3")) as house:
        with recording() as tapes:
            for raw in raws:
                tapes.append(Tape())
                await routing().feed_raw_update(bot, raw, house=house)
    return tapes


async def _in_turn(
    bot: Bot, tree: Dispatcher, house: House, echo: Dispatcher, raws: list[Raw], sizes: Sizes,
    raw: sqlite3.Connection, tapes: list[Tape],
) -> tuple[Rounds, Rounds]:  # fmt: skip
    ours: list[float] = []
    floor: list[float] = []
    for update, tape in zip(raws, tapes, strict=True):
        start = time.perf_counter()
        await tree.feed_raw_update(bot, update, house=house)
        between = time.perf_counter()
        await echo.feed_raw_update(bot, update)
        tape.run(raw)
        floor.append(time.perf_counter() - between)
        ours.append(between - start)
    return in_rounds(ours, sizes), in_rounds(floor, sizes)


async def _nothing(made: Prepared, sizes: Sizes) -> Row:
    """Press a button nobody knows: every router is asked, only the fallback answers."""
    bot, echo, tree = instant_bot(), bare_echo(), routing()
    ours: list[float] = []
    floor: list[float] = []
    async with made.opened(made.copy("nothing.sqlite3")) as house:
        for n in range(sizes.all):
            update = press(n, MERCHANT, n, "of-an-earlier-version")
            start = time.perf_counter()
            await tree.feed_raw_update(bot, update, house=house)
            between = time.perf_counter()
            await echo.feed_raw_update(bot, update)
            floor.append(time.perf_counter() - between)
            ours.append(between - start)
    took, bound = middle(in_rounds(ours, sizes)), middle(in_rounds(floor, sizes))
    return Row("taps", "full routing tree, nothing to do", micros(took), micros(bound), 1.5,
               measured=sizes.words)  # fmt: skip


def in_rounds(times: list[float], sizes: Sizes) -> Rounds:
    """Cut into rounds, the first warm ones left out."""
    kept = times[-sizes.rounds * sizes.updates :]
    return [kept[n : n + sizes.updates] for n in range(0, len(kept), sizes.updates)]


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
