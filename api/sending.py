"""Who sends what is owed to webhooks: woken by every write, and when something falls due.

Everything stands in the database. What is under way when the house dies is due again a minute
later: it may come twice, under the same message id, and is never lost.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import structlog

from api.door import Database
from core.ports import Store
from core.programs.delivering import Delivering, Letter, Outcome, Outlook
from core.programs.webhooks import Posted, Target

ROOM: Final = 64  # messages under way at once, to all webhooks
LONGEST: Final = 60.0  # seconds until the next look, if nothing wakes it: the clock may be set

log = structlog.stdlib.get_logger(__name__)


class Posts(Protocol):
    """One try to post a message."""

    async def post(self, target: Target, message_id: str, body: str) -> Posted:
        """Post it, and say what became of it."""
        ...


class Sender:
    """Sends to webhooks until cancelled; `told` is called when a shop is owed news of one."""

    def __init__(
        self, database: Database, delivering: Delivering, poster: Posts, told: Callable[[], object]
    ) -> None:
        self._database = database
        self._delivering = delivering
        self._poster = poster
        self._told = told
        self._woken = asyncio.Event()
        self._busy: Counter[int] = Counter()
        self._done: list[Outcome] = []

    def wrote(self) -> None:
        """Something was committed: look."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; what is under way then is sent again at the next start."""
        async with asyncio.TaskGroup() as under_way:
            while True:
                self._woken.clear()
                await self._settle()
                room = ROOM - self._busy.total()
                outlook = await self._look(room)
                if outlook.now:
                    for letter in await self._claim(room):
                        self._busy[letter.target.webhook_id] += 1
                        under_way.create_task(self._send(letter))
                else:
                    await self._wait(outlook)

    async def _look(self, room: int) -> Outlook:
        busy = dict(self._busy)
        return await self._database.read(lambda store: self._delivering.look(store, room, busy))

    async def _claim(self, room: int) -> Sequence[Letter]:
        """Owe a slice of what has happened, then take what can be sent."""
        busy = dict(self._busy)

        def work(store: Store) -> Sequence[Letter]:
            self._delivering.owe(store)
            return self._delivering.claim(store, room, busy)

        return await self._database.write(work)

    async def _settle(self) -> None:
        done, self._done = self._done, []

        def work(store: Store) -> bool:
            return self._delivering.settle(store, done)

        told = await self._database.write(work) if done else False
        if told:
            self._told()
        self._busy -= Counter(one.webhook_id for one in done)

    async def _send(self, letter: Letter) -> None:
        webhook_id = letter.target.webhook_id
        try:
            why = (await self._poster.post(letter.target, letter.id, letter.body)).why
        except Exception as error:  # noqa: BLE001 - no address may end the house's work
            log.error("a webhook cannot be posted to", webhook=webhook_id, error=repr(error))
            why = "broken"
        self._done.append(Outcome(webhook_id, letter.feed_id, why))
        self._woken.set()

    async def _wait(self, outlook: Outlook) -> None:
        """Wait for a write, an answer, or what falls due next."""
        seconds = LONGEST
        if outlook.next is not None:
            # Due already, but every lane there is taken: another one's may fall due meanwhile.
            seconds = (outlook.next - outlook.seen_at).total_seconds()
            seconds = min(LONGEST, seconds if seconds > 0 else 1.0)
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
