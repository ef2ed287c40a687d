"""Two servers programs wait at: ours, and a bare ASGI app that lets one go when it is told to."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from api.watching import Watch
from bench.asking import answer, served
from bench.house import Prepared, sample_ship_from
from bench.programs import door_of, key_of
from core.ids import key
from core.ports import Store
from core.services import Services
from core.values import Actor, Rules

STRANGER = 3001  # a telegram id
EVENTS = "/v1/events"
LONG = "wait=30"


class Scene(NamedTuple):
    """Where programs wait: `asks` returns a path and a key, of who is told or of a stranger.

    `happens` lets the next thing happen and returns when it was written, by the monotonic clock.
    """

    port: int
    waiting: Callable[[], int]
    asks: Callable[[bool], tuple[str, str]]
    happens: Callable[[], Awaitable[float]]


@asynccontextmanager
async def our_scene(made: Prepared) -> AsyncIterator[Scene]:
    """Open the house's own; each thing that happens is an order accepted."""
    async with made.database(made.path) as database:
        services, written = Services(Rules()), list[float]()
        database.after_write(lambda: written.append(time.perf_counter()))
        watch = Watch(lambda after: database.read(lambda s: s.programs.fed_since(after)))
        database.after_write(watch.wrote)

        def opens(store: Store) -> Actor:
            person = services.accounts.meet(store, STRANGER, "陈")
            sender = sample_ship_from()
            shop = services.shops.open(store, key(person), "factory", "别家厂", sender)
            return Actor(key(person), key(shop))

        stranger = await database.write(opens)
        keys = [await key_of(database, one, ("read",)) for one in (stranger, made.factory)]
        accept, left = services.fulfilling.accept, list(made.assignments)

        def asks(told: bool) -> tuple[str, str]:
            return f"{EVENTS}?{LONG}", keys[told]

        async def happens() -> float:
            one = left.pop()
            await database.write(lambda store: accept(store, made.factory, one))
            return written[-1]

        watching = asyncio.create_task(watch.run())
        async with door_of(database, watch) as port:
            yield Scene(port, lambda: watch.waiting, asks, happens)
        watching.cancel()


@asynccontextmanager
async def bare_scene() -> AsyncIterator[Scene]:
    """Open a bare application's."""
    waiting: dict[asyncio.Event, bool] = {}
    body = json.dumps({"events": [{"id": 1, "type": "assignment.accepted"}], "next": 1}).encode()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        query = scope["query_string"].decode()
        if LONG in query:
            mine = asyncio.Event()
            waiting[mine] = "told" in query
            await mine.wait()
            waiting.pop(mine, None)
        await answer(send, body)

    def let_go() -> None:
        for one in list(waiting):
            one.set()

    async def happens() -> float:
        start = time.perf_counter()
        next(one for one, told in waiting.items() if told).set()
        return start

    def asks(told: bool) -> tuple[str, str]:
        return f"{EVENTS}?{LONG}{'&told' if told else ''}", ""

    async with served(app, let_go) as port:
        yield Scene(port, lambda: len(waiting), asks, happens)
