"""`python -m bench.plans`: how PostgreSQL finds what the hot acts ask for, as docs/scale.md says.

Every statement is recorded from a real visit over a database that was moved there as `daifa move`
moves one, and explained with its own values. Then the tables that grow with orders are split by
merchant (`bench.splitting`), and the very same statements are explained again.
"""

import argparse
import asyncio
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL

from bench import servers
from bench.explaining import Found, found_in
from bench.hot_acts import HotAct, hot_acts
from bench.millions import Filled, fill
from bench.server_tapes import ServerTape, recording
from bench.splitting import PARTS, split
from storage.keyring import Keyring
from storage.moving.mover import move
from storage.postgres import open_server
from storage.sealing import Sealer
from storage.store import store_maker

Taped = list[tuple[HotAct, ServerTape]]


class Survey(NamedTuple):
    """What was found with the tables as they are, and split by merchant."""

    whole: list[Found]
    parted: list[Found]


async def survey(folder: Path, server: URL, orders: int, merchants: int, *setting: str) -> Survey:
    """Fill a database with so many orders and explain every hot statement, both ways.

    The shops are of the usual size; `setting` are commands for the connection that explains.
    """
    keys = folder / "plans-keys.json"
    filled = await fill(folder, keys, orders, merchants)
    filled = replace(filled, merchant=filled.usual[0], factory=filled.usual[1])
    await servers.told(server, "CREATE DATABASE large")
    url = server.set(database="large")
    await move(filled.path, url, lambda _: None)
    await servers.told(url, "VACUUM ANALYZE")
    taped = await _recorded(filled, url, keys)
    async with servers.connected(url) as raw:
        for one in setting:
            await raw.execute(one)
        whole = await _explained(raw, taped)
        await split(raw)
        return Survey(whole, await _explained(raw, taped))


async def _recorded(filled: Filled, url: URL, keys: Path) -> Taped:
    taped: Taped = []
    with closing(sqlite3.connect(filled.path)) as raw:
        acts = hot_acts(filled, raw)
        async with open_server(url, store_maker(Sealer(Keyring.load(keys)))) as database:
            with recording() as tapes:
                for act in acts:
                    tapes.append(ServerTape())
                    await (database.write if act.writes else database.read)(act.work)
                    taped.append((act, tapes[-1]))
    return taped


async def _explained(raw: Any, taped: Iterable[tuple[HotAct, ServerTape]]) -> list[Found]:
    found: dict[str, Found] = {}
    for act, tape in taped:
        for one in tape.statements:
            values = one.values[0] if one.many else one.values
            if one.sql not in found and not one.sql.startswith(("SAVEPOINT", "RELEASE")):
                told = await raw.fetchval(f"EXPLAIN (FORMAT JSON) {one.sql}", *values)
                found[one.sql] = found_in(act.name, one.sql, told)
    return [one for one in found.values() if one.by]


def main() -> None:
    """Survey and print: how many by what, and the plans of those that say no shop's id."""
    parser = argparse.ArgumentParser(prog="python -m bench.plans", description=__doc__)
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--merchants", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=None, help="where databases are made")
    parser.add_argument("--plans", action="store_true", help="print every plan")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="daifa-plans-", dir=given.folder) as own:
        folder = Path(own)
        with servers.booted(folder) as server:
            seen = asyncio.run(survey(folder, server, given.orders, given.merchants))
    _print(seen, every=given.plans)


def _print(seen: Survey, *, every: bool) -> None:
    for one, parted in zip(seen.whole, seen.parted, strict=True):
        scanned = f"{parted.parts} of {PARTS} parts" if parted.parts else "not split"
        ways = ", ".join(f"{table} by {way}" for table, way in one.by.items())
        print(f"{one.act}: {ways}; {scanned}")
        if every or one.worst in {"house", "all"}:
            print("   ", " ".join(one.sql.split())[:300])
            print("   ", one.plan.replace("\n", "\n    "))


if __name__ == "__main__":
    main()
