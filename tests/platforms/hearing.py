"""The house's ear for a platform's messages, over HTTP, beside a town that has no house."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.listening import Listener, listening_socket
from api.selling import Came, Seller, selling
from app.sandboxed import in_sandbox
from app.sellers import open_sellers
from app.settings import Settings
from core.platforms.facts import Push
from platforms.calling import open_client
from platforms.noticing import Noticing
from tests.platforms.town import Town


@asynccontextmanager
async def hearing(town: Town, noticing: Noticing) -> AsyncIterator[None]:
    """The platform's messages reach the town until the block ends."""

    async def taken(platform: str, pushes: Sequence[Push]) -> int:
        return await town.does(town.services.platforms.syncing.pushed, platform, pushes)

    async with open_client() as http:
        made = open_sellers(Settings(**in_sandbox(town.operator.url)), http)  # type: ignore[arg-type]
        app = FastAPI()
        sellers = {name: Seller(one.receive, _nobody_comes) for name, one in made.items()}
        app.include_router(selling(sellers, taken, noticing.met))
        async with _listening(app) as address:
            push = {"address": f"{address}/platforms/doudian/push"}
            await town.operator.post("settings", doudian={"push": push})
            try:
                yield
            finally:
                await town.operator.post("settings", doudian={"push": {"address": ""}})


async def _nobody_comes(code: str, word: str) -> Came:
    raise AssertionError((code, word))


@asynccontextmanager
async def _listening(app: FastAPI, ending: Callable[[], object] = int) -> AsyncIterator[str]:
    taken = listening_socket("127.0.0.1", 0)
    listener = Listener(app, ending)
    serving = asyncio.create_task(listener.run_until_cancelled([taken]))
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        taken.close()
