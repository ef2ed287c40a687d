"""Fifty writers at once: nobody hears that the database is locked.

Fifty chats' worth of use cases through one house, readers beside them, and two programs of the
operator's that open the same file: one writes, one makes backups.
"""

import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from app.backing import back_up
from app.settings import Settings
from storage.keyring import Keyring
from tests.core.firm import Firm, founded, incoming, order_no
from tests.core.truth import faults
from tests.proof import Proving
from tests.torture.commands import ROOT

WRITERS, READERS = 50, 4

# What `daifa invite` does, again and again, as a process of its own.
OUTSIDER = """
import asyncio, json, sys, time
from pathlib import Path
from app.building import open_database
from app.settings import Settings
from core.people.accounts import Accounts

async def main():
    took = []
    async with open_database(Settings(_env_file=None, var=Path(sys.argv[1]))) as database:
        print("ready", flush=True)
        until = time.monotonic() + float(sys.argv[2])
        while time.monotonic() < until:
            began = time.perf_counter()
            await database.write(Accounts().new_invite)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)
    print(json.dumps(took), flush=True)

asyncio.run(main())
"""


async def test_fifty_writers_and_nobody_sees_it_locked(tmp_path: Path, proves: Proving) -> None:
    seconds = proves.size(4, 600)
    async with founded(tmp_path) as firm:
        await firm.binds()
        fingerprint = Keyring.load(tmp_path / "keys.json").fingerprint()
        await firm.database.write(lambda store: store.key_mark(fingerprint))
        with outsider(tmp_path, seconds) as other:
            assert other.stdout is not None
            await asyncio.to_thread(other.stdout.readline)
            until = time.monotonic() + seconds
            wrote: list[float] = []
            read: list[float] = []
            async with asyncio.TaskGroup() as people:
                for one in range(WRITERS):
                    people.create_task(writes(firm, one, until, wrote))
                for _ in range(READERS):
                    people.create_task(reads(firm, until, read))
                backups = people.create_task(backs_up(tmp_path, until))
            outside = json.loads(await asyncio.to_thread(other.stdout.readline))
        assert await firm.looks(faults) == []
    proves.saw("writers, seconds, commits", f"{WRITERS}, {seconds}, {len(wrote) + len(outside):,}")
    proves.saw("'database is locked' seen by anybody", 0, "0")
    for who, took in (("a writer", wrote), ("another program", outside), ("a reader", read)):
        p50, p99 = percentiles(took)
        proves.saw(f"{who}: p50, p99", f"{p50:.0f} ms, {p99:.0f} ms")
    proves.saw("backups made meanwhile", backups.result())
    assert min(len(wrote), len(outside), len(read)) > seconds


def outsider(folder: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OUTSIDER, str(folder), str(seconds)], cwd=ROOT,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


async def writes(firm: Firm, which: int, until: float, took: list[float]) -> None:
    """Bring orders in, one by one, and assign each; every commit is timed from the asking on."""
    number = which * 1_000
    while time.monotonic() < until:
        number += 1
        for work in (firm.imports([incoming(number)]), firm.assigns(number)):
            began = time.perf_counter()
            await work
            took.append(time.perf_counter() - began)


async def reads(firm: Firm, until: float, took: list[float]) -> None:
    while time.monotonic() < until:
        began = time.perf_counter()
        await firm.looks(lambda store: store.orders.find(firm.merchant.shop_id, order_no(1)))
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)


async def backs_up(folder: Path, until: float) -> int:
    made = 0
    while time.monotonic() < until:
        copy = await asyncio.to_thread(back_up, Settings(_env_file=None, var=folder))
        copy.path.unlink()
        made += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.sleep(0.5)
    return made


def percentiles(took: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(took, n=100)
    return cuts[49] * 1000, cuts[98] * 1000
