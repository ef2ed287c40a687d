"""A program's list of 50 assignments over HTTP; the floor: the same document by a bare ASGI app.

Both are served by the same uvicorn and asked by the same client over a kept connection, in turn.
The bare one has the document ready as plain values and writes it with `json.dumps`, each time.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import col

from api.app import create_app
from api.place import Place
from api.rates import Rates
from api.watching import Watch
from bench.asking import Bare, Client, answer, served
from bench.figures import Row, micros, middle, p99
from bench.house import Prepared, prepare
from bench.races import Times, calm_the_collector
from core.entities import Order
from core.ports import Store
from core.programs.keys import SCOPES, Scope
from core.programs.parcels import LeavingGiven, ParcelGiven
from core.services import Services
from core.values import Actor, OrderNotes, Rules
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
        database = await stack.enter_async_context(made.database(made.path))
        await database.write(_annotate)
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
    """Ask both in turn. Beside the clock the processor's time is taken: see `bench.races`."""
    rounds: dict[Client, list[Times]] = {ours: [], floor: []}
    for _ in range(1 + sizes.rounds):  # the first round only warms
        for times in rounds.values():
            times.append(Times())
        for n in range(sizes.asked):
            for client, times in rounds.items():
                await times[-1].take(partial(_list, client, token), n)
    mine, least = ([*times[1:]] for times in rounds.values())
    what, words = f"typed list of {PAGE} assignments", f"{sizes.rounds} × {sizes.asked}"
    clock, floor_clock = ([one.clock for one in each] for each in (mine, least))
    busy, floor_busy = ([one.processor for one in each] for each in (mine, least))
    return [
        Row("api", f"{what}: p50", micros(middle(clock)), micros(middle(floor_clock)), 6.0,
            measured=words),
        Row("api", f"{what}: p99", micros(p99(clock)), micros(p99(floor_clock))),
        Row("api", f"{what}: processor", micros(middle(busy)), micros(middle(floor_busy))),
    ]  # fmt: skip


async def _list(client: Client, token: str, _: int) -> None:
    await client.get(LISTED, token)


def _bare(document: Any) -> Bare:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await answer(send, json.dumps(document, ensure_ascii=False).encode())

    return app


def _annotate(store: SqlStore) -> None:
    """Let half of the orders have notes: they are opened and masked whenever they are shown."""
    half = store.session.scalars(select(Order).where(col(Order.id) % 2 == 0)).all()
    notes = OrderNotes("周末送，放驿站", "易碎 2 件")
    store.orders.put_notes([(one, notes) for one in half])


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
    app = create_app(_well, place=place, rates=Rates(UNLIMITED))
    async with served(app, watch.close) as port:
        yield port


async def _nothing(_: int) -> dict[int, int]:
    return {}


async def _well() -> None:
    return None
