"""New orders, one or ten thousand, made of invented buyers and products."""

import json
import zlib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sandbox import cast, sealing
from sandbox.cast import Area, Buyer, Product, Shop
from sandbox.errors import ControlError
from sandbox.telling import tell
from sandbox.world import World

SHIP_WITHIN = 48 * 3_600_000
_FIRST_ORDER = 6_950_000_000_000_000_000
_FIRST_UNIT = 8_120_000_000_000_000_000
_STEP = 7_919_0


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewLine(Strict):
    name: str = "陶瓷马克杯"
    spec: dict[str, str] = Field(default_factory=lambda: {"颜色": "奶白色"})
    code: str = "MUG-01"
    price: int = Field(default=2_990, ge=0)
    count: int = Field(default=1, ge=1)


class NewBuyer(Strict):
    name: str
    phone: str
    areas: tuple[str, str, str, str] = Field(strict=False)
    detail: str


class NewOrders(Strict):
    """`count` orders of `shop`; without `lines` and `buyer` made-up ones, in turn.

    `quiet`: no messages are pushed for them. `over`: seconds of the past they are spread over.
    `virtual`: the phone decrypts to a virtual number.
    """

    shop: int
    count: int = Field(default=1, ge=1, le=20_000)
    paid: bool = True
    lines: list[NewLine] = Field(default_factory=list)
    buyer: NewBuyer | None = None
    buyer_words: str = ""
    seller_words: str = ""
    virtual: bool = False
    quiet: bool = False
    over: float = Field(default=0.0, ge=0)


def create(world: World, new: NewOrders) -> list[str]:
    """Their numbers. Raises `ControlError` for a shop that is unknown or sells nothing."""
    shop = world.shop(new.shop)
    if shop.role != "merchant":
        raise ControlError("only a merchant's shop has orders")
    last = world.database.next("orders", new.count)
    now = world.ms()
    ids = []
    orders: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    units: list[tuple[Any, ...]] = []
    for place, number in enumerate(range(last - new.count + 1, last + 1)):
        order_id = str(_FIRST_ORDER + number * _STEP)
        at = now - int(new.over * 1000 * (new.count - 1 - place) / new.count)
        ids.append(order_id)
        orders.append(_order(new, shop, order_id, number, at))
        for one in _lines(new, shop, order_id, number):
            lines.append(one)
            unit = (one[3], order_id, shop.id, None, 0, 0, at, "", "")
            if not units or units[-1][0] != unit[0]:
                units.append(unit)
    database = world.database
    database.many(f"INSERT INTO orders VALUES({_marks(12)})", orders)
    database.many(f"INSERT INTO lines VALUES({_marks(8)})", lines)
    database.many(f"INSERT INTO units VALUES({_marks(9)})", units)
    if not new.quiet:
        tell(world, ids, "created")
        if new.paid:
            tell(world, ids, "paid")
    return ids


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _order(new: NewOrders, shop: Shop, order_id: str, number: int, at: int) -> tuple[Any, ...]:
    buyer = _buyer(new, number)
    body = {
        "buyer_words": new.buyer_words,
        "seller_words": new.seller_words,
        "star": 0,
        "virtual": new.virtual,
        **sealed(order_id, buyer),
    }
    return (
        order_id,
        shop.platform,
        shop.id,
        "paid" if new.paid else "unpaid",
        at,
        at if new.paid else 0,
        at,
        at + SHIP_WITHIN if new.paid else 0,
        0,
        0,
        receiver(buyer),
        json.dumps(body, ensure_ascii=False),
    )


def receiver(buyer: Buyer) -> str:
    where = "".join((*buyer.area.names, buyer.detail))
    return sealing.receiver_id(buyer.name, buyer.phone, where)


def sealed(order_id: str, buyer: Buyer) -> dict[str, Any]:
    """What an order knows of its recipient: sealed and masked, never plain."""
    return {
        "areas": list(buyer.area.names),
        "area_ids": list(buyer.area.ids),
        "sealed": {
            "name": sealing.seal(order_id, sealing.NAME, buyer.name),
            "phone": sealing.seal(order_id, sealing.PHONE, buyer.phone),
            "detail": sealing.seal(order_id, sealing.ADDRESS, buyer.detail),
        },
        "masked": {
            "name": sealing.masked_name(buyer.name),
            "phone": sealing.masked_phone(buyer.phone),
            "detail": sealing.masked_detail(buyer.detail),
        },
    }


def _buyer(new: NewOrders, number: int) -> Buyer:
    if new.buyer is not None:
        return buyer_of(new.buyer)
    return cast.BUYERS[number % len(cast.BUYERS)]


def buyer_of(new: NewBuyer) -> Buyer:
    """Area ids follow from the names: the same name always has the same id."""
    known = {n: i for b in cast.BUYERS for n, i in zip(b.area.names, b.area.ids, strict=True)}
    ids = [known.get(n, str(900_000 + zlib.crc32(n.encode()) % 99_999)) for n in new.areas]
    return Buyer(new.name, new.phone, Area(new.areas, (ids[0], ids[1], ids[2], ids[3])), new.detail)


def _lines(new: NewOrders, shop: Shop, order_id: str, number: int) -> list[tuple[Any, ...]]:
    """Rows of `lines`; a unit is a line on Doudian, the order on Kuaishou."""
    made = []
    first = int(order_id)
    for place, (product, count) in enumerate(_products(new, number)):
        unit = str(_FIRST_UNIT + number * _STEP + (place if shop.platform == "doudian" else 0))
        body = {
            "product": product.id,
            "sku": product.sku,
            "name": product.name,
            "spec": [{"name": name, "value": value} for name, value in product.spec],
            "code": product.code,
            "price": product.price,
        }
        text = json.dumps(body, ensure_ascii=False)
        made.append((str(first + place), order_id, place, unit, count, 0, "none", text))
    return made


def _products(new: NewOrders, number: int) -> list[tuple[Product, int]]:
    if not new.lines:
        known = cast.PRODUCTS
        two = number % 5 == 0  # every fifth order has two products
        chosen = [known[number % len(known)], known[(number + 1) % len(known)]][: 1 + two]
        return [(product, 1 + (number + place) % 3) for place, product in enumerate(chosen)]
    made = []
    for line in new.lines:
        seed = zlib.crc32(f"{line.name}/{line.code}".encode())
        spec = tuple(line.spec.items())
        made.append(
            (Product(3_605_000_000 + seed, 1_780_000_000 + seed, line.name, spec, line.code,
                     line.price), line.count)
        )  # fmt: skip
    return made
