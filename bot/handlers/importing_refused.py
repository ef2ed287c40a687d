"""The rows of a file that were not taken, sent as a file to the private chat."""

import asyncio

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.jobs import Work, actor_of, job_of, translator_of
from bot.keyboards.data import GetRefused
from bot.screens import import_refused as screens
from bot.screens.screen import CardRef
from bot.secret_files import PrivateChatClosed, hold_place, put_in
from bot.turn import Turn
from core.entities import Job
from core.errors import CoreError
from core.ports import Store

router = Router(name="refused rows")

REFUSED = "refused_rows"


@router.callback_query(GetRefused.filter())
async def get_refused(_: CallbackQuery, turn: Turn, callback_data: GetRefused) -> None:
    """下载未通过的行: the file is made beside, and goes to the presser's private chat."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft
    payload = {"draft_id": draft_id, "telegram_id": turn.telegram_id}
    make = job_of(turn, REFUSED, actor, turn.pressed or 0, payload)

    def owe(store: Store) -> None:
        turn.services.importing.holds(store, actor, draft_id)
        store.jobs.add(make(store))

    await turn.write(owe, CardRef("import", draft_id, actor.shop_id))
    turn.house.jobs.set()
    t = turn.t
    if turn.private:
        await turn.toast(t("Making the file …"))
    else:
        await turn.toast(t("The file comes to our private chat."), alert=True)


class RefusedSending(Work):
    """Makes the file and puts it where only the person who asked sees it, for a while."""

    async def __call__(self, job: Job) -> None:
        """Hold a place, record the look, then put the file in."""
        t, actor, telegram_id = translator_of(job), actor_of(job), job.payload["telegram_id"]
        importing, draft_id = self._house.services.importing, job.payload["draft_id"]
        try:
            place, rows = await hold_place(
                self._house, self._bot, telegram_id, screens.making_file(t),
                lambda store: importing.refused(store, actor, draft_id),
            )  # fmt: skip
        except PrivateChatClosed:
            await self._show(job, screens.no_private_chat(t, self._house.username))
            return
        except CoreError as error:
            await self._show(job, self._refusal(job, error))
            return
        content = await asyncio.to_thread(screens.refused_workbook, t, rows)
        vanishes = self._house.services.rules.vanish_after
        await put_in(
            self._bot, telegram_id, place, screens.refused_file(t, rows, content, vanishes)
        )
