"""Telegram's way in by webhook, with a real playground pushing over real HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from aiogram import Bot

from api.app import create_app
from api.webhook import BODY_LIMIT, webhook, webhook_path
from bot.inbox import Inbox
from bot.polling import ALLOWED_UPDATES
from tests.machinery.floor import BOT, Floor, Playground, until

SECRET = "only-telegram-knows"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
Raw = dict[str, Any]


class House:
    """What stands behind the door: keeps what was accepted; may be told to fail."""

    def __init__(self) -> None:
        self.accepted: list[Raw] = []
        self.failures = 0
        self.down = False

    async def accept(self, raw: Raw) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the database")
        self.accepted.append(raw)

    async def check(self) -> None:
        if self.down:
            raise OSError("the database")


class Server(uvicorn.Server):
    """uvicorn inside the test's event loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield

    @property
    def url(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"


@contextlib.asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    server = Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, ws="none"))
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn rings no bell
            await asyncio.sleep(0.01)
    try:
        yield server.url
    finally:
        server.should_exit = True
        await task


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def door(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(house.check, [webhook(BOT, SECRET, house.accept)])
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        yield client


async def knocks(door: httpx.AsyncClient, content: Any, secret: str = SECRET) -> httpx.Response:
    return await door.post(webhook_path(BOT), content=content, headers={HEADER: secret})


async def test_an_update_is_answered_empty_once_it_is_accepted(
    door: httpx.AsyncClient, house: House
) -> None:
    answer = await knocks(door, b'{"update_id": 7, "message": {}}')
    assert (answer.status_code, answer.content) == (200, b"")
    assert house.accepted == [{"update_id": 7, "message": {}}]


async def test_an_update_that_could_not_be_kept_is_not_acknowledged(
    door: httpx.AsyncClient, house: House
) -> None:
    house.failures = 1
    assert (await knocks(door, b'{"update_id": 7}')).status_code == 500
    assert (await knocks(door, b'{"update_id": 7}')).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(HEADER.encode(), b"")],
        [(HEADER.encode(), b"guessed")],
        [(HEADER.encode(), SECRET.encode() + b"x")],
        [(HEADER.encode(), "秘密".encode())],
        [(HEADER.encode(), b"\xff\xfe")],
        [(HEADER.encode(), SECRET.encode()), (HEADER.encode(), SECRET.encode())],
    ],
)
async def test_a_caller_without_the_secret_is_refused(
    door: httpx.AsyncClient, house: House, headers: list[tuple[bytes, bytes]]
) -> None:
    answer = await door.post(webhook_path(BOT), content=b'{"update_id": 7}', headers=headers)
    assert answer.status_code == 401
    assert house.accepted == []


async def test_nothing_is_read_of_a_caller_without_the_secret(house: House) -> None:
    app = create_app(house.check, [webhook(BOT, SECRET, house.accept)])
    sent: list[Raw] = []

    async def receive() -> Raw:
        raise AssertionError("the body was read")

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": webhook_path(BOT), "raw_path": b"", "query_string": b"",
        "root_path": "", "headers": [], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
    }  # fmt: skip
    await app(scope, receive, send)
    assert sent[0]["status"] == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b"\xff",
        b"[" * 9**5,
    ],
)
async def test_what_is_no_update_is_refused(
    door: httpx.AsyncClient, house: House, body: bytes
) -> None:
    assert (await knocks(door, body)).status_code == 400
    assert house.accepted == []


async def test_a_body_without_end_is_cut_short(door: httpx.AsyncClient, house: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 1000 + 2):
            yield b" " * 1000

    assert (await knocks(door, endless())).status_code == 413
    assert house.accepted == []


async def test_another_bots_door_is_not_here(door: httpx.AsyncClient) -> None:
    answer = await door.post(webhook_path(BOT + 1), headers={HEADER: SECRET})
    assert answer.status_code == 404


async def test_pages_that_load_from_elsewhere_are_off(door: httpx.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await door.get(path)).status_code == 404


async def test_health_tells_whether_the_house_can_work(
    door: httpx.AsyncClient, house: House
) -> None:
    assert (await door.get("/healthz")).json() == {"status": "ok"}
    house.down = True
    answer = await door.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})


def test_an_empty_secret_is_no_secret(house: House) -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook(BOT, "", house.accept)


async def test_what_telegram_pushes_is_handled_and_a_failure_pushed_again(
    playground: Playground, floor: Floor, bot: Bot, door: httpx.AsyncClient, house: House
) -> None:
    async def tell(chat_id: int, lang: str | None) -> None:
        pass

    house.failures = 1
    inbox = Inbox(floor.house, house.accept, tell, pauses=(0.0, 0.0))
    app = create_app(house.check, [webhook(BOT, SECRET, inbox.accept)])
    async with serving(app) as url:
        await bot.set_webhook(
            url + webhook_path(BOT), secret_token=SECRET, allowed_updates=list(ALLOWED_UPDATES)
        )
        await playground.lin.sends("待发货")
        await bot.delete_webhook()

    async def look() -> list[Raw]:
        return house.accepted

    accepted = await until(look, bool)
    assert accepted[-1]["message"]["text"] == "待发货"
