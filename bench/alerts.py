"""A thousand chats are told something at once: how near the courier comes to its set rate.

The playground keeps Telegram's own limits (30 a second in all, about one to a chat) and checks
every call. A tenth of the chats is owed more than one alert, and once the line is moving some at
its end are owed something urgent. The floor is the time the messages take at the set rate.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import httpx

from bench.figures import Row, micros
from bench.house import FACTORY, Prepared, prepare
from bench.statements import bare
from bot.courier import Courier, Pace
from bot.house import House
from bot.screens.alerts import alert_screen
from bot.telegram_out import close_courier_bot, make_courier_bot
from core.events import OrderAssigned, OrderRecalled
from core.ids import key
from core.ports import Store
from playground.config import Config
from playground.people import DEFAULT_BOT, Person
from playground.phone import Phone
from playground.server import run

SETTLED = """
SELECT id, chat_id, event, state, created_at, settled_at FROM alert
WHERE event IN ('OrderAssigned', 'OrderRecalled') AND created_at >= ?
ORDER BY settled_at, id
"""
SECOND = 1_000_000  # as the database counts
MILLI = 1_000
PATIENCE = 60  # seconds, on a machine that others use


class Sizes(NamedTuple):
    """How many chats, the rate, and how many urgent ones come in between."""

    chats: int = 1_000
    per_second: float = 25
    urgent: int = 5
    chat_pause: float = 1.0

    @property
    def all(self) -> int:
        """Return how many alerts there are: one each, two more for each tenth chat."""
        return self.chats + 2 * (self.chats // 10) + self.urgent


@dataclass(frozen=True, slots=True)
class Told:
    """One alert, as the database has it; times in microseconds."""

    id: int
    chat_id: int
    event: str
    state: str
    created_at: int
    settled_at: int


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows. Raises `RuntimeError` when an alert was not sent."""
    made = await prepare(folder, 1)
    people = _people(sizes.chats)
    async with _playground(folder, sizes.chats) as address, made.opened(made.path) as house:
        await _start(address, people)
        accounts = await house.database.write(lambda store: _join(store, house, made, people))
        began = await house.database.write(lambda store: _owe(store, made, accounts))
        processor = time.process_time()
        await _deliver(address, house, made, accounts, sizes)
        processor = time.process_time() - processor
        answers = await _answers(address)
    told = _told(made.path, began)
    if answers[200] != sizes.all or any(one.state != "sent" for one in told):
        raise RuntimeError(f"of {sizes.all} alerts were sent: {dict(answers)}")
    spent = Row("alerts", "  processor of an alert, from claimed to settled",
                micros(processor / sizes.all))  # fmt: skip
    return [*_rows(told, sizes, answers), spent]


@asynccontextmanager
async def _playground(folder: Path, chats: int) -> AsyncIterator[str]:
    """A playground with so many people, in a process of its own: what it takes is not ours."""
    command = [sys.executable, "-m", "bench.alerts", str(folder / "telegram"), str(chats)]
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    yield (await child.stdout.readline()).decode().strip()
    child.terminate()
    await child.communicate()


def _people(chats: int) -> tuple[Person, ...]:
    return tuple(Person(FACTORY + n, "王") for n in range(chats))


async def _answers(address: str) -> Counter[int]:
    """Return how often the playground gave each answer to a message."""
    async with httpx.AsyncClient(trust_env=False) as client:
        said = await client.get(f"{address}/api/calls")
    calls = said.json()["calls"]
    return Counter(call["status"] for call in calls if call["method"].startswith("send"))


async def _start(address: str, people: tuple[Person, ...]) -> None:
    """Let everybody start the bot: only then may it write to them."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for one in people:
            await Phone(address, one.id, client).opens(wait=0)


def _join(store: Store, house: House, made: Prepared, people: tuple[Person, ...]) -> list[int]:
    """Make all of them the factory's people; its owner is one already."""
    accounts, staffing = [made.factory.account_id], house.services.staffing
    for one in people[1:]:
        account = key(house.services.accounts.meet(store, one.id, one.first_name))
        staffing.join(store, account, staffing.invite(store, made.factory).token)
        accounts.append(account)
    store.alerts.forget()  # that they joined
    return accounts


def _owe(store: Store, made: Prepared, accounts: list[int]) -> int:
    """Owe everybody a card, each tenth two more; return when, in microseconds."""
    shop, card = made.factory.shop_id, OrderAssigned(made.assignments[0])
    store.emit(card, to=shop)
    for _ in range(2):
        store.emit_to(card, shop, accounts[::10][: len(accounts) // 10])
    return int(store.now.timestamp() * SECOND)


async def _deliver(
    address: str, house: House, made: Prepared, accounts: list[int], sizes: Sizes
) -> None:
    bot = make_courier_bot(DEFAULT_BOT.token, address, per_second=sizes.per_second)
    render = alert_screen(house.services, house.default_lang)
    pace = Pace(chat_pause=sizes.chat_pause)
    courier = asyncio.create_task(Courier(house, bot, render, pace).run())
    line = sizes.all / sizes.per_second
    await asyncio.sleep(line / 4)
    last = accounts[-sizes.urgent :]
    recalled, shop = OrderRecalled(made.assignments[0]), made.factory.shop_id
    await house.database.write(lambda store: store.emit_to(recalled, shop, last))
    house.owed.set()
    async with asyncio.timeout(PATIENCE + 4 * line):
        while await house.database.read(lambda store: store.alerts.next_due(())):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    courier.cancel()
    with suppress(asyncio.CancelledError):
        await courier
    await close_courier_bot(bot)


def _told(path: Path, began: int) -> list[Told]:
    with closing(bare(path)) as raw:
        return [Told(*row) for row in raw.execute(SETTLED, (began,))]


def _rows(told: list[Told], sizes: Sizes, answers: Counter[int]) -> list[Row]:
    took = (told[-1].settled_at - told[0].settled_at) / SECOND * MILLI
    least = (len(told) - 1) / sizes.per_second * MILLI
    what = f"{len(told):,} alerts to {sizes.chats:,} chats"
    return [
        Row("alerts", what, took, least, round(1 / 0.95, 3), "ms",
            f"set rate {sizes.per_second:g}/s: at least 95 % of it"),
        Row("alerts", "  refused as too fast (429)", answers[429], None, 0, ""),
        Row("alerts", "  told out of order within a chat", sum(_disorder(told)), None, 0, ""),
        Row("alerts", "  went before an urgent one that was owed later", max(_before(told)),
            None, 4 * sizes.per_second, "", "four seconds of the line"),
    ]  # fmt: skip


def _disorder(told: list[Told]) -> Iterator[int]:
    """Yield for each chat how often an alert was followed by an older one."""
    for _, mine in groupby(sorted(told, key=lambda one: one.chat_id), lambda one: one.chat_id):
        ids = [one.id for one in mine]
        yield sum(after < before for before, after in pairwise(ids))


def _before(told: list[Told]) -> Iterator[int]:
    """Yield for each urgent alert how many of others went after it was owed, before it."""
    for urgent in (one for one in told if one.event == OrderRecalled.__name__):
        yield sum(
            urgent.created_at < one.settled_at < urgent.settled_at
            for one in told
            if one.event == OrderAssigned.__name__ and one.chat_id != urgent.chat_id
        )


def _serve(folder: str, chats: str) -> None:
    config = Config(data=Path(folder), people=_people(int(chats)), rate_limits=True)

    def started(address: str) -> None:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()

    run(config, "127.0.0.1", 0, started)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
