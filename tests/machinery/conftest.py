"""A playground, a database file with two bound shops, and both bots, fresh for every test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.house import House
from bot.telegram_out import close_courier_bot, make_courier_bot
from core.services import Services
from core.values import Rules
from playground.config import Config
from playground.people import DEFAULT_BOT
from playground.server import running
from storage.database import Database
from storage.keyring import Keyring
from storage.sealing import Sealer
from storage.store import store_maker
from tests.machinery.floor import (
    BOT,
    TOKEN,
    Clock,
    Floor,
    Playground,
    TelegramClock,
    make_tables,
    open_shops,
)

Run = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


@pytest.fixture
def telegram_clock() -> TelegramClock:
    return TelegramClock()


@pytest.fixture
async def playground(tmp_path: Path, telegram_clock: TelegramClock) -> AsyncIterator[Playground]:
    config = Config(data=tmp_path / "playground", webhook_retry=0.01, clock=telegram_clock)
    async with (
        running(config) as url,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        yield Playground(url, client)


@pytest.fixture
async def started(playground: Playground) -> Playground:
    """The playground, once 林小满 and 王大力 have started the bot: it may write to them."""
    await playground.lin.opens(wait=0)
    await playground.wang.opens(wait=0)
    return playground


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    path = tmp_path / "daifa.sqlite3"
    make_tables(path)
    clock = Clock()
    sealer = Sealer(Keyring.load_or_create(tmp_path / "keys.json"))
    services = Services(Rules())
    async with Database.open(path, store_maker(sealer, clock)) as database:
        shops = await database.write(open_shops(services))
        yield Floor(House(database, services, BOT, DEFAULT_BOT.username), clock, shops)


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(playground.url))
    async with Bot(TOKEN, session=session) as bot:
        yield bot


@pytest.fixture
async def courier_bot(playground: Playground) -> AsyncIterator[telegram.Bot]:
    bot = make_courier_bot(TOKEN, playground.url, per_second=1000)
    yield bot
    await close_courier_bot(bot)


@pytest.fixture
async def run() -> AsyncIterator[Run]:
    """Runs something that runs until cancelled; it is cancelled at the end of the test."""
    tasks: list[asyncio.Task[None]] = []

    def start(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        tasks.append(asyncio.create_task(coroutine))
        return tasks[-1]

    yield start
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
