"""What is late, and a factory that does nothing: listed, nudged, taken back."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Says
from bot.keyboards import cursors
from bot.keyboards import data as d
from bot.screens import due as screens
from bot.screens import due_asked as asked_screens
from bot.screens.late import late_assignments, late_orders
from bot.screens.screen import Screen
from bot.turn import Turn
from core.acting import acting
from core.orders.views import Cursor
from core.ports import Store

router = Router(name="late")


@router.message(Says("overdue"))
async def overdue(_: Message, turn: Turn) -> None:
    """`/overdue`, `逾期`."""
    await show_late(turn, turn.shop_id or 0)


@router.callback_query(d.ListLate.filter())
async def page(_: CallbackQuery, turn: Turn, callback_data: d.ListLate) -> None:
    """A page of what is late."""
    pressed = callback_data
    await show_late(turn, pressed.shop, cursors.unpack(pressed.at, pressed.row, pressed.back))


async def show_late(turn: Turn, shop_id: int, here: Cursor | None = None) -> None:
    """Show a page; the first again where its rows have moved on meanwhile."""
    actor, due = turn.actor(shop_id), turn.services.due

    def look(store: Store) -> Screen:
        shop = acting(store, actor).shop
        n = due.late_count(store, actor)
        if shop.role == "factory":
            given = due.late_assignments(store, actor, here)
            given = given if given.rows else due.late_assignments(store, actor)
            return late_assignments(turn.t, shop_id, given, n, store.now)
        orders = due.late_orders(store, actor, here)
        orders = orders if orders.rows else due.late_orders(store, actor)
        return late_orders(turn.t, shop_id, orders, n, store.now)

    await turn.show(await turn.read(look))


@router.callback_query(d.Nudge.filter())
async def nudge(_: CallbackQuery, turn: Turn, callback_data: d.Nudge) -> None:
    """催一下."""
    actor, due = turn.actor(callback_data.shop), turn.services.due
    group = await turn.write(lambda store: due.nudge(store, actor, callback_data.binding))
    await turn.show(screens.nudge_done(turn.t, actor.shop_id, group), fresh=True)


@router.callback_query(d.RecallSilent.filter())
async def take_back(_: CallbackQuery, turn: Turn, callback_data: d.RecallSilent) -> None:
    """撤回 what a factory has left alone: asked first."""
    actor, due, binding = turn.actor(callback_data.shop), turn.services.due, callback_data.binding
    if not callback_data.sure:
        group = await turn.read(lambda store: due.silent(store, actor, binding))
        await turn.show(screens.ask_take_back(turn.t, actor.shop_id, group), fresh=True)
        return
    n = await turn.write(lambda store: due.take_back(store, actor, binding))
    await turn.show(screens.taken_back(turn.t, actor.shop_id, n))


@router.callback_query(d.NudgeAsked.filter())
async def nudge_asked(_: CallbackQuery, turn: Turn, callback_data: d.NudgeAsked) -> None:
    """催一下, about what was asked back."""
    actor, asked = turn.actor(callback_data.shop), turn.services.asked_back
    group = await turn.write(lambda store: asked.nudge(store, actor, callback_data.binding))
    await turn.show(asked_screens.nudge_done(turn.t, actor.shop_id, group), fresh=True)


@router.callback_query(d.UnaskSilent.filter())
async def unask(_: CallbackQuery, turn: Turn, callback_data: d.UnaskSilent) -> None:
    """撤销申请 of all of a binding: asked first."""
    actor, asked = turn.actor(callback_data.shop), turn.services.asked_back
    binding = callback_data.binding
    if not callback_data.sure:
        group = await turn.read(lambda store: asked.unanswered(store, actor, binding))
        await turn.show(asked_screens.ask_unask(turn.t, actor.shop_id, group), fresh=True)
        return
    group = await turn.write(lambda store: asked.withdraw(store, actor, binding))
    await turn.show(asked_screens.unasked(turn.t, actor.shop_id, group))
