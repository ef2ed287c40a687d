"""Files of many rows, made by the worker: 对账, and what an assignment left out.

The progress message stays above its file and says that it is there. Work repeated after a crash
may send a file twice: that is better than not at all.
"""

import asyncio
from collections.abc import Mapping

from aiogram import Bot

from bot import sending
from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.reconciling import reconciled
from bot.screens import exports
from bot.screens import selecting as screens
from bot.screens.screen import Screen
from bot.texts import Translator
from core.entities import Job
from core.errors import CoreError

LEFT_OUT, RECONCILE = "left_out_file", "reconcile"


def export_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {LEFT_OUT: LeftOutFile(house, bot), RECONCILE: ReconcileFile(house, bot)}


def _gave_up(t: Translator, job: Job) -> Screen:
    return exports.failed(t, job.shop_id)


GAVE_UP: Mapping[str, GaveUp] = {LEFT_OUT: _gave_up, RECONCILE: _gave_up}


class FileMaking(Work):
    """Base of what makes a file: shows it below its progress message."""

    async def __call__(self, job: Job) -> None:
        """Make the file of the job; a refusal is said, and is an end too."""
        progress = job.progress_message_id
        try:
            screen = await self._made(job)
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)
        if screen.attachment is not None and progress is not None:
            ready = exports.file_below(translator_of(job))
            await sending.edit(self._bot, job.chat_id, progress, ready)

    async def _made(self, job: Job) -> Screen:
        raise NotImplementedError


class LeftOutFile(FileMaking):
    """What a dry run, or its 确认分配, left out."""

    async def _made(self, job: Job) -> Screen:
        assigning, actor = self._house.services.assigning, actor_of(job)
        draft_id = job.payload["draft_id"]
        rows = await self._house.database.read(
            lambda store: assigning.left_out(store, actor, draft_id)
        )
        return await asyncio.to_thread(screens.left_out_file, translator_of(job), job.shop_id, rows)


class ReconcileFile(FileMaking):
    """对账 of many parcels."""

    async def _made(self, job: Job) -> Screen:
        actor, asked = actor_of(job), job.payload
        use = self._house.services.reconciling
        scope = await self._house.database.read(
            lambda store: use.scope(store, actor, asked["period"], asked["partner"])
        )
        return await reconciled(self._house, actor, translator_of(job), scope)
