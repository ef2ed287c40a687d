"""Faults on demand look to real clients like the real ones."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from telegram.error import Forbidden, NetworkError, RetryAfter

from playground.config import Config
from playground.errors import ApiError
from playground.limits import Limits
from playground.phone import Phone
from playground.server import running
from tests.playground.conftest import LIN, Api, Caller


async def fault(api: Api, kind: str, **details: Any) -> None:
    body = {"faults": [{"kind": kind, "method": "sendMessage", "times": 1, **details}]}
    assert "faults" in await api.post("faults", body)


async def test_429_carries_its_seconds_to_both_clients(
    started: Caller,
    api: Api,
    aiogram_bot: Bot,
    ptb_bot: telegram.Bot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await fault(api, "429", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as aiogram_told:
        await aiogram_bot.send_message(LIN, "x")
    assert aiogram_told.value.retry_after == 7
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it the attribute warns
    await fault(api, "429", retry_after=8)
    with pytest.raises(RetryAfter) as ptb_told:
        await ptb_bot.send_message(LIN, "x")
    assert ptb_told.value.retry_after == timedelta(seconds=8)
    await aiogram_bot.send_message(LIN, "x")


async def test_403_5xx_and_html_reach_the_clients_as_such(
    started: Caller, api: Api, aiogram_bot: Bot, ptb_bot: telegram.Bot
) -> None:
    await fault(api, "403")
    with pytest.raises(Forbidden, match="blocked by the user"):
        await ptb_bot.send_message(LIN, "x")
    await fault(api, "5xx")
    with pytest.raises(TelegramServerError):
        await aiogram_bot.send_message(LIN, "x")
    await fault(api, "html")
    with pytest.raises(NetworkError):
        await ptb_bot.send_message(LIN, "x")


async def test_a_dropped_answer_was_done_a_dropped_request_was_not(
    started: Caller, lin: Phone, api: Api, aiogram_bot: Bot
) -> None:
    await fault(api, "drop_answer")
    with pytest.raises(TelegramNetworkError):
        await aiogram_bot.send_message(LIN, "done")
    await fault(api, "drop_request")
    with pytest.raises(TelegramNetworkError):
        await aiogram_bot.send_message(LIN, "not done")
    shown = [m.text for m in await lin.chat()]
    assert "done" in shown
    assert "not done" not in shown
    cut = (await api.get("calls", method="sendMessage"))["calls"]
    assert [call["status"] for call in cut] == [0, 0]


async def test_a_fault_can_be_for_one_chat_and_is_used_up(
    started: Caller, wang: Phone, api: Api
) -> None:
    await wang.opens(wait=0)
    await fault(api, "403", chat_id=2001, times=2)
    await started("sendMessage", chat_id=LIN, text="x")
    for _ in range(2):
        await started.refused("sendMessage", chat_id=2001, text="x")
    await started("sendMessage", chat_id=2001, text="x")
    assert (await api.get("faults"))["faults"] == []


async def test_latency_adds_to_another_fault(started: Caller, api: Api) -> None:
    await fault(api, "latency", seconds=0.05)
    await fault(api, "5xx")
    begun = time.monotonic()
    assert (await started.raw("sendMessage", chat_id=LIN, text="x")).status_code == 502
    assert time.monotonic() - begun >= 0.05


async def test_faults_are_checked_and_cleared(
    api: Api, base_url: str, client: httpx.AsyncClient
) -> None:
    assert "kind is one of" in (await api.post("faults", {"faults": [{"kind": "plague"}]}))["error"]
    assert "not a fault" in (await api.post("faults", {"faults": [{"kin": "429"}]}))["error"]
    await fault(api, "403")
    await client.delete(f"{base_url}/api/faults")
    assert (await api.get("faults"))["faults"] == []


def test_rates_are_those_of_telegram() -> None:
    now = [0.0]
    limits = Limits(clock=lambda: now[0])

    def sent(chat_id: int) -> int:
        try:
            limits.spend(1, chat_id)
        except ApiError as error:
            return int(error.parameters["retry_after"])
        return 0

    assert [sent(5) for _ in range(4)] == [0, 0, 0, 1]
    now[0] += 1
    assert sent(5) == 0
    assert [sent(-5) for _ in range(21)] == [0] * 20 + [3]
    now[0] += 60
    assert [sent(chat) for chat in range(100, 131)] == [0] * 30 + [1]


async def test_the_rates_are_kept_when_asked_for(tmp_path: Path, client: httpx.AsyncClient) -> None:
    async with running(Config(data=tmp_path, rate_limits=True)) as url:
        bot = Caller(url, client)
        await Phone(url, LIN, client).opens(wait=0)
        answers = [await bot.raw("sendMessage", chat_id=LIN, text="x") for _ in range(5)]
        statuses = [answer.status_code for answer in answers]
        assert statuses[0] == 200
        assert statuses[-1] == 429
        assert answers[-1].json()["parameters"]["retry_after"] == 1
