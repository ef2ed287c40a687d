"""Was it sent, was it not, or can nobody know? Decided by what really went wrong."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.outcomes import Moved, Outcome, Rejected, RetryAt, Unknown, Unreachable, outcome_of
from bot.telegram_out import close_courier_bot, make_courier_bot
from tests.machinery.floor import TOKEN, WANG, Playground


@asynccontextmanager
async def courier_of(address: str, read_timeout: float = 5) -> AsyncIterator[telegram.Bot]:
    bot = make_courier_bot(TOKEN, address, read_timeout=timedelta(seconds=read_timeout))
    yield bot
    await close_courier_bot(bot)


async def becomes(bot: telegram.Bot) -> Outcome:
    with pytest.raises(TelegramError) as told:
        await bot.send_message(WANG, "…")
    return outcome_of(told.value)


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with courier_of(f"http://127.0.0.1:{taken.getsockname()[1]}") as bot:
            assert await becomes(bot) == RetryAt()


async def test_a_server_that_takes_the_message_and_says_nothing_may_have_sent_it() -> None:
    left = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the caller gives up
        writer.close()
        await writer.wait_closed()
        left.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, courier_of(f"http://127.0.0.1:{port}", read_timeout=0.05) as bot:
        assert await becomes(bot) == Unknown()
        await left.wait()


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("drop_answer", Unknown()),
        ("drop_request", Unknown()),
        ("5xx", RetryAt(doubtful=True)),
        ("html", RetryAt(doubtful=True)),
        ("403", Unreachable()),
    ],
)
async def test_what_telegram_answers_decides(
    playground: Playground, courier_bot: telegram.Bot, fault: str, outcome: Outcome
) -> None:
    await playground.wang.opens(wait=0)
    await playground.breaks(fault, method="sendMessage")
    assert await becomes(courier_bot) == outcome


async def test_a_429_says_when(playground: Playground, courier_bot: telegram.Bot) -> None:
    await playground.breaks("429", method="sendMessage", retry_after=9)
    assert await becomes(courier_bot) == RetryAt(9.0)


async def test_a_chat_that_does_not_exist_cannot_be_reached(courier_bot: telegram.Bot) -> None:
    with pytest.raises(TelegramError) as told:
        await courier_bot.send_message(424242, "…")
    assert outcome_of(told.value) == Unreachable()


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(7), RetryAt(7.0)),
        (RetryAfter(timedelta(seconds=1.5)), RetryAt(1.5)),
        (ChatMigrated(-1002), Moved(-1002)),
        (Forbidden("Forbidden: user is deactivated"), Unreachable()),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Unreachable()),
        (BadRequest("Chat not found"), Unreachable()),
        (BadRequest("Not enough rights to send text messages to the chat"), Unreachable()),
        (BadRequest("Message is too long"), Rejected("Message is too long")),
        (InvalidToken(), RetryAt()),
        (Conflict("terminated by other getUpdates request"), RetryAt()),
        (caused(NetworkError("…"), httpx.ConnectError("…")), RetryAt()),
        (caused(NetworkError("…"), httpx.ProxyError("…")), RetryAt()),
        (caused(NetworkError("…"), httpx.PoolTimeout("…")), RetryAt()),
        (caused(NetworkError("…"), httpx.ConnectTimeout("…")), RetryAt()),
        (caused(NetworkError("…"), httpx.WriteTimeout("…")), Unknown()),
        (caused(NetworkError("…"), httpx.RemoteProtocolError("…")), Unknown()),
        (caused(NetworkError("…"), httpx.ReadError("…")), Unknown()),
        (NetworkError("Too Many Requests (429). Parsing failed"), RetryAt()),
        (NetworkError("Request Entity Too Large"), Rejected("Request Entity Too Large")),
        (NetworkError("Internal Server Error"), RetryAt(doubtful=True)),
        (TelegramError("Invalid server response"), Unknown()),
    ],
)
def test_every_error_has_one_meaning(error: TelegramError, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome
