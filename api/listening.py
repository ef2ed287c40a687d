"""The HTTP face on its port: one uvicorn server inside the process, ended without losing an answer.

Whoever waits for events is answered at once when it ends; requests under way get `ENDING` seconds.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn
from fastapi import FastAPI

ENDING: Final = 5  # seconds


class Listener(uvicorn.Server):
    """uvicorn whose end is decided by who runs it, not by signals."""

    def __init__(self, app: FastAPI, ending: Callable[[], object]) -> None:
        """`ending` is called before the last answers: whoever waits must be let go."""
        super().__init__(
            uvicorn.Config(
                app, log_config=None, access_log=False, ws="none", lifespan="off",
                timeout_graceful_shutdown=ENDING,
            )
        )  # fmt: skip
        self._ending = ending

    async def run_until_cancelled(self, sockets: list[socket.socket]) -> None:
        """Serve on these; when cancelled, wake whom waits, let answers go out, then end."""
        serving = asyncio.create_task(self.serve(sockets))
        try:
            await asyncio.shield(serving)
        finally:
            self._ending()
            self.should_exit = True
            await serving

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process."""
        yield
