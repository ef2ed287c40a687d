"""Bringing orders in: a file → preview → 确认导入, and the file's end in the chat.

Reading a file, and applying more than `INLINE` orders, is a job's work: see `importing_job`.
"""

from collections.abc import Callable
from pathlib import PurePath

from aiogram import Router
from aiogram.types import CallbackQuery, Document, Message

from bot.files import LARGEST, delete_message
from bot.filters import HasFile
from bot.handlers import importing_refused, importing_template, importing_undo
from bot.handlers.importing_apply import APPLY
from bot.handlers.importing_job import READ
from bot.jobs import begin, job_of
from bot.keyboards.data import AnswerImport, ShowLeftOut
from bot.screens import imports as screens
from bot.screens.import_rows import left_out_screen
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.imports.importing import ImportPreview
from core.imports.incoming import EmptyFile, NotASheet, OldFormat, TooLarge
from core.ports import Store
from core.values import Actor

router = Router(name="importing")
router.include_routers(importing_template.router, importing_refused.router, importing_undo.router)

INLINE = 500  # orders confirmed within the update; a handler ends within 5 s
TAKEN = frozenset({".xlsx", ".csv"})
# What a file of another ending says it is, as `NotASheet.found`.
KINDS = {
    ".zip": "archive", ".rar": "archive", ".7z": "archive", ".gz": "archive", ".docx": "docx",
    ".doc": "ole", ".html": "html", ".htm": "html", ".jpg": "image", ".jpeg": "image",
    ".png": "image", ".gif": "image", ".webp": "image", ".xlsm": "macros", ".ods": "ods",
    ".pdf": "pdf", ".pptx": "pptx", ".txt": "text", ".xlsb": "xlsb",
}  # fmt: skip


@router.message(HasFile())
async def take_file(message: Message, turn: Turn) -> None:
    """A file: what is wrong on its face is said at once, anything else is read beside."""
    if not turn.private:
        await turn.show(screens.not_here(turn.t, turn.house.username))
        return
    await turn.read(lambda store: turn.services.listing.merchant(store, turn.actor()))
    document = message.document
    if document is None:
        return
    check_face(document)
    payload = {
        "file_id": document.file_id, "file_name": document.file_name or "",
        "size": document.file_size,
    }  # fmt: skip
    job = job_of(turn, READ, turn.actor(), message.message_id, payload)
    await begin(turn, job, screens.reading_screen(turn.t, document.file_name or ""))


def check_face(document: Document) -> None:
    """Check what Telegram tells of a file, before it is fetched.

    Raises `EmptyFile`, `TooLarge`, `OldFormat`, `NotASheet`.
    """
    ending = PurePath(document.file_name or "").suffix.lower()
    if ending == ".xls":
        raise OldFormat
    if ending not in TAKEN:
        raise NotASheet(KINDS.get(ending, "unknown"))
    if document.file_size == 0:
        raise EmptyFile
    if document.file_size is not None and document.file_size > LARGEST:
        raise TooLarge(LARGEST)


@router.callback_query(AnswerImport.filter())
async def answer(_: CallbackQuery, turn: Turn, callback_data: AnswerImport) -> None:
    """确认导入, 放弃, 删除聊天中的文件; anything else shows where the import stands."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft
    if callback_data.answer == "confirm":
        await _confirm(turn, actor, draft_id, callback_data.seen)
        return
    act = {"drop": _drop, "delete": _delete}.get(callback_data.answer, _view)
    await act(turn, actor, draft_id)


@router.callback_query(ShowLeftOut.filter())
async def left_out(_: CallbackQuery, turn: Turn, callback_data: ShowLeftOut) -> None:
    """全部未通过的行: a page of them, in place of the preview or of what was done."""
    actor = turn.actor(callback_data.shop)
    preview = await turn.read(_previewing(turn, actor, callback_data.draft))
    await turn.show(left_out_screen(turn.t, actor.shop_id, preview, callback_data.after))


async def _confirm(turn: Turn, actor: Actor, draft_id: int, seen: str) -> None:
    """Do what was shown (`seen`), at once or beside; anything else is shown first."""
    importing, card = turn.services.importing, CardRef("import", draft_id, actor.shop_id)
    size = await turn.read(lambda store: importing.size(store, actor, draft_id))
    if size <= INLINE:
        done = await turn.write(lambda store: importing.confirm(store, actor, draft_id, seen), card)
        await turn.show(screens.imported_screen(turn.t, actor.shop_id, done))
        await turn.show(screens.offer_deletion(turn.t, actor.shop_id, done), fresh=True)
        return
    payload = {"draft_id": draft_id, "seen": seen}
    job = job_of(turn, APPLY, actor, turn.pressed or 0, payload)
    await begin(turn, job, screens.applying_screen(turn.t), card)


async def _drop(turn: Turn, actor: Actor, draft_id: int) -> None:
    await turn.write(lambda store: turn.services.importing.drop(store, actor, draft_id))
    await turn.show(screens.dropped_screen(turn.t, actor.shop_id))


async def _delete(turn: Turn, actor: Actor, draft_id: int) -> None:
    """Delete the file's message where it was sent, which is only ever the sender's chat."""

    def place(store: Store) -> tuple[int, int]:
        return turn.services.importing.file_place(store, actor, draft_id)

    chat_id, message_id = await turn.read(place)
    gone = await delete_message(turn.bot, chat_id, message_id)
    await turn.show(screens.deleted_screen(turn.t, actor.shop_id, gone=gone))


async def _view(turn: Turn, actor: Actor, draft_id: int) -> None:
    preview = await turn.read(_previewing(turn, actor, draft_id))
    await turn.show(screens.import_screen(turn.t, actor.shop_id, preview))


def _previewing(turn: Turn, actor: Actor, draft_id: int) -> Callable[[Store], ImportPreview]:
    return lambda store: turn.services.importing.preview(store, actor, draft_id)
