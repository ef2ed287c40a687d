"""查看收件信息: recorded first, then shown in the presser's private chat only, then gone."""

from contextlib import AsyncExitStack, suppress
from dataclasses import replace

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import CallbackQuery

from bot import sending
from bot.keyboards.data import Peek
from bot.screens import looking as screens
from bot.screens.screen import CardRef
from bot.secret_files import still_holds
from bot.turn import Turn
from core.orders.looking import Peek as Seen
from core.values import Recipient

router = Router(name="looking")


@router.callback_query(Peek.filter())
async def peek(_: CallbackQuery, turn: Turn, callback_data: Peek) -> None:
    """Ask whether it is allowed, hold a place, record the look, and only then show.

    The message's id is committed with the moment it must vanish before a recipient is in it, so
    that no crash leaves one standing. Until then the place is taken away again if anything fails.
    """
    looking, actor = turn.services.looking, turn.actor(callback_data.shop)
    assignment_id = callback_data.assignment
    await turn.read(lambda store: looking.may_look(store, actor, assignment_id))
    place = await _hold(turn)
    if place is None:
        await turn.show(screens.open_privately(turn.t, turn.house.username), fresh=True)
        return
    where = (turn.house.bot_id, turn.telegram_id, place)
    async with AsyncExitStack() as failing:
        failing.push_async_callback(_drop, turn, place)
        seen = await turn.write(
            lambda store: looking.look(store, actor, assignment_id, where),
            CardRef("assignment", assignment_id, callback_data.shop),
        )
        seen = await _opened(turn, seen)
        failing.pop_all()
    screen = screens.recipient_screen(turn.t, seen, turn.services.rules.vanish_after)
    if not await sending.edit(turn.bot, turn.telegram_id, place, screen):
        await turn.toast(turn.t("The message was deleted meanwhile. Press again."), alert=True)
    elif not await still_holds(turn.house, turn.telegram_id, place):
        # The sweeper came between the look and the edit: what it said is said again.
        await sending.edit(turn.bot, turn.telegram_id, place, screens.outdated(turn.t))
    elif not turn.private:
        await turn.toast(turn.t("Sent to you in our private chat."))


async def _opened(turn: Turn, seen: Seen) -> Seen:
    """Have a recipient that the platform conceals opened by it, now, for this person."""
    if isinstance(seen.recipient, Recipient):
        return seen
    opened = turn.house.sellers.opened
    return replace(seen, recipient=await opened(seen.assignment.order_id, seen.recipient))


async def _hold(turn: Turn) -> int | None:
    """Send the placeholder to the presser; None when their private chat was never opened."""
    screen = screens.placeholder(turn.t, protect=turn.house.protect_recipients)
    with suppress(TelegramForbiddenError):
        return (await sending.send(turn.bot, turn.telegram_id, screen)).message_id
    return None


async def _drop(turn: Turn, place: int) -> None:
    """Take the placeholder away: nothing was recorded, so nothing is shown."""
    with suppress(TelegramBadRequest):  # the person deleted it first
        await turn.bot.delete_message(turn.telegram_id, place)
