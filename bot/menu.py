"""Telegram's command menu: per language for everybody, per role for each person's chat."""

from collections.abc import Iterable
from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.commands import menu_for, summary
from bot.texts import LANGS, Translator, translator
from bot.turn import Turn
from core.people.staffing import Parted

# Telegram shows the menu without a language to everybody else: Chinese is first here.
CODES = {"zh_CN": "", "en": "en"}


def _commands(t: Translator, role: str | None) -> list[BotCommand]:
    return [
        BotCommand(command=command.name, description=summary(t, command.name))
        for command in menu_for(role)
    ]


async def publish_menus(bot: Bot) -> None:
    """Set the menus for people without a shop and for groups, in every language."""
    for lang in LANGS:
        t, code = translator(lang), CODES[lang] or None
        await bot.set_my_commands(
            _commands(t, None), scope=BotCommandScopeAllPrivateChats(), language_code=code
        )
        everything = [
            BotCommand(command=name, description=summary(t, name))
            for name in ("orders", "assign", "here", "help")
        ]
        await bot.set_my_commands(
            everything, scope=BotCommandScopeAllGroupChats(), language_code=code
        )


async def show_commands(turn: Turn, role: str | None) -> None:
    """Set the menu of this person's chat for the role they act in, in their language."""
    if not turn.private:
        return
    try:
        await turn.bot.set_my_commands(
            _commands(turn.t, role), scope=BotCommandScopeChat(chat_id=turn.chat_id)
        )
    except (TelegramBadRequest, TelegramForbiddenError):
        # The chat is gone or the bot blocked: there is no menu to set, and nothing is lost.
        return


async def forget_commands(bot: Bot, gone: Iterable[Parted]) -> None:
    """Give those who acted for a shop that is no longer theirs the menu of somebody without one."""
    for one in gone:
        if one.acted:
            with suppress(TelegramBadRequest, TelegramForbiddenError):  # as in `show_commands`
                await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=one.telegram_id))
