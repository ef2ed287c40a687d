"""Reading a factory's file of numbers, done by the worker: five hundred lines at a time.

The parser is given from outside. Work that is repeated after a crash ships nothing twice: a paste
is known by the message it came in.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from aiogram import Bot

from bot.files import FileGone, fetched
from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.screens import paste_questions, pasting, pasting_files
from bot.screens.imports import file_gone
from bot.screens.screen import CardRef, Screen
from core.entities import Card, Job
from core.errors import CoreError
from core.imports.incoming import SheetError
from core.ports import Store
from core.shipments.entering import TooManyLines
from core.shipments.filled import FilledList, filled_lines
from core.shipments.pasted import Pasted, origin_of
from core.text.pasting import LINES, PastedLine

ReadNumbers = Callable[[Path, str], Awaitable[FilledList]]

READ_NUMBERS = "read_numbers"
MOST = 10 * LINES  # lines of one file

GAVE_UP: Mapping[str, GaveUp] = {READ_NUMBERS: pasting_files.gave_up}


def number_doers(house: House, bot: Bot, read_numbers: ReadNumbers) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {READ_NUMBERS: NumberReading(house, bot, read_numbers)}


class NumberReading(Work):
    """Fetches a file, has it read, ships what it says, and shows what became of each line."""

    def __init__(self, house: House, bot: Bot, read_numbers: ReadNumbers) -> None:
        super().__init__(house, bot)
        self._read_numbers = read_numbers

    async def __call__(self, job: Job) -> None:
        """Read the file of the job; what is wrong with it is said, and is an end too."""
        t, name = translator_of(job), job.payload["file_name"]
        try:
            async with fetched(self._bot, job.payload["file_id"]) as path:
                found = await self._read_numbers(path, name)
            await self._ship(job, found)
        except FileGone:
            await self._show(job, file_gone(t, name))
        except SheetError as error:
            await self._show(job, pasting_files.not_read(t, job.shop_id, error))
        except CoreError as error:
            await self._show(job, self._refusal(job, error))

    async def _ship(self, job: Job, found: FilledList) -> None:
        t, lines = translator_of(job), filled_lines(found)
        if len(lines) > MOST:
            raise TooManyLines(len(lines), MOST)
        if not lines:
            await self._show(job, pasting_files.nothing_filled(t, job.shop_id, found.blank))
            return
        for start in range(0, len(lines), LINES):
            blank = 0 if start else found.blank
            pasted = await self._paste(job, start, lines[start : start + LINES], blank)
            report = pasting.report(t, job.shop_id, pasted)
            if start:
                await self._also(job, report)
            else:
                await self._show(job, report)
            if pasted.asked is not None:
                await self._also(job, paste_questions.question(t, job.shop_id, pasted))

    async def _paste(self, job: Job, start: int, lines: Sequence[PastedLine], blank: int) -> Pasted:
        actor, entering = actor_of(job), self._house.services.entering
        origin = f"{origin_of(job.chat_id, job.message_id)} from {start}"

        def work(store: Store) -> Pasted:
            return entering.paste(store, actor, lines, origin=origin, source="sheet", blank=blank)

        return await self._write(work)

    async def _also(self, job: Job, screen: Screen) -> None:
        """Send one more message, and remember what it shows."""
        shown = await self._say(job, screen)
        ref = screen.card or CardRef("numbers", 0, job.shop_id)

        def remember(store: Store) -> None:
            store.chats.remember(
                Card(bot_id=self._house.bot_id, chat_id=job.chat_id, message_id=shown.message_id,
                     kind=ref.kind, ref_id=ref.ref_id, shop_id=ref.shop_id, shown_at=store.now)
            )  # fmt: skip

        await self._house.database.write(remember)
