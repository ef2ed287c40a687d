"""The same bot behind a webhook: Telegram calls it, with the secret, and is answered after."""

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.failures import CannotStart
from app.playing import run_playground
from app.serve import run_telegram
from app.settings import Settings
from app.stopping import Stopping
from playground.config import Config
from playground.people import CHEN_XIN, DEFAULT_BOT
from playground.phone import Phone
from playground.server import running as playground_running


def free_port() -> int:
    """Return a port nobody takes meanwhile: below those the system gives to connections."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("no port is free")


async def test_a_newcomer_is_greeted_through_the_webhook_and_strangers_are_not_let_in(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with (
        playground_running(Config(data=tmp_path / "telegram")) as address,
        httpx.AsyncClient(timeout=30) as client,
    ):
        settings = Settings(
            _env_file=None, var=tmp_path / "var", port=port, playground_port=0, metrics_port=0,
            public_url=f"http://127.0.0.1:{port}", telegram_api=address,
        )  # fmt: skip
        stop = Stopping()
        serving = asyncio.create_task(run_telegram(settings, SecretStr(DEFAULT_BOT.token), stop))
        newcomer = Phone(address, CHEN_XIN.id, client)
        await newcomer.sends("/start", wait=0)
        assert "代发" in (await newcomer.sees("你是", anywhere=True)).text

        url = f"http://127.0.0.1:{port}/telegram/{DEFAULT_BOT.id}"
        assert (await client.post(url, json={"update_id": 1})).status_code == 401
        health = await client.get(f"http://127.0.0.1:{port}/healthz")
        assert health.json() == {"status": "ok"}
        stop.told.set()
        await asyncio.wait_for(serving, timeout=15)


async def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        settings = Settings(_env_file=None, var=tmp_path / "var", playground_port=port)
        with pytest.raises(CannotStart, match=f"127.0.0.1:{port}.*DAIFA_PLAYGROUND_PORT"):
            await run_playground(settings, Stopping())
        settings = Settings(_env_file=None, var=tmp_path / "var", playground_port=0, port=port)
        with pytest.raises(CannotStart, match=f"127.0.0.1:{port}.*DAIFA_PORT"):
            await run_playground(settings, Stopping())
