"""What happens to an order after it was made, whoever does it: buyer, shop, platform, a call.

Each act changes state, moves the update time, and owes the messages. An act that the order's
state forbids raises `ControlError`; gateways check first and refuse in their platform's words.
"""

import json
from typing import Any

from sandbox import orders
from sandbox.errors import ControlError, unknown
from sandbox.making import NewBuyer, buyer_of, receiver, sealed
from sandbox.orders import ASSIGNED, RETURNED, Order
from sandbox.telling import tell
from sandbox.units import unassign
from sandbox.world import World

SHIP_WITHIN = 48 * 3_600_000
OPEN_STATES = ("paid", "part_shipped")


def order_of(world: World, order_id: str) -> Order:
    """Raises `ControlError` (404)."""
    order = orders.find(world.database, order_id)
    if order is None:
        raise unknown(f"order {order_id}")
    return order


def touch(world: World, order_id: str, **columns: Any) -> int:
    """Set columns and the update time of an order and its units; the time."""
    now = world.ms()
    names = "".join(f", {name} = ?" for name in columns)
    world.database.run(
        f"UPDATE orders SET updated = ?{names} WHERE id = ?",  # noqa: S608  our own names
        now,
        *columns.values(),
        order_id,
    )
    world.database.run("UPDATE units SET updated = ? WHERE order_id = ?", now, order_id)
    return now


def _must(held: bool, sentence: str) -> None:
    if not held:
        raise ControlError(sentence)


def pay(world: World, order_id: str) -> None:
    order = order_of(world, order_id)
    _must(order.status == "unpaid", "only an unpaid order is paid")
    now = world.ms()
    touch(world, order_id, status="paid", paid=now, deadline=now + SHIP_WITHIN)
    tell(world, [order_id], "paid")


def change_address(world: World, order_id: str, new: NewBuyer) -> None:
    order = order_of(world, order_id)
    _must(order.status in ("unpaid", *OPEN_STATES), "this order's address is past changing")
    buyer = buyer_of(new)
    body = {**order.body, **sealed(order_id, buyer)}
    text = json.dumps(body, ensure_ascii=False)
    touch(world, order_id, receiver=receiver(buyer), body=text)
    tell(world, [order_id], "address", before=order.body)


def remark(world: World, order_id: str, words: str, star: int = 0) -> None:
    order = order_of(world, order_id)
    body = {**order.body, "seller_words": words, "star": star}
    touch(world, order_id, body=json.dumps(body, ensure_ascii=False))
    tell(world, [order_id], "remark")


def change_amount(world: World, order_id: str, by: int) -> None:
    """`by` fen, on an order not yet paid."""
    order = order_of(world, order_id)
    _must(order.status == "unpaid", "the amount changes before payment only")
    body = {**order.body, "modified": int(order.body.get("modified", 0)) + by}
    touch(world, order_id, body=json.dumps(body, ensure_ascii=False))
    tell(world, [order_id], "amount")


def change_deadline(world: World, order_id: str, deadline: int) -> None:
    """`deadline` in milliseconds."""
    order = order_of(world, order_id)
    _must(order.status in OPEN_STATES, "only an order waiting for its goods has a deadline")
    touch(world, order_id, deadline=deadline)
    tell(world, [order_id], "deadline")


def cancel(world: World, order_id: str, reason: str) -> None:
    """The order is closed before anything of it was shipped; assignments fall with it."""
    order = order_of(world, order_id)
    _must(order.status in ("unpaid", "paid"), "an order with parcels under way is not cancelled")
    body = {**order.body, "cancel_reason": reason}
    now = world.ms()
    text = json.dumps(body, ensure_ascii=False)
    touch(world, order_id, status="closed", finished=now, body=text)
    tell(world, [order_id], "cancelled")
    for unit in orders.units_of(world.database, order_id):
        unassign(world, unit, reason)


def finish(world: World, order_id: str) -> None:
    order = order_of(world, order_id)
    _must(order.status == "shipped", "only a shipped order is done")
    touch(world, order_id, status="done", finished=world.ms())
    tell(world, [order_id], "done")


def ship(
    world: World, order: Order, packs: list[tuple[str, str, dict[str, int]]], unit: str | None
) -> list[str]:
    """Parcels `(carrier, number, line → pieces)` leave; their ids. Open refunds are refused."""
    now = world.ms()
    made = []
    for company, number, items in packs:
        parcel = str(7_000_000_000_000 + world.database.next("parcels"))
        made.append(parcel)
        world.database.run(
            "INSERT INTO parcels VALUES(?, ?, ?, ?, ?, ?, ?)",
            parcel,
            order.id,
            unit,
            company,
            number,
            now,
            json.dumps(items),
        )
        for line_id, pieces in items.items():
            _refuse_open(world, order, line_id)
            world.database.run(
                "UPDATE lines SET shipped = shipped + ? WHERE id = ?", pieces, line_id
            )
    left = sum(line.left for line in order_of(world, order.id).lines)
    status = "part_shipped" if left else "shipped"
    touch(world, order.id, status=status, shipped=now)
    tell(world, [order.id], status, parcels=made)
    _settle_units(world, order.id, unit)
    return made


def _refuse_open(world: World, order: Order, line_id: str) -> None:
    line = order.line(line_id)
    if line is not None and line.after_sale == "open":
        world.database.run("UPDATE lines SET after_sale = 'refused' WHERE id = ?", line_id)
        tell(world, [order.id], "refund_refused", line=line_id)
        line.after_sale = "refused"


def _settle_units(world: World, order_id: str, by: str | None) -> None:
    """What the merchant shipped alone is no longer the factory's to ship."""
    for unit in orders.units_of(world.database, order_id):
        if unit.id == by:
            world.database.run("UPDATE units SET status = ? WHERE id = ?", RETURNED, unit.id)
        elif unit.status == ASSIGNED and unit.left == 0:
            unassign(world, unit, "商家已自行发货")


def correct(world: World, parcel: str, order_id: str, company: str, number: str) -> None:
    """A parcel turns out to carry another number."""
    world.database.run(
        "UPDATE parcels SET company = ?, number = ? WHERE id = ?", company, number, parcel
    )
    touch(world, order_id)
    tell(world, [order_id], "logistics", parcels=[parcel])
