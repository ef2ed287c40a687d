"""The long half of bringing orders in, done by the worker: reading a file, applying many orders.

The parser is given from outside: the chat face does not know where orders come from. Work that is
repeated after a crash keeps one draft and one message.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from aiogram import Bot

from bot import sending
from bot.files import FileGone, fetched
from bot.house import House
from bot.keyboards.parts import menu_button
from bot.screens import imports as screens
from bot.screens.errors import error_text
from bot.screens.screen import CardRef, Screen
from bot.texts import Translator, translator
from bot.turn import Turn
from core.entities import Card, Job
from core.errors import CoreError, DraftGone, DraftSpent, PreviewOutdated
from core.ids import key
from core.importing import ImportPreview
from core.incoming import Sheet
from core.ports import Store
from core.values import Actor

T = TypeVar("T")
ReadSheet = Callable[[Path, str], Awaitable[Sheet]]
Doer = Callable[[Job], Awaitable[None]]

READ, APPLY = "read_file", "apply_import"
# So long the handler has to show the progress message before the worker begins without one.
HELD = timedelta(seconds=10)


def import_doers(house: House, bot: Bot, read_sheet: ReadSheet) -> Mapping[str, Doer]:
    """Return who does which kind of work."""
    return {READ: FileReading(house, bot, read_sheet), APPLY: ImportApplying(house, bot)}


def import_failed(house: House, bot: Bot) -> Doer:
    """Return what tells the person that their work was given up."""
    return ImportFailed(house, bot)


async def begin(
    turn: Turn, make: Callable[[Store], Job], progress: Screen, about: CardRef | None = None
) -> None:
    """Owe the work, show that it has begun, and hand it to the worker with that message."""

    def owe(store: Store) -> int:
        job = make(store)
        job.lease_until = store.now + HELD
        return key(store.jobs.add(job))

    job_id = await turn.write(owe, about)
    shown = await turn.show(progress)

    def hand_over(store: Store) -> None:
        owed = store.jobs.get(job_id)
        if owed is not None and not owed.attempts:
            owed.progress_message_id, owed.lease_until = shown, None

    await turn.house.database.write(hand_over)
    turn.house.jobs.set()


class _Work:
    """What the kinds of work share: who asked, in which language, where the answer goes."""

    def __init__(self, house: House, bot: Bot) -> None:
        self._house = house
        self._bot = bot

    async def _write(self, work: Callable[[Store], T]) -> T:
        result = await self._house.database.write(work)
        self._house.owed.set()
        return result

    async def _show(self, job: Job, screen: Screen) -> None:
        """Edit the screen into the progress message, or send it, and remember what it shows."""
        shown = job.progress_message_id
        if shown is None or not await sending.edit(self._bot, job.chat_id, shown, screen):
            shown = (await sending.send(self._bot, job.chat_id, screen)).message_id
        message_id = shown

        def remember(store: Store) -> None:
            stored = store.jobs.get(key(job))
            if stored is not None:
                stored.progress_message_id = message_id
            if screen.card is not None:
                store.chats.remember(
                    Card(bot_id=self._house.bot_id, chat_id=job.chat_id, message_id=message_id,
                         kind=screen.card.kind, ref_id=screen.card.ref_id,
                         shop_id=screen.card.shop_id, shown_at=store.now)
                )  # fmt: skip

        await self._house.database.write(remember)

    def _refusal(self, job: Job, error: CoreError) -> Screen:
        t = _translator(job)
        return Screen(error_text(t, error), (menu_button(t, job.shop_id),))


class FileReading(_Work):
    """Fetches a file, has it read, keeps what it held, shows the preview."""

    def __init__(self, house: House, bot: Bot, read_sheet: ReadSheet) -> None:
        super().__init__(house, bot)
        self._read_sheet = read_sheet

    async def __call__(self, job: Job) -> None:
        """Read the file of the job; what is wrong with it is said, and is an end too."""
        t, name = _translator(job), job.payload["file_name"]
        try:
            preview = await self._preview(job, name)
            screen = screens.import_screen(t, job.shop_id, preview)
        except FileGone:
            screen = screens.file_gone(t, name)
        except CoreError as error:
            screen = self._refusal(job, error)
        await self._show(job, screen)

    async def _preview(self, job: Job, name: str) -> ImportPreview:
        importing, actor = self._house.services.importing, _actor(job)
        draft_id = job.payload.get("draft_id")
        if draft_id is not None:  # kept before a crash
            return await self._house.database.read(
                lambda store: importing.preview(store, actor, draft_id)
            )
        async with fetched(self._bot, job.payload["file_id"]) as path:
            sheet = await self._read_sheet(path, name)

        def keep(store: Store) -> ImportPreview:
            preview = importing.keep(store, actor, sheet, name, (job.chat_id, job.message_id))
            stored = store.jobs.get(key(job))
            if stored is not None:
                stored.payload = {**stored.payload, "draft_id": preview.draft_id}
            return preview

        return await self._write(keep)


class ImportApplying(_Work):
    """Applies a draft too large for a handler."""

    async def __call__(self, job: Job) -> None:
        """Apply the draft of the job; applied before or outdated, show what stands now."""
        t, actor, draft_id = _translator(job), _actor(job), job.payload["draft_id"]
        seen = job.payload["seen"]
        importing = self._house.services.importing
        try:
            done = await self._write(lambda store: importing.confirm(store, actor, draft_id, seen))
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
            self._house.services.importing, _actor(job), job.payload["draft_id"]
        )  # fmt: skip
        now = await self._house.database.read(
            lambda store: importing.preview(store, actor, draft_id)
        )
        return screens.import_screen(_translator(job), job.shop_id, now)


class ImportFailed(_Work):
    """Tells the person that their work was given up, and how to try again."""

    async def __call__(self, job: Job) -> None:
        """Say so in place of the progress."""
        t, draft_id = _translator(job), job.payload.get("draft_id")
        await self._show(job, screens.failed_screen(t, job.shop_id, draft_id))


def _translator(job: Job) -> Translator:
    return translator(job.payload["lang"])


def _actor(job: Job) -> Actor:
    return Actor(job.account_id, job.shop_id)
