"""`daifa run` without a token: made-up people in the browser, and platforms beside them."""

import asyncio
from contextlib import AsyncExitStack

from app.building import utc_now
from app.facing import check_port, start_http
from app.keeping import in_playground, playground_folder
from app.parts import serving, start_polling
from app.sample_export import write_sample
from app.samples import Samples
from app.sandboxed import in_sandbox, introduce, sandboxed
from app.serve import calm_the_collector
from app.settings import Settings
from app.stopping import Stopping
from playground.config import Config
from playground.people import DEFAULT_BOT
from playground.server import running as playground_running

SAMPLE = "示例订单.xlsx"


async def run_playground(settings: Settings, stopping: Stopping) -> None:
    """Serve made-up people in the browser; everything it keeps is in a folder of its own.

    Raises `StoppedStarting`.
    """
    folder = playground_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    own = in_playground(settings)
    shelf = folder / "shelf"
    shelf.mkdir(exist_ok=True)
    await asyncio.to_thread(write_sample, shelf / SAMPLE, now=utc_now())
    async with AsyncExitStack() as stack:
        async with stopping.starting():
            check_port("127.0.0.1", settings.playground_port, "DAIFA_PLAYGROUND_PORT")
            config = Config(data=folder / "telegram", shelf=shelf)
            address = await stack.enter_async_context(
                playground_running(config, settings.playground_port)
            )
            check_port("127.0.0.1", settings.sandbox_port, "DAIFA_SANDBOX_PORT")
            platforms = await stack.enter_async_context(
                sandboxed(folder / "sandbox.sqlite3", settings.sandbox_port)
            )
            own = own.model_copy(update=in_sandbox(platforms))
            running = await stack.enter_async_context(serving(own, DEFAULT_BOT.token, address))
            programs = start_http(own, running)
            await introduce(platforms, programs)
            await running.house.database.write(Samples(running.house.services).fill)
            start_polling(running)
        _say_where(address, platforms, programs)
        calm_the_collector()
        await running.wait(stopping.told)


def _say_where(address: str, platforms: str, programs: str) -> None:
    print(  # noqa: T201 - for the person at the terminal, not for the log
        f"\n  练习场 Playground: {address}\n"
        f"  平台沙盒 Selling platforms: {platforms}\n"
        f"  开放接口 OpenAPI: {programs}/docs\n"
        f"  示例订单 Sample orders to send: 📎 → {SAMPLE}\n"
        "  Ctrl+C 停止 to stop\n",
        flush=True,
    )
