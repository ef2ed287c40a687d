"""修改 on an order's card: what can be changed, the questions, the presses that do it."""

from collections.abc import Callable
from datetime import UTC, datetime

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Answers
from bot.handlers import editing_more
from bot.keyboards import data as d
from bot.screens import editing as screens
from bot.screens.looking import open_privately
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.changes.edit_views import Edited
from core.changes.editing import NOTE, SHIP_BY
from core.changes.order_news import NOTES
from core.ports import Store
from core.values import Actor

router = Router(name="editing")
router.include_router(editing_more.router)

# A plain message answers these, which no group lets me see.
PRIVATELY = (*NOTES, "recipient", "from_note", "lines")
Change = Callable[[Store], Edited]


@router.callback_query(d.EditOrder.filter())
async def edit(_: CallbackQuery, turn: Turn, callback_data: d.EditOrder) -> None:
    """修改: everything that can be changed; a question that was open is closed."""
    actor, editing = turn.actor(callback_data.shop), turn.services.editing

    def look(store: Store) -> Screen:
        view = editing.view(store, actor, callback_data.order)
        return screens.edit_screen(turn.t, view, store.now)

    about = CardRef("edit", callback_data.order, callback_data.shop)
    await turn.show(await turn.write(look, about, hush=True))


@router.callback_query(d.AskEdit.filter())
async def ask(_: CallbackQuery, turn: Turn, callback_data: d.AskEdit) -> None:
    """Open the screen of one part; those that a message answers, in private only."""
    pressed, view = callback_data, turn.services.editing.view
    if pressed.part in PRIVATELY and not turn.private:
        actor = turn.actor(pressed.shop)
        await turn.read(lambda store: view(store, actor, pressed.order))  # to whom it may be said
        await turn.show(open_privately(turn.t, turn.house.username), fresh=True)
        return
    about = CardRef("edit", pressed.order, pressed.shop)
    await turn.show(await turn.write(_asking(turn, pressed), about))


def _asking(turn: Turn, pressed: d.AskEdit) -> Callable[[Store], Screen]:
    actor, editing, t = turn.actor(pressed.shop), turn.services.editing, turn.t

    def work(store: Store) -> Screen:
        part, order_id = pressed.part, pressed.order
        more = editing_more.ASKS.get(part)
        if more is not None:
            return more(turn, store, actor, order_id)
        if part in NOTES:
            view = editing.begin(store, actor, order_id, part)
            return screens.note_screen(t, view, part)
        if part == "ship_by":
            if turn.private:
                editing.begin(store, actor, order_id, part)
            view = editing.view(store, actor, order_id)
            return screens.ship_by_screen(t, view, store.now, typed=turn.private)
        view = editing.view(store, actor, order_id)
        if part in ("cancel", "refunded"):
            return screens.ending_screen(t, view, part)
        return screens.refund_screen(t, view)

    return work


@router.callback_query(d.SetOrder.filter())
async def set_order(_: CallbackQuery, turn: Turn, callback_data: d.SetOrder) -> None:
    """Hold, release, refund, cancel, empty a note."""
    pressed, actor, editing = callback_data, turn.actor(callback_data.shop), turn.services.editing

    def change(store: Store) -> Edited:
        return editing.act(store, actor, pressed.order, pressed.rev, pressed.act)

    await _change(turn, pressed.shop, pressed.order, change, pressed.act)


@router.callback_query(d.SetShipBy.filter())
async def set_ship_by(_: CallbackQuery, turn: Turn, callback_data: d.SetShipBy) -> None:
    """A deadline from a button."""
    pressed, actor, editing = callback_data, turn.actor(callback_data.shop), turn.services.editing

    def change(store: Store) -> Edited:
        moment = datetime.fromtimestamp(min(pressed.minute, 2**31) * 60, UTC)
        return editing.put_ship_by(store, actor, pressed.order, pressed.rev, moment)

    await _change(turn, pressed.shop, pressed.order, change, "ship_by")


async def _change(turn: Turn, shop: int, order: int, change: Change, act: str) -> None:
    def work(store: Store) -> Screen:
        done = change(store)
        if done.kind == "moved":
            return screens.moved_screen(turn.t, done, store.now, act)
        return screens.done_screen(turn.t, done, store.now)

    await turn.show(await turn.write(work, CardRef("order", order, shop)))


@router.message(Answers(NOTE))
@router.message(Answers(SHIP_BY))
async def take(_: Message, turn: Turn) -> None:
    """The note or the deadline was sent."""
    actor, editing = _asked_actor(turn), turn.services.editing
    await _answer(turn, lambda store: editing.take(store, actor, turn.text), "typed")


@router.callback_query(d.ConfirmEdit.filter())
async def confirm(_: CallbackQuery, turn: Turn, callback_data: d.ConfirmEdit) -> None:
    """Do what was shown."""
    pressed, actor, services = callback_data, turn.actor(callback_data.shop), turn.services
    confirms = {
        "recipient": services.editing_recipient.confirm,
        "lines": services.editing_lines.confirm,
    }
    act = confirms.get(pressed.part, services.editing.confirm_typed)
    turn.data = {"order": pressed.order, "shop": pressed.shop}
    await _answer(turn, lambda store: act(store, actor, pressed.mark), pressed.part)


async def _answer(turn: Turn, change: Change, part: str) -> None:
    def work(store: Store) -> Screen:
        done = change(store)
        if done.kind == "moved":
            return screens.pending_screen(turn.t, done, part)
        return screens.done_screen(turn.t, done, store.now)

    about = CardRef("edit", turn.data.get("order", 0), turn.data.get("shop", 0))
    await turn.show(await turn.write(work, about))


def _asked_actor(turn: Turn) -> Actor:
    return turn.actor(turn.data.get("shop"))
