"""The sandbox as a web application, and as a server inside or outside a running event loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from socket import AF_INET, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import control_api
from sandbox.config import Config
from sandbox.doudian import consent as doudian_consent
from sandbox.doudian.gateway import Doudian
from sandbox.kuaishou import oauth
from sandbox.kuaishou.gateway import Kuaishou
from sandbox.pushing import Pusher
from sandbox.world import World

PAGE = Path(__file__).with_name("page")
SHUTDOWN_SECONDS = 3.0


def create_app(config: Config) -> Starlette:
    """The application; `app.state.world` is its state, opened now and closed at shutdown."""
    world = World(config)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:  # noqa: ARG001
        pushers = [
            asyncio.create_task(Pusher(world, "doudian").run()),
            asyncio.create_task(Pusher(world, "kuaishou").run()),
        ]
        yield
        world.bells.close()
        await asyncio.gather(*pushers)
        world.close()

    app = Starlette(
        lifespan=lifespan,
        routes=[
            *doudian_consent.routes(world),
            Route("/doudian/{path:path}", Doudian(world).endpoint, methods=["POST"]),
            *oauth.routes(world),
            Route("/kuaishou/open/{path:path}", Kuaishou(world).endpoint, methods=["GET", "POST"]),
            *control_api.routes(world),
            Route("/", _index),
            Mount("/page", StaticFiles(directory=PAGE)),
        ],
    )
    app.state.world = world
    app.state.cut = _cannot_cut
    return app


async def _index(request: Request) -> Response:  # noqa: ARG001
    return FileResponse(PAGE / "index.html")


class PortTaken(Exception):
    """The sandbox cannot listen where it was told to."""


def listening(host: str, port: int) -> socket:
    """Raises `PortTaken`."""
    # Named as TCP, or asyncio leaves Nagle's delay on: 40 ms for every answer.
    bound = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)
    bound.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise PortTaken(f"{host}:{port}: {error.strerror}") from None
    return bound


def _cannot_cut(client: tuple[str, int]) -> None:
    raise RuntimeError(f"only sandbox.server.Server can cut the connection of {client}")


class Server(uvicorn.Server):
    """uvicorn that can cut a connection, and that ends every wait before it stops.

    `embedded`: no signal handlers, and it stops as soon as `stop` is called.
    """

    def __init__(self, config: Config, *, embedded: bool) -> None:
        self.app = create_app(config)
        self.app.state.cut = self._cut
        super().__init__(
            uvicorn.Config(
                self.app,
                http="h11",
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                timeout_keep_alive=75,  # longer than any client keeps an idle connection
            )
        )
        self._embedded = embedded
        self._stopped = asyncio.Event()
        self.ready = asyncio.Event()

    @property
    def base_url(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    def stop(self) -> None:
        self._stopped.set()

    def _cut(self, client: tuple[str, int]) -> None:
        for connection in list(self.server_state.connections):
            if getattr(connection, "client", None) == tuple(client):
                connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if self._embedded:
            yield
        else:
            with super().capture_signals():
                yield

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        await self.on_tick(0)
        self.ready.set()

    async def main_loop(self) -> None:
        if self._embedded:
            await self._stopped.wait()
        else:
            await super().main_loop()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:  # noqa: ARG002
        for server in self.servers:
            server.close()
        self.app.state.world.bells.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            _, late = await asyncio.wait(self.server_state.tasks, timeout=SHUTDOWN_SECONDS)
            for task in late:
                task.cancel()
        await self.lifespan.shutdown()


@contextlib.asynccontextmanager
async def start(config: Config, port: int = 0) -> AsyncIterator[str]:
    """A sandbox inside this event loop, on 127.0.0.1; gives its address, without a slash.

    Raises `PortTaken`.
    """
    bound = listening("127.0.0.1", port)
    server = Server(config, embedded=True)
    serving = asyncio.create_task(server.serve([bound]))
    await server.ready.wait()
    try:
        yield server.base_url
    finally:
        server.stop()
        await serving


def run(config: Config, host: str, port: int, started: Callable[[str], None]) -> None:
    """Serve until interrupted; `started` is called with the address. Raises `PortTaken`."""
    bound = listening(host, port)

    async def main() -> None:
        server = Server(config, embedded=False)
        serving = asyncio.create_task(server.serve([bound]))
        await server.ready.wait()
        started(server.base_url)
        await serving

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
