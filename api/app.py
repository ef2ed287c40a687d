"""The HTTP face as one application: what the house is asked from outside."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import structlog
from fastapi import APIRouter, FastAPI, Response
from fastapi_offline import FastAPIOffline

from api import problems
from api.documenting import document_of
from api.door import Place
from api.limits import Limits
from api.v1 import assignments, events, labels, orders, shipments

log = structlog.stdlib.get_logger(__name__)


def create_app(
    check: Callable[[], Awaitable[object]],
    routers: Iterable[APIRouter] = (),
    place: Place | None = None,
    per_minute: int = 600,
) -> FastAPI:
    """Return the application: health, these routers, and with `place` the door for programs.

    `check` looks whether the house can work (a read of the database) and raises if it cannot.
    `per_minute` is how many requests a key may make.
    """
    app = _with_pages() if place is not None else FastAPI(openapi_url=None)
    app.include_router(health(check))
    for router in routers:
        app.include_router(router)
    if place is not None:
        app.state.place = place
        problems.install(app)
        for room in (orders, assignments, labels, shipments, events):
            app.include_router(room.router, prefix="/v1")
        app.add_middleware(Limits, per_minute=per_minute)
    return app


def _with_pages() -> FastAPI:
    """Return an application with its document and pages, which load nothing from elsewhere."""
    app = FastAPIOffline(
        title="daifa", version="1", docs_url="/docs", redoc_url=None,
        openapi_url="/v1/openapi.json", static_url="/docs/assets",
        swagger_ui_parameters={"validatorUrl": None},
    )  # fmt: skip
    app.openapi = partial(document_of, app)  # type: ignore[method-assign]
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
