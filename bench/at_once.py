"""PostgreSQL: the assign transaction, by one and by sixteen at once, over bare asyncpg.

Ours is a whole visit of `storage.postgres`, as it is opened in the house. The floor is the very
same statements with the same values, prepared, in one transaction of the same isolation, by bare
asyncpg on an identical copy of the database; in turn with ours, transaction for transaction where
one works, and round for round where sixteen do. Each assigns another order; of several shops.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from bench import peers, races, servers
from bench.figures import Row, micros, middle
from bench.races import Act, Race, Times, calm_the_collector
from bench.server_house import SHOPS, Prepared, prepare
from bench.server_tapes import ServerTape, recording
from core.services import Services
from core.values import Rules
from storage.postgres import WRITERS

AT_ONCE = 16
GROUP = "server"
WHAT = "PostgreSQL: the assign transaction"
DONE = "SELECT count(*) FROM alert WHERE event = 'OrderAssigned'"


class Sizes(NamedTuple):
    """Rounds, and transactions in each: by one, and by sixteen."""

    one: races.Sizes = races.Sizes(rounds=7, updates=50)
    rounds: int = 7
    each: int = 10  # of each of the sixteen

    @property
    def drafts(self) -> int:
        """Return how many drafts are confirmed; a first round of sixteen only warms."""
        return self.one.all + (1 + self.rounds) * AT_ONCE * self.each


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Boot a server and return the rows. Raises `RuntimeError` unless each had its effect."""
    calm_the_collector()
    with servers.booted(folder) as server:
        made = await prepare(server, folder / "server-keys.json", sizes.drafts)
        tapes = await _recorded(made)
        async with AsyncExitStack() as stack:
            acts = {
                "ours": await _ours(stack, made),
                "floor": await _floor(stack, made, tapes),
                "stock": await _stock(stack, made),
            }
            alone = await _one_by_one(acts, sizes.one)
            crowd = await _sixteen(acts, sizes)
        for name in acts:
            await _check(made.url.set(database=name), sizes.drafts)
        words = f"{len(tapes[-1].statements)} statements; {await servers.version(server)}"
    return _rows(alone, crowd, sizes, words)


async def _recorded(made: Prepared) -> list[ServerTape]:
    async with AsyncExitStack() as stack:
        ours = await _ours(stack, made, "recorded")
        with recording() as tapes:
            for n in range(len(made.drafts)):
                tapes.append(ServerTape())
                await ours(n)
    return tapes


async def _ours(stack: AsyncExitStack, made: Prepared, name: str = "ours") -> Act:
    database = await stack.enter_async_context(made.opened(name))
    confirm = Services(Rules()).assigning.confirm

    async def ours(n: int) -> None:
        draft = made.drafts[n]
        await database.write(lambda store: confirm(store, draft.merchant, draft.draft_id))

    return ours


async def _floor(stack: AsyncExitStack, made: Prepared, tapes: Sequence[ServerTape]) -> Act:
    """As many connections as work at once, the one used last first."""
    url, free = await servers.copied(made.url, "floor"), asyncio.LifoQueue[Any]()
    for _ in range(AT_ONCE):
        free.put_nowait(await stack.enter_async_context(servers.connected(url)))

    async def floor(n: int) -> None:
        raw = await free.get()
        await tapes[n].run(raw)
        free.put_nowait(raw)

    return floor


async def _stock(stack: AsyncExitStack, made: Prepared) -> Act:
    """What `bench.peers` writes on a file, on SQLModel's own terms: its defaults, its pool."""
    engine = create_async_engine(await servers.copied(made.url, "stock"), pool_size=AT_ONCE)
    stack.push_async_callback(engine.dispose)

    async def stock(n: int) -> None:
        draft = made.drafts[n]
        async with AsyncSession(engine) as session:
            await peers.assign(
                session, n, draft.telegram_id, draft.merchant.shop_id, draft.draft_id
            )

    return stock


async def _one_by_one(acts: dict[str, Act], sizes: races.Sizes) -> dict[str, Times]:
    times = {name: Times() for name in acts}
    for n in range(sizes.all):
        for name, act in acts.items():
            await times[name].take(act, n)
    return times


async def _sixteen(acts: dict[str, Act], sizes: Sizes) -> dict[str, list[float]]:
    """Return the seconds of a transaction, for each round: the whole round's, by their number."""
    took: dict[str, list[float]] = {name: [] for name in acts}
    each = AT_ONCE * sizes.each
    for number in range(1 + sizes.rounds):
        start = sizes.one.all + number * each
        for name, act in acts.items():
            left = list(range(start, start + each))
            began = time.perf_counter()
            await asyncio.gather(*(_work(act, left) for _ in range(AT_ONCE)))
            if number:
                took[name].append((time.perf_counter() - began) / each)
    return took


async def _work(act: Act, left: list[int]) -> None:
    while left:
        await act(left.pop(0))


async def _check(url: URL, wanted: int) -> None:
    async with servers.connected(url) as raw:
        did = await raw.fetchval(DONE)
    if did != wanted:
        raise RuntimeError(f"{did} of {wanted} transactions had their effect in {url.database}")


def _rows(
    alone: dict[str, Times], crowd: dict[str, list[float]], sizes: Sizes, words: str
) -> list[Row]:
    words = f"{sizes.one.words}; {words}"
    ours, peer = (Race(alone[name], alone["floor"], sizes.one) for name in ("ours", "stock"))
    took = {name: micros(middle([times])) for name, times in crowd.items()}
    many = f"{sizes.rounds} × {AT_ONCE * sizes.each}; {SHOPS} shops; {WRITERS} connections of ours"
    return [
        *ours.rows(f"{WHAT}, 1 at once", 2.5, words, GROUP),
        Row(GROUP, f"{WHAT}, 16 at once", took["ours"], took["floor"], 3.0, measured=many),
        peer.rows("the same on stock async SQLModel, 1 at once", None, words, GROUP)[0],
        Row(GROUP, "the same on stock async SQLModel, 16 at once", took["stock"], took["floor"]),
    ]
