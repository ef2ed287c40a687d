"""What a person changed by hand, or what has shipped, stands until its source says something new.

A file exported before the change, or a platform repeating itself, still says what was overruled. So
a change by hand keeps a fingerprint of what stood there before, beside the group's time in
`Order.as_of`; whoever says just that once more says nothing. Of fewer pieces than are in parcels
the fingerprint is of what was said: it is told once. The first other word of a source ends it.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from core.changes.order_news import NOTES, Group, OrderNews
from core.entities import OrderLine
from core.imports.incoming import IncomingLine
from core.orders.recipients import recipient_of
from core.ports import Store

Line = OrderLine | IncomingLine
_BETWEEN = re.compile(r"[\s;；,，、/|]+")  # properties
_PROPERTY = re.compile("[:：]")  # a property's name and what was chosen


def overruled(group: Group) -> str:
    """Return under which name `Order.as_of` keeps what was overruled of a group."""
    return f"{group} overruled"


def said_mark(store: Store, group: Group, news: OrderNews) -> str:
    """Return the fingerprint of what the news says of a group."""
    if group == "recipient" and news.recipient is not None:
        return store.orders.same_hash(recipient_of(news.recipient))
    if group == "lines":
        return _mark(shapes(news.lines or ()))
    if group in NOTES:
        return store.orders.note_mark(getattr(news, group) or "")
    return _mark(getattr(news, group))


def is_said(store: Store, kept: str, group: Group, news: OrderNews) -> bool:
    """Whether the news says what was overruled before."""
    if kept == said_mark(store, group, news):
        return True
    return group in NOTES and kept == _mark(getattr(news, group))  # as kept before step 0013


def stood_mark(group: Group, stood: object, lines: Sequence[Line], same_hash: str | None) -> str:
    """Return the fingerprint of what stands in a group: `stood`, or the lines, or the recipient."""
    if group == "recipient":
        return same_hash or ""
    return _mark(shapes(lines)) if group == "lines" else _mark(stood)


def shapes(lines: Sequence[Line]) -> list[tuple[str, str, int]]:
    """Return what tells lines of pieces apart, in an order of their own."""
    return sorted((one.sub_order_no, named(one), one.quantity) for one in lines if one.quantity)


def named(line: Line) -> str:
    """Return a line's product in one text."""
    return " ".join(part for part in (line.product_name, line.sku_spec, line.product_code) if part)


def same_product(one: Line, other: Line) -> bool:
    """Whether two lines name the same product, its properties named or not.

    A platform says `颜色:白; 容量:500ml` where its export says `白 500ml`.
    """
    if (one.product_name, one.product_code) != (other.product_name, other.product_code):
        return False
    return one.sku_spec == other.sku_spec or _chosen(one.sku_spec) == _chosen(other.sku_spec)


def _chosen(spec: str) -> list[str]:
    """Return what was chosen of each property."""
    parts = (_PROPERTY.split(part)[-1] for part in _BETWEEN.split(spec))
    return [part for part in parts if part]


def _mark(value: object) -> str:
    if isinstance(value, datetime):
        value = value.timestamp()
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
