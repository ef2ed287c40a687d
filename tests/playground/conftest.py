"""A playground on a free port, a strict caller of its Bot API, phones, and both real clients."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telegram.request import HTTPXRequest

from playground.config import Config
from playground.people import DEFAULT_BOT, LIN_XIAOMAN, WANG_DALI
from playground.phone import Phone
from playground.schema import METHODS, check
from playground.server import running

TOKEN = DEFAULT_BOT.token
BOT = DEFAULT_BOT.id
LIN = LIN_XIAOMAN.id
WANG = WANG_DALI.id


class Caller:
    """Calls the Bot API in JSON; whatever succeeds must fit the official field tables."""

    def __init__(self, base_url: str, client: httpx.AsyncClient, token: str = TOKEN) -> None:
        self.base_url = base_url
        self.client = client
        self.token = token

    async def raw(self, method: str, **params: Any) -> httpx.Response:
        url = f"{self.base_url}/bot{self.token}/{method}"
        return await self.client.post(url, json=params, timeout=60)

    async def __call__(self, method: str, **params: Any) -> Any:
        answer = (await self.raw(method, **params)).json()
        assert answer["ok"], answer
        check(answer["result"], METHODS[method]["returns"], method)
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        answer = (await self.raw(method, **params)).json()
        assert answer["ok"] is False, answer
        assert answer["description"], answer
        return str(answer["description"])

    async def updates(self, offset: int = 0, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self("getUpdates", offset=offset, **params)
        return found


class Api:
    """The people's side, raw."""

    def __init__(self, base_url: str, client: httpx.AsyncClient) -> None:
        self.base_url = base_url
        self.client = client

    async def get(self, path: str, **params: Any) -> Any:
        return (await self.client.get(f"{self.base_url}/api/{path}", params=params)).json()

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return (await self.client.post(f"{self.base_url}/api/{path}", json=body or {})).json()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data=tmp_path / "playground", webhook_retry=0.01)


@pytest.fixture
async def base_url(config: Config) -> AsyncIterator[str]:
    async with running(config) as url:
        yield url


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def bot(base_url: str, client: httpx.AsyncClient) -> Caller:
    return Caller(base_url, client)


@pytest.fixture
def api(base_url: str, client: httpx.AsyncClient) -> Api:
    return Api(base_url, client)


@pytest.fixture
def lin(base_url: str, client: httpx.AsyncClient) -> Phone:
    return Phone(base_url, LIN, client)


@pytest.fixture
def wang(base_url: str, client: httpx.AsyncClient) -> Phone:
    return Phone(base_url, WANG, client)


@pytest.fixture
async def started(bot: Caller, lin: Phone) -> Caller:
    """The bot, once Lin has started it and it has read that."""
    await lin.opens(wait=0)
    await bot.updates((await bot.updates())[-1]["update_id"] + 1)
    return bot


@pytest.fixture
async def aiogram_bot(base_url: str) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(base_url))
    async with Bot(TOKEN, session=session) as bot:
        yield bot


@pytest.fixture
async def ptb_bot(base_url: str) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(
        TOKEN,
        base_url=f"{base_url}/bot",
        base_file_url=f"{base_url}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )
    async with bot:
        yield bot
