"""Two of a kind, and one that stood still: a second run leaves, nothing stale is written.

Real `daifa run` processes against the playground. One of them is stopped (SIGSTOP) while people
go on, and resumed; then its lock is deleted under it, another takes its place, and it is resumed.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx

from app.building import open_database
from app.settings import Settings
from playground.config import Config
from playground.people import DEFAULT_BOT
from playground.server import running as playground_running
from storage.inspecting import faults_of
from tests.cast import LIN_XIAOMAN, WANG_DALI, Clock, Row, Stage, order_no
from tests.core.truth import faults
from tests.proof import Proving
from tests.torture.commands import Operator

MENUS = 4  # two scopes in two languages: the last thing before updates are taken
ORDERS = 8
PATIENT = 60.0


@dataclass
class Town:
    """A playground with people, and an operator who starts the bot."""

    stage: Stage
    operator: Operator
    folder: Path
    factory_number: str = ""

    async def starts(self) -> subprocess.Popen[str]:
        """Start a run and wait until it serves."""
        before = await self.menus()
        with (self.folder / "run.log").open("a") as log:
            run = self.operator.starts(log)
        async with asyncio.timeout(150):
            while await self.menus() < before + MENUS:
                assert run.poll() is None, (self.folder / "run.log").read_text()[-2000:]
                await asyncio.sleep(0.1)
        return run

    async def menus(self) -> int:
        return len(await self.calls("setMyCommands"))

    async def calls(self, method: str) -> list[dict[str, Any]]:
        answer = await self.stage.client.get(
            f"{self.stage.address}/api/calls", params={"method": method}
        )
        return cast("list[dict[str, Any]]", answer.json()["calls"])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        path = self.operator.var / "daifa.sqlite3"
        with closing(sqlite3.connect(path, timeout=30)) as raw:
            return raw.execute(sql).fetchall()

    async def delivered(self) -> None:
        """Wait until nothing is owed."""
        async with asyncio.timeout(PATIENT):
            while self.rows("SELECT 1 FROM alert WHERE state = 'owed'"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)


@asynccontextmanager
async def town_in(folder: Path) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        config = Config(data=folder / "telegram")
        address = await stack.enter_async_context(playground_running(config))
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=60))
        var, temporary = folder / "var", folder / "tmp"
        temporary.mkdir()
        operator = Operator(var, address, DEFAULT_BOT.token, (("TMPDIR", str(temporary)),))
        stage = Stage(
            address, client, cast("Any", None), Clock(), Settings(_env_file=None, var=var)
        )
        yield Town(stage, operator, folder)


async def begins(town: Town) -> None:
    stage = town.stage
    merchant, factory = stage.phone(LIN_XIAOMAN), stage.phone(WANG_DALI)
    await stage.opens_shop(merchant, "商家", "小满优选")
    town.factory_number = await stage.opens_shop(factory, "厂家", "大力日用百货厂")
    await stage.binds(merchant, factory, town.factory_number)
    await stage.imports(merchant, [Row(order_no(one)) for one in range(1, ORDERS + 1)])


async def test_a_second_run_leaves_and_one_that_stood_still_writes_nothing_stale(
    tmp_path: Path, proves: Proving
) -> None:
    still = proves.size(3, 600)
    async with town_in(tmp_path) as town:
        first = await town.starts()
        try:
            await begins(town)
            await a_second_leaves(town, first, proves)
            await stands_still(town, first, still, proves)
            await is_replaced(town, first, proves)
        finally:
            for run in (first,):
                run.kill()
                await asyncio.to_thread(run.wait)
        assert faults_of(town.operator.var / "daifa.sqlite3") == []
        async with open_database(town.stage.settings) as database:
            assert await database.read(faults) == []


async def a_second_leaves(town: Town, first: subprocess.Popen[str], proves: Proving) -> None:
    other = Operator(
        town.folder / "other", town.stage.address, DEFAULT_BOT.token, town.operator.more
    )
    other.var.mkdir()
    same, elsewhere = await asyncio.gather(town.operator.runs("run"), other.runs("run"))
    for said, words in ((same, f"process {first.pid}"), (elsewhere, f"process {first.pid}")):
        assert (said.code, words in said.text) == (1, True), said.text
        assert "Traceback" not in said.text
    assert not (other.var / "daifa.sqlite3").exists()
    proves.saw("a second run on the same folder, and on another with the same bot", "leaves")


async def stands_still(
    town: Town, run: subprocess.Popen[str], seconds: int, proves: Proving
) -> None:
    """Stopped amid work, with a long poll, alerts and leases in its hands; people go on."""
    merchant, factory = town.stage.phone(LIN_XIAOMAN), town.stage.phone(WANG_DALI)
    await merchant.sends(assigning(town, 1, 2, 3), wait=0)
    await merchant.sends(assigning(town, 4), wait=0)
    os.kill(run.pid, signal.SIGSTOP)
    began = time.monotonic()
    await merchant.sends(assigning(town, 5), wait=0)
    await merchant.sends(assigning(town, 5), wait=0)
    await factory.sends("/orders", wait=0)
    await asyncio.sleep(seconds)
    os.kill(run.pid, signal.SIGCONT)
    async with asyncio.timeout(PATIENT):
        while len(town.rows("SELECT 1 FROM assignment")) < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await town.delivered()
    assert town.rows("SELECT count(*), count(DISTINCT order_id) FROM assignment") == [(5, 5)]
    told = await told_twice(town)
    assert not told, told
    assert town.rows("SELECT count(*) FROM poisoned_update") == [(0,)]
    proves.saw("stopped amid work, then resumed", f"{time.monotonic() - began:.0f} s", "600 s")
    proves.saw("assignments doubled or lost, unmarked repeats after it", "0", "0")


async def is_replaced(town: Town, first: subprocess.Popen[str], proves: Proving) -> None:
    """Its locks are deleted while it is stopped, and another takes over: it writes no more."""
    merchant = town.stage.phone(LIN_XIAOMAN)
    os.kill(first.pid, signal.SIGSTOP)
    (town.operator.var / "daifa.lock").unlink()
    shutil.rmtree(town.folder / "tmp")
    (town.folder / "tmp").mkdir()
    second = await town.starts()
    try:
        await merchant.sends(assigning(town, 6), wait=0)
        async with asyncio.timeout(PATIENT):
            while len(town.rows("SELECT 1 FROM assignment")) < 6:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        os.kill(first.pid, signal.SIGCONT)
        await merchant.sends(assigning(town, 7), wait=0)
        assert await asyncio.to_thread(first.wait, PATIENT) == 1
        async with asyncio.timeout(PATIENT):
            while len(town.rows("SELECT 1 FROM assignment")) < 7:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await town.delivered()
        assert not await told_twice(town)
    finally:
        second.kill()
        await asyncio.to_thread(second.wait)
    assert "Another run has taken over" in (town.folder / "run.log").read_text()
    assert town.rows("SELECT count(*), count(DISTINCT order_id) FROM assignment") == [(7, 7)]
    proves.saw("resumed after another took its place", "left with a sentence, wrote nothing")


def assigning(town: Town, *numbers: int) -> str:
    return f"/assign {' '.join(map(order_no, numbers))} {town.factory_number}"


async def told_twice(town: Town) -> list[str]:
    """Return what the factory was told of an order more than once without a mark."""
    sent = [str(one["params"].get("text", "")) for one in await town.calls("sendMessage")]
    told = [text for text in sent if "🆕" in text and "可能重复" not in text]
    seen = Counter(order_no(one) for one in range(1, ORDERS + 1) for text in told
                   if order_no(one) in text)  # fmt: skip
    return [number for number, n in seen.items() if n > 1]
