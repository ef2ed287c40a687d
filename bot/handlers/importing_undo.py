"""撤销导入: asked once, then done; many orders by the worker."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.jobs import Work, actor_of, begin, job_of, translator_of
from bot.keyboards.data import UndoImport
from bot.screens import import_undo as screens
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.entities import Job
from core.errors import CoreError, UndoneAlready

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
    """Undoes an import too large for a handler."""

    async def __call__(self, job: Job) -> None:
        """Undo it; undone before, say what stands."""
        t, actor, draft_id = translator_of(job), actor_of(job), job.payload["draft_id"]
        undoing = self._house.services.undoing
        try:
            done = await self._write(lambda store: undoing.undo(store, actor, draft_id))
            screen = screens.undone_screen(t, job.shop_id, draft_id, done)
        except UndoneAlready:
            screen = screens.undone_before(t, job.shop_id)
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)
