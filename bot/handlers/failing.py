"""The one error router: refusals of the core become words, repeated updates the present screen."""

import html
import re

from aiogram import Router
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import ErrorEvent

from bot.guessing import GUESSED
from bot.keyboards.parts import menu_button
from bot.outcomes import takes_no_messages
from bot.screens.errors import error_text
from bot.screens.present import home, present_screen
from bot.screens.screen import CardRef, Screen
from bot.turn import AlreadyHandled, Turn
from core.errors import Conflict, CoreError
from core.ports import Store

router = Router(name="failing")
_TAG = re.compile(r"<[^>]+>")


@router.error(ExceptionTypeFilter(AlreadyHandled))
async def repeated(_: ErrorEvent, turn: Turn) -> None:
    """The update came again: nothing changes, what stands now is shown."""

    def look(store: Store) -> Screen:
        mark = store.chats.marked(turn.house.bot_id, turn.update_id)
        if mark is None or mark.kind is None or mark.ref_id is None:
            return home(turn, store, turn.shop_id)
        return present_screen(turn, store, CardRef(mark.kind, mark.ref_id, mark.shop_id or 0))

    await turn.show(await turn.read(look))
    await turn.finish()


@router.error(ExceptionTypeFilter(TelegramForbiddenError))
async def left(_: ErrorEvent) -> None:
    """The person blocked the bot meanwhile: what was decided stands, nobody is there to answer."""


@router.error(ExceptionTypeFilter(TelegramMigrateToChat))
async def moved(event: ErrorEvent, turn: Turn) -> None:
    """An old message of a group that is a supergroup now: what was decided stands."""
    error = event.exception
    assert isinstance(error, TelegramMigrateToChat)  # noqa: S101 - the filter lets no other through
    await turn.follow(error.migrate_to_chat_id)
    text = turn.t("Telegram has upgraded this group, so this message changes no more. /orders "
                  "shows what stands.")  # fmt: skip
    await turn.toast(text, alert=True)


@router.error(ExceptionTypeFilter(TelegramBadRequest))
async def unwritable(event: ErrorEvent, turn: Turn) -> None:
    """The bot may not write in this group, or its topic is closed: what was decided stands."""
    error = event.exception
    assert isinstance(error, TelegramBadRequest)  # noqa: S101 - the filter lets no other through
    if not takes_no_messages(error.message):
        raise error
    await turn.toast(turn.t("Done, but I may not write here."), alert=True)


@router.error(ExceptionTypeFilter(CoreError))
async def refused(event: ErrorEvent, turn: Turn) -> None:
    """Say why not and what to do; a button that came late gets its card redrawn."""
    error = event.exception
    assert isinstance(error, CoreError)  # noqa: S101 - the filter lets nothing else through
    if isinstance(error, GUESSED):
        turn.house.guesses.wrong(turn.telegram_id)
    text = error_text(turn.t, error)
    if turn.callback is None:
        await turn.show(Screen(text))
    else:
        await turn.toast(html.unescape(_TAG.sub("", text)), alert=True)
        if isinstance(error, Conflict):
            await turn.show(await turn.read(lambda store: _redrawn(turn, store, text)))
    await turn.refused()


def _redrawn(turn: Turn, store: Store, text: str) -> Screen:
    """Return what the pressed message shows now; of one that shows nothing kept, only why."""
    card = store.chats.shown(turn.house.bot_id, turn.chat_id, turn.pressed or 0)
    if card is not None:
        try:
            return present_screen(turn, store, CardRef(card.kind, card.ref_id, card.shop_id))
        except CoreError:
            # Not theirs, or no longer: then the card may not be shown, and the reason is all.
            return Screen(text)
    return Screen(text, (menu_button(turn.t, turn.shop_id or 0),))
