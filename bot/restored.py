"""Messages shown in a time that is lost, because a backup was put back.

What they are about is not in the database, and its ids are given again, to other orders: a press
or a reply would act on those. So both are refused by when the message was last written.
"""

from datetime import UTC, datetime
from typing import Final

from aiogram.types import InaccessibleMessage, Message, Update

from bot.house import House
from bot.screens.screen import Screen
from bot.turn import Turn
from core.ports import Store

SINCE: Final = "restored_from"  # what `storage.restoring` leaves in `clock_look`
UNTIL: Final = "restored_at"


def lost_time(store: Store) -> tuple[datetime, datetime] | None:
    """Return from when until when everything done is lost; None: nothing ever was."""
    since, until = store.clock.looked(SINCE), store.clock.looked(UNTIL)
    return (since, until) if since and until else None


def means_nothing(house: House, update: Update) -> bool:
    """Return whether the pressed message, or the one replied to, is ours of that time."""
    if house.lost is None:
        return False
    pressed, message = update.callback_query, update.message
    about = pressed.message if pressed else message.reply_to_message if message else None
    if about is None or isinstance(about, InaccessibleMessage):
        return False
    if about.from_user is None or about.from_user.id != house.bot_id:
        return False
    since, until = house.lost
    return since.replace(microsecond=0) <= _written(about) <= until  # Telegram counts whole seconds


async def refuse_lost(turn: Turn) -> None:
    """Say that the message counts no more."""
    text = turn.t("The system was restored from a backup, and this message is from a time that is "
                  "lost: it does nothing any more. /orders shows what stands.")  # fmt: skip
    if turn.callback is not None:
        await turn.toast(text, alert=True)
    else:
        await turn.show(Screen(text))


def _written(message: Message) -> datetime:
    edited = message.edit_date
    return datetime.fromtimestamp(edited, UTC) if edited else message.date
