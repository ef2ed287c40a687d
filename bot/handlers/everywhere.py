"""What works anywhere: /help, /cancel, /lang, the menu's buttons, coming and going."""

from aiogram import Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.filters import Says
from bot.keyboards import data as d
from bot.menu import show_commands
from bot.screens import shops as screens
from bot.screens.help import help_screen
from bot.screens.present import home_screen
from bot.screens.screen import Screen
from bot.texts import LANGS, translator
from bot.turn import Turn
from core.entities import Shop
from core.people.reaching import left
from core.ports import Store

router = Router(name="everywhere")
fallback = Router(name="fallback")


@router.message(Says("help"))
async def help_(_: Message, turn: Turn) -> None:
    """`/help`: what this role can do now."""
    await show_help(turn, turn.shop_id)


async def show_help(turn: Turn, shop_id: int | None) -> None:
    """Show the help of the role a person acts in."""

    def look(store: Store) -> Shop | None:
        mine = turn.services.accounts.shops(store, turn.account_id)
        return next((one for one in mine if one.id == shop_id), None)

    await turn.show(help_screen(turn.t, await turn.read(look)))


@router.message(Says("cancel"))
async def cancel(_: Message, turn: Turn) -> None:
    """`/cancel`: nothing is asked any more."""
    await stop_asking(turn)


@router.callback_query(d.Cancel.filter())
async def cancel_button(_: CallbackQuery, turn: Turn) -> None:
    """取消 under a question."""
    await stop_asking(turn)


async def stop_asking(turn: Turn) -> None:
    """Close the open question and show the menu."""

    def stop(store: Store) -> bool:
        asked = store.accounts.talk(turn.account_id) is not None
        store.accounts.hush(turn.account_id)
        return asked

    asked = await turn.write(stop)
    screen = await home_screen(turn)
    stopped = turn.t("Cancelled, nothing was changed.")
    await turn.show(screen.under(stopped if asked else turn.t("There was nothing to cancel.")))


@router.message(Says("lang"))
async def lang(_: Message, turn: Turn) -> None:
    """`/lang`."""
    await turn.show(screens.languages(turn.t))


@router.callback_query(d.SetLang.filter())
async def set_lang(_: CallbackQuery, turn: Turn, callback_data: d.SetLang) -> None:
    """Speak the chosen language from here on."""
    chosen = callback_data.lang if callback_data.lang in LANGS else turn.lang
    account = await turn.write(
        lambda store: turn.services.accounts.speak(store, turn.account_id, chosen)
    )
    turn.speak(chosen)
    await turn.show(await home_screen(turn, account.shop_id))
    await turn.toast(translator(chosen).plain("English it is."))
    await show_commands(turn, await turn.read(lambda store: _role(store, account.shop_id)))


def _role(store: Store, shop_id: int | None) -> str | None:
    return store.shops.of(shop_id).role if shop_id else None


@router.my_chat_member()
async def coming_or_going(event: ChatMemberUpdated, turn: Turn) -> None:
    """Blocked: what is owed waits. Unblocked: it goes out. Of groups: `bot.groups`."""
    gone = event.new_chat_member.status in ("kicked", "left")

    def keep(store: Store) -> None:
        if gone:
            left(store, turn.chat_id)
        else:
            store.alerts.reachable(turn.chat_id)

    await turn.write(keep)


@fallback.message()
async def not_understood(_: Message, turn: Turn) -> None:
    """Anything else in a private chat: say what can be done. Groups are left in peace."""
    if turn.private or turn.said is not None:
        text = turn.t("I did not understand that. /help shows what I can do, /start the menu.")
        await turn.show(Screen(text))


@fallback.callback_query()
async def unknown_button(_: CallbackQuery, turn: Turn) -> None:
    """A button of an earlier version, or a forged one."""
    await turn.toast(turn.t("This button no longer works. /start opens the menu."), alert=True)
