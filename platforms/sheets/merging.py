"""Several rows of one order, as one order with several lines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from core.imports.incoming import (
    IncomingLine,
    IncomingOrder,
    IncomingRecipient,
    OrderStatus,
    Reason,
)
from platforms.sheets.aliases import Platform
from platforms.sheets.cells import CellRefused
from platforms.sheets.taking import Taken
from platforms.standing import standing

_T = TypeVar("_T")
_RECIPIENT_COLUMNS = {
    "name": "收件人",
    "phone": "收件人手机号",
    "province": "省",
    "city": "市",
    "district": "区",
    "street": "街道",
    "address": "详细地址",
}


def merge_rows(platform: Platform, order_no: str, rows: Sequence[Taken]) -> IncomingOrder:
    """One order of its rows; a row that says the same as another counts once.

    What belongs to the order comes from the first row that has it. Raises CellRefused when rows
    contradict each other: other recipients, or one sub-order with two contents.
    """
    distinct = rows if len(rows) == 1 else _distinct(rows)
    first_status = next((row.order_status for row in distinct if row.order_status), None)
    if first_status is None and platform != "own":
        raise CellRefused(Reason.UNKNOWN_STATUS, value="")
    states = [(row.order_status or first_status or "to_ship", row.after_sale) for row in distinct]
    kept, after_sale = standing(
        list(enumerate(distinct)), [aside for _, aside in states],
        [status == "closed" for status, _ in states],
    )  # fmt: skip
    return IncomingOrder(
        platform=platform,
        order_no=order_no,
        lines=tuple(_line(order_no, place + 1, row) for place, row in kept),
        recipient=_recipient(distinct),
        buyer_note=_first((row.buyer_note for row in distinct), ""),
        seller_note=_first((row.seller_note for row in distinct), ""),
        paid_at=_first((row.paid_at for row in distinct), None),
        ship_by=_first((row.ship_by for row in distinct), None),
        order_status=_status({states[place][0] for place, _ in kept}),
        after_sale=after_sale,
        rows=tuple(row.number for row in rows),
    )


def _distinct(rows: Sequence[Taken]) -> Sequence[Taken]:
    contents: dict[Taken, Taken] = {}
    for row in rows:
        contents.setdefault(replace(row, number=0), row)
    distinct = list(contents.values())
    _refuse_conflicts(distinct)
    return distinct


def _status(states: set[OrderStatus]) -> OrderStatus:
    """The order's status over those of its lines."""
    if len(states) > 1:
        states = states - {"closed"}
    if len(states) == 1:
        return next(iter(states))
    if "unpaid" in states:
        return "unpaid"
    return "shipped" if states == {"shipped", "done"} else "part_shipped"


def _line(order_no: str, place: int, row: Taken) -> IncomingLine:
    return IncomingLine(
        sub_order_no=row.sub_order_no or f"{order_no}-{place}",
        product_name=row.product_name,
        sku_spec=row.sku_spec,
        product_code=row.product_code,
        quantity=row.quantity,
        price_fen=row.price_fen,
    )


def _refuse_conflicts(rows: Sequence[Taken]) -> None:
    at = ", ".join(str(row.number) for row in rows)
    for field, column in _RECIPIENT_COLUMNS.items():
        if len({getattr(row.recipient, field) for row in rows} - {""}) > 1:
            raise CellRefused(Reason.CONFLICTING_RECIPIENTS, column=column, rows=at)
    twice = Counter(row.sub_order_no for row in rows if row.sub_order_no).most_common(1)
    if twice and twice[0][1] > 1:
        raise CellRefused(Reason.CONFLICTING_ROWS, sub_order_no=twice[0][0], rows=at)


def _recipient(rows: Sequence[Taken]) -> IncomingRecipient:
    if len(rows) == 1:
        return rows[0].recipient
    return IncomingRecipient(
        **{
            field: _first((getattr(row.recipient, field) for row in rows), "")
            for field in _RECIPIENT_COLUMNS
        }
    )


def _first(values: Iterable[_T], otherwise: _T) -> _T:
    return next((value for value in values if value), otherwise)
