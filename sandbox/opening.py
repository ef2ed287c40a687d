"""Opening one sealed field, whichever platform asks: for its shop, out of the quota of the day."""

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from sandbox import orders, sealing
from sandbox.gateway import Asking
from sandbox.orders import Order

_CHINA = timedelta(hours=8)
Why = Literal["not ours", "not sealed so", "too late", "quota gone"]


class Opened(NamedTuple):
    """`virtual`: host and extension of the number given in place of the buyer's own."""

    data_type: int
    text: str
    virtual: tuple[str, str] | None


def opened(
    asking: Asking, order_id: str, ciphertext: str, *, days: int | None = None
) -> Opened | Why:
    """The field, or why not. `days`: how long after an order's end it may still be opened."""
    order = orders.find(asking.world.database, order_id)
    if order is None or order.shop != asking.shop.id:
        return "not ours"
    if (
        days is not None
        and order.finished
        and asking.world.ms() - order.finished > days * 86_400_000
    ):
        return "too late"
    found = sealing.unseal(order.id, ciphertext)
    if found is None:
        return "not sealed so"
    if asking.quota_gone or not _use_quota(asking):
        return "quota gone"
    data_type, text = found
    if data_type == sealing.PHONE and order.body["virtual"]:
        host, extension = _virtual(order)
        return Opened(data_type, f"{host}-{extension}", (host, extension))
    return Opened(data_type, text, None)


def _virtual(order: Order) -> tuple[str, str]:
    return "17000000000", f"{int(order.id[-6:]) % 10_000:04d}"


def _use_quota(asking: Asking) -> bool:
    """One of today's, a China day; false when none is left."""
    day = (datetime.fromtimestamp(asking.world.now(), UTC) + _CHINA).date().isoformat()
    database = asking.world.database
    database.run("INSERT OR IGNORE INTO decryptions VALUES(?, ?, 0)", asking.shop.id, day)
    used = database.run(
        "UPDATE decryptions SET used = used + 1 WHERE shop = ? AND day = ? AND used < ?",
        asking.shop.id,
        day,
        asking.world.config.decrypt_quota,
    )
    return used == 1
