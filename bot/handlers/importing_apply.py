"""确认导入 of many orders, done by the worker slice by slice (`core.imports.import_slices`).

What has come in is kept with the job in the slice's own transaction: a job that is taken up again
after a crash goes on counting from there.
"""

from functools import partial

from bot import sending
from bot.jobs import Work, actor_of, at_work, translator_of
from bot.progress import moving
from bot.screens import imports as screens
from bot.screens.errors import error_text
from bot.screens.screen import Screen
from core.entities import Job
from core.errors import CoreError, DraftGone, DraftSpent, PreviewOutdated
from core.ids import key
from core.imports.import_slices import Applied, ImportPlan, Slice
from core.imports.importing import ImportPreview
from core.ports import Store

APPLY = "apply_import"


class ImportApplying(Work):
    """Applies a draft too large for a handler."""

    async def __call__(self, job: Job) -> None:
        """Apply the draft of the job; applied before or outdated, show what stands now."""
        t = translator_of(job)
        try:
            done = await self._applied(job)
            await self._show(job, screens.imported_screen(t, job.shop_id, done))
            offer = screens.offer_deletion(t, job.shop_id, done)
            await sending.send(self._bot, job.chat_id, offer)
            return
        except DraftSpent:
            screen = await self._standing(job)
        except PreviewOutdated as error:
            screen = (await self._standing(job)).under(error_text(t, error))
        except DraftGone:
            screen = screens.expired_screen(t, job.shop_id)
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)

    async def _applied(self, job: Job) -> ImportPreview:
        t = translator_of(job)
        applied = await self._write(partial(self._begin, job))
        plan = await self._plan(job, applied)
        done, every = 0, sum(map(len, plan.slices))
        async with moving(lambda n, m: self._step(job, screens.applying_screen(t, n, m))) as steps:
            for some in plan.slices:
                steps(done, every)
                applied = await self._write(partial(self._apply, job, some, applied))
                done += len(some)
        return await self._write(partial(self._end, job, plan, applied))

    def _begin(self, job: Job, store: Store) -> Applied:
        stored = _stored(store, job)
        if "applied" in stored.payload:
            return Applied.of(stored.payload["applied"])
        draft_id = job.payload["draft_id"]
        taken = at_work(store, stored, "draft_id", "applied")
        slices = self._house.services.import_slices
        slices.begin(store, actor_of(job), draft_id, taken=taken)
        return _keep(stored, Applied())

    async def _plan(self, job: Job, applied: Applied) -> ImportPlan:
        slices, actor, draft_id = (
            self._house.services.import_slices, actor_of(job), job.payload["draft_id"]
        )  # fmt: skip
        seen = job.payload["seen"]
        try:
            return await self._house.database.read(
                lambda store: slices.plan(store, actor, draft_id, seen, applied)
            )
        except PreviewOutdated:
            await self._write(partial(self._let_go, job))
            raise

    def _let_go(self, job: Job, store: Store) -> None:
        slices, draft_id = self._house.services.import_slices, job.payload["draft_id"]
        slices.let_go(store, actor_of(job), draft_id)
        _forget(_stored(store, job))

    def _apply(self, job: Job, some: Slice, applied: Applied, store: Store) -> Applied:
        slices, draft_id = self._house.services.import_slices, job.payload["draft_id"]
        applied = slices.apply(store, actor_of(job), draft_id, some, applied)
        return _keep(_stored(store, job), applied)

    def _end(self, job: Job, plan: ImportPlan, applied: Applied, store: Store) -> ImportPreview:
        slices, draft_id = self._house.services.import_slices, job.payload["draft_id"]
        done = slices.end(store, actor_of(job), draft_id, plan, applied)
        _forget(_stored(store, job))
        return done

    async def _standing(self, job: Job) -> Screen:
        importing, actor, draft_id = (
            self._house.services.importing, actor_of(job), job.payload["draft_id"]
        )  # fmt: skip
        now = await self._house.database.read(
            lambda store: importing.preview(store, actor, draft_id)
        )
        return screens.import_screen(translator_of(job), job.shop_id, now)


def _stored(store: Store, job: Job) -> Job:
    return store.jobs.get(key(job)) or job


def _keep(stored: Job, applied: Applied) -> Applied:
    stored.payload = {**stored.payload, "applied": applied.kept}
    return applied


def _forget(stored: Job) -> None:
    """The draft is not this job's any more; what has come in is not kept longer than needed."""
    stored.payload = {name: one for name, one in stored.payload.items() if name != "applied"}
