"""What a process shares with the house's others over one PostgreSQL, and Redis where there is one.

On a SQLite file there is one process, and nothing of this.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL

from api.rates import Rates
from app.leading import Leading
from bot.flood import BURST, PER_SECOND, Flood
from bot.guessing import Guesses
from bot.inbox import Lane
from storage.leases import Leases, lease_engine
from storage.turns import Turns
from storage.waking import NotifyCarrier

if TYPE_CHECKING:
    from sharing.link import Link
    from sharing.waking import Carrier

Start = Callable[[Coroutine[Any, Any, None], str], None]

PAUSE: Final = 0.1  # seconds between two looks at what others wrote


@dataclass(slots=True)
class Together:
    """One process among several: who leads, whose turn it is, what the others wrote or counted.

    `heard` are called, a few times a second at most, after others wrote: they look by reading, for
    a write of theirs would wake the others in turn.
    """

    leases: Leases
    turns: Turns
    lane: Lane
    carrier: "Carrier"
    link: "Link | None" = None
    leading: list[Leading] = field(default_factory=list)
    heard: list[Callable[[], object]] = field(default_factory=list)
    _beside: list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]] = field(default_factory=list)
    _wrote: asyncio.Event = field(default_factory=asyncio.Event)

    def share(self, flood: Flood, guesses: Guesses, rates: Rates) -> None:
        """Let what is counted here hold for the others, where there is a Redis."""
        if self.link is None:
            return
        from sharing.channels import Channel
        from sharing.link import RedisAway
        from sharing.tallies import Kind, Tally

        floods = Tally(
            self.link, Kind("flood", BURST, PER_SECOND),
            lambda who, left, calm: flood.heard(int(who), left, calm),
        )  # fmt: skip
        calls = Tally(
            self.link, Kind("calls", rates.per_minute, rates.per_minute / 60),
            lambda who, left, _: rates.heard(bytes.fromhex(who), left),
        )  # fmt: skip
        guessed = Channel(self.link, "guessed")
        saying = set[asyncio.Task[None]]()

        async def say(person: int) -> None:
            try:
                await guessed.say(str(person))
            except RedisAway:
                return  # it counts here

        def said(person: int) -> None:
            task = asyncio.create_task(say(person))
            saying.add(task)
            task.add_done_callback(saying.discard)

        flood.share = lambda person, n, calm: floods.spent(str(person), n, calm)
        rates.share = lambda name: calls.spent(name.hex())
        guesses.share = said
        self._beside += [
            ("floods", floods.run), ("calls", calls.run),
            ("guesses", lambda: guessed.listen(lambda word: guesses.heard(int(word)))),
        ]  # fmt: skip

    def start(self, start: Start) -> None:
        """Begin to listen and to tell."""
        start(self.carrier.run(self._wrote.set), "others")
        start(self._look(), "others' writes")
        while self._beside:
            name, work = self._beside.pop()
            start(work(), name)

    async def _look(self) -> None:
        while True:
            await self._wrote.wait()
            self._wrote.clear()
            for look in self.heard:
                look()
            await asyncio.sleep(PAUSE)


@asynccontextmanager
async def together(url: URL, redis: str | None) -> AsyncIterator[Together]:
    """Open what processes share, for the length of the block."""
    async with AsyncExitStack() as stack:
        engines = [lease_engine(url) for _ in range(2)]
        for engine in engines:
            stack.push_async_callback(engine.dispose)
        turns = Turns(engines[1])
        stack.push_async_callback(turns.close)
        one = Together(Leases(engines[0]), turns, partial(_in_chat, turns), NotifyCarrier(url))
        if redis is not None:
            from sharing.lanes import RedisLanes
            from sharing.link import linked
            from sharing.waking import RedisCarrier

            one.link = await stack.enter_async_context(linked(redis))
            lanes = RedisLanes(one.link, one.lane)
            one.lane, one.carrier = lanes.lane, RedisCarrier(one.link, one.carrier)
            one._beside.append(("lanes", lanes.run))
        yield one


def _in_chat(turns: Turns, chat: int, _update: int) -> AbstractAsyncContextManager[None]:
    return turns.alone(f"chat {chat}")
