"""What each process counted, told to the others a few times a second: limits hold for all of them.

Every process goes on judging by its own buckets, at once and without asking anybody; what it spent
goes to Redis beside that, and what is left for all of them comes back. So a limit shared among
several processes may be overstepped by what comes within `EVERY`, and never costs a round trip.
Redis away, or emptied: each goes by its own count, as one process alone does.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sharing.link import PREFIX, Link, RedisAway

EVERY: Final = 0.1  # seconds between two exchanges
KNOWN: Final = 10_000  # names that wait for an exchange; others are told of when they come again

# A bucket refills by the clock of Redis, one for all. It may owe as much as it holds: who
# overstepped in several processes at once waits for all of it. The longest bar counts.
_BUCKET: Final = """
local size, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local n, bar = tonumber(ARGV[3]), tonumber(ARGV[4])
local at = redis.call('TIME')
local now = tonumber(at[1]) + tonumber(at[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'bar')
local tokens = tonumber(kept[1] or size) + (now - tonumber(kept[2] or now)) * rate
local until_ = math.max(tonumber(kept[3] or 0), bar > 0 and now + bar or 0)
tokens = math.max(-size, math.min(size, tokens) - n)
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now, 'bar', until_)
redis.call('PEXPIRE', KEYS[1], math.ceil(math.max(2 * size / rate, until_ - now) * 1000) + 1000)
return {tostring(tokens), tostring(math.max(0, until_ - now))}
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """Buckets of one kind: each holds `size` and fills up by `per_second`."""

    name: str
    size: float
    per_second: float


@dataclass(slots=True)
class _Spent:
    n: float = 0.0
    barred: float = 0.0


# Who, what is left for all processes together (less than nothing where they overstepped), and for
# how many seconds more nothing of theirs is taken.
Heard = Callable[[str, float, float], object]


class Tally:
    """The buckets of one kind, as all processes together have spent from them."""

    def __init__(self, link: Link, kind: Kind, heard: Heard, *, every: float = EVERY) -> None:
        self._link, self._kind, self._heard, self._every = link, kind, heard, every
        self._script = link.redis.register_script(_BUCKET)
        self._spent: dict[str, _Spent] = {}
        self._some = asyncio.Event()

    def spent(self, who: str, n: float = 1.0, barred: float = 0.0) -> None:
        """So much was spent here, and nothing is taken for so many seconds; returns at once."""
        if len(self._spent) >= KNOWN and who not in self._spent:
            return
        one = self._spent.setdefault(who, _Spent())
        one.n += n
        one.barred = max(one.barred, barred)
        self._some.set()

    async def run(self) -> None:
        """Exchange until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(self._every)
            await self.exchange()

    async def exchange(self) -> None:
        """Tell what was spent here since the last time, and hear what is left."""
        told, self._spent = self._spent, {}
        self._some.clear()
        try:
            answers = await self._link.ask(lambda _: self._ask(told))
        except RedisAway:
            return  # what was spent here is known here
        for who, (tokens, barred) in zip(told, answers, strict=True):
            since = self._spent.get(who)
            self._heard(who, float(tokens) - (since.n if since else 0.0), float(barred))

    async def _ask(self, told: dict[str, _Spent]) -> Sequence[Any]:
        kind = self._kind
        async with self._link.redis.pipeline(transaction=False) as pipe:
            for who, one in told.items():
                key, figures = f"{PREFIX}{kind.name}:{who}", (kind.size, kind.per_second)
                await self._script(keys=[key], args=[*figures, one.n, one.barred], client=pipe)
            answers: Sequence[Any] = await pipe.execute()
        return answers
