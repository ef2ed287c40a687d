"""The sandbox's whole state, put together once and handed to every part."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.bells import Bells
from sandbox.calls import CallLog
from sandbox.cast import Platform, Shop
from sandbox.config import Config
from sandbox.database import Database
from sandbox.errors import unknown
from sandbox.faults import Faults
from sandbox.settings import Kept, Settings


class World:
    """Used on one event loop; every change happens inside `transaction()`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.bells = Bells()
        self.database = Database(config.state)
        self.settings = Settings(self.database)
        self.faults = Faults(list(config.faults))
        self.log = CallLog()
        with self.transaction():
            self._begin()

    def _begin(self) -> None:
        self.database.many(
            "INSERT OR IGNORE INTO shops VALUES(?, ?, ?, ?, ?, ?)",
            [
                (shop.id, shop.platform, shop.role, shop.name, shop.mask, shop.ships_from)
                for shop in self.config.shops
            ],
        )
        for name, address in self.config.push_to.items():
            self.settings.change({name: {"push": {"address": address}}})
        for name, address in self.config.back_to.items():
            self.settings.change({name: {"redirect": address}})
        now = self.ms()
        self.database.many(
            "INSERT OR IGNORE INTO bindings VALUES(?, ?, ?, ?, ?, 0)",
            [
                (m, f, status, now, now if status == 2 else 0)
                for m, f, status in self.config.bindings
            ],
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, in the file and in what is remembered of it."""
        try:
            with self.database.transaction():
                yield
        except BaseException:
            self.settings.reread()
            raise

    @property
    def kept(self) -> Kept:
        return self.settings.kept

    def now(self) -> float:
        """Unix seconds on the sandbox's own clock."""
        return self.config.clock() + self.settings.kept.clock_ahead

    def ms(self) -> int:
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        ahead = self.settings.kept.clock_ahead + seconds
        self.settings.keep(self.settings.kept.model_copy(update={"clock_ahead": ahead}))
        self.bells.ring("pushes")

    def shop(self, shop_id: int) -> Shop:
        """Raises `ControlError` (404) where there is none."""
        row = self.database.row("SELECT * FROM shops WHERE id = ?", shop_id)
        if row is None:
            raise unknown(f"shop {shop_id}")
        return _shop(row["platform"], row)

    def by_mask(self, mask: int) -> Shop | None:
        row = self.database.row("SELECT * FROM shops WHERE mask = ?", mask)
        return _shop(row["platform"], row) if row else None

    def shops(self, platform: Platform | None = None) -> list[Shop]:
        rows = self.database.rows("SELECT * FROM shops ORDER BY platform, id")
        return [_shop(row["platform"], row) for row in rows if platform in (None, row["platform"])]

    def close(self) -> None:
        self.bells.close()
        self.database.close()


def _shop(platform: Platform, row: sqlite3.Row) -> Shop:
    return Shop(platform, row["id"], row["role"], row["name"], row["mask"], bool(row["ships_from"]))
