"""The long half of printing, done by the worker: looks recorded, paper drawn, the file put in.

Work that is repeated after a crash holds a new place: the one held before vanishes empty.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiogram import Bot

from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.keyboards import data as d
from bot.printing.making import make
from bot.screens import printing as screens
from bot.screens.screen import Screen
from bot.secret_files import PrivateChatClosed, hold_place, put_in, put_in_while_it_holds
from core.entities import Job
from core.errors import CoreError, NothingToPrint
from core.ports import Store
from core.shipments.printing import PickList, Slips

SLIPS, PICK = "print_slips", "pick_list"

GAVE_UP: Mapping[str, GaveUp] = {SLIPS: screens.gave_up, PICK: screens.gave_up}


def printing_doers(house: House, bot: Bot) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {SLIPS: SlipPrinting(house, bot), PICK: PickPrinting(house, bot)}


class SlipPrinting(Work):
    """Records the looks, draws the slips, puts them into the private chat."""

    async def __call__(self, job: Job) -> None:
        """Print the orders of the job; what may not be seen any more is left out and said."""
        await self._show(job, await _or_refusal(self._print, self._refused, job))

    def _refused(self, job: Job, error: CoreError) -> Screen:
        if isinstance(error, NothingToPrint):
            return screens.nothing_printed(translator_of(job), _pressed(job, 0), error)
        return self._refusal(job, error)

    async def _print(self, job: Job) -> Screen:
        t, actor, house = translator_of(job), actor_of(job), self._house
        printing, ids = house.services.printing, job.payload["ids"]
        telegram_id = await house.database.read(lambda store: _chat_of(store, job))

        def record(store: Store) -> tuple[Slips, datetime]:
            return printing.slips(store, actor, ids), store.now

        waiting = screens.slips_placeholder(t)
        try:
            place, (made, now) = await hold_place(
                house, self._bot, telegram_id, waiting, record, shows=_shown
            )
        except PrivateChatClosed:
            return screens.open_privately(t, house.username)
        papers = [screens.slip_paper(t, one) for one in made.slips]
        printed = await make(papers, screens.layout_words(t))
        length = house.services.rules.vanish_after
        file = screens.slips_file(t, made, printed, length, now)
        end = await put_in_while_it_holds(house, self._bot, telegram_id, place, file)
        if end != "in":
            again = _pressed(job, job.payload["after"])
            return screens.place_lost(t, again, outdated=end == "outdated")
        return screens.slips_made(t, job.shop_id, made, _pressed(job, ids[-1]), job.payload["rest"])


class PickPrinting(Work):
    """Draws a pick list and sends it where it was asked for: no recipient is on it."""

    async def __call__(self, job: Job) -> None:
        """Draw the list of what is open now, in place of the progress."""
        screen = await _or_refusal(self._pick, self._refusal, job)
        place = job.progress_message_id
        in_place = screen.attachment is not None and place is not None
        if not (in_place and await put_in(self._bot, job.chat_id, place or 0, screen)):
            await self._show(job, screen)

    async def _pick(self, job: Job) -> Screen:
        t, actor, printing = translator_of(job), actor_of(job), self._house.services.printing
        of, ref = job.payload["of"], job.payload["ref"]

        def look(store: Store) -> tuple[PickList, datetime]:
            return printing.pick(store, actor, of, ref), store.now

        made, now = await self._house.database.read(look)
        printed = await make(screens.pick_paper(t, made, now), {})
        return screens.pick_file(t, job.shop_id, made, printed, now)


async def _or_refusal(
    work: Callable[[Job], Awaitable[Screen]], refusal: Callable[[Job, CoreError], Screen], job: Job
) -> Screen:
    try:
        return await work(job)
    except CoreError as error:
        return refusal(job, error)


def _shown(printed: tuple[Slips, datetime]) -> list[int]:
    return [one.row.order_id for one in printed[0].slips]


def _chat_of(store: Store, job: Job) -> int:
    account = store.accounts.get(job.account_id)
    if account is None:
        raise LookupError(f"account {job.account_id} does not exist")
    return account.telegram_id


def _pressed(job: Job, after: int) -> d.PrintSlips:
    asked = job.payload
    return d.PrintSlips(shop=job.shop_id, of=asked["of"], ref=asked["ref"], after=after)
