"""撤销导入: asked once, then done; many orders by the worker."""

from collections.abc import Sequence
from functools import partial

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.jobs import Work, actor_of, at_work, begin, job_of, left_behind, translator_of
from bot.keyboards.data import UndoImport
from bot.progress import moving
from bot.screens import import_undo as screens
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.entities import Job
from core.errors import CoreError, UndoneAlready
from core.ids import key
from core.imports.undoing import Undone
from core.ports import Store
from core.services import Services

router = Router(name="undoing imports")

UNDO = "undo_import"
INLINE = 500  # orders taken out within the update


@router.callback_query(UndoImport.filter())
async def undo(_: CallbackQuery, turn: Turn, callback_data: UndoImport) -> None:
    """Show what undoing would do; pressed again there, do it."""
    actor, draft_id, t = turn.actor(callback_data.shop), callback_data.draft, turn.t
    undoing, card = turn.services.undoing, CardRef("import", draft_id, actor.shop_id)
    if not callback_data.sure:
        outlook = await turn.read(lambda store: undoing.outlook(store, actor, draft_id))
        await turn.show(screens.ask_undo(t, actor.shop_id, draft_id, outlook))
        return
    size = await turn.read(lambda store: undoing.size(store, actor, draft_id))
    if size <= INLINE:
        done = await turn.write(lambda store: undoing.undo(store, actor, draft_id), card)
        await turn.show(screens.undone_screen(t, actor.shop_id, draft_id, done))
        return
    job = job_of(turn, UNDO, actor, turn.pressed or 0, {"draft_id": draft_id})
    await begin(turn, job, screens.undoing_screen(t), card)


class UndoneByWorker(Work):
    """Undoes an import too large for a handler, slice by slice; what is done is kept with the job.

    Work that was given up half-way is gone on with by the next press, which takes its count over.
    """

    async def __call__(self, job: Job) -> None:
        """Undo it; undone before, say what stands."""
        t, draft_id = translator_of(job), job.payload["draft_id"]
        try:
            screen = screens.undone_screen(t, job.shop_id, draft_id, await self._undone(job))
        except UndoneAlready:
            screen = screens.undone_before(t, job.shop_id)
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)

    async def _undone(self, job: Job) -> Undone:
        t, draft_id, undoing = (
            translator_of(job), job.payload["draft_id"], self._house.services.undoing
        )  # fmt: skip
        done = await self._write(partial(self._begin, job))
        slices = await self._house.database.read(lambda s: undoing.plan(s, draft_id, done))
        judged, every = 0, sum(map(len, slices))
        async with moving(lambda n, m: self._step(job, screens.undoing_screen(t, n, m))) as steps:
            for some in slices:
                steps(judged, every)
                done = await self._write(partial(self._take_out, job, some, done))
                judged += len(some)
        return await self._write(partial(self._end, job, done))

    def _begin(self, job: Job, store: Store) -> Undone:
        stored = store.jobs.get(key(job)) or job
        if "undone" in stored.payload:
            return Undone.of(stored.payload["undone"])
        draft_id = job.payload["draft_id"]
        taken = at_work(store, stored, "draft_id", "undone")
        done = self._house.services.undoing.begin(store, actor_of(job), draft_id, taken=taken)
        before = left_behind(store, stored, "draft_id", "undone")
        return _keep(stored, Undone.of(before) if before else done)

    def _take_out(self, job: Job, some: Sequence[int], done: Undone, store: Store) -> Undone:
        undoing, draft_id = self._house.services.undoing, job.payload["draft_id"]
        done = undoing.take_out(store, actor_of(job), draft_id, some, done)
        return _keep(store.jobs.get(key(job)) or job, done)

    def _end(self, job: Job, done: Undone, store: Store) -> Undone:
        stored = store.jobs.get(key(job)) or job
        if stored.payload.get("ended"):  # as after a crash between the commit and the answer
            return done
        stored.payload = {**stored.payload, "ended": True}
        return self._house.services.undoing.end(store, job.payload["draft_id"], done)


def settled(services: Services, store: Store, job: Job) -> None:
    """Given up half-way: the factories hear of what is out; the next press tells of the rest."""
    if "undone" in job.payload:
        _keep(job, services.undoing.tell(store, Undone.of(job.payload["undone"])))


def _keep(stored: Job, done: Undone) -> Undone:
    stored.payload = {**stored.payload, "undone": done.kept}
    return done
