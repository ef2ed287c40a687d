"""The long half of bringing orders in, done by the worker, and reading a file as the first of it.

The parser is given from outside: the chat face does not know where orders come from. Work that is
repeated after a crash keeps one draft and one message.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiogram import Bot

from bot.files import FileGone, fetched
from bot.handlers.importing_apply import APPLY, ImportApplying
from bot.handlers.importing_refused import REFUSED, RefusedSending
from bot.handlers.importing_undo import UNDO, UndoneByWorker, settled
from bot.house import House
from bot.jobs import Doer, GaveUp, Settle, Work, actor_of, translator_of
from bot.screens import imports as screens
from bot.screens.import_undo import stopped_screen
from bot.screens.screen import Screen
from bot.texts import Translator
from core.entities import Job
from core.errors import CoreError
from core.ids import key
from core.imports.importing import ImportPreview
from core.imports.incoming import Sheet, SheetError
from core.ports import Store

ReadSheet = Callable[[Path, str], Awaitable[Sheet]]

READ = "read_file"
_MANY = 500  # rows whose judging takes long enough to be waited for


def import_doers(house: House, bot: Bot, read_sheet: ReadSheet) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {
        READ: FileReading(house, bot, read_sheet), APPLY: ImportApplying(house, bot),
        REFUSED: RefusedSending(house, bot), UNDO: UndoneByWorker(house, bot),
    }  # fmt: skip


def _gave_up(t: Translator, job: Job) -> Screen:
    return screens.failed_screen(t, job.shop_id, job.payload.get("draft_id"))


GAVE_UP: Mapping[str, GaveUp] = {
    **dict.fromkeys((READ, APPLY, REFUSED), _gave_up),
    UNDO: lambda t, job: stopped_screen(t, job.shop_id, job.payload["draft_id"]),
}
SETTLE: Mapping[str, Settle] = {UNDO: settled}


class FileReading(Work):
    """Fetches a file, has it read, keeps what it held, shows the preview."""

    def __init__(self, house: House, bot: Bot, read_sheet: ReadSheet) -> None:
        super().__init__(house, bot)
        self._read_sheet = read_sheet

    async def __call__(self, job: Job) -> None:
        """Read the file of the job; what is wrong with it is said, and is an end too."""
        t, name = translator_of(job), job.payload["file_name"]
        try:
            preview = await self._preview(job, name)
            screen = screens.import_screen(t, job.shop_id, preview)
        except FileGone:
            screen = screens.file_gone(t, name)
        except SheetError as error:
            screen = screens.not_taken(t, job.shop_id, error)
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)

    async def _preview(self, job: Job, name: str) -> ImportPreview:
        importing, actor = self._house.services.importing, actor_of(job)
        draft_id: int | None = job.payload.get("draft_id")
        if draft_id is None:  # else kept before a crash
            draft_id = await self._kept(job, name)
        kept = draft_id
        return await self._house.database.read(lambda store: importing.preview(store, actor, kept))

    async def _kept(self, job: Job, name: str) -> int:
        importing, actor = self._house.services.importing, actor_of(job)
        async with fetched(self._bot, job.payload["file_id"]) as path:
            sheet = await self._read_sheet(path, name)
        if sheet.rows_read > _MANY:
            await self._step(job, screens.checking_screen(translator_of(job), sheet.rows_read))

        def keep(store: Store) -> int:
            draft_id = importing.keep(store, actor, sheet, name, (job.chat_id, job.message_id))
            stored = store.jobs.get(key(job))
            if stored is not None:
                stored.payload = {**stored.payload, "draft_id": draft_id}
            return draft_id

        return await self._write(keep)
