"""Work beside the handlers: owed with the update's mark, shown as begun, done by the worker.

What the kinds of work share: who asked, in which language, where the answer goes. Work that is
repeated after a crash keeps one message.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from aiogram import Bot
from aiogram.types import Message

from bot import sending
from bot.house import House
from bot.keyboards.parts import menu_button
from bot.screens.errors import error_text
from bot.screens.screen import CardRef, Screen
from bot.texts import Translator, translator
from bot.turn import Turn
from core.entities import Card, Job
from core.errors import CoreError
from core.ids import key
from core.people.gathering import is_group
from core.ports import Store
from core.services import Services
from core.values import Actor

T = TypeVar("T")
Doer = Callable[[Job], Awaitable[None]]
GaveUp = Callable[[Translator, Job], Screen]
Settle = Callable[[Services, Store, Job], None]

AT_ONCE = 500  # orders a handler does by itself
# So long the handler has to show the progress message before the worker begins without one.
HELD = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    outcome: T


@dataclass(frozen=True, slots=True)
class _Owed:
    orders: int
    job_id: int | None


async def begin(
    turn: Turn,
    make: Callable[[Store], Job | None],
    progress: Screen,
    about: CardRef | None = None,
    *,
    fresh: bool = False,
    hush: bool = False,
) -> None:
    """Owe the work, show that it has begun, and hand it to the worker with that message.

    `fresh`: in a message of its own, so that the pressed one stays as it is. `hush` closes the
    question that asked for it. No job is owed where `make` finds that another one does the work,
    or where the same button of the same message was pressed twice: then nothing is shown.
    """

    job_id = await turn.write(partial(_owe, make), about, hush=hush)
    await _hand_over(turn, job_id, progress, fresh=fresh)


async def at_once_or_begin(
    turn: Turn,
    size: Callable[[Store], int],
    act: Callable[[Store], T],
    *,
    make: Callable[[Store], Job | None],
    progress: Callable[[int], Screen],
    about: CardRef | None = None,
) -> T | None:
    """Do it and return the outcome; of more than `AT_ONCE`, begin work as `begin` does: None.

    Which of the two is seen in the one visit that does it: to look before would be another.
    """

    def work(store: Store) -> _Done[T] | _Owed:
        n = size(store)
        return _Owed(n, _owe(make, store)) if n > AT_ONCE else _Done(act(store))

    match await turn.write(work, about):
        case _Done(outcome):
            return outcome
        case _Owed(n, job_id):
            await _hand_over(turn, job_id, progress(n))
            return None


def _owe(make: Callable[[Store], Job | None], store: Store) -> int | None:
    job = make(store)
    if job is None or _pressed_twice(store, job):
        return None
    job.lease_until = store.now + HELD
    return key(store.jobs.add(job))


async def _hand_over(
    turn: Turn, job_id: int | None, progress: Screen, *, fresh: bool = False
) -> None:
    if job_id is None:
        return
    shown = await turn.show(progress, fresh=fresh, late=False)

    def hand_over(store: Store) -> None:
        owed = store.jobs.get(job_id)
        if owed is not None and not owed.attempts:
            owed.progress_message_id, owed.lease_until = shown or None, None

    await turn.house.database.write(hand_over)
    turn.house.jobs.set()


def _pressed_twice(store: Store, job: Job) -> bool:
    where = (job.chat_id, job.message_id)
    return any(
        (one.chat_id, one.message_id) == where
        and all(one.payload.get(name) == said for name, said in job.payload.items())
        for one in store.jobs.beside(job, "waiting")  # what is done so far is kept beside
    )


def job_of(
    turn: Turn, kind: str, actor: Actor, message_id: int, payload: dict[str, Any]
) -> Callable[[Store], Job]:
    """Return what makes the job for this turn; the payload gets the person's language."""

    def make(store: Store) -> Job:
        return Job(
            kind=kind, shop_id=actor.shop_id, account_id=actor.account_id, chat_id=turn.chat_id,
            message_id=message_id, payload={**payload, "lang": turn.lang}, created_at=store.now,
        )  # fmt: skip

    return make


def left_behind(store: Store, stored: Job, about: str, name: str) -> Any:
    """Return, once, what work on the same thing (`about`) had kept as `name` when it was given up.

    None where there is none.
    """
    for one in store.jobs.beside(stored, "failed"):
        if one.payload[about] == stored.payload[about] and name in one.payload:
            kept = one.payload[name]
            one.payload = {each: value for each, value in one.payload.items() if each != name}
            return kept
    return None


def at_work(store: Store, stored: Job, about: str, name: str) -> bool:
    """Return whether other work on the same thing (`about`) has begun: it keeps `name`."""
    return any(
        one.payload[about] == stored.payload[about] and name in one.payload
        for one in store.jobs.beside(stored, "waiting")
    )


class Work:
    """Base of everything the worker does: one instance per kind, called with the job."""

    def __init__(self, house: House, bot: Bot) -> None:
        self._house = house
        self._bot = bot

    async def _write(self, work: Callable[[Store], T]) -> T:
        def done(store: Store) -> tuple[T, bool]:
            return work(store), store.chats.due_now

        result, outdated = await self._house.database.write(done)
        self._house.wake(outdated=outdated)
        return result

    async def _show(self, job: Job, screen: Screen) -> None:
        """Edit the screen into the progress message, or send it, and remember what it shows."""
        shown = job.progress_message_id
        plain = screen.attachment is None
        if shown is None or not (
            plain and await sending.edit(self._bot, job.chat_id, shown, screen)
        ):
            shown = (await self._say(job, screen)).message_id
        message_id = job.progress_message_id = shown

        def remember(store: Store) -> None:
            stored = store.jobs.get(key(job))
            if stored is not None:
                stored.progress_message_id = message_id
            if screen.card is not None:
                store.chats.remember(
                    Card(bot_id=self._house.bot_id, chat_id=job.chat_id, message_id=message_id,
                         kind=screen.card.kind, ref_id=screen.card.ref_id,
                         shop_id=screen.card.shop_id, shown_at=store.now)
                )  # fmt: skip

        await self._house.database.write(remember)

    async def _say(self, job: Job, screen: Screen) -> Message:
        """Send a screen; in a group as an answer, and so into the topic it was asked in."""
        asked = job.message_id if is_group(job.chat_id) else None
        return await sending.send(self._bot, job.chat_id, screen, asked)

    async def _step(self, job: Job, screen: Screen) -> None:
        """Edit a step into the progress message, past the database."""
        if job.progress_message_id is not None:
            await sending.edit(self._bot, job.chat_id, job.progress_message_id, screen)

    def _refusal(self, job: Job, error: CoreError) -> Screen:
        t = translator_of(job)
        return Screen(error_text(t, error), (menu_button(t, job.shop_id),))


class Failed(Work):
    """Tells the person that their work was given up, and how to try again.

    `settle` says, by kind, what others must hear of work that ended half-way.
    """

    def __init__(
        self, house: House, bot: Bot,
        screens: Mapping[str, GaveUp], settle: Mapping[str, Settle],
    ) -> None:  # fmt: skip
        super().__init__(house, bot)
        self._screens = screens
        self._settle = settle

    async def __call__(self, job: Job) -> None:
        """Say so in place of the progress."""
        if job.kind in self._settle:
            await self._write(partial(self._settled, job))
        await self._show(job, self._screens[job.kind](translator_of(job), job))

    def _settled(self, job: Job, store: Store) -> None:
        self._settle[job.kind](self._house.services, store, store.jobs.get(key(job)) or job)


def translator_of(job: Job) -> Translator:
    """Return the translator of who asked for the work."""
    return translator(job.payload["lang"])


def actor_of(job: Job) -> Actor:
    """Return who asked for the work: still a claim, proved by the use case."""
    return Actor(job.account_id, job.shop_id)
