"""Whether the house lives, and whether it is ready for work: for supervisors and for people."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse

log = structlog.stdlib.get_logger(__name__)

PATIENCE: Final = 5.0  # seconds a look may take
Look = Callable[[], Awaitable[Mapping[str, Any]]]


def health(check: Callable[[], Awaitable[object]]) -> APIRouter:
    """Return `/healthz`: 200 when `check` passes, 503 when it raises."""
    router = APIRouter()

    @router.get("/healthz", include_in_schema=False)
    async def healthz() -> JSONResponse:
        try:
            await check()
        except Exception as error:  # noqa: BLE001 - whatever it is, the house cannot work
            log.error("the house cannot work", error=type(error).__name__)
            return JSONResponse({"status": "down"}, 503)
        return JSONResponse({"status": "ok"})

    return router


def readiness(look: Look) -> APIRouter:
    """Return `/readyz`: what `look` found, 200 where its `ready` is true, else 503.

    A look that raises, or takes longer than `PATIENCE`, is no readiness either. It writes,
    and anybody may ask: whoever asks while it looks is answered with what it finds.
    """
    router = APIRouter()
    looking: asyncio.Task[JSONResponse] | None = None

    @router.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        nonlocal looking
        if looking is None or looking.done():
            looking = asyncio.create_task(looked())
        return await asyncio.shield(looking)

    async def looked() -> JSONResponse:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await look()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
            log.error("the house is not ready", error=type(error).__name__)
            return JSONResponse({"ready": False, "database": type(error).__name__}, 503)
        return JSONResponse(dict(found), 200 if found["ready"] else 503)

    return router
