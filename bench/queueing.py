"""`python -m bench.queueing`: the most a house commits where all wait for one lock.

Ids of the feed are committed in their order (docs/decisions/0025): a visit that tells programs
something holds one lock of the house until its commit is on the disk. Here sixteen connections do
nothing but that, by bare asyncpg: no house can do more. Without the lock a server flushes for
many at once. Give the disk that is meant with `--folder`: in memory a flush costs nothing.
"""

import argparse
import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from bench import servers
from bench.figures import middle
from storage.server_locks import FEEDING

AT_ONCE = 16
ROUNDS = 5
TABLE = "CREATE TABLE told (id bigint GENERATED ALWAYS AS IDENTITY, what text)"
LOCK = f"SELECT pg_advisory_xact_lock({FEEDING})"
TELL = "INSERT INTO told (what) VALUES ('assigned')"


async def measure(server: URL, seconds: float) -> dict[str, float]:
    """Return commits a second, with the lock and without it: the middle of five rounds."""
    await servers.told(server, TABLE)
    done: dict[str, list[float]] = {"with the lock": [], "without it": []}
    async with AsyncExitStack() as stack:
        raws = [await stack.enter_async_context(servers.connected(server)) for _ in range(AT_ONCE)]
        for _ in range(ROUNDS):
            for name, first in (("with the lock", LOCK), ("without it", "SELECT 1")):
                until = time.perf_counter() + seconds
                many = await asyncio.gather(*(_commits(raw, first, until) for raw in raws))
                done[name].append(sum(many) / seconds)
    return {name: middle([took]) for name, took in done.items()}


async def _commits(raw: Any, first: str, until: float) -> int:
    many = 0
    while time.perf_counter() < until:
        async with raw.transaction():
            await raw.fetchval(first)
            await raw.execute(TELL)
        many += 1
    return many


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.queueing", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round")
    parser.add_argument("--folder", type=Path, default=None, help="on the disk that is meant")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="daifa-queueing-", dir=given.folder) as own,
        servers.booted(Path(own)) as server,
    ):
        for name, commits in asyncio.run(measure(server, given.seconds)).items():
            print(f"{AT_ONCE} at once, {name}: {commits:,.0f} commits a second")


if __name__ == "__main__":
    main()
