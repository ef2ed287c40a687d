"""After-sale, the axis apart: a buyer wants the money back, for an order or for one line of it."""

import json
from typing import Literal

from sandbox import orders
from sandbox.acts import order_of, touch
from sandbox.errors import ControlError
from sandbox.orders import Line, Order
from sandbox.telling import tell
from sandbox.units import unassign
from sandbox.world import World

Act = Literal["open", "agree", "refuse", "close"]
_AFTER = {"open": "open", "agree": "refunded", "refuse": "refused", "close": "closed"}
_TOLD = {
    "open": ("refund_opened",),
    "agree": ("refund_agreed", "refund_done"),
    "refuse": ("refund_refused",),
    "close": ("refund_closed",),
}


def refund(world: World, order_id: str, act: Act, line_id: str | None = None) -> None:
    """Raises `ControlError` where no line of the order allows it."""
    order = order_of(world, order_id)
    if order.status in ("unpaid", "closed"):
        raise ControlError("there is nothing to refund")
    chosen = [line for line in order.lines if line_id in (None, line.id) and _allows(line, act)]
    if not chosen:
        raise ControlError(f"no line of this order allows to {act} a refund")
    for line in chosen:
        world.database.run("UPDATE lines SET after_sale = ? WHERE id = ?", _AFTER[act], line.id)
    touch(world, order_id)
    for line in chosen:
        for kind in _TOLD[act]:
            tell(world, [order_id], kind, line=line.id)
    if act == "agree":
        _give_back(world, order_of(world, order_id))


def _allows(line: Line, act: Act) -> bool:
    if act == "open":
        return line.after_sale not in ("open", "refunded")
    return line.after_sale == "open"


def _give_back(world: World, order: Order) -> None:
    """Refunded lines leave their factories; an order refunded whole is closed."""
    for unit in orders.units_of(world.database, order.id):
        if all(line.after_sale == "refunded" for line in unit.lines):
            unassign(world, unit, "买家已退款")
    if all(line.after_sale == "refunded" for line in order.lines):
        body = {**order.body, "cancel_reason": "退款成功"}
        text = json.dumps(body, ensure_ascii=False)
        touch(world, order.id, status="closed", finished=world.ms(), body=text)
    elif order.status == "part_shipped" and not any(line.left for line in order.lines):
        touch(world, order.id, status="shipped")
