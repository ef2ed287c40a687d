"""The HTTP face beside the bot: programs of shops, webhooks, health, Telegram where it pushes."""

import hmac
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
    house = running.house
    watch = Watch(lambda after: house.database.read(lambda store: store.programs.fed_since(after)))
    running.database.after_write(watch.wrote)
    if running.together is not None:
        running.together.heard.append(watch.wrote)
    wake = partial(house.wake, outdated=True)
    place = Place(house.database, house.services, watch, wake, draw, running.selling.draw)
    taken, standing = _stand(settings, running)
    app = create_app(
        lambda: house.database.read(_works), (readiness(standing.look), *routers), place,
        running.rates, figures=standing,
    )  # fmt: skip
    if running.sellers:
        app.include_router(
            selling(running.sellers, running.selling.taken, running.selling.noticing.met)
        )
    running.start(watch.run(), "watch")
    return _listen(settings, running, taken, Listener(app, watch.close))


def start_health(settings: Settings, running: Running) -> str:
    """Listen for supervisors alone; returns the address. Raises `CannotStart`."""
    taken, standing = _stand(settings, running)
    read = running.house.database.read
    app = create_app(lambda: read(_works), (readiness(standing.look),), figures=standing)
    return _listen(settings, running, taken, Listener(app, lambda: None))


def _stand(settings: Settings, running: Running) -> tuple[socket.socket, Standing]:
    """Take the ports, and look at the house from now on. Raises `CannotStart`."""
    taken = take_port(settings.host, settings.port, "DAIFA_PORT")
    standing = Standing(running)
    with ExitStack() as failing:
        failing.callback(taken.close)
        standing.listen(settings.host, settings.metrics_port)
        failing.pop_all()
    running.start(standing.run(), "standing")
    return taken, standing


def _listen(settings: Settings, running: Running, taken: socket.socket, listener: Listener) -> str:
    running.start(listener.run_until_cancelled([taken]), "http", door=True)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{taken.getsockname()[1]}"


async def draw(slips: Sequence[Slip], lang: str) -> bytes:
    """Return packing slips as a PDF, drawn in a process of their own."""
    t = translator(lang)
    papers = [slip_paper(t, one) for one in slips]
    return (await make(papers, layout_words(t))).pdf


def telegrams_door(running: Running) -> APIRouter:
    """Return the route Telegram calls."""
    bot_id, secret = running.house.bot_id, _secret(running)
    return webhook(bot_id, secret, running.inbox.accept)


def _secret(running: Running) -> str:
    """Return what Telegram must send; where it is not set, what only this bot's processes know."""
    given = running.settings.webhook_secret
    if given is not None:
        return given.get_secret_value()
    return hmac.digest(running.bot.token.encode(), b"webhook secret", "sha256").hex()


async def point_telegram_here(settings: Settings, running: Running) -> None:
    """Tell Telegram where to send updates; every process says the same."""
    bot_id = running.house.bot_id
    await patiently(
        partial(
            running.bot.set_webhook,
            f"{settings.public_url}{webhook_path(bot_id)}",
            secret_token=_secret(running),
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
