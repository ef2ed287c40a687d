"""Small values that use cases take and give: who acts, where from, to whom."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

Door = Literal["chat", "file", "tick", "api", "platform"]


@dataclass(frozen=True, slots=True)
class Actor:
    """操作人: an account acting for one shop, now. A claim until `core.acting` has proved it."""

    account_id: int
    shop_id: int
    door: Door = "chat"


@dataclass(frozen=True, slots=True)
class ShipFrom:
    """发货信息 in plain words; printed as the sender."""

    contact: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """收件人 in plain words. Never logged, never listed: see `core.orders.looking`."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Concealed:
    """收件人 as the selling platform encrypted it: kept as it came, opened by the platform only.

    `same` is equal when name, phone and address are; it is empty on what was read back.
    """

    name: str
    phone: str
    address: str
    same: str = ""


@dataclass(frozen=True, slots=True)
class MaskedRecipient:
    """What lists and cards may show of a recipient."""

    name: str
    phone: str
    address: str


class OrderNotes(NamedTuple):
    """买家留言 and 商家备注 as they were written: they may name anybody. Kept as recipients are."""

    buyer_note: str = ""
    seller_note: str = ""


NO_NOTES: Final = OrderNotes()


@dataclass(frozen=True, slots=True)
class Skipped:
    """An order that was left out, and why (a short code; the words are the door's)."""

    order_no: str
    reason: str


class Answer(NamedTuple):
    """What a program was answered: an HTTP status and a body."""

    status: int
    media_type: str
    body: bytes


class Probe(NamedTuple):
    """How the house stands: its schema's step, since when the oldest due alert waits, how many."""

    step: str
    oldest_due: datetime | None
    owed: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator may set; the same for every shop.

    `retention` is how long after an order was over its recipient is still known.

    `under_way` is how long after it left a parcel may still be caught: whoever stops an order is
    asked about those. A refund that opens later is about goods the buyer has, and alarms nobody.
    `webhooks_private`: a webhook may lead into the network the house itself stands in.
    """

    registration: Literal["open", "invite"] = "open"
    bind_expires: timedelta = timedelta(days=7)
    vanish_after: timedelta = timedelta(minutes=5)
    peek_quota_floor: int = 300
    time_zone: str = "Asia/Shanghai"
    draft_kept: timedelta = field(default=timedelta(hours=24))
    under_way: timedelta = timedelta(days=15)
    marks_kept: timedelta = field(default=timedelta(hours=72))
    webhooks_private: bool = False
    retention: timedelta = field(default=timedelta(days=30))
