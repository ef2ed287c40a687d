"""getUpdates with real long polling: one poller a bot, updates kept until the offset passes."""

import asyncio
from collections import defaultdict

from playground.errors import ApiError
from playground.methods import Call
from playground.methods.webhooks import keep_allowed
from playground.world import World

LONGEST = 50
_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_OTHER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class Polling:
    """The newest poller wins: the one that waited is told 409, as the official server does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn: dict[int, int] = defaultdict(int)

    async def get_updates(self, call: Call) -> str:
        """The result as JSON text. Waits up to `timeout` seconds (at most 50) for something."""
        bot = call.bot
        self._turn[bot.id] += 1
        turn = self._turn[bot.id]
        bell = f"updates/{bot.id}"
        self._world.bells.ring(bell)
        offset = self._begin(call)
        limit = min(100, max(1, call.get("limit", 100)))
        loop = asyncio.get_running_loop()
        until = loop.time() + min(LONGEST, max(0, call.get("timeout", 0)))
        while True:
            if self._turn[bot.id] != turn:
                raise ApiError(409, _OTHER)
            if "webhook" in self._world.rooms.settings(bot):
                raise ApiError(409, _WEBHOOK)
            with self._world.transaction():
                found = self._world.updates.hand_out(bot, offset, limit, self._world.now())
            left = until - loop.time()
            if found or left <= 0 or self._world.bells.closed:
                return f"[{','.join(found)}]"
            await self._world.bells.wait(bell, left)

    def _begin(self, call: Call) -> int:
        world, bot = self._world, call.bot
        offset: int = call.get("offset", 0)
        settings = world.rooms.settings(bot)
        if "webhook" in settings:
            raise ApiError(409, _WEBHOOK)
        with world.transaction():
            if keep_allowed(settings, call.get("allowed_updates")):
                world.rooms.keep_settings(bot, settings)
            if offset > 0:
                world.updates.acknowledge_below(bot, offset)
            elif offset < 0:
                world.updates.forget_all_but(bot, -offset)
        return max(0, offset)
