"""Doudian's orders in our words: pure. One that cannot be read stands aside, the others go on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from core.imports.incoming import (
    AfterSale,
    IncomingLine,
    IncomingOrder,
    IncomingRecipient,
)
from core.platforms.facts import Leg, PlatformOrder, Quarantined
from platforms.concealing import concealed
from platforms.doudian.shapes import AfterSaleInfo, Logistics, ShopOrder, SkuOrder
from platforms.noticing import read_names, strange_names
from platforms.reading import Strange, after_sale, aside, moment, order_status
from platforms.standing import standing
from platforms.values import Values

PLATFORM = "doudian"
_KNOWN: Final = read_names(Path(__file__).with_name("fields.txt"))
_REFUNDED_BEFORE = ("21", "22", "39")  # main_status: over because the money went back


def read_order(values: Values, said: Any) -> PlatformOrder | Quarantined:
    """Map one `shop_order`, as order.searchList and order.orderDetail give it."""
    try:
        return _mapped(values, ShopOrder.model_validate(said), strange_names(said, _KNOWN))
    except (ValidationError, Strange) as wrong:
        return aside(said, "order_id", wrong)


def _mapped(values: Values, order: ShopOrder, strange: Sequence[str]) -> PlatformOrder:
    # The main status says more where it says anything we know.
    status = order_status(values, "order_status", order.main_status, order.order_status)
    asides = [_after_sale(values, line.after_sale_info) for line in order.sku_order_list]
    lines, refunded = standing(order.sku_order_list, asides)
    if status == "closed" and order.main_status in _REFUNDED_BEFORE:
        refunded = "refunded"
    changed_at = moment(order.update_time)
    if changed_at is None:
        raise Strange("update_time")
    return PlatformOrder(
        IncomingOrder(
            PLATFORM, order.order_id, tuple(map(_line, lines)), _recipient(order),
            buyer_note=order.buyer_words, seller_note=order.seller_words,
            paid_at=moment(order.pay_time), ship_by=moment(order.exp_ship_time),
            order_status=status, after_sale=refunded, at=changed_at,
        ),
        changed_at,
        parcels=[_leg(one) for one in order.logistics_info if one.tracking_no],
        strange=strange,
    )  # fmt: skip


def _after_sale(values: Values, info: AfterSaleInfo | None) -> AfterSale:
    if info is None:
        return "none"
    if values.word("refund_status", info.refund_status) == "refunded":
        return "refunded"
    return after_sale(values, "after_sale_info.after_sale_status", info.after_sale_status)


def _line(line: SkuOrder) -> IncomingLine:
    chosen = "; ".join(f"{one.name}:{one.value}" for one in line.spec if one.value)
    return IncomingLine(
        line.order_id, line.product_name, chosen, line.code or line.out_sku_id,
        line.item_num, line.origin_amount,
    )  # fmt: skip


def _recipient(order: ShopOrder) -> IncomingRecipient:
    where = order.post_addr
    street = where.street.name if where.street else ""
    regions = (where.province.name, where.city.name, where.town.name, street)
    return IncomingRecipient(
        order.mask_post_receiver, order.mask_post_tel, *regions, order.mask_post_addr.detail,
        concealed=concealed(
            regions, order.encrypt_post_receiver, order.encrypt_post_tel, where.encrypt_detail,
            mark=order.open_address_id,
        ),
    )  # fmt: skip


def _leg(one: Logistics) -> Leg:
    pieces = {part.sku_order_id: part.product_count for part in one.product_info}
    return Leg(one.company, one.tracking_no, pieces, one.delivery_id)
