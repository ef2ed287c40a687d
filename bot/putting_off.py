"""What a person hears of an update that could not be handled, now or at all."""

from aiogram import Bot

from bot.inbox import Tell
from bot.screens.screen import Screen
from bot.sending import send
from bot.texts import translator


def sorry(bot: Bot) -> Tell:
    """Say that it could not be handled: it was given up."""

    async def tell(chat_id: int, lang: str | None) -> None:
        t = translator(lang)
        text = t("Something went wrong with that on our side. Nothing is lost: please try again.")
        await send(bot, chat_id, Screen(text))

    return tell


def later(bot: Bot) -> Tell:
    """Say that it waits, and is done without being asked again."""

    async def tell(chat_id: int, lang: str | None) -> None:
        t = translator(lang)
        text = t("Nothing can be saved right now, so this waits. It is done by itself as soon as "
                 "that is mended: please do not send it again.")  # fmt: skip
        await send(bot, chat_id, Screen(text))

    return tell
