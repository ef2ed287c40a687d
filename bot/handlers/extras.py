"""赠品, 补发, 换货 from an order's card: the kind, the products, the factory."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked
from bot.keyboards import data as d
from bot.screens import extras as screens
from bot.screens.looking import open_privately
from bot.screens.orders import order_card
from bot.screens.screen import CardRef, Screen
from bot.screens.words import extra_name
from bot.turn import Turn
from core.assignments.extras import EXTRA_CHECK, EXTRA_LINES
from core.ports import Store

router = Router(name="extras")


@router.callback_query(d.AddExtra.filter())
async def add(_: CallbackQuery, turn: Turn, callback_data: d.AddExtra) -> None:
    """Choose the kind, then write what goes into it."""
    pressed, actor, services = callback_data, turn.actor(callback_data.shop), turn.services
    if not pressed.kind or not turn.private:
        card = await turn.read(lambda store: services.listing.order(store, actor, pressed.order))
    if not pressed.kind:
        await turn.show(screens.choose_kind(turn.t, card))
        return
    if not turn.private:  # a plain message, which a bot in a group does not see, is the answer
        await turn.show(open_privately(turn.t, turn.house.username), fresh=True)
        return
    order = await turn.write(
        lambda store: services.extras.begin(store, actor, pressed.order, pressed.kind)
    )
    await turn.show(screens.ask_lines(turn.t, order, pressed.kind), fresh=True)


@router.message(Asked(EXTRA_LINES))
@router.message(Asked(EXTRA_CHECK))
async def take(_: Message, turn: Turn) -> None:
    """Show what was understood, before anything is handed out."""
    actor = turn.actor(turn.data.get("shop"))
    plan = await turn.write(lambda store: turn.services.extras.take(store, actor, turn.text))
    await turn.show(screens.confirm(turn.t, plan))


@router.callback_query(d.CopyExtra.filter())
async def copy(_: CallbackQuery, turn: Turn, callback_data: d.CopyExtra) -> None:
    """与原订单相同."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    extras = turn.services.extras
    plan = await turn.write(
        lambda store: extras.take_same(store, actor, pressed.order, pressed.kind)
    )
    await turn.show(screens.confirm(turn.t, plan))


@router.callback_query(d.SendExtra.filter())
async def send(_: CallbackQuery, turn: Turn, callback_data: d.SendExtra) -> None:
    """Hand it to the factory; the order's card shows it from here on."""
    about = CardRef("order", callback_data.order, callback_data.shop)
    await turn.show(await turn.write(_sending(turn, callback_data), about))


def _sending(turn: Turn, pressed: d.SendExtra) -> Callable[[Store], Screen]:
    actor, services, t = turn.actor(pressed.shop), turn.services, turn.t

    def work(store: Store) -> Screen:
        given = services.extras.send(store, actor, pressed.factory, pressed.mark)
        card = services.listing.order(store, actor, given.order_id)
        line = t("✅ {kind} handed out: tag <code>{tag}</code>. The factory is being told now.",
                 kind=extra_name(t, given.extra), tag=given.tag)  # fmt: skip
        return order_card(t, card, store.now).under(line)

    return work
