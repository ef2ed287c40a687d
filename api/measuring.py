"""Counts and times requests, each under the route it found, never under the address asked for."""

import time
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Figures(Protocol):
    """Whoever keeps the figures."""

    def asked(self, method: str, route: str, status: int, seconds: float) -> None: ...


class Measuring:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and tell what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._figures.asked(scope["method"], route, status, time.perf_counter() - began)
