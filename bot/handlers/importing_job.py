"""The long half of bringing orders in, done by the worker: reading a file, applying many orders.

The parser is given from outside: the chat face does not know where orders come from. Work that is
repeated after a crash keeps one draft and one message.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiogram import Bot

from bot import sending
from bot.files import FileGone, fetched
from bot.handlers.importing_refused import REFUSED, RefusedSending
from bot.handlers.importing_undo import UNDO, UndoneByWorker
from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.progress import moving
from bot.screens import imports as screens
from bot.screens.errors import error_text
from bot.screens.screen import Screen
from bot.texts import Translator
from core.entities import Job
from core.errors import CoreError, DraftGone, DraftSpent, PreviewOutdated
from core.ids import key
from core.importing import ImportPreview
from core.incoming import Sheet, SheetError
from core.ports import Store

ReadSheet = Callable[[Path, str], Awaitable[Sheet]]

READ, APPLY = "read_file", "apply_import"
_MANY = 500  # rows whose judging takes long enough to be waited for


def import_doers(house: House, bot: Bot, read_sheet: ReadSheet) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {
        READ: FileReading(house, bot, read_sheet), APPLY: ImportApplying(house, bot),
        REFUSED: RefusedSending(house, bot), UNDO: UndoneByWorker(house, bot),
    }  # fmt: skip


def _gave_up(t: Translator, job: Job) -> Screen:
    return screens.failed_screen(t, job.shop_id, job.payload.get("draft_id"))


GAVE_UP: Mapping[str, GaveUp] = dict.fromkeys((READ, APPLY, REFUSED, UNDO), _gave_up)


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
        draft_id = job.payload.get("draft_id")
        if draft_id is not None:  # kept before a crash
            return await self._house.database.read(
                lambda store: importing.preview(store, actor, draft_id)
            )
        async with fetched(self._bot, job.payload["file_id"]) as path:
            sheet = await self._read_sheet(path, name)
        if sheet.rows_read > _MANY:
            await self._step(job, screens.checking_screen(translator_of(job), sheet.rows_read))

        def keep(store: Store) -> ImportPreview:
            preview = importing.keep(store, actor, sheet, name, (job.chat_id, job.message_id))
            stored = store.jobs.get(key(job))
            if stored is not None:
                stored.payload = {**stored.payload, "draft_id": preview.draft_id}
            return preview

        return await self._write(keep)


class ImportApplying(Work):
    """Applies a draft too large for a handler."""

    async def __call__(self, job: Job) -> None:
        """Apply the draft of the job; applied before or outdated, show what stands now."""
        t, actor, draft_id = translator_of(job), actor_of(job), job.payload["draft_id"]
        seen = job.payload["seen"]
        importing = self._house.services.importing
        try:
            async with moving(
                lambda n, m: self._step(job, screens.applying_screen(t, n, m))
            ) as steps:
                done = await self._write(
                    lambda store: importing.confirm(store, actor, draft_id, seen, steps)
                )
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

    async def _standing(self, job: Job) -> Screen:
        importing, actor, draft_id = (
            self._house.services.importing, actor_of(job), job.payload["draft_id"]
        )  # fmt: skip
        now = await self._house.database.read(
            lambda store: importing.preview(store, actor, draft_id)
        )
        return screens.import_screen(translator_of(job), job.shop_id, now)
