"""The beginning: /start with or without a link, opening a shop in three answers."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, Says
from bot.handlers.binding import bind_by_link
from bot.handlers.staff import join
from bot.keyboards.data import AskAgain, ChooseRole, KeepShipFrom
from bot.menu import show_commands
from bot.screens import bindings as binding_screens
from bot.screens import shops as screens
from bot.screens.errors import error_text
from bot.screens.present import home_screen, shop_screen
from bot.turn import Turn
from core.entities import Role
from core.ids import key
from core.people.opening import CHECK, NAME, SHIP_FROM, Opened

router = Router(name="starting")

BIND, INVITE, STAFF = "b_", "i_", "s_"


@router.message(Says("start"))
async def start(_: Message, turn: Turn) -> None:
    """Begin: what a link was for, else the menu or the welcome."""
    payload = turn.said.args if turn.said else ""
    if payload:
        turn.house.guesses.may(turn.telegram_id)
    if payload.startswith(INVITE):
        await redeem(turn, payload.removeprefix(INVITE))
    elif payload.startswith(BIND):
        await bind_by_link(turn, payload.removeprefix(BIND))
    elif payload.startswith(STAFF):
        await join(turn, payload.removeprefix(STAFF))
        return
    else:
        await turn.show(await home_screen(turn))
    await show_commands(turn, turn.role)


async def redeem(turn: Turn, token: str) -> None:
    """Let an invited person open shops."""
    await turn.write(lambda store: turn.services.accounts.redeem(store, turn.account_id, token))
    await turn.show(await home_screen(turn))


@router.callback_query(ChooseRole.filter())
async def choose_role(_: CallbackQuery, turn: Turn, callback_data: ChooseRole) -> None:
    """Open a shop: first its name."""
    role: Role = "factory" if callback_data.role == "factory" else "merchant"
    await turn.write(lambda store: turn.services.opening.begin(store, turn.account_id, role))
    await turn.show(screens.ask_name(turn.t, role))


@router.message(Asked(NAME))
async def take_name(_: Message, turn: Turn) -> None:
    """Then where it ships from."""
    await turn.write(lambda store: turn.services.opening.name(store, turn.account_id, turn.text))
    await turn.show(screens.ask_ship_from(turn.t))


@router.message(Asked(SHIP_FROM))
@router.message(Asked(CHECK))
async def take_ship_from(_: Message, turn: Turn) -> None:
    """Show what was understood, before anything is kept."""
    parsed = await turn.write(
        lambda store: turn.services.opening.ship_from(store, turn.account_id, turn.text)
    )
    await turn.show(screens.confirm_ship_from(turn.t, parsed, turn.data.get("shop", 0)))


@router.callback_query(AskAgain.filter())
async def ask_again(_: CallbackQuery, turn: Turn) -> None:
    """Write the ship-from again."""
    await turn.show(screens.ask_ship_from(turn.t))


@router.callback_query(KeepShipFrom.filter())
async def keep_ship_from(_: CallbackQuery, turn: Turn, callback_data: KeepShipFrom) -> None:
    """Open the shop, or keep the new ship-from of an open one."""
    opening = turn.services.opening
    if callback_data.shop:
        actor = turn.actor(callback_data.shop)
        await turn.write(lambda store: opening.finish_change(store, actor))
        await turn.show(await shop_screen(turn, callback_data.shop))
        return
    done = await turn.write(lambda store: opening.finish(store, turn.account_id))
    await show_opened(turn, done)
    await show_commands(turn, done.shop.role)


async def show_opened(turn: Turn, done: Opened) -> None:
    """Show the new shop, and below it what became of the link it began with."""
    await turn.show(screens.opened(turn.t, done.shop))
    if done.binding is not None:
        await turn.show(binding_screens.binding_card(turn.t, done.binding), fresh=True)
    elif done.problem is not None:
        await turn.show(
            binding_screens.problem(turn.t, key(done.shop), error_text(turn.t, done.problem)),
            fresh=True,
        )
