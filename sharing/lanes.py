"""One update of a chat at a time, whichever process it came to: a queue per chat in Redis.

Telegram itself sends a chat's next update once the one before was answered; two of one chat meet
only where an answer took longer than Telegram waits, or where processes change places. Then the one
with the lower number goes first. Business never depends on it: marks and transactions do that. So
Redis may be emptied, or away: `otherwise` keeps the order then.
"""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import Final

from redis.asyncio import Redis

from sharing.link import PREFIX, Link, RedisAway

Lane = Callable[[int, int], AbstractAsyncContextManager[None]]  # of a chat and an update's number

ALIVE: Final = 10.0  # seconds after its last word until a process counts as dead
ASK_AGAIN: Final = (0.01, 0.1)  # seconds between the first and the later looks whether it is free

# Who is in the lane stands first with 0; who waits, by the number of its update. One whose process
# is dead is taken out.
_ENTER: Final = """
redis.call('SET', KEYS[2], '1', 'PX', ARGV[4])
redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], 600000)
while true do
  local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if first == ARGV[1] then
    redis.call('ZADD', KEYS[1], 0, first)
    return 1
  end
  if redis.call('EXISTS', ARGV[3] .. string.match(first, '^[^:]*')) == 1 then return 0 end
  redis.call('ZREM', KEYS[1], first)
end
"""


class RedisLanes:
    """The chats' lanes, as one process enters them."""

    def __init__(self, link: Link, otherwise: Lane, *, alive: float = ALIVE) -> None:
        self._link, self._otherwise, self._alive = link, otherwise, alive
        self._run = secrets.token_hex(8)
        self._enter = link.redis.register_script(_ENTER)
        self._places = itertools.count()
        self._left: set[tuple[int, str]] = set()  # places that Redis is still to be told of

    @asynccontextmanager
    async def lane(self, chat: int, update: int) -> AsyncIterator[None]:
        """Have the chat to oneself within the block."""
        place = chat, f"{self._run}:{next(self._places)}"
        entered = await self._entered(*place, update)
        async with nullcontext() if entered else self._otherwise(chat, update):
            try:
                yield
            finally:
                self._left.add(place)
                await self.leave()

    async def run(self) -> None:
        """Say that this process lives, until cancelled: its places are kept for it."""
        while True:
            with suppress(RedisAway):  # nobody else can look either
                await self._link.ask(self._say_alive)
            await self.leave()
            await asyncio.sleep(self._alive / 3)

    async def _say_alive(self, redis: Redis) -> None:
        await redis.set(self._living(), "1", px=int(self._alive * 1000))

    async def _entered(self, chat: int, who: str, update: int) -> bool:
        """Wait until the lane is free, and be in it; False where Redis is away."""
        pause, longest = ASK_AGAIN
        args: list[str | int] = [who, update + 1, f"{PREFIX}alive:", int(self._alive * 1000)]
        keys = [_key(chat), self._living()]
        try:
            while not await self._link.ask(lambda _: self._enter(keys=keys, args=args)):
                await asyncio.sleep(pause)
                pause = min(pause * 2, longest)
        except RedisAway:
            return False
        except asyncio.CancelledError:
            self._left.add((chat, who))
            raise
        return True

    async def leave(self) -> None:
        """Give back the places that were left; Redis away, it is told when it is there again."""
        left = tuple(self._left)

        async def tell(redis: Redis) -> None:
            for chat, who in left:
                await redis.zrem(_key(chat), who)

        with suppress(RedisAway):
            await self._link.ask(tell)
            self._left.difference_update(left)

    def _living(self) -> str:
        return f"{PREFIX}alive:{self._run}"


def _key(chat: int) -> str:
    return f"{PREFIX}lane:{chat}"
