"""Binding: asking, answering, listing, naming, unbinding."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, Says
from bot.keyboards import data as d
from bot.screens import bindings as screens
from bot.screens import shops as shop_screens
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.entities import Role
from core.ids import key
from core.orders.views import BindingView
from core.ports import Store

router = Router(name="binding")

ASK_NUMBER, ASK_ALIAS = "bind_number", "alias"


@router.message(Says("bind"))
async def bind(_: Message, turn: Turn) -> None:
    """`/bind F…` asks at once; without a number, the number is asked for."""
    if turn.said and turn.said.args:
        await request(turn, turn.said.args)
        return
    await turn.read(lambda store: turn.services.listing.merchant(store, turn.actor()))
    await turn.ask(ASK_NUMBER, screens.ask_number(turn.t))


@router.message(Asked(ASK_NUMBER))
async def take_number(_: Message, turn: Turn) -> None:
    """The number was sent on its own."""
    await request(turn, turn.text)


async def request(turn: Turn, number: str) -> None:
    """Ask the factory with that number."""
    view = await turn.write(
        lambda store: turn.services.bindings.request(store, turn.actor(), number), hush=True
    )
    await turn.show(screens.binding_card(turn.t, view))


async def bind_by_link(turn: Turn, token: str) -> None:
    """A factory's link was opened: ask for the one merchant shop, choose, or open one first."""
    bindings, actor = turn.services.bindings, turn.actor()
    factory, mine = await turn.read(
        lambda store: (
            bindings.of_link(store, token),
            turn.services.accounts.shops(store, turn.account_id),
        )
    )
    merchants = [shop for shop in mine if shop.role == "merchant"]
    if turn.role == "merchant" or len(merchants) == 1:
        if turn.role != "merchant":
            actor = turn.actor(key(merchants[0]))
        view = await turn.write(lambda store: bindings.request_by_link(store, actor, token))
        await turn.show(screens.binding_card(turn.t, view))
        return
    await turn.write(lambda store: turn.services.opening.arrive(store, turn.account_id, token))
    if merchants:
        await turn.show(screens.choose_shop(turn.t, merchants))
    else:
        welcome = shop_screens.welcome(turn.t)
        await turn.show(screens.open_merchant_first(turn.t, factory, welcome))


@router.callback_query(d.BindAs.filter())
async def bind_as(_: CallbackQuery, turn: Turn, callback_data: d.BindAs) -> None:
    """The shop that shall be bound was chosen."""
    actor = turn.actor(callback_data.shop)
    view = await turn.write(lambda store: turn.services.opening.bind_landed(store, actor))
    await turn.show(screens.binding_card(turn.t, view))


@router.callback_query(d.AnswerBinding.filter())
async def answer(_: CallbackQuery, turn: Turn, callback_data: d.AnswerBinding) -> None:
    """确认绑定, 拒绝, 撤回申请."""
    bindings, actor = turn.services.bindings, turn.actor(callback_data.shop)
    act = {
        "confirm": bindings.confirm,
        "refuse": bindings.refuse,
        "withdraw": bindings.withdraw,
    }.get(callback_data.answer, bindings.view)
    card = CardRef("binding", callback_data.binding, callback_data.shop)
    view = await turn.write(lambda store: act(store, actor, callback_data.binding), card)
    await turn.show(screens.binding_card(turn.t, view))


@router.message(Says("factories", "merchants"))
async def list_mine(_: Message, turn: Turn) -> None:
    """厂家管理 / 商家管理."""
    wanted: Role = "merchant" if turn.said and turn.said.name == "factories" else "factory"
    await show_list(turn, turn.shop_id or 0, 0, wanted)


@router.callback_query(d.ListBindings.filter())
async def list_page(_: CallbackQuery, turn: Turn, callback_data: d.ListBindings) -> None:
    """A page of the list."""
    await show_list(turn, callback_data.shop, callback_data.after, None)


async def show_list(turn: Turn, shop_id: int, after: int, role: Role | None) -> None:
    """Show bound shops after a binding's id; `role` is what the asking shop must be."""
    actor, bindings = turn.actor(shop_id), turn.services.bindings
    shop, rows = await turn.read(
        lambda store: bindings.page(store, actor, after, screens.PAGE + 1, role)
    )
    await turn.show(screens.binding_list(turn.t, shop, rows, after))


@router.callback_query(d.ShowBinding.filter())
async def show_one(_: CallbackQuery, turn: Turn, callback_data: d.ShowBinding) -> None:
    """One bound shop."""
    view = await turn.read(lambda store: _view(turn, store, callback_data))
    await turn.show(screens.binding_card(turn.t, view))


@router.callback_query(d.SetAlias.filter())
async def ask_alias(_: CallbackQuery, turn: Turn, callback_data: d.SetAlias) -> None:
    """Ask for a name only I see."""
    view = await turn.read(lambda store: _view(turn, store, callback_data))
    shop_id, binding_id = callback_data.shop, callback_data.binding
    await turn.ask(ASK_ALIAS, screens.ask_alias(turn.t, view), shop=shop_id, binding=binding_id)


@router.message(Asked(ASK_ALIAS))
async def take_alias(_: Message, turn: Turn) -> None:
    """The alias was sent; `-` removes it."""
    actor, binding_id = turn.actor(turn.data["shop"]), turn.data["binding"]
    alias = "" if turn.text.strip() in ("-", "－", "—") else turn.text
    view = await turn.write(
        lambda store: turn.services.bindings.call(store, actor, binding_id, alias), hush=True
    )
    await turn.show(screens.binding_card(turn.t, view))


@router.callback_query(d.Unbind.filter())
async def unbind(_: CallbackQuery, turn: Turn, callback_data: d.Unbind) -> None:
    """Preview, then end it the chosen way."""
    actor, bindings = turn.actor(callback_data.shop), turn.services.bindings
    if callback_data.how not in ("back", "finish"):
        view = await turn.read(lambda store: bindings.preview(store, actor, callback_data.binding))
        await turn.show(screens.unbind_preview(turn.t, view))
        return
    back = callback_data.how == "back"
    card = CardRef("binding", callback_data.binding, callback_data.shop)
    view = await turn.write(
        lambda store: bindings.unbind(store, actor, callback_data.binding, back=back), card
    )
    await turn.show(screens.binding_card(turn.t, view))


def _view(turn: Turn, store: Store, pressed: d.ShowBinding | d.SetAlias) -> BindingView:
    return turn.services.bindings.view(store, turn.actor(pressed.shop), pressed.binding)
