"""The inbox: every update handled once at a time, in order within its chat, chats side by side.

Telegram keeps an update until it is acknowledged, and it is acknowledged only after `accept`
returned. So whoever brings updates (polling, the webhook) awaits `accept`, and nothing is lost
when the process dies in between: the update comes again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from functools import partial
from typing import Any, Final, TypeVar

import structlog

from bot.ending import ending
from bot.flood import Flood
from bot.house import House
from core.errors import CannotKeep
from core.ports import Store

T = TypeVar("T")
log = structlog.stdlib.get_logger(__name__)

Raw = dict[str, Any]
Feed = Callable[[Raw], Awaitable[object]]
Calm = Callable[..., None]
Tell = Callable[[int, str | None], Awaitable[object]]
Lane = Callable[[int, int], AbstractAsyncContextManager[None]]  # of a chat and an update's number

UNKEPT: Final = 1.0  # seconds before the next try while nothing can be kept; doubles
UNKEPT_LONGEST: Final = 10.0
SLOW_AFTER: Final = 5.0  # seconds; longer work belongs in a job
# Kinds a person sent on purpose and expects an answer to.
_ASKED_FOR: Final = frozenset({"message", "edited_message", "callback_query"})


class InboxClosed(Exception):
    """The process is ending: the update was not handled and must come again."""


class Inbox:
    """`feed` handles one raw update; `tell(chat, language)` says sorry for one that cannot be.

    `calm(raw, first=…)` is called with what is dropped because its person sends too fast;
    `later(chat, language)` says that it waits, because nothing can be kept just now. `pauses` are
    the seconds before the second and the third try. `lane` keeps the bot's other processes out of
    a chat meanwhile.
    """

    def __init__(
        self,
        house: House,
        feed: Feed,
        tell: Tell,
        *,
        pauses: tuple[float, ...] = (0.3, 1.5),
        slow_after: float = SLOW_AFTER,
        calm: Calm | None = None,
        flood: Flood | None = None,
        later: Tell | None = None,
        unkept: float = UNKEPT,
        lane: Lane | None = None,
    ) -> None:
        self._house = house
        self._feed = feed
        self._tell = tell
        self._pauses = pauses
        self._slow_after = slow_after
        self._flying: dict[int, asyncio.Task[None]] = {}
        # The newest update of each chat; those before it are its predecessors, one by one.
        self._newest: dict[int, asyncio.Task[None]] = {}
        self._later = later
        self._unkept = unkept
        self._told_later: set[int] = set()  # chats, until something of theirs is kept again
        self._closing = asyncio.Event()
        self._calm, self.flood = calm, flood or Flood()
        self._lane = lane
        self.dropped = 0  # updates, since the start
        self.handled_at: float | None = None  # when the last one was, by `time.monotonic`

    async def accept(self, raw: Raw) -> None:
        """Return once the update is handled, dropped, or recorded as poisoned and its person told.

        An update that is in flight already is awaited, not run twice. Cancelling the caller leaves
        the handler running: it may be in the middle of a commit. Raises `InboxClosed`, and what
        the database raises when not even the poison could be recorded: do not acknowledge then.
        """
        update_id: int = raw["update_id"]
        task = self._flying.get(update_id)
        if task is None:
            if self._closing.is_set():
                raise InboxClosed
            if self._floods(raw):
                return
            task = self._start(update_id, raw)
        await asyncio.wait({task})
        if task.cancelled():
            raise InboxClosed
        task.result()

    @property
    def flying(self) -> int:
        """Return how many updates are being handled or wait for their chat."""
        return len(self._flying)

    async def close(self, patience: float = 10.0) -> None:
        """Take no more, let handlers finish for `patience` seconds, then cancel the rest."""
        self._closing.set()
        left = set(self._flying.values())
        if left:
            _, left = await asyncio.wait(left, timeout=patience)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)

    def _start(self, update_id: int, raw: Raw) -> asyncio.Task[None]:
        lane = chat_of(raw)
        task = asyncio.create_task(
            self._in_turn(raw, self._newest.get(lane)), name=f"update {update_id}"
        )
        self._flying[update_id] = self._newest[lane] = task

        def landed(done: asyncio.Task[None]) -> None:
            del self._flying[update_id]
            self.handled_at = time.monotonic()
            if self._newest.get(lane) is done:
                del self._newest[lane]

        task.add_done_callback(landed)
        return task

    def _floods(self, raw: Raw) -> bool:
        """Drop what comes too fast from one person; what a group says of itself never is."""
        person = _person_of(raw)
        if not person or kind_of(raw) not in _ASKED_FOR or "migrate_to_chat_id" in _body(raw):
            return False
        verdict = self.flood.comes(person)
        if verdict == "taken":
            return False
        self._drop(raw, first=verdict == "first")
        return True

    def _drop(self, raw: Raw, *, first: bool) -> None:
        self.dropped += 1
        if first:
            log.warning("somebody sends too fast", kind=kind_of(raw))
        if self._calm is not None:
            self._calm(raw, first=first)

    async def _in_turn(self, raw: Raw, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
            del before  # else a busy chat's whole past would hang on its newest update
            if kind_of(raw) in _ASKED_FOR and self.flood.calmed(_person_of(raw)):
                self._drop(raw, first=False)  # of a flood, what has not begun
                return
        lane = nullcontext() if self._lane is None else self._lane(chat_of(raw), raw["update_id"])
        async with lane:
            await self._handle(raw)

    async def _handle(self, raw: Raw) -> None:
        for tried, pause in enumerate((*self._pauses, None), start=1):
            error = await self._kept(raw, partial(self._try, raw))
            if error is None:
                return
            log.warning(
                "an update failed",
                update=raw["update_id"],
                kind=kind_of(raw),
                tried=tried,
                error=type(error).__name__,
                where=_where(error),
            )
            if pause is None:
                await self._poison(raw, error)
            else:
                await asyncio.sleep(pause)

    async def _try(self, raw: Raw) -> BaseException | None:
        timer = asyncio.get_running_loop().call_later(
            self._slow_after,
            lambda: log.warning("an update is slow", update=raw["update_id"], kind=kind_of(raw)),
        )
        try:
            await self._feed(raw)
        except asyncio.CancelledError as error:
            if ending():
                raise  # no fault of the update
            return error
        except CannotKeep:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must stall nobody
            return error
        finally:
            timer.cancel()
        return None

    async def _kept(self, raw: Raw, work: Callable[[], Awaitable[T]]) -> T:
        """Do it as often as it takes until it can be kept: no fault of the update.

        What came after it in its chat waits too, so order stands; its person is told once.
        Raises `InboxClosed`.
        """
        pause = self._unkept
        while True:
            try:
                result = await work()
            except CannotKeep as error:
                log.error("nothing can be kept", update=raw["update_id"], again_in=pause,
                          error=type(error).__name__)  # fmt: skip
            else:
                self._told_later.discard(chat_of(raw))
                return result
            await self._put_off(raw)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._closing.wait()
                raise InboxClosed
            pause = min(pause * 2, UNKEPT_LONGEST)

    async def _put_off(self, raw: Raw) -> None:
        chat = chat_of(raw)
        if self._later is None or kind_of(raw) not in _ASKED_FOR or chat in self._told_later:
            return
        self._told_later.add(chat)

        def language(store: Store) -> str | None:
            account = store.accounts.by_telegram(_person_of(raw))
            return account.lang if account else None

        try:
            await self._later(chat, await self._house.database.read(language))
        except Exception as silent:  # noqa: BLE001 - it is done later all the same
            log.warning("nobody could be told", update=raw["update_id"],
                        error=type(silent).__name__)  # fmt: skip

    async def _poison(self, raw: Raw, error: BaseException) -> None:
        kind = kind_of(raw)

        def record(store: Store) -> str | None:
            name = type(error).__name__
            store.chats.poison(self._house.bot_id, raw["update_id"], kind, name)
            account = store.accounts.by_telegram(_person_of(raw))
            return account.lang if account else None

        lang = await self._kept(raw, partial(self._house.database.write, record))
        log.error("an update was given up", update=raw["update_id"], kind=kind)
        if kind not in _ASKED_FOR:
            return
        try:
            await self._tell(chat_of(raw), lang)
        except Exception as silent:  # noqa: BLE001 - it is acknowledged all the same
            log.warning(
                "nobody could be told", update=raw["update_id"], error=type(silent).__name__
            )


def kind_of(raw: Raw) -> str:
    """Return what an update brings: `message`, `callback_query` …"""
    return next((name for name in raw if name != "update_id"), "nothing")


def chat_of(raw: Raw) -> int:
    """Return the chat an update belongs to, else the person's id, else 0."""
    body = _body(raw)
    chat = body.get("chat") or (body.get("message") or {}).get("chat")
    return int(chat["id"]) if chat else _person_of(raw)


def _person_of(raw: Raw) -> int:
    sender = _body(raw).get("from") or {}
    return int(sender.get("id", 0))


def _body(raw: Raw) -> Raw:
    body = raw.get(kind_of(raw))
    return body if isinstance(body, dict) else {}


def _where(error: BaseException) -> str:
    """Return file and line where it was raised; an error's own words may hold people's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
