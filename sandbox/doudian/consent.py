"""Where a Doudian shop authorises: `/doudian/authorize?service_id=…&state=…`."""

from starlette.routing import Route

from sandbox.consenting import Flow, route
from sandbox.world import World


def routes(world: World) -> list[Route]:
    return [route(world, Flow("doudian", "抖店", "/doudian/authorize", "service_id"))]
