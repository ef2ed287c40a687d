"""设置: reminders, silence, changes nobody sees, quiet hours of this chat."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, Says
from bot.keyboards import data as d
from bot.screens.screen import Screen
from bot.screens.settings import ask_quiet, settings_screen
from bot.turn import Turn
from core.clock.clock_settings import SettingUnknown
from core.ports import Store
from core.values import Actor

router = Router(name="settings")

ASK_QUIET = "quiet"


@router.message(Says("settings"))
async def settings(_: Message, turn: Turn) -> None:
    """`/settings`, `设置`."""
    await show_settings(turn, turn.shop_id or 0)


@router.callback_query(d.ShowSettings.filter())
async def settings_button(_: CallbackQuery, turn: Turn, callback_data: d.ShowSettings) -> None:
    """From a button."""
    await show_settings(turn, callback_data.shop)


async def show_settings(turn: Turn, shop_id: int) -> None:
    """Show the settings of the shop and of this chat."""
    await turn.show(await turn.read(_look(turn, turn.actor(shop_id))))


@router.callback_query(d.SetReminder.filter())
async def set_reminder(_: CallbackQuery, turn: Turn, callback_data: d.SetReminder) -> None:
    """Remind so many hours before, or no longer."""
    setting, hours, on = turn.services.clock_setting, callback_data.hours, bool(callback_data.on)
    actor = turn.actor(callback_data.shop)
    await _set(turn, actor, lambda store: setting.set_reminder(store, actor, hours, on=on))


@router.callback_query(d.SetSilent.filter())
async def set_silent(_: CallbackQuery, turn: Turn, callback_data: d.SetSilent) -> None:
    """How long a factory may do nothing."""
    setting, hours = turn.services.clock_setting, callback_data.hours
    actor = turn.actor(callback_data.shop)
    await _set(turn, actor, lambda store: setting.set_silent(store, actor, hours))


@router.callback_query(d.SetUnseen.filter())
async def set_unseen(_: CallbackQuery, turn: Turn, callback_data: d.SetUnseen) -> None:
    """How long a change may go unseen."""
    setting, minutes = turn.services.clock_setting, callback_data.minutes
    actor = turn.actor(callback_data.shop)
    await _set(turn, actor, lambda store: setting.set_unseen(store, actor, minutes))


@router.callback_query(d.SetQuiet.filter())
async def set_quiet(_: CallbackQuery, turn: Turn, callback_data: d.SetQuiet) -> None:
    """Quiet hours of this chat."""
    setting, span = turn.services.clock_setting, (callback_data.starts, callback_data.ends)
    actor = turn.actor(callback_data.shop)
    await _set(turn, actor, lambda store: setting.set_quiet(store, actor, turn.chat_id, span))


@router.callback_query(d.AskQuiet.filter())
async def ask_hours(_: CallbackQuery, turn: Turn, callback_data: d.AskQuiet) -> None:
    """Ask for other quiet hours: in private, where a plain message is an answer."""
    if not turn.private:
        raise SettingUnknown
    await turn.ask(ASK_QUIET, ask_quiet(turn.t), shop=callback_data.shop)


@router.message(Asked(ASK_QUIET))
async def take_hours(_: Message, turn: Turn) -> None:
    """The hours were typed."""
    setting, actor, text = turn.services.clock_setting, turn.actor(turn.data["shop"]), turn.text
    look = _look(turn, actor)

    def keep(store: Store) -> Screen:
        setting.type_quiet(store, actor, turn.chat_id, text)
        return look(store)

    await turn.show(await turn.write(keep, hush=True))


async def _set(turn: Turn, actor: Actor, change: Callable[[Store], None]) -> None:
    look = _look(turn, actor)

    def work(store: Store) -> Screen:
        change(store)
        store.flush()
        return look(store)

    await turn.show(await turn.write(work))


def _look(turn: Turn, actor: Actor) -> Callable[[Store], Screen]:
    view = turn.services.clock_setting.view

    def look(store: Store) -> Screen:
        return settings_screen(turn.t, view(store, actor, turn.chat_id))

    return look
