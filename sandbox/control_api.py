"""The operator's side over HTTP: orders made and changed, faults, messages, the clock, the log.

Everything is JSON under `/control`; a refusal is `{"error": …}`.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import acts, making, orders, pushing, refunds, tokens, units
from sandbox import control_models as models
from sandbox.control_views import bindings, order_rows, order_told, pushes, shops
from sandbox.errors import ControlError, first_of, unknown
from sandbox.telling import owe
from sandbox.world import World

Endpoint = Callable[[World, Request], Awaitable[Any]]
Asked = TypeVar("Asked", bound=making.Strict)


def routed(world: World, path: str, endpoint: Endpoint, method: str) -> Route:
    async def guarded(request: Request) -> Response:
        try:
            return JSONResponse(await endpoint(world, request))
        except ControlError as error:
            return JSONResponse({"error": error.sentence}, error.status)
        except ValidationError as error:
            return JSONResponse({"error": first_of(error)}, 400)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)

    return Route(f"/control/{path}", guarded, methods=[method])


async def asked(request: Request, model: type[Asked]) -> Asked:
    return model.model_validate_json(await request.body() or b"{}")


async def new_orders(world: World, request: Request) -> Any:
    new = await asked(request, making.NewOrders)
    with world.transaction():
        return {"orders": making.create(world, new)}


async def list_orders(world: World, request: Request) -> Any:
    query = request.query_params
    return order_rows(
        world,
        query.get("platform", ""),
        query.get("before", ""),
        min(200, int(query.get("limit", "50"))),
    )


async def one_order(world: World, request: Request) -> Any:
    return order_told(world, acts.order_of(world, _order(request)))


def _order(request: Request) -> str:
    return str(request.path_params["order"])


async def act(world: World, request: Request) -> Any:
    """One of the acts on an order; the order as it then stands."""
    order_id, name = _order(request), request.path_params["act"]
    change = _ACTS.get(name)
    if change is None:
        raise ControlError(f"there is no act {name}", 404)
    body = await request.body() or b"{}"
    with world.transaction():
        change(world, order_id, body)
        return order_told(world, acts.order_of(world, order_id))


async def act_on_many(world: World, request: Request) -> Any:
    name = request.path_params["act"]
    change = _ACTS.get(name)
    if change is None:
        raise ControlError(f"there is no act {name}", 404)
    said = await asked(request, models.Many)
    facts = json.dumps(said.facts).encode()
    with world.transaction():
        for order_id in said.orders:
            change(world, order_id, facts)
    return {"orders": len(said.orders)}


def _address(world: World, order_id: str, body: bytes) -> None:
    acts.change_address(world, order_id, making.NewBuyer.model_validate_json(body))


def _remark(world: World, order_id: str, body: bytes) -> None:
    said = models.Remark.model_validate_json(body)
    acts.remark(world, order_id, said.text, said.star)


def _amount(world: World, order_id: str, body: bytes) -> None:
    acts.change_amount(world, order_id, models.Amount.model_validate_json(body).by)


def _deadline(world: World, order_id: str, body: bytes) -> None:
    said = models.Deadline.model_validate_json(body)
    acts.change_deadline(world, order_id, world.ms() + int(said.within * 1000))


def _refund(world: World, order_id: str, body: bytes) -> None:
    said = models.Refund.model_validate_json(body)
    refunds.refund(world, order_id, said.act, said.line)


def _cancel(world: World, order_id: str, body: bytes) -> None:
    acts.cancel(world, order_id, models.Cancel.model_validate_json(body).reason)


_ACTS: dict[str, Callable[[World, str, bytes], None]] = {
    "pay": lambda world, order_id, body: acts.pay(world, order_id),  # noqa: ARG005
    "finish": lambda world, order_id, body: acts.finish(world, order_id),  # noqa: ARG005
    "address": _address,
    "remark": _remark,
    "amount": _amount,
    "deadline": _deadline,
    "refund": _refund,
    "cancel": _cancel,
}


async def list_shops(world: World, request: Request) -> Any:  # noqa: ARG001
    return {"shops": shops(world), "bindings": bindings(world)}


async def bind(world: World, request: Request) -> Any:
    said = await asked(request, models.Binding)
    merchant, factory = world.shop(said.merchant), world.shop(said.factory)
    if (merchant.role, factory.role) != ("merchant", "factory"):
        raise ControlError("a binding is between a merchant and a factory")
    if merchant.platform != factory.platform:
        raise ControlError("both shops must be on one platform")
    with world.transaction():
        units.set_binding(world, merchant.id, factory.id, said.status)
    return {"bindings": bindings(world)}


async def assign(world: World, request: Request) -> Any:
    """As if the merchant had assigned it in the platform's console."""
    said = await asked(request, models.Assignment)
    unit = orders.find_units(world.database, [said.unit]).get(said.unit)
    if unit is None:
        raise unknown(f"unit {said.unit}")
    if unit.status not in (orders.UNASSIGNED, orders.CANCELLED):
        raise ControlError("it is with a factory already")
    if not units.bound(world, unit.merchant, said.factory):
        raise ControlError("merchant and factory are not bound")
    with world.transaction():
        units.assign(world, unit, said.factory)
    return order_told(world, acts.order_of(world, unit.order_id))


async def authorise(world: World, request: Request) -> Any:
    """As if the shop had pressed 同意授权: a code to be exchanged."""
    said = await asked(request, models.ShopOnly)
    with world.transaction():
        return {"code": tokens.give_code(world, world.shop(said.shop))}


async def expire(world: World, request: Request) -> Any:
    said = await asked(request, models.Expire)
    with world.transaction():
        return {"expired": tokens.expire(world, said.platform, said.shop)}


async def revoke(world: World, request: Request) -> Any:
    said = await asked(request, models.ShopOnly)
    with world.transaction():
        tokens.revoke(world, world.shop(said.shop).id)
    return {}


async def stock(world: World, request: Request) -> Any:
    said = await asked(request, models.Stock)
    world.database.run(
        "INSERT OR REPLACE INTO waybill_stock VALUES(?, ?, ?)",
        world.shop(said.factory).id,
        said.company,
        said.left,
    )
    return {}


async def pickup(world: World, request: Request) -> Any:
    said = await asked(request, models.Pickup)
    at = world.ms() - int(said.ago * 1000)
    world.database.run("INSERT OR REPLACE INTO pickups VALUES(?, ?)", said.number, at)
    return {"at": at}


async def settings(world: World, request: Request) -> Any:
    if request.method == "POST":
        changes = await request.json()
        with world.transaction():
            world.settings.change(changes)
        world.bells.ring("pushes")
    return world.kept.model_dump()


async def clock(world: World, request: Request) -> Any:
    said = await asked(request, models.Clock)
    with world.transaction():
        world.advance(said.advance)
    return {"now": world.now()}


async def faults(world: World, request: Request) -> Any:
    if request.method == "POST":
        world.faults.add((await asked(request, models.NewFaults)).faults)
    elif request.method == "DELETE":
        world.faults.clear()
    return {"faults": world.faults.list()}


async def calls(world: World, request: Request) -> Any:
    query = request.query_params
    after = int(query.get("after", "0"))
    found = world.log.after(after, query.get("platform", ""), query.get("method", ""))
    return {"calls": found}


async def clear_calls(world: World, request: Request) -> Any:  # noqa: ARG001
    world.log.clear()
    return {}


async def list_pushes(world: World, request: Request) -> Any:
    """`wait`: seconds to wait until nothing is due."""
    query = request.query_params
    wait = min(60.0, float(query.get("wait", "0")))
    settled = await pushing.settled(world, wait)
    return {"settled": settled, "pushes": pushes(world, int(query.get("after", "0")))}


async def send_pushes(world: World, request: Request) -> Any:
    said = await asked(request, models.Send)
    with world.transaction():
        return {"sent": pushing.again(world, said.pushes, said.platform)}


async def make_push(world: World, request: Request) -> Any:
    said = await asked(request, models.Made)
    order = acts.order_of(world, said.order)
    with world.transaction():
        owe(world, [(order, [(said.shop or order.shop, said.tag, said.data)])])
    return {}


async def heartbeat(world: World, request: Request) -> Any:  # noqa: ARG001
    """Kuaishou asks whether its receiver lives."""
    return await pushing.heartbeat(world)


def routes(world: World) -> list[Route]:
    table: list[tuple[str, str, Endpoint]] = [
        ("GET", "orders", list_orders),
        ("POST", "orders", new_orders),
        ("GET", "orders/{order}", one_order),
        ("POST", "orders/{order}/{act}", act),
        ("POST", "acts/{act}", act_on_many),
        ("GET", "shops", list_shops),
        ("POST", "bindings", bind),
        ("POST", "assign", assign),
        ("POST", "authorise", authorise),
        ("POST", "tokens/expire", expire),
        ("POST", "tokens/revoke", revoke),
        ("POST", "stock", stock),
        ("POST", "pickups", pickup),
        ("GET", "settings", settings),
        ("POST", "settings", settings),
        ("POST", "clock", clock),
        ("GET", "faults", faults),
        ("POST", "faults", faults),
        ("DELETE", "faults", faults),
        ("GET", "calls", calls),
        ("POST", "calls/clear", clear_calls),
        ("GET", "pushes", list_pushes),
        ("POST", "pushes/send", send_pushes),
        ("POST", "pushes/make", make_push),
        ("POST", "pushes/heartbeat", heartbeat),
    ]
    return [routed(world, path, endpoint, method) for method, path, endpoint in table]
