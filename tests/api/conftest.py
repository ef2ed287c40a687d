"""A firm whose door for programs is open on a real port."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from api.app import create_app
from api.listening import Listener, listening_socket
from api.place import Place
from api.watching import Watch
from app.facing import draw
from core.entities import Role
from core.programs.keys import SCOPES
from tests.core.firm import Firm, founded


@dataclass
class Shopfront:
    """The firm, where its door is, and a client for the asking."""

    firm: Firm
    place: Place
    app: FastAPI
    watch: Watch
    client: httpx.AsyncClient

    async def key(self, who: str = "factory", *scopes: str) -> str:
        """Make a key of this shop; with every scope where none is named."""
        role: Role = "factory" if "factory" in who else "merchant"
        made = await self.firm.does(
            self.firm.services.programs.keys.make,
            self.firm.people[who],
            "打单",
            scopes or SCOPES[role],
        )
        return made.token

    async def asks(self, token: str, method: str, path: str, **more: object) -> httpx.Response:
        """Ask as a program does."""
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}  # type: ignore[dict-item]
        return await self.client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Shopfront]:
    """A merchant and a factory, bound, and the door for their programs."""
    async with founded(tmp_path) as firm:
        await firm.binds()
        watch = Watch(lambda after: firm.database.read(lambda s: s.programs.fed_since(after)))
        firm.database.after_write(watch.wrote)
        place = Place(firm.database, firm.services, watch, draw=draw)
        app = create_app(lambda: firm.database.read(lambda store: store.counts(0)), place=place)
        async with listening(app, watch) as address:
            watching = asyncio.create_task(watch.run())
            async with httpx.AsyncClient(base_url=address, timeout=10) as client:
                yield Shopfront(firm, place, app, watch, client)
            watching.cancel()


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, watch: Watch) -> AsyncIterator[str]:
    """Serve an application on a free port of this machine."""
    door = listening_socket("127.0.0.1", 0)  # it takes connections from now on
    serving = asyncio.create_task(Listener(app, watch.close).run_until_cancelled([door]))
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
