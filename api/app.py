"""The HTTP face as one application: what the house is asked from outside."""

from collections.abc import Awaitable, Callable, Iterable

import structlog
from fastapi import APIRouter, FastAPI, Response

log = structlog.stdlib.get_logger(__name__)


def create_app(
    check: Callable[[], Awaitable[object]], routers: Iterable[APIRouter] = ()
) -> FastAPI:
    """Return the application with these routers.

    `check` looks whether the house can work (a read of the database) and raises if it cannot. The
    library's pages of documentation stay off: they load scripts from elsewhere.
    """
    app = FastAPI(title="daifa", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(health(check))
    for router in routers:
        app.include_router(router)
    return app


def health(check: Callable[[], Awaitable[object]]) -> APIRouter:
    """Return `/healthz`: 200 when `check` passes, 503 when it raises."""
    router = APIRouter()

    @router.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        try:
            await check()
        except Exception as error:  # noqa: BLE001 - whatever it is, the house cannot work
            log.error("the house cannot work", error=type(error).__name__)
            return Response('{"status":"down"}', 503, media_type="application/json")
        return Response('{"status":"ok"}', media_type="application/json")

    return router
