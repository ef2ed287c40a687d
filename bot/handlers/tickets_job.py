"""The long half of drawing e-waybills, done by the worker: the platform asked, the answers shown.

Repeated after a crash it asks the same, and the platform gives the same numbers.
"""

from collections.abc import Mapping

from aiogram import Bot

from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.keyboards import data as d
from bot.screens import tickets as screens
from core.entities import Job
from core.errors import CoreError

DRAW = "draw_tickets"

GAVE_UP: Mapping[str, GaveUp] = {DRAW: screens.gave_up}


def ticket_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {DRAW: TicketDrawing(house, bot)}


class TicketDrawing(Work):
    """Draws the e-waybills of a job."""

    async def __call__(self, job: Job) -> None:
        """Draw them; what the business refuses is said."""
        asked = job.payload
        pressed = d.DrawTickets(shop=job.shop_id, of=asked["of"], ref=asked["ref"])
        try:
            results = await self._house.sellers.draw(actor_of(job), asked["ids"], asked["carrier"])
        except CoreError as error:
            await self._show(job, self._refusal(job, error))
            return
        await self._show(job, screens.drawn(translator_of(job), pressed, results, asked["rest"]))
