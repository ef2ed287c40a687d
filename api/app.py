"""The HTTP face as one application: what the house is asked from outside."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from fastapi import APIRouter, Depends, FastAPI
from fastapi_offline import FastAPIOffline

from api import problems
from api.documenting import document_of
from api.guide import guide
from api.health import health
from api.limits import Limits
from api.measuring import Figures, Measuring
from api.place import Place
from api.rates import Rates
from api.v1 import assignments, events, labels, orders, shipments, shops, waybills, webhooks
from api.v1.inputs import known_only


def create_app(
    check: Callable[[], Awaitable[object]],
    routers: Iterable[APIRouter] = (),
    place: Place | None = None,
    rates: Rates | None = None,
    figures: Figures | None = None,
) -> FastAPI:
    """Return the application: health, these routers, and with `place` the door for programs.

    `check` looks whether the house can work (a read of the database) and raises if it cannot.
    `rates` say how many requests a key may make; `figures` counts them.
    """
    app = _with_pages() if place is not None else FastAPI(openapi_url=None)
    app.include_router(health(check))
    for router in routers:
        app.include_router(router)
    if place is not None:
        app.state.place = place
        problems.install(app)
        for room in (shops, orders, assignments, waybills, labels, shipments, events):
            app.include_router(room.router, dependencies=[Depends(known_only)])
        app.include_router(guide())
        app.webhooks.include_router(webhooks.router)
        app.add_middleware(Limits, rates=rates or Rates())
    if figures is not None:
        app.add_middleware(Measuring, figures=figures)
    return app


def _with_pages() -> FastAPI:
    """Return an application with its document and pages, which load nothing from elsewhere."""
    app = FastAPIOffline(
        title="daifa", version="1", docs_url="/docs", redoc_url=None,
        openapi_url="/v1/openapi.json", static_url="/docs/assets",
        swagger_ui_parameters={"validatorUrl": None}, redirect_slashes=False,
    )  # fmt: skip
    app.openapi = partial(document_of, app)  # type: ignore[method-assign]
    return app
