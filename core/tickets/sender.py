"""The factory's 发货信息 in the parts a platform's e-waybill wants."""

from typing import Final

from core.platforms.ticket_facts import Sender
from core.ports import Store
from core.text.regions import split_region
from core.tickets.ticket_errors import SenderIncomplete

# Cities that have no districts: below them come towns at once.
_UNDIVIDED: Final = ("东莞市", "中山市", "儋州市", "嘉峪关市", "三沙市")


def sender_of(store: Store, factory_id: int) -> Sender:
    """Return where a factory's parcels leave from. Raises `SenderIncomplete`."""
    known = store.shops.ship_from(factory_id)
    if known is None:
        raise SenderIncomplete(("ship_from",))
    region, detail = split_region(known.address)
    district = region.district or (region.city if region.city in _UNDIVIDED else "")
    sender = Sender(
        known.contact, known.phone, region.province, region.city, district, detail.strip()
    )
    missing = tuple(name for name, value in zip(sender._fields, sender, strict=True) if not value)
    if missing:
        raise SenderIncomplete(missing)
    return sender
