"""Orders that were stopped: parcels that had left before, and the merchant's word on both."""

from typing import cast

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.pasting import show_report
from bot.handlers.shipping import show_outcome
from bot.keyboards import data as d
from bot.redrawing import redraw
from bot.screens import stops as screens
from bot.screens.orders import order_card
from bot.screens.screen import CardRef, Screen
from bot.screens.shipping import asked_about
from bot.turn import Turn
from core.answers.stop_events import Say
from core.ports import Store
from core.shipments.pasted import Pasted

router = Router(name="stops")


@router.callback_query(d.LeftBefore.filter())
async def left_before(_: CallbackQuery, turn: Turn, callback_data: d.LeftBefore) -> None:
    """包裹已经寄出: kept, and the merchant is asked; or what is still in doubt."""
    shop_id, shipping = callback_data.shop, turn.services.shipping
    actor = turn.actor(shop_id)
    draft = await turn.read(lambda store: store.drafts.ship(callback_data.draft))
    about = asked_about(shop_id, draft) if draft else None
    done = await turn.write(
        lambda store: shipping.left_before(store, actor, callback_data.draft), about
    )
    await show_outcome(turn, shop_id, done)


@router.callback_query(d.PasteLeft.filter())
async def paste_left(_: CallbackQuery, turn: Turn, callback_data: d.PasteLeft) -> None:
    """包裹已经寄出, of all lines of a paste that were refused for it."""
    pressed, entering = callback_data, turn.services.entering
    actor = turn.actor(pressed.shop)

    def work(store: Store) -> Pasted:
        return entering.left_before(store, actor, pressed.draft)

    about = CardRef("numbers", pressed.draft, pressed.shop)
    await show_report(turn, pressed.shop, await turn.write(work, about))


@router.callback_query(d.JudgeParcel.filter())
async def judge(_: CallbackQuery, turn: Turn, callback_data: d.JudgeParcel) -> None:
    """拦截 or 放行."""
    pressed, services = callback_data, turn.services
    actor = turn.actor(pressed.shop)

    def work(store: Store) -> tuple[Screen, int]:
        say = cast("Say", pressed.say)  # a claim: the use case knows the two
        judge = services.under_way.judge
        given = judge(store, actor, pressed.assignment, say, twice=bool(pressed.twice))
        card = services.listing.order(store, actor, given.order_id)
        screen = order_card(turn.t, card, store.now)
        return screen.under(screens.judged_words(turn.t, say)), given.order_id

    screen, order_id = await turn.write(work)
    await redraw(turn, [("order", order_id)], await turn.show(screen))


@router.callback_query(d.LetGo.filter())
async def let_go(_: CallbackQuery, turn: Turn, callback_data: d.LetGo) -> None:
    """拒绝退款并发货: asked once more, then done."""
    pressed, services = callback_data, turn.services
    actor = turn.actor(pressed.shop)

    def ask(store: Store) -> Screen:
        services.stopping.may_let_go(store, actor, pressed.order)
        return screens.ask_let_go(turn.t, services.listing.order(store, actor, pressed.order))

    def work(store: Store) -> Screen:
        order = services.stopping.let_go(store, actor, pressed.order)
        card = services.listing.order(store, actor, pressed.order)
        line = screens.let_go_words(turn.t, order.held_at is not None)
        return order_card(turn.t, card, store.now).under(line)

    if not pressed.sure:
        await turn.show(await turn.read(ask))
        return
    about = CardRef("order", pressed.order, pressed.shop)
    shown = await turn.show(await turn.write(work, about))
    await redraw(turn, [("order", pressed.order)], shown)
