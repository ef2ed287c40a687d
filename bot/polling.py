"""Our own polling: an update is acknowledged only once it is handled.

getUpdates acknowledges everything below its offset (https://core.telegram.org/bots/api#getupdates),
and ready-made loops move the offset before the handlers are done: a kill then loses updates. Here
the offset never passes the oldest unfinished update; what Telegram returns again meanwhile is known
and ignored.
"""

import asyncio
import math
from itertools import chain, repeat
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.ending import PATIENCE
from bot.inbox import Inbox, InboxClosed

log = structlog.stdlib.get_logger(__name__)

ALLOWED_UPDATES: Final = ("message", "callback_query", "my_chat_member")
LONGEST_PAUSE: Final = 30.0  # seconds between tries while Telegram cannot be reached
LAST_WORD: Final = 1.5  # seconds for the last acknowledgement when the process ends
SETTLED: Final = 60.0  # seconds of polling after which a run is the one that serves
STANDING_BY: Final = (3.0, 30.0)  # seconds before the first and the further looks whether it ended
LISTENING: Final = 5.0  # seconds nobody else may poll before its place is taken: pauses are shorter
LISTEN_AGAIN: Final = 0.5  # seconds between two questions where updates wait


class TokenRefused(Exception):
    """Telegram does not know this bot token; trying again would not help."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refused the bot token. Ask @BotFather for the present one "
            "and put it into DAIFA_BOT_TOKEN."
        )


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, its answer left as it came: who handles an update parses it."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = 100
    timeout: int = 0
    allowed_updates: list[str]


class Polling:
    """Brings a bot's updates to its inbox until cancelled.

    `timeout` is the long poll's, in seconds (Telegram takes up to 50). `glance` is how often it
    looks for new updates while others are unfinished; `pause` is the first one after an error.

    Of two runs of one bot the newest poll ends the other's with a conflict. So a run that has not
    polled for `settled` seconds yet takes a conflict for the sign that another serves, and stands
    by after two: now and then it listens, taking nothing, and goes on once nobody disturbs it. One
    that has settled polls again at once.
    """

    def __init__(
        self,
        bot: Bot,
        inbox: Inbox,
        *,
        timeout: int = 30,
        glance: float = 0.2,
        pause: float = 1.0,
        settled: float = SETTLED,
        standing_by: tuple[float, ...] = STANDING_BY,
        listening: float = LISTENING,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._timeout = timeout
        self._glance = glance
        self._first_pause = self._pause = pause
        self._settled = settled
        self._standing_by = standing_by
        self._listening = listening
        self._serving_since: float | None = None
        self._conflicts = 0  # one after the other
        self._unfinished: dict[int, asyncio.Task[None]] = {}
        self._finished: set[int] = set()  # handled, but above the oldest unfinished
        self._next: int | None = None

    async def run(self) -> None:
        """Poll until cancelled; then let what is in flight finish, and acknowledge it.

        Raises `TokenRefused`.
        """
        try:
            while True:
                await self._round()
        finally:
            await self._finish()

    @property
    def offset(self) -> int | None:
        """Return the oldest unfinished update, else the one after the newest seen."""
        return min(self._unfinished, default=self._next)

    async def _round(self) -> None:
        self._forget_acknowledged()
        try:
            for raw in await self._ask(0 if self._unfinished else self._timeout):
                self._take(raw)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise TokenRefused from None
        except TelegramConflictError:
            await self._contested()
            return
        except AiogramError as error:
            await asyncio.sleep(self._pause_after(error))
            return
        self._pause, self._conflicts = self._first_pause, 0
        self._serving_since = self._serving_since or _clock()
        if self._unfinished:
            await asyncio.wait(self._unfinished.values(), timeout=self._glance)

    async def _ask(self, timeout: int, limit: int = 100) -> list[dict[str, Any]]:  # noqa: ASYNC109
        method = RawUpdates(
            offset=self.offset,
            limit=limit,
            timeout=timeout,
            allowed_updates=list(ALLOWED_UPDATES),
        )
        return await self._bot(method, request_timeout=timeout + 10)

    def _take(self, raw: dict[str, Any]) -> None:
        update_id: int = raw["update_id"]
        self._next = max(update_id + 1, self._next or 0)
        if update_id not in self._unfinished and update_id not in self._finished:
            self._unfinished[update_id] = asyncio.create_task(self._handle(raw))

    async def _handle(self, raw: dict[str, Any]) -> None:
        update_id: int = raw["update_id"]
        pause = self._first_pause
        while True:
            try:
                await self._inbox.accept(raw)
            except InboxClosed:
                # It stays unfinished, so the offset never passes it.
                await asyncio.Event().wait()
            except Exception as error:  # noqa: BLE001 - unrecorded, so it must not be acknowledged
                log.error("an update could not even be given up", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                break
        self._finished.add(update_id)
        del self._unfinished[update_id]

    def _forget_acknowledged(self) -> None:
        if self.offset is not None:
            self._finished = {known for known in self._finished if known >= self.offset}

    def _pause_after(self, error: AiogramError) -> float:
        """Log why Telegram gave no updates; return how long to wait, growing."""
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        if isinstance(error, TelegramRetryAfter):
            pause = max(pause, float(error.retry_after))
            log.warning("Telegram asks for patience", again_in=pause)
        else:
            log.warning("no updates", error=type(error).__name__, again_in=pause)
        return pause

    async def _contested(self) -> None:
        """Somebody else polls, or a webhook is set: hold the place, or wait for it."""
        log.error(
            "somebody else takes this bot's updates: stop the other run, or delete its webhook"
        )
        self._conflicts += 1
        since = self._serving_since
        settled = since is not None and _clock() - since >= self._settled
        if settled or self._conflicts == 1:  # the first may be our own poll, cut off and forgotten
            await asyncio.sleep(self._first_pause)
            return
        for pause in chain(self._standing_by, repeat(self._standing_by[-1])):
            log.error("another run serves this bot; this one waits", again_in=pause)
            await asyncio.sleep(pause)
            if await self._undisturbed():
                break
        self._serving_since = _clock() - self._settled

    async def _undisturbed(self) -> bool:
        """Listen without taking or acknowledging anything; False when somebody else polls."""
        until = _clock() + self._listening
        while (left := until - _clock()) > 0:
            method = RawUpdates(
                limit=1, timeout=math.ceil(left), allowed_updates=list(ALLOWED_UPDATES)
            )
            try:
                async with asyncio.timeout(left):
                    await self._bot(method, request_timeout=math.ceil(left) + 10)
            except TimeoutError:
                return True
            except AiogramError:
                return False
            await asyncio.sleep(min(left, LISTEN_AGAIN))
        return True

    async def _finish(self) -> None:
        if self._unfinished:
            await asyncio.wait(self._unfinished.values(), timeout=PATIENCE)
        left = list(self._unfinished.values())
        try:
            if self.offset is not None:
                async with asyncio.timeout(LAST_WORD):
                    await self._ask(0, limit=1)
        except (AiogramError, TimeoutError) as error:
            log.warning("the last updates may come again", error=type(error).__name__)
        finally:
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)


def _clock() -> float:
    return asyncio.get_running_loop().time()
