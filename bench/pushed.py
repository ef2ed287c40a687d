"""The tap again, pushed: 确认分配 through the webhook on loopback, over it fed in process.

Both press frozen drafts of one order, on one database. In process one after another; pushed over 16
connections at once by sixteen people, as Telegram does it, through uvicorn, the route and the
inbox. Who presses is a process of its own. Rounds in turn.
"""

import asyncio
import json
import time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from api.app import create_app
from api.webhook import webhook, webhook_path
from bench.asking import served
from bench.figures import Row, micros, middle, p99
from bench.house import BOT_ID, MERCHANT, Prepared, prepare
from bench.pressing import press_all
from bench.races import Times, calm_the_collector
from bench.telegram import instant_bot, press
from bot.dispatcher import routing
from bot.house import House
from bot.inbox import Inbox
from bot.keyboards.data import ConfirmAssign
from core.ids import key
from core.ports import Store

SECRET = "of-the-bench"
STAFF = 100_000  # telegram ids of the merchant's people


class Sizes(NamedTuple):
    """Connections, rounds, and presses in each round on each side."""

    connections: int = 16
    rounds: int = 5
    presses: int = 160

    @property
    def all(self) -> int:
        """Return how many drafts are needed; those of the first round only warm."""
        return 2 * (1 + self.rounds) * self.presses


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows. Raises `RuntimeError` when a press had no effect."""
    calm_the_collector()
    made = await prepare(folder, sizes.all)
    bot, tree, alone = instant_bot(), routing(), Times()
    pushed, each, busy = list[float](), list[list[float]](), list[float]()
    async with made.opened(made.path) as house:
        people = await house.database.write(lambda store: _hire(store, house, made, sizes))
        feed = partial(tree.feed_raw_update, bot, house=house)
        updates = _presses(made, people)
        inbox = Inbox(house, feed, _nobody)
        app = create_app(_well, [webhook(BOT_ID, SECRET, inbox.accept)])
        async with served(app, lambda: None) as port:
            command = [str(port), webhook_path(BOT_ID), SECRET, str(sizes.connections)]
            for _ in range(1 + sizes.rounds):
                for _ in range(sizes.presses):
                    await alone.take(lambda _: feed(next(updates)), 0)
                some = [json.dumps(next(updates)).encode() for _ in range(sizes.presses)]
                processor = time.process_time()
                done = await press_all(command, some)
                busy.append((time.process_time() - processor) / sizes.presses)
                pushed.append(done.whole / sizes.presses)
                each.append(done.each)
        await inbox.close()
        await house.database.read(lambda store: _check(store, made))
    return _rows(sizes, alone, pushed[1:], each[1:], busy[1:])


def _hire(store: Store, house: House, made: Prepared, sizes: Sizes) -> list[int]:
    """Let the merchant have people enough for each connection; return their telegram ids."""
    people, staffing = [MERCHANT], house.services.staffing
    for n in range(1, sizes.connections):
        account = house.services.accounts.meet(store, STAFF + n, "陈")
        staffing.join(store, key(account), staffing.invite(store, made.merchant).token)
        people.append(STAFF + n)
    return people


def _presses(made: Prepared, people: list[int]) -> Any:
    """Yield a press of each draft, by one after another of these people."""
    for n, draft in enumerate(made.drafts, start=1):
        data = ConfirmAssign(shop=made.merchant.shop_id, draft=draft).pack()
        yield press(n, people[n % len(people)], n, data)


def _check(store: Store, made: Prepared) -> None:
    states = [draft.state for one in made.drafts if (draft := store.drafts.get(one))]
    if set(states) != {"confirmed"}:
        raise RuntimeError(f"{states.count('confirmed')} of {len(states)} were assigned")


def _rows(
    sizes: Sizes, alone: Times, pushed: list[float], each: list[list[float]], busy: list[float]
) -> list[Row]:
    cut = range(sizes.presses, len(alone.clock), sizes.presses)
    clock = [alone.clock[n : n + sizes.presses] for n in cut]
    processor = [alone.processor[n : n + sizes.presses] for n in cut]
    what = f"确认分配 by webhook, {sizes.connections} connections"
    words = f"{sizes.rounds} × {sizes.presses}; floor: fed in process, one after another"
    return [
        Row("pushed", f"{what}: a tap", micros(middle([[one] for one in pushed])),
            micros(middle([[sum(one) / len(one)] for one in clock])), 1.35, measured=words),
        Row("pushed", f"{what}: processor", micros(middle([[one] for one in busy])),
            micros(middle([[sum(one) / len(one)] for one in processor]))),
        Row("pushed", f"{what}: p99 over p50", micros(p99(each)), micros(middle(each)), 2.0),
    ]  # fmt: skip


async def _nobody(chat: int, lang: str | None) -> None:
    raise RuntimeError(f"an update of chat {chat} was given up")


async def _well() -> None:
    await asyncio.sleep(0)
