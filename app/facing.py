"""The HTTP face beside the bot: programs of shops, webhooks, health, Telegram where it pushes."""

import secrets
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

from fastapi import APIRouter

from api.app import create_app
from api.health import readiness
from api.listening import Listener, listening_socket
from api.place import Place
from api.selling import selling
from api.watching import Watch
from api.webhook import webhook, webhook_path
from app.failures import CannotStart
from app.parts import start_outward
from app.running import Running, patiently
from app.settings import Settings
from app.standing import Standing
from bot.polling import ALLOWED_UPDATES
from bot.printing.making import make
from bot.screens.printing import layout_words, slip_paper
from bot.texts import translator
from core.ports import Store
from core.shipments.printing import Slip


def start_http(settings: Settings, running: Running, *routers: APIRouter) -> str:
    """Listen, and tell platforms and programs; returns the address. Raises `CannotStart`."""
    address = start_face(settings, running, *routers)
    start_outward(running)
    return address


def start_face(settings: Settings, running: Running, *routers: APIRouter) -> str:
    """Listen on `DAIFA_HOST`:`DAIFA_PORT`; returns the address. Raises `CannotStart`."""
    taken = take_port(settings.host, settings.port, "DAIFA_PORT")
    house = running.house
    watch = Watch(lambda after: house.database.read(lambda store: store.programs.fed_since(after)))
    running.database.after_write(watch.wrote)
    wake = partial(house.wake, outdated=True)
    place = Place(house.database, house.services, watch, wake, draw, running.selling.draw)
    standing = Standing(running)
    with ExitStack() as failing:
        failing.callback(taken.close)
        standing.listen(settings.host, settings.metrics_port)
        failing.pop_all()
    ready = readiness(standing.look)
    app = create_app(
        lambda: house.database.read(_works), (ready, *routers), place, figures=standing
    )
    if running.sellers:
        app.include_router(
            selling(running.sellers, running.selling.taken, running.selling.noticing.met)
        )
    running.start(watch.run(), "watch")
    running.start(standing.run(), "standing")
    running.start(Listener(app, watch.close).run_until_cancelled([taken]), "http", door=True)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{taken.getsockname()[1]}"


async def draw(slips: Sequence[Slip], lang: str) -> bytes:
    """Return packing slips as a PDF, drawn in a process of their own."""
    t = translator(lang)
    papers = [slip_paper(t, one) for one in slips]
    return (await make(papers, layout_words(t))).pdf


async def start_webhook(settings: Settings, running: Running) -> None:
    """Listen, then tell Telegram where; a secret that was not set is drawn anew at each start."""
    given = settings.webhook_secret
    secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
    bot_id = running.house.bot_id
    start_http(settings, running, webhook(bot_id, secret, running.inbox.accept))
    await patiently(
        partial(
            running.bot.set_webhook,
            f"{settings.public_url}{webhook_path(bot_id)}",
            secret_token=secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=40,
        )
    )


def _works(store: Store) -> object:
    return store.counts(0)


def check_port(host: str, port: int, setting: str) -> None:
    """Raise `CannotStart` where another program listens: uvicorn would leave with a traceback."""
    take_port(host, port, setting).close()


def take_port(host: str, port: int, setting: str) -> socket.socket:
    """Return a socket that listens there. Raises `CannotStart` where another program does."""
    try:
        return listening_socket(host, port)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {host}:{port} ({error.strerror}). "
            f"Stop what listens there, or set {setting} to a free port."
        ) from None
