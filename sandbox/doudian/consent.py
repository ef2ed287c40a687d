"""Where a Doudian shop authorises: `/doudian/authorize?app_key=…&redirect_uri=…&state=…`."""

from starlette.routing import Route

from sandbox.consenting import Flow, route
from sandbox.world import World


def routes(world: World) -> list[Route]:
    return [route(world, Flow("doudian", "抖店", "/doudian/authorize", "app_key"))]
