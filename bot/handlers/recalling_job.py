"""撤回 of a large batch by the worker, slice by slice; the factory is told once, at the end.

What was taken back is kept with the job in the slice's own transaction, until it is told. Of work
that was given up half-way the factory hears at once; the next press takes it over and goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial

from aiogram import Bot

from bot.handlers.batches_job import recalled
from bot.house import House
from bot.jobs import Doer, GaveUp, Settle, Work, actor_of, at_work, left_behind, translator_of
from bot.progress import moving
from bot.screens import recalling
from core.assignments.recalling import Recalled
from core.entities import Job
from core.errors import CoreError
from core.ids import key
from core.ports import Store
from core.services import Services

RECALL = "recall_batch"
GAVE_UP: Mapping[str, GaveUp] = {
    RECALL: lambda t, job: recalling.recall_stopped(t, job.shop_id, job.payload["draft_id"])
}


def _settled(services: Services, store: Store, job: Job) -> None:
    """Given up half-way: the factory hears of what is back; the next press tells of the rest."""
    if "taken" in job.payload:
        ids, told = job.payload["taken"]["ids"], job.payload["taken"]["told"]
        services.recalling.told(store, job.payload["draft_id"], ids, told)
        _keep(job, ids, len(ids))


SETTLE: Mapping[str, Settle] = {RECALL: _settled}


def recall_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {RECALL: RecallWork(house, bot)}


class RecallWork(Work):
    """Recalls what still can be of one 确认分配; a press elsewhere meanwhile leaves it be."""

    async def __call__(self, job: Job) -> None:
        """Take it back; what the business refuses is said, and is an end too."""
        t, services = translator_of(job), self._house.services
        actor, draft_id = actor_of(job), job.payload["draft_id"]
        try:
            done = await self._recalled(job)
            screen = recalling.recall_under_way(t, job.shop_id)
            if done is not None:
                screen = await self._house.database.read(
                    lambda store: recalled(t, services, store, actor, draft_id, done)
                )
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)

    async def _recalled(self, job: Job) -> Recalled | None:
        t = translator_of(job)
        done, every = await self._write(partial(self._begin, job))
        if not every:
            return done
        async with moving(
            lambda n, m: self._step(job, recalling.recalling_screen(t, n, m))
        ) as steps:
            while done is None:
                taken, done = await self._write(partial(self._some, job))
                steps(taken, every)
        return done

    def _begin(self, job: Job, store: Store) -> tuple[Recalled | None, int]:
        """Prove who asks; return what was done, and how many orders there are to go through.

        None are where it is done, here or by other work that has begun with it.
        """
        stored, draft_id = store.jobs.get(key(job)) or job, job.payload["draft_id"]
        if "done" in stored.payload:
            return Recalled(**stored.payload["done"]), 0
        if "taken" not in stored.payload:
            self._house.services.recalling.size(store, actor_of(job), draft_id)
            if at_work(store, stored, "draft_id", "taken"):
                return None, 0
            before = left_behind(store, stored, "draft_id", "taken")
            stored.payload = {**stored.payload, "taken": before or {"ids": [], "told": 0}}
        still = len(store.assignments.recallable_of(draft_id))
        taken = len(stored.payload["taken"]["ids"])
        return None, max(taken + still, 1)  # there is what stays to be said

    def _some(self, job: Job, store: Store) -> tuple[int, Recalled | None]:
        use, draft_id = self._house.services.recalling, job.payload["draft_id"]
        stored = store.jobs.get(key(job)) or job
        taken, told = stored.payload["taken"]["ids"], stored.payload["taken"]["told"]
        some = use.some(store, actor_of(job), draft_id)
        if some:
            _keep(stored, [*taken, *some], told)
            return len(taken) + len(some), None
        done = use.told(store, draft_id, taken, told)
        kept = {name: one for name, one in stored.payload.items() if name != "taken"}
        stored.payload = {**kept, "done": asdict(done)}
        return len(taken), done


def _keep(stored: Job, taken: Sequence[int], told: int) -> None:
    stored.payload = {**stored.payload, "taken": {"ids": list(taken), "told": told}}
