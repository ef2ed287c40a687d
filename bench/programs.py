"""A program's list of 50 assignments over HTTP; the floor: the same document by a bare ASGI app.

Both are served by the same uvicorn and asked by the same client over a kept connection, in turn.
The bare one has the document ready as plain values and writes it with `json.dumps`, each time.
"""

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any, NamedTuple

from api.app import create_app
from api.door import Place
from api.watching import Watch
from bench.asking import Bare, Client, answer, served
from bench.figures import Row, micros, middle, p99
from bench.house import Prepared, prepare
from bench.races import calm_the_collector
from bench.statements import bare
from core.ports import Store
from core.programs.keys import SCOPES, Scope
from core.programs.parcels import LeavingGiven, ParcelGiven
from core.services import Services
from core.values import Actor, Rules
from storage.database import Database
from storage.store import SqlStore

PAGE = 50
LISTED = f"/v1/assignments?limit={PAGE}"
UNLIMITED = 10**9  # requests a minute: it is not the limit that is measured


class Sizes(NamedTuple):
    """How many lists in a round, and rounds."""

    asked: int = 150
    rounds: int = 7


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of a list."""
    made = await prepare(folder, 2 * PAGE)
    async with AsyncExitStack() as stack:
        _annotate(made)
        database = await stack.enter_async_context(made.database(made.path))
        await _ship_some(database, made)
        token = await key_of(database, made.factory, SCOPES["factory"])
        port = await stack.enter_async_context(door_of(database))
        ours = await stack.enter_async_context(Client.open(port))
        document = json.loads(await ours.get(LISTED, token))
        if len(document["assignments"]) != PAGE:
            raise RuntimeError(f"{len(document['assignments'])} of {PAGE} were listed")
        least = await stack.enter_async_context(served(_bare(document), lambda: None))
        floor = await stack.enter_async_context(Client.open(least))
        calm_the_collector()
        return await _race(ours, floor, token, sizes)


async def _race(ours: Client, floor: Client, token: str, sizes: Sizes) -> list[Row]:
    times: dict[Client, list[list[float]]] = {ours: [], floor: []}
    for n in range(1 + sizes.rounds):  # the first round only warms
        took: dict[Client, list[float]] = {ours: [], floor: []}
        for _ in range(sizes.asked):
            for client in (ours, floor):
                start = time.perf_counter()
                body = await client.get(LISTED, token)
                took[client].append(time.perf_counter() - start)
        if n:
            times[ours].append(took[ours])
            times[floor].append(took[floor])
    what, words = f"typed list of {PAGE} assignments", f"{sizes.rounds} × {sizes.asked}"
    words = f"{words}; {len(body):,} bytes"
    return [
        Row("api", f"{what}: p50", micros(middle(times[ours])), micros(middle(times[floor])), 6.0,
            measured=words),
        Row("api", f"{what}: p99", micros(p99(times[ours])), micros(p99(times[floor]))),
    ]  # fmt: skip


def _bare(document: Any) -> Bare:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await answer(send, json.dumps(document, ensure_ascii=False).encode())

    return app


def _annotate(made: Prepared) -> None:
    """Let half of the orders have notes: they are masked anew whenever they are shown."""
    with closing(bare(made.path)) as raw:
        raw.execute(
            "UPDATE orders SET buyer_note = '周末送，放驿站', seller_note = '易碎 2 件'"
            " WHERE id % 2 = 0"
        )


async def _ship_some(database: Database[SqlStore], made: Prepared) -> None:
    """Let a quarter have left in a parcel."""
    ship = Services(Rules()).programs.shipping.ship

    def work(store: Store) -> None:
        for one in made.assignments[::4]:
            ship(store, made.factory, LeavingGiven(one, [ParcelGiven(f"SF{one:013d}", "sf")]))

    await database.write(work)


async def key_of(database: Database[SqlStore], actor: Actor, scopes: tuple[Scope, ...]) -> str:
    """Make a key of this shop."""

    def work(store: Store) -> str:
        return Services(Rules()).programs.keys.make(store, actor, "bench", scopes).token

    return await database.write(work)


@asynccontextmanager
async def door_of(database: Database[SqlStore], watch: Watch | None = None) -> AsyncIterator[int]:
    """Open the door for programs on a free port."""
    watch = watch or Watch(_nothing)
    place = Place(database, Services(Rules()), watch)
    app = create_app(_well, place=place, per_minute=UNLIMITED)
    async with served(app, watch.close) as port:
        yield port


async def _nothing(_: int) -> dict[int, int]:
    return {}


async def _well() -> None:
    return None
