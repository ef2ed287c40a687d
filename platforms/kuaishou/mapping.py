"""Kuaishou's orders in our words: pure. One that cannot be read stands aside, the others go on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient
from core.platforms.facts import Leg, PlatformOrder, Quarantined
from platforms.concealing import concealed
from platforms.kuaishou.shapes import DropOrder, Item, Waybill
from platforms.noticing import read_names, strange_names
from platforms.reading import Strange, after_sale, aside, moment, order_status
from platforms.standing import standing
from platforms.values import Values

PLATFORM = "kuaishou"
_KNOWN: Final = read_names(Path(__file__).with_name("fields.txt"))


def read_order(values: Values, said: Any) -> PlatformOrder | Quarantined:
    """Map one order, as order.merchant.list and order.merchant.detail give it."""
    try:
        return _mapped(values, DropOrder.model_validate(said), strange_names(said, _KNOWN))
    except (ValidationError, Strange) as wrong:
        return aside(said, "oid", wrong)


def _mapped(values: Values, order: DropOrder, strange: Sequence[str]) -> PlatformOrder:
    asides = [after_sale(values, "refundStatus", one.refundStatus) for one in order.orderItemList]
    numbered = [_line(order.oid, n, one) for n, one in enumerate(order.orderItemList, 1)]
    lines, refunded = standing(numbered, asides)
    whole = after_sale(values, "refundStatus", order.refundStatus)
    if refunded == "none" and whole == "open":
        refunded = "open"  # an after-sale of the whole order, of none of its lines
    changed_at = moment(order.updateTime)
    if changed_at is None:
        raise Strange("updateTime")
    return PlatformOrder(
        IncomingOrder(
            PLATFORM, order.oid, tuple(lines), _recipient(order),
            buyer_note=order.buyerNote, seller_note=order.sellerNote,
            paid_at=moment(order.payTime), ship_by=moment(order.promiseDeliverTime),
            order_status=order_status(values, "orderStatus", order.orderStatus),
            after_sale=refunded, at=changed_at,
        ),
        changed_at,
        handles={one.sub_order_no: order.dropshippingOrderCode for one in lines},
        given_to=_given_to(values, order),
        parcels=[_leg(one) for one in order.waybillList if one.waybillCode],
        strange=strange,
    )  # fmt: skip


def _line(order_no: str, place: int, item: Item) -> IncomingLine:
    """An item has no number there: its place is one, as in the platform's exports read here."""
    return IncomingLine(
        f"{order_no}-{place}", item.itemName, item.skuDesc, item.skuNick, item.quantity, item.price
    )


def _given_to(values: Values, order: DropOrder) -> str:
    """The factory that has it; the platform goes on naming one it was taken back from."""
    word = values.word("dropshipping_status", order.dropshippingStatus)
    if word is None:
        raise Strange("dropshippingStatus")
    return order.factoryCode if word in ("given", "returned") else ""


def _recipient(order: DropOrder) -> IncomingRecipient:
    where, who = order.receiverAddress, order.receiverContact
    regions = (where.province, where.city, where.district, where.town)
    return IncomingRecipient(
        who.desensitiseName, who.desensitiseMobile, *regions, where.desensitiseDetail,
        concealed=concealed(
            regions, who.encryptedName, who.encryptedMobile, where.encryptedDetail
        ),
    )  # fmt: skip


def _leg(one: Waybill) -> Leg:
    """A parcel there says nothing of what is in it."""
    return Leg(one.expressCompanyCode, one.waybillCode, {}, one.logisticsId)
