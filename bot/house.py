"""What every part of the chat face is given: the database, the use cases, which bot this is."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from bot.guessing import Guesses
from bot.selling import NoSellers, Sellers
from core.ports import Store
from core.programs.webhooks import Posted, Target
from core.services import Services

T = TypeVar("T")
People = OrderedDict[int, tuple[int, str | None]]
Say = Callable[[], Awaitable[object]]
Ping = Callable[[Target], Awaitable[Posted]]


class Database(Protocol):
    """How asynchronous code reaches the Store: one whole piece of work, one visit."""

    async def read(self, work: Callable[[Store], T]) -> T:
        """Run `work` on one snapshot."""
        ...

    async def write(self, work: Callable[[Store], T]) -> T:
        """Run `work` in one transaction."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """One bot's house.

    `address` is where programs of shops find the API, `ping` tries a webhook of theirs.
    `sellers` are the platforms shops can be linked to. `owed` is
    set when alerts were written, `jobs` when work was: they wake the courier and the worker of this
    process at once, instead of at their next look; `hooks` when there is a webhook to send to. The
    courier begins with nothing while the clock is `telling`: what falls due together arrives in one
    message. `outdated` wakes the sweeper when a recipient on a screen is old. `people` remembers
    who wrote lately, so that a press costs no look-up: account and chosen language; `known_people`
    of them, none where another process may meanwhile have changed the language; `hinted` when a
    chat was last told why nobody's messages do nothing; `guesses` who tried made-up links; `late`
    what waits to be said to a group (`bot.late`), and `saying` who says it. What was shown in the
    time that is `lost`, because a backup was put back, means nothing any more (`bot.restored`).
    """

    database: Database
    services: Services
    bot_id: int
    username: str
    address: str = ""
    ping: Ping | None = None
    sellers: Sellers = field(default_factory=NoSellers)
    default_lang: str = "zh_CN"
    protect_recipients: bool = True
    people: People = field(default_factory=OrderedDict)
    known_people: int = 10_000
    hinted: OrderedDict[int, float] = field(default_factory=OrderedDict)
    guesses: Guesses = field(default_factory=Guesses)
    late: dict[int, asyncio.Queue[Say]] = field(default_factory=dict)
    saying: set[asyncio.Task[None]] = field(default_factory=set)
    owed: asyncio.Event = field(default_factory=asyncio.Event)
    outdated: asyncio.Event = field(default_factory=asyncio.Event)
    jobs: asyncio.Event = field(default_factory=asyncio.Event)
    telling: asyncio.Lock = field(default_factory=asyncio.Lock)
    hooks: asyncio.Event = field(default_factory=asyncio.Event)
    lost: tuple[datetime, datetime] | None = None

    def wake(self, *, outdated: bool) -> None:
        """Something was written: the courier looks, and the sweeper where what is shown is old."""
        self.owed.set()
        if outdated:
            self.outdated.set()
