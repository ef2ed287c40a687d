"""Our own polling: an update is acknowledged only once it is handled.

getUpdates acknowledges everything below its offset (https://core.telegram.org/bots/api#getupdates),
and ready-made loops move the offset before the handlers are done: a kill then loses updates. Here
the offset never passes the oldest unfinished update; what Telegram returns again meanwhile is known
and ignored.
"""

import asyncio
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
    """

    def __init__(
        self,
        bot: Bot,
        inbox: Inbox,
        *,
        timeout: int = 30,
        glance: float = 0.2,
        pause: float = 1.0,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._timeout = timeout
        self._glance = glance
        self._first_pause = self._pause = pause
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
        except AiogramError as error:
            await asyncio.sleep(self._pause_after(error))
            return
        self._pause = self._first_pause
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
        if isinstance(error, TelegramConflictError):
            log.error(
                "somebody else takes this bot's updates: stop the other run, or delete its webhook",
                again_in=pause,
            )
        elif isinstance(error, TelegramRetryAfter):
            pause = max(pause, float(error.retry_after))
            log.warning("Telegram asks for patience", again_in=pause)
        else:
            log.warning("no updates", error=type(error).__name__, again_in=pause)
        return pause

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
