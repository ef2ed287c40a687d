"""The long half of photos, done by the worker: fetched to a private place, read, thrown away.

The reader is given from outside: the chat face does not know how barcodes are read.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from aiogram import Bot

from bot.files import FileGone, fetched
from bot.house import House
from bot.jobs import Doer, GaveUp, Work, actor_of, translator_of
from bot.screens import scanning as screens
from core.entities import Job
from core.errors import CoreError
from core.imports.incoming import TooLarge
from core.shipments.photo_matching import Photo
from core.shipments.scanning import PictureError, PictureGone, PictureTooLarge

ReadBarcodes = Callable[[Path], Awaitable[Sequence[str]]]

READ = "read_photos"

GAVE_UP: Mapping[str, GaveUp] = {READ: screens.gave_up}


def scanning_doers(house: House, bot: Bot, read_barcodes: ReadBarcodes) -> Mapping[str, Doer]:
    """Return who reads photos."""
    return {READ: PhotoReading(house, bot, read_barcodes)}


class PhotoReading(Work):
    """Reads a draft's photos one by one, those too that come meanwhile; one message shows all."""

    def __init__(self, house: House, bot: Bot, read_barcodes: ReadBarcodes) -> None:
        super().__init__(house, bot)
        self._read_barcodes = read_barcodes

    async def __call__(self, job: Job) -> None:
        """Read until none is left; what was read before a crash is not read again."""
        photos, actor, draft_id = (
            self._house.services.photos, actor_of(job), job.payload["draft_id"]
        )  # fmt: skip
        try:
            while photo := await self._write(lambda store: photos.next(store, actor, draft_id)):
                message_id, read = photo.message_id, await self._read(photo)
                await self._write(
                    lambda store: photos.put(store, actor, draft_id, message_id, read)  # noqa: B023
                )
            view = await self._house.database.read(
                lambda store: photos.view(store, actor, draft_id)
            )
        except CoreError as error:
            await self._show(job, self._refusal(job, error))
            return
        await self._show(job, screens.photos_screen(translator_of(job), view))

    async def _read(self, photo: Photo) -> Sequence[str] | CoreError:
        try:
            async with fetched(self._bot, photo.file_id) as path:
                return await self._read_barcodes(path)
        except FileGone:
            return PictureGone()
        except TooLarge:
            return PictureTooLarge(0, 0)
        except PictureError as error:
            return error
