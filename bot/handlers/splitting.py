"""拆单 from an order's card: pieces, then the factory. What is chosen stands in the buttons."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.keyboards import counts
from bot.keyboards import data as d
from bot.screens import splitting as screens
from bot.screens.orders import order_card
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.assignments.splitting import Choice
from core.ports import Store

router = Router(name="splitting")


@router.callback_query(d.SplitOrder.filter())
async def choose(_: CallbackQuery, turn: Turn, callback_data: d.SplitOrder) -> None:
    """Choose pieces; `done`: the factory."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    splitting, chosen = turn.services.splitting, counts.unpack(callback_data.counts)

    def look(store: Store) -> Screen:
        plan = splitting.plan(store, actor, pressed.order)
        show = screens.choose_factory if pressed.done and any(chosen) else screens.choose_pieces
        return show(turn.t, plan, chosen)

    await turn.show(await turn.read(look))


@router.callback_query(d.SplitTo.filter())
async def split(_: CallbackQuery, turn: Turn, callback_data: d.SplitTo) -> None:
    """Give the chosen pieces to the factory; the order's card shows who has what."""
    pressed, actor, services = callback_data, turn.actor(callback_data.shop), turn.services
    choice = Choice(counts.unpack(pressed.counts), counts.unpack_mark(pressed.plan))

    def work(store: Store) -> Screen:
        done = services.splitting.split(store, actor, pressed.order, pressed.factory, choice)
        card = services.listing.order(store, actor, pressed.order)
        return order_card(turn.t, card, store.now).under(screens.split_line(turn.t, done))

    await turn.show(await turn.write(work, CardRef("order", pressed.order, pressed.shop)))
