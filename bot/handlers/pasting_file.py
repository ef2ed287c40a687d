"""A factory's file of tracking numbers: the packing list sent back, or lines, read beside.

A file from a factory comes here, from a merchant to the import.
"""

from pathlib import PurePath

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Document, Message, TelegramObject

from bot.files import LARGEST
from bot.handlers.importing import KINDS
from bot.handlers.pasting import ANSWERED, OF_ONE_ORDER
from bot.handlers.pasting_job import READ_NUMBERS
from bot.jobs import begin, job_of
from bot.screens.pasting_files import reading
from bot.turn import Turn
from core.imports.incoming import EmptyFile, NotASheet, OldFormat, TooLarge

router = Router(name="files of numbers")

TAKEN = frozenset({".xlsx", ".csv", ".txt", ".tsv"})
OF_A_FACTORY = ANSWERED | OF_ONE_ORDER | {"assignments"}


class NumberFile(Filter):
    """The message carries a document of a factory that is no picture; gives its shop."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool | dict[str, int]:  # noqa: ARG002
        """Look at what it replies to, then at whom the person acts for."""
        message = turn.message
        if message is None or message.document is None or turn.step:
            return False
        if KINDS.get(_ending(message.document)) == "image":
            return False
        if turn.replied is not None and turn.replied.kind in OF_A_FACTORY:
            return {"shop_id": turn.replied.shop_id}
        return turn.role == "factory" and turn.private and {"shop_id": turn.shop_id or 0}


@router.message(NumberFile())
async def take_numbers(message: Message, turn: Turn, shop_id: int) -> None:
    """A file: what is wrong on its face is said at once, anything else is read beside."""
    actor, document = turn.actor(shop_id), message.document
    await turn.read(lambda store: turn.services.listing.factory(store, actor))
    if document is None:
        return
    check_face(document)
    name = document.file_name or ""
    payload = {"file_id": document.file_id, "file_name": name}
    await begin(
        turn, job_of(turn, READ_NUMBERS, actor, message.message_id, payload), reading(turn.t, name)
    )


def check_face(document: Document) -> None:
    """Check what Telegram tells of a file, before it is fetched.

    Raises `EmptyFile`, `TooLarge`, `OldFormat`, `NotASheet`.
    """
    ending = _ending(document)
    if ending == ".xls":
        raise OldFormat
    if ending not in TAKEN:
        raise NotASheet(KINDS.get(ending, "unknown"))
    if document.file_size == 0:
        raise EmptyFile
    if document.file_size is not None and document.file_size > LARGEST:
        raise TooLarge(LARGEST)


def _ending(document: Document) -> str:
    return PurePath(document.file_name or "").suffix.lower()
