"""The long half of 统计: figures read, picture drawn, put in the place of the progress.

What is repeated after a crash takes the same place again.
"""

from collections.abc import Mapping

from aiogram import Bot

from bot.attached import ready
from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.screens import days as screens
from bot.screens.screen import Screen
from bot.secret_files import put_in
from core.entities import Job
from core.errors import CoreError

STATS = "stats"

GAVE_UP: Mapping[str, GaveUp] = {STATS: screens.gave_up}


def stats_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {STATS: StatsDrawing(house, bot)}


class StatsDrawing(Work):
    """Shows the figures of a shop."""

    async def __call__(self, job: Job) -> None:
        """Draw and show; without a picture the words go alone."""
        screen, place = await ready(await self._made(job)), job.progress_message_id
        in_place = screen.attachment is not None and place is not None
        if not (in_place and await put_in(self._bot, job.chat_id, place or 0, screen)):
            await self._show(job, screen)

    async def _made(self, job: Job) -> Screen:
        t, actor, days = translator_of(job), actor_of(job), self._house.services.days
        try:
            figures = await self._house.database.read(
                lambda store: days.figures(store, actor, job.payload["days"])
            )
        except CoreError as error:
            return self._refusal(job, error)
        return screens.stats_screen(t, actor.shop_id, figures)
