"""One's own shops: seeing, editing, switching, the binding link."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, Says
from bot.keyboards import data as d
from bot.menu import show_commands
from bot.qr import qr_picture
from bot.screens import shops as screens
from bot.screens.present import home_screen, shop_screen
from bot.turn import Turn
from core.entities import Shop
from core.ports import Store

router = Router(name="shop")

ASK_NAME = "rename"


@router.message(Says("shop"))
async def shop(_: Message, turn: Turn) -> None:
    """`/shop`."""
    await turn.show(await shop_screen(turn))


@router.callback_query(d.EditShop.filter())
async def edit(_: CallbackQuery, turn: Turn, callback_data: d.EditShop) -> None:
    """Ask for the new name, or the new ship-from."""
    actor = turn.actor(callback_data.shop)
    if callback_data.what == "ship_from":
        await turn.write(lambda store: turn.services.opening.change_ship_from(store, actor))
        await turn.show(screens.ask_ship_from(turn.t))
        return
    await turn.read(lambda store: turn.services.shops.owned(store, actor))
    await turn.ask(ASK_NAME, screens.ask_new_name(turn.t), shop=callback_data.shop)


@router.message(Asked(ASK_NAME))
async def take_name(_: Message, turn: Turn) -> None:
    """The new name was sent."""
    shop_id = turn.data["shop"]
    actor = turn.actor(shop_id)
    await turn.write(lambda store: turn.services.shops.rename(store, actor, turn.text), hush=True)
    await turn.show(await shop_screen(turn, shop_id))


@router.message(Says("switch"))
async def switch(_: Message, turn: Turn) -> None:
    """`/switch`."""
    await show_switch(turn)


async def show_switch(turn: Turn) -> None:
    """List my shops; without one, the welcome."""

    def look(store: Store) -> tuple[list[Shop], int | None]:
        account = store.accounts.get(turn.account_id)
        mine = turn.services.accounts.shops(store, turn.account_id)
        return list(mine), account.shop_id if account else None

    mine, current = await turn.read(look)
    await turn.show(screens.switch_list(turn.t, mine, current) if mine else screens.welcome(turn.t))


@router.callback_query(d.SwitchShop.filter())
async def switch_to(_: CallbackQuery, turn: Turn, callback_data: d.SwitchShop) -> None:
    """Switch a shop on and show its menu."""
    chosen = await turn.write(
        lambda store: turn.services.accounts.switch(store, turn.account_id, callback_data.shop)
    )
    await turn.show(await home_screen(turn, callback_data.shop))
    await show_commands(turn, chosen.role)


@router.message(Says("link"))
async def link(_: Message, turn: Turn) -> None:
    """`/link`."""
    await show_link(turn, None)


@router.callback_query(d.ShowLink.filter())
async def link_button(_: CallbackQuery, turn: Turn, callback_data: d.ShowLink) -> None:
    """My link, from a button."""
    await show_link(turn, callback_data.shop)


@router.callback_query(d.ReplaceLink.filter())
async def replace_link(_: CallbackQuery, turn: Turn, callback_data: d.ReplaceLink) -> None:
    """Warn, then make a new link."""
    actor, shops = turn.actor(callback_data.shop), turn.services.shops
    if not callback_data.sure:
        mine = await turn.read(lambda store: shops.owned(store, actor))
        await turn.show(screens.replace_link(turn.t, mine), fresh=True)
        return
    await turn.write(lambda store: shops.replace_link(store, actor))
    await show_link(turn, callback_data.shop)


async def show_link(turn: Turn, shop_id: int | None) -> None:
    """Send the binding link of a factory with its QR picture."""
    actor = turn.actor(shop_id)
    mine = await turn.read(lambda store: turn.services.listing.factory(store, actor))
    address = screens.link_address(mine, turn.house.username)
    picture = await qr_picture(address)
    await turn.show(screens.link(turn.t, mine, turn.house.username, picture))
