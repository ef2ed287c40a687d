"""接单, 拒单, 缺货等待, 已到货 of very many by the worker, slice by slice; merchants hear once.

What the press was about is kept with the job at its begin, and what is done of it in each slice's
own transaction, until it is told. Of work that was given up half-way the merchants hear at once;
the next press finds what is done, and does the rest.
"""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial

from aiogram import Bot

from bot.handlers.batches_job import Answer, Bulk, act_of
from bot.house import House
from bot.jobs import Doer, GaveUp, Settle, Work, actor_of, translator_of
from bot.progress import moving
from bot.screens import answers
from core.answers.fulfilling import Answered
from core.entities import Job
from core.errors import CoreError
from core.ids import key
from core.ports import Store
from core.services import Services
from core.shipments.batches import SLICE

ANSWER = "answer_batch"

GAVE_UP: Mapping[str, GaveUp] = {
    ANSWER: lambda t, job: answers.gave_up_screen(
        t, job.shop_id, job.payload["of"], job.payload["ref"]
    )
}


def _settled(services: Services, store: Store, job: Job) -> None:
    """Given up half-way: the merchants hear of what is done."""
    if "so_far" in job.payload:
        _tell(services, store, job)


SETTLE: Mapping[str, Settle] = {ANSWER: _settled}


def answer_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {ANSWER: AnswerWork(house, bot)}


class AnswerWork(Work):
    """Answers for what was pressed; who stands otherwise meanwhile is left and named."""

    async def __call__(self, job: Job) -> None:
        """Do it; what the business refuses is said, and is an end too."""
        t, services, said = translator_of(job), self._house.services, job.payload
        bulk, answer = Bulk(t, services, actor_of(job), said["of"], said["ref"]), said_in(job)
        try:
            done = await self._answered(job)
            screen = await self._house.database.read(
                lambda store: bulk.answered(store, done, answer)
            )
        except CoreError as error:
            await self._write(lambda store: _settled(services, store, _stored(store, job)))
            screen = self._refusal(job, error)
        await self._show(job, screen)

    async def _answered(self, job: Job) -> Answered:
        t = translator_of(job)
        done, every = await self._write(partial(self._begin, job))
        async with moving(
            lambda n, m: self._step(job, answers.working_screen(t, m, done=n))
        ) as steps:
            while done is None:
                n, done = await self._write(partial(self._some, job))
                steps(n, every)
        return done

    def _begin(self, job: Job, store: Store) -> tuple[Answered | None, int]:
        """Prove who answers; return what was done where all is, and how many orders it is about."""
        stored, said = _stored(store, job), job.payload
        if "done" in stored.payload:
            return Answered(**stored.payload["done"]), 0
        if "so_far" not in stored.payload:
            begin = self._house.services.batches.begin
            meant = begin(store, actor_of(job), said["of"], said["ref"])
            so_far = {"meant": list(meant), "at": 0, "ids": [], "already": 0, "skipped": {}}
            stored.payload = {**stored.payload, "so_far": so_far}
        return None, len(stored.payload["so_far"]["meant"])

    def _some(self, job: Job, store: Store) -> tuple[int, Answered | None]:
        """Answer the next slice; after the last, tell of all."""
        stored, services = _stored(store, job), self._house.services
        so_far = stored.payload["so_far"]
        at, act = so_far["at"], act_of(said_in(job))
        meant = so_far["meant"][at : at + SLICE]
        if not meant:
            return at, _tell(services, store, stored)
        some = services.batches.some(store, actor_of(job), meant, act)
        skipped = {why: list(tags) for why, tags in so_far["skipped"].items()}
        for why, tags in some.skipped.items():
            skipped[why] = [*skipped.get(why, []), *tags]
        so_far = {
            **so_far, "at": at + len(meant), "ids": [*so_far["ids"], *(one.id for one in some.fit)],
            "already": so_far["already"] + some.already, "skipped": skipped,
        }  # fmt: skip
        stored.payload = {**stored.payload, "so_far": so_far}
        return so_far["at"], None


def said_in(job: Job) -> Answer:
    """Return what the press said."""
    return Answer(**{name: job.payload[name] for name in Answer._fields if name in job.payload})


def _stored(store: Store, job: Job) -> Job:
    return store.jobs.get(key(job)) or job


def _tell(services: Services, store: Store, stored: Job) -> Answered:
    """Tell of all that was done, once; what was done is kept instead of what was to do."""
    so_far = stored.payload["so_far"]
    services.batches.told(store, actor_of(stored), so_far["ids"], act_of(said_in(stored)))
    done = Answered(len(so_far["ids"]), so_far["already"], so_far["skipped"])
    kept = {name: one for name, one in stored.payload.items() if name != "so_far"}
    stored.payload = {**kept, "done": asdict(done)}
    return done
