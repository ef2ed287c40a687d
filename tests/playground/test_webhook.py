"""Webhooks: pushed in order within a chat, with the secret, again until taken."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from playground.phone import Phone
from tests.playground.conftest import LIN, Api, Caller


@dataclass
class Hook:
    """A tiny web server that keeps what it got and answers what it is told to."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    got: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    at_once: int = 0
    most: int = 0
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
                pairs = (line.split(": ", 1) for line in head)
                headers = {name.lower(): value for name, value in pairs}
                body = json.loads(await reader.readexactly(int(headers["content-length"])))
                async with self.news:
                    self.got.append((headers, body))
                    self.news.notify_all()
                self.at_once += 1
                self.most = max(self.most, self.at_once)
                if self.hold is not None:
                    await self.hold.wait()
                self.at_once -= 1
                status, text = self.answers.pop(0) if self.answers else (200, "")
                answer = text.encode()
                start = f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\n\r\n"
                writer.write(start.encode() + answer)
                await writer.drain()
        writer.close()

    async def has(self, count: int) -> None:
        async with asyncio.timeout(5), self.news:
            await self.news.wait_for(lambda: len(self.got) >= count)

    def texts(self) -> list[str]:
        return [body["message"]["text"] for _, body in self.got]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    server = await asyncio.start_server(hook.serve, "127.0.0.1", 0)
    hook.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/tg"
    async with server:
        yield hook
        server.close()


@pytest.fixture
async def hooked(started: Caller, hook: Hook) -> AsyncIterator[Caller]:
    await started("setWebhook", url=hook.url, secret_token="s3cret_-")
    yield started
    if hook.hold is not None:
        hook.hold.set()
    await started("deleteWebhook")


async def test_an_update_arrives_with_its_secret_and_is_acknowledged(
    hooked: Caller, hook: Hook, lin: Phone
) -> None:
    await lin.sends("hello")
    ((headers, body),) = hook.got
    assert headers["x-telegram-bot-api-secret-token"] == "s3cret_-"
    assert body["message"]["text"] == "hello"
    assert (await hooked("getWebhookInfo"))["pending_update_count"] == 0


async def test_what_is_refused_is_sent_again_in_order_and_remembered(
    hooked: Caller, hook: Hook, lin: Phone
) -> None:
    hook.answers = [(500, ""), (403, ""), (200, "")]
    await lin.sends("one", wait=0)
    await lin.sends("two")
    assert hook.texts() == ["one", "one", "one", "two"]
    info = await hooked("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 403")


async def test_chats_go_side_by_side_one_chat_goes_in_order(
    hooked: Caller, hook: Hook, lin: Phone, wang: Phone
) -> None:
    hook.hold = asyncio.Event()
    for text in ("lin 1", "lin 2"):
        await lin.sends(text, wait=0)
    sending = asyncio.create_task(wang.sends("wang 1"))
    await hook.has(2)
    assert sorted(hook.texts()) == ["lin 1", "wang 1"]
    hook.hold.set()
    await sending
    await lin.sends("lin 3")
    assert [text for text in hook.texts() if text.startswith("lin")] == ["lin 1", "lin 2", "lin 3"]


async def test_no_more_than_max_connections_at_once(
    started: Caller, hook: Hook, lin: Phone, wang: Phone
) -> None:
    await started("setWebhook", url=hook.url, max_connections=1)
    await lin.sends("one", wait=0)
    await wang.sends("two")
    await lin.sends("three")
    assert hook.most == 1
    await started("deleteWebhook")


async def test_a_method_in_the_answer_is_called(hooked: Caller, hook: Hook, lin: Phone) -> None:
    call = {"method": "sendMessage", "chat_id": LIN, "text": "from the answer"}
    hook.answers = [(200, json.dumps(call))]
    await lin.sends("hello", wait=0)
    assert (await lin.sees("from the answer")).from_bot


async def test_polling_and_a_webhook_exclude_each_other(started: Caller, hook: Hook) -> None:
    waiting = asyncio.create_task(started.raw("getUpdates", timeout=30))
    while (await started("getWebhookInfo"))["url"] == "" and not waiting.done():
        await started("setWebhook", url=hook.url)
    assert (await waiting).status_code == 409
    assert await started.refused("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await started("deleteWebhook")
    assert await started.updates() == []


async def test_a_repeat_is_pushed_once_more(
    hooked: Caller, hook: Hook, lin: Phone, api: Api
) -> None:
    await lin.sends("again")
    update_id = hook.got[0][1]["update_id"]
    await api.post(f"updates/{update_id}/repeat")
    assert (await api.get(f"updates/{update_id}", wait=10))["acknowledged"] is True
    assert [body["update_id"] for _, body in hook.got] == [update_id, update_id]


async def test_bad_webhooks_are_refused(bot: Caller) -> None:
    async def refused(**params: Any) -> str:
        return await bot.refused("setWebhook", **params)

    assert await refused(url="http://example.com/x") == (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )
    assert await refused(url="nonsense") == "Bad Request: invalid webhook URL specified"
    assert await refused(url="https://a.b/", secret_token="x" * 257) == (
        "Bad Request: secret token is too long"
    )
    assert await refused(url="https://a.b/", secret_token="密") == (
        "Bad Request: secret token contains unallowed characters"
    )


async def test_pending_updates_can_be_dropped(started: Caller, lin: Phone) -> None:
    await lin.sends("old", wait=0)
    await started("deleteWebhook", drop_pending_updates=True)
    assert await started.updates() == []
