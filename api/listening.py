"""The HTTP face on its port: one uvicorn server inside the process, ended without losing an answer.

Whoever waits for events is answered at once when it ends; requests under way get `ENDING` seconds.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

ENDING: Final = 3  # seconds


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens there, on 0 on a free port. Raises `OSError`.

    It names its protocol: asyncio sends at once (TCP_NODELAY) only where it knows that it is TCP;
    else an answer's body waits until its head is acknowledged, which takes 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family)
    return socket.socket(fileno=made.detach())  # finds the protocol out


class Listener(uvicorn.Server):
    """uvicorn whose end is decided by who runs it, not by signals."""

    def __init__(self, app: ASGIApp, ending: Callable[[], object]) -> None:
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
