"""修改 the recipient or the lines of an order: what is sent and pressed until it is confirmed.

A message with a recipient in it is deleted from the chat: at once, and should the process end in
between, by the sweeper, which is told in the same transaction.
"""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.files import delete_message
from bot.filters import Answers
from bot.keyboards import data as d
from bot.screens import editing_more as screens
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.changes.edit_views import RecipientPlan
from core.changes.editing_lines import LINES
from core.changes.editing_recipient import RECIPIENT
from core.entities import Vanishing
from core.ports import Store
from core.values import Actor

router = Router(name="editing_more")

Ask = Callable[[Turn, Store, Actor, int], Screen]


def _ask_recipient(turn: Turn, store: Store, actor: Actor, order_id: int) -> Screen:
    view = turn.services.editing_recipient.begin(store, actor, order_id)
    return screens.ask_recipient(turn.t, view)


def _ask_lines(turn: Turn, store: Store, actor: Actor, order_id: int) -> Screen:
    return screens.lines_screen(turn.t, turn.services.editing_lines.begin(store, actor, order_id))


def _from_note(turn: Turn, store: Store, actor: Actor, order_id: int) -> Screen:
    begun = turn.services.editing_recipient.from_note(store, actor, order_id)
    if isinstance(begun, RecipientPlan):
        return screens.recipient_screen(turn.t, begun)
    return screens.ask_recipient(turn.t, begun)


ASKS: dict[str, Ask] = {
    "recipient": _ask_recipient, "from_note": _from_note, "lines": _ask_lines,
}  # fmt: skip


@router.message(Answers(RECIPIENT))
async def take_recipient(message: Message, turn: Turn) -> None:
    """Read what was pasted, keep it sealed, delete the message, show it masked."""
    actor, editing = turn.actor(turn.data.get("shop")), turn.services.editing_recipient
    where = (turn.house.bot_id, turn.chat_id, message.message_id)

    def take(store: Store) -> RecipientPlan:
        plan = editing.take(store, actor, turn.text)
        if not plan.masked:  # nothing of those was taken: the text stays to be put right
            bot_id, chat_id, message_id = where
            store.chats.vanish(
                Vanishing(bot_id=bot_id, chat_id=chat_id, message_id=message_id, due_at=store.now)
            )
        return plan

    plan = await turn.write(take, _about(turn))
    gone = None
    if not plan.masked:
        gone = await delete_message(turn.bot, turn.chat_id, message.message_id)
    await turn.show(screens.recipient_screen(turn.t, plan, gone=gone))


@router.callback_query(d.AdoptRecipient.filter())
async def adopt(_: CallbackQuery, turn: Turn, callback_data: d.AdoptRecipient) -> None:
    """其余沿用原来的."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    editing = turn.services.editing_recipient
    about = CardRef("edit", pressed.order, pressed.shop)
    plan = await turn.write(lambda store: editing.adopt(store, actor, pressed.order), about)
    await turn.show(screens.recipient_screen(turn.t, plan))


@router.callback_query(d.StepLine.filter())
async def step(_: CallbackQuery, turn: Turn, callback_data: d.StepLine) -> None:
    """One piece more or less of a line, or the question how many."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    row, by = (pressed.line, pressed.added), min(pressed.by, 2) - 1
    editing, about = turn.services.editing_lines, CardRef("edit", pressed.order, pressed.shop)
    plan = await turn.write(lambda store: editing.step(store, actor, pressed.order, row, by), about)
    await turn.show(screens.lines_screen(turn.t, plan))


@router.message(Answers(LINES))
async def take_lines(_: Message, turn: Turn) -> None:
    """A number of pieces, or more products."""
    actor, editing = turn.actor(turn.data.get("shop")), turn.services.editing_lines
    plan = await turn.write(lambda store: editing.take(store, actor, turn.text), _about(turn))
    await turn.show(screens.lines_screen(turn.t, plan))


def _about(turn: Turn) -> CardRef:
    return CardRef("edit", turn.data.get("order", 0), turn.data.get("shop", 0))
