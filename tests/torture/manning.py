"""A story's house of five processes, ready over servers of its own, the first day moved there."""

import asyncio
import random
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from app.moving import move_over
from app.settings import Settings
from tests.sharing.servers import RedisServer
from tests.torture.engines import Postgres
from tests.torture.estate import Estate
from tests.torture.town import Town, opened

Begun = tuple[Path, list[str]]


@asynccontextmanager
async def engines() -> AsyncIterator[tuple[Postgres, RedisServer]]:
    """Give a PostgreSQL and a Redis of one's own."""
    async with AsyncExitStack() as stack:
        postgres = await asyncio.to_thread(Postgres)
        stack.push_async_callback(postgres.ends)
        await postgres.starts()
        redis = RedisServer(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        redis.start()
        stack.callback(redis.stop)
        yield postgres, redis


@asynccontextmanager
async def manned(
    folder: Path, begun: Begun, rng: random.Random, engines: tuple[Postgres, RedisServer]
) -> AsyncIterator[tuple[Town, Estate]]:
    """Open the company of the first day, moved from its file: every process of it is ready."""
    postgres, redis = engines
    day = folder.with_name(f"{folder.name}-begun")
    shutil.copytree(begun[0], day)
    url = await postgres.makes("daifa")
    there = url.render_as_string(hide_password=False)
    await move_over(Settings(_env_file=None, var=day / "var", database_url=there), lambda _: None)
    estates = list[Estate]()

    def make(folder: Path, telegram: str, platforms: str) -> Estate:
        estates.append(Estate(folder, telegram, platforms, postgres=postgres, redis=redis,
                              database="daifa"))  # fmt: skip
        return estates[0]

    async with opened(folder, (day, begun[1]), rng, make) as town:
        [estate] = estates
        async with estate.attended():
            await estate.starts()
            await estate.is_ready()
            yield town, estate
