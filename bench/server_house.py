"""A house on a server for those who press at once: shops, with drafts ready to be confirmed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL

from bench import servers
from bench.house import FACTORY, MERCHANT, bring_drafts, open_pair
from core.services import Services
from core.values import Actor, Rules
from storage.database import Database
from storage.keyring import Keyring
from storage.postgres import open_server
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker

SHOPS = 4  # merchants, each with a factory


class Draft(NamedTuple):
    """A frozen draft of one order, and its merchant."""

    draft_id: int
    telegram_id: int
    merchant: Actor


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database with drafts to be confirmed, nobody connected to it."""

    url: URL
    keys: Path
    drafts: Sequence[Draft]

    @asynccontextmanager
    async def opened(self, name: str) -> AsyncIterator[Database[SqlStore]]:
        """Open a copy as the house does."""
        make_store = store_maker(Sealer(Keyring.load(self.keys)))
        async with open_server(await servers.copied(self.url, name), make_store) as database:
            yield database


async def prepare(server: URL, keys: Path, drafts: int) -> Prepared:
    """Make a database with so many frozen drafts of one order each, of several shops in turn."""
    url = await servers.migrated(server, "made")
    services, made = Services(Rules()), list[list[Draft]]()
    make_store = store_maker(Sealer(Keyring.load_or_create(keys)))
    async with open_server(url, make_store) as database:
        for n in range(SHOPS):
            who, other = MERCHANT + n, FACTORY + n

            def shop(store: SqlStore, who: int = who, other: int = other) -> list[Draft]:
                merchant, factory = open_pair(services, store, who, other)
                each = range(-(-drafts // SHOPS))
                frozen = bring_drafts(services, store, merchant, factory, each)
                return [Draft(one, who, merchant) for one in frozen]

            made.append(await database.write(shop))
    await servers.told(url, "VACUUM ANALYZE")
    return Prepared(url, keys, [one for four in zip(*made, strict=True) for one in four])
