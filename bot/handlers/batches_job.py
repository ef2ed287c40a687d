"""The long half of assigning, and what answers to many share: `bot.handlers.answering_job`.

Work that is repeated after a crash changes nothing again: what it did stands in its row.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from aiogram import Bot

from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.screens import answers, assigning, batches, holding_many
from bot.screens.recalling import recalled_screen
from bot.screens.screen import Screen
from bot.texts import Translator
from core.answers.fulfilling import Answered, Answering, accepting, declining
from core.answers.holding_many import going_on, waiting
from core.assignments.recalling import Recalled
from core.entities import Job
from core.errors import CoreError
from core.ids import key
from core.ports import Store
from core.services import Services
from core.values import Actor

ASSIGN = "assign_batch"


def batch_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {
        ASSIGN: BatchWork(house, bot, _assign),
    }


GAVE_UP: Mapping[str, GaveUp] = {
    ASSIGN: lambda t, job: assigning.gave_up_screen(t, job.shop_id),
}

Act = Callable[[Translator, Services, Store, Job], Screen]


class BatchWork(Work):
    """One use case over many orders in one transaction, and the screen it ends in."""

    def __init__(self, house: House, bot: Bot, act: Act) -> None:
        super().__init__(house, bot)
        self._act = act

    async def __call__(self, job: Job) -> None:
        """Do it; what the business refuses is said, and is an end too."""
        t, services = translator_of(job), self._house.services

        def work(store: Store) -> Screen:
            return self._act(t, services, store, store.jobs.get(key(job)) or job)

        try:
            screen = await self._write(work)
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)


def _assign(t: Translator, services: Services, store: Store, job: Job) -> Screen:
    actor, draft_id = actor_of(job), job.payload["draft_id"]
    if job.payload.get("done"):
        done = replace(services.assigning.outcome(store, actor, draft_id), again=False)
    else:
        done = services.assigning.confirm(store, actor, draft_id)
        _keep(job, True)
    return assigning.done_screen(t, actor.shop_id, done)


def recalled(  # noqa: PLR0917 - who sees what, and what they did
    t: Translator, services: Services, store: Store, actor: Actor, draft_id: int, done: Recalled
) -> Screen:
    """Return what came back of a batch, what may be asked for, and what is asked for."""
    asking = services.recall_asking
    return recalled_screen(
        t, actor.shop_id, done, draft_id=draft_id,
        askable=asking.askable(store, actor, draft_id),
        asked=asking.withdrawable(store, actor, draft_id),
    )  # fmt: skip


def _keep(job: Job, done: Any) -> None:
    job.payload = {**job.payload, "done": done}


class Answer(NamedTuple):
    """What is said of many: gone on with (`here`), held `until` a day (ISO), declined for a reason,
    or, without any of these, accepted.
    """

    why: str = ""
    until: str = ""
    here: bool = False


def act_of(said: Answer) -> Answering:
    """Return the act of what is said. Raises `NameMissing`, `TextTooLong`."""
    if said.here:
        return going_on()
    if said.until:
        return waiting(date.fromisoformat(said.until), said.why)
    return declining(said.why) if said.why else accepting()


class Bulk(NamedTuple):
    """Who answers for what, and what they are shown afterwards."""

    t: Translator
    services: Services
    actor: Actor
    of: str
    ref: int

    def answer(self, store: Store, said: Answer) -> Answered:
        """Go on with, hold, decline or accept them."""
        about = (store, self.actor, self.of, self.ref)
        return self.services.batches.answer(*about, act_of(said))

    def answered(self, store: Store, done: Answered, said: Answer) -> Screen:
        """Return what was done, over what it was done from as that now stands."""
        if said.here:
            words = holding_many.resumed_words(self.t, done)
        elif said.until:
            words = holding_many.held_words(self.t, done, date.fromisoformat(said.until))
        else:
            say = answers.declined_words if said.why else answers.accepted_words
            words = say(self.t, done)
        return self.standing(store).under(words)

    def standing(self, store: Store) -> Screen:
        """Return the digest of a batch, the first page to tick on, or (of a day) the batches."""
        use = self.services.batches
        if self.of == "day":
            recent = use.recent(store, self.actor)
            return batches.batch_list(self.t, self.actor.shop_id, recent)
        if self.of == "batch":
            digest = use.digest(store, self.actor, self.ref)
            return batches.digest_screen(self.t, digest, store.now)
        choice = use.choice(store, self.actor, self.ref)
        return batches.tick_screen(self.t, self.actor.shop_id, self.ref, choice, store.now)
