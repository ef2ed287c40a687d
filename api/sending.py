"""Who sends what is owed to webhooks: woken by every write, and when something falls due.

Everything stands in the database. What is under way when the house dies is due again a minute
later: it may come twice, under the same message id, and is never lost.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from api.place import Database
from core.ports import Store
from core.programs.delivering import AFTER, LANES, Delivering, Letter, Outcome, Outlook
from core.programs.webhooks import Posted, Target

ROOM: Final = 64  # messages under way at once, to all webhooks
RETRY: Final = 2.0  # seconds after the database failed
LONGEST: Final = 60.0  # seconds until the next look, if nothing wakes it: the clock may be set

log = structlog.stdlib.get_logger(__name__)


class Posts(Protocol):
    """One try to post a message."""

    async def post(self, target: Target, message_id: str, body: str) -> Posted:
        """Post it, and say what became of it."""
        ...


class Sender:
    """Sends to webhooks until cancelled; `told` is called when a shop is owed news of one.

    `woken` is set by whoever adds a webhook, or switches one on.
    """

    def __init__(
        self, database: Database, delivering: Delivering, poster: Posts, told: Callable[[], object],
        woken: asyncio.Event | None = None, *, retry: float = RETRY,
    ) -> None:  # fmt: skip
        self._database = database
        self._delivering = delivering
        self._poster = poster
        self._told = told
        self._retry = retry
        self._woken = woken or asyncio.Event()
        self._idle = False  # there is no webhook: nothing that is written concerns us
        self._waiting = False
        self._busy: Counter[int] = Counter()
        self._resting: dict[int, datetime] = {}  # who asked to be left alone, until when
        self._done: list[Outcome] = []

    @property
    def waiting(self) -> bool:
        """Return whether there is nothing to do but to wait."""
        return self._waiting and not self._woken.is_set()

    def wrote(self) -> None:
        """Something was committed: look, if there is anybody to send to."""
        if not self._idle:
            self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; what is under way then is sent again at the next start."""
        async with asyncio.TaskGroup() as under_way:
            while True:
                self._woken.clear()
                try:
                    outlook = await self._round(under_way)
                except Exception as error:  # noqa: BLE001 - what is owed waits; so do we
                    log.error("webhooks cannot be looked at", error=type(error).__name__)
                    await asyncio.sleep(self._retry)
                    continue
                if not outlook.now:
                    self._idle = not (outlook.any or self._busy)
                    await self._wait(outlook)

    async def _round(self, under_way: asyncio.TaskGroup) -> Outlook:
        """Settle what was sent, then begin with what can be sent now."""
        await self._settle()
        room = ROOM - self._busy.total()
        outlook = await self._look(room)
        if outlook.now:
            for letter in await self._claim(room):
                self._busy[letter.target.webhook_id] += 1
                under_way.create_task(self._send(letter))
        return outlook

    async def _look(self, room: int) -> Outlook:
        def work(store: Store) -> Outlook:
            return self._delivering.look(store, room, self._taken(store.now))

        return await self._database.read(work)

    async def _claim(self, room: int) -> Sequence[Letter]:
        """Owe a slice of what has happened, then take what can be sent."""

        def work(store: Store) -> Sequence[Letter]:
            self._delivering.owe(store)
            return self._delivering.claim(store, room, self._taken(store.now))

        return await self._database.write(work)

    def _taken(self, now: datetime) -> dict[int, int]:
        """Return the lanes that are in use; all of them where a receiver is left alone."""
        resting = [one for one, until in self._resting.items() if until > now]
        return {**self._busy, **dict.fromkeys(resting, LANES)}

    async def _settle(self) -> None:
        done = tuple(self._done)
        if not done:
            return

        def work(store: Store) -> tuple[bool, datetime]:
            return self._delivering.settle(store, done), store.now

        told, now = await self._database.write(work)
        if told:
            self._told()
        for one in done:
            if one.after:
                self._resting[one.webhook_id] = now + timedelta(seconds=min(one.after, AFTER))
        self._resting = {one: until for one, until in self._resting.items() if until > now}
        del self._done[: len(done)]
        self._busy -= Counter(one.webhook_id for one in done)

    async def _send(self, letter: Letter) -> None:
        webhook_id = letter.target.webhook_id
        try:
            posted = await self._poster.post(letter.target, letter.id, letter.body)
        except Exception as error:  # noqa: BLE001 - no address may end the house's work
            log.error("a webhook cannot be posted to", webhook=webhook_id, error=repr(error))
            posted = Posted(None, "broken", 0)
        self._done.append(Outcome(webhook_id, letter.feed_id, posted.why, posted.after))
        self._woken.set()

    async def _wait(self, outlook: Outlook) -> None:
        """Wait for a write, an answer, or what falls due next."""
        seconds = LONGEST
        if outlook.next is not None:
            # Due already, but every lane there is taken: another one's may fall due meanwhile.
            seconds = (outlook.next - outlook.seen_at).total_seconds()
            seconds = min(LONGEST, seconds if seconds > 0 else 1.0)
        self._waiting = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._waiting = False
