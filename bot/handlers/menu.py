"""The menu's buttons: each opens a place for the shop the button belongs to."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.assigning import show_assign
from bot.handlers.binding import show_list
from bot.handlers.days import show_stats
from bot.handlers.everywhere import show_help
from bot.handlers.exporting import show_export
from bot.handlers.importing_template import show_template
from bot.handlers.orders import show_orders
from bot.handlers.shop import show_link, show_switch
from bot.keyboards.data import OpenMenu
from bot.screens.present import home_screen, shop_screen
from bot.turn import Turn

router = Router(name="menu")


async def _home(turn: Turn, shop_id: int) -> None:
    await turn.show(await home_screen(turn, shop_id))


async def _shop(turn: Turn, shop_id: int) -> None:
    await turn.show(await shop_screen(turn, shop_id))


async def _partners(turn: Turn, shop_id: int) -> None:
    await show_list(turn, shop_id, 0, None)


async def _switch(turn: Turn, _: int) -> None:
    await show_switch(turn)


PLACES: dict[str, Callable[[Turn, int], Awaitable[None]]] = {
    "home": _home,
    "orders": show_orders,
    "assign": show_assign,
    "partners": _partners,
    "export": show_export,
    "stats": show_stats,
    "template": show_template,
    "shop": _shop,
    "link": show_link,
    "switch": _switch,
    "help": show_help,
}


@router.callback_query(OpenMenu.filter())
async def open_place(_: CallbackQuery, turn: Turn, callback_data: OpenMenu) -> None:
    """Open the place; an unknown one, of an earlier version, is the menu itself."""
    await PLACES.get(callback_data.place, _home)(turn, callback_data.shop)
