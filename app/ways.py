"""The ways out of the process: to the database's file, to Telegram, to children that read files.

The house is put together in one place (`app.running`) whatever they are: a run has real ones, a
simulator its own.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import telegram
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from app.building import Clock, open_database
from app.settings import Settings
from bot.handlers.importing_job import ReadSheet
from bot.handlers.pasting_job import ReadNumbers
from bot.sending import ObeyRetryAfter
from bot.telegram_out import make_courier_bot
from platforms.sheets.alias_table import MoreNames
from platforms.sheets.numbers import read_numbers
from platforms.sheets.reading import parse_file
from storage.database import Database
from storage.store import SqlStore


class Session(AiohttpSession):
    """aiogram's session, without two of its delays.

    It waits a quarter of a second for TLS to end, where there is none; and pydantic forgets a
    generic model nobody holds, so that the model of most answers is made anew, in 1–4 ms.
    """

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer, by a model that is held from the first on."""
        _answer_of(type(method))
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        """End the connections."""
        if self.api.base.startswith("https:") or self._session is None:
            await super().close()
        else:
            await self._session.close()


@cache
def _answer_of(method: type[TelegramMethod[Any]]) -> object:
    return Response[method.__returning__]  # type: ignore[name-defined]


def make_bot(settings: Settings, token: str, api_base: str) -> Bot:
    """Return aiogram's client: the conversation's way out."""
    session = Session(api=TelegramAPIServer.from_base(api_base), proxy=settings.proxy)
    session.middleware(ObeyRetryAfter())
    return Bot(token, session=session)


def make_alerts_bot(settings: Settings, token: str, api_base: str) -> telegram.Bot:
    """Return the courier's client: the alerts' way out."""
    return make_courier_bot(
        token, api_base, per_second=settings.alerts_per_second, proxy=settings.proxy
    )


def house_database(
    settings: Settings, clock: Clock
) -> AbstractAsyncContextManager[Database[SqlStore]]:
    """Open the database of a house: it does not wait long, people's updates do, in their order."""
    return open_database(settings, clock, busy_timeout=5.0)


def sheet_reader(more_names: MoreNames) -> ReadSheet:
    """Return what reads files of orders, knowing these column names besides ours."""
    return partial(parse_file, more_names=more_names)


@dataclass(frozen=True)
class Ways:
    """How the house reaches what is outside; what stands here by default is real."""

    database: Callable[[Settings, Clock], AbstractAsyncContextManager[Database[SqlStore]]] = (
        house_database
    )
    bot: Callable[[Settings, str, str], Bot] = make_bot
    courier_bot: Callable[[Settings, str, str], telegram.Bot] = make_alerts_bot
    read_sheet: Callable[[MoreNames], ReadSheet] = sheet_reader
    read_numbers: ReadNumbers = read_numbers
