"""What passes between the house and a selling platform, in our words: plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from core.imports.incoming import IncomingOrder

# What a shop is in the platform's own dropship programme.
OutsideRole = Literal["merchant", "factory", "unknown"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a shop's authorisation gave us: never logged. `until` is aware UTC."""

    shop_id: str
    shop_name: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    until: datetime


class Leg(NamedTuple):
    """A parcel as the platform has it: its carrier by the platform's code, its id there."""

    carrier: str
    tracking_number: str
    pieces: Mapping[str, int]  # by sub-order number
    handle: str = ""


@dataclass(frozen=True, slots=True)
class PlatformOrder:
    """One order as the platform has it, now.

    `handles` are the ids under which the platform hands each sub-order to a factory, `given_to` is
    the platform's shop id of the factory that has it. `strange` are names of fields nobody knows.
    """

    order: IncomingOrder
    changed_at: datetime
    handles: Mapping[str, str] = field(default_factory=dict)
    given_to: str = ""
    parcels: Sequence[Leg] = ()
    strange: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An order that could not be read: `field` is the platform's name for what was wrong."""

    order_no: str
    field: str
    why: str


class Reuse(NamedTuple):
    """Another order of the platform under a parcel's number: when it left, by whom, for whom.

    `own`: the same merchant's. `same`: for the same recipient, None where nobody can say.
    """

    at: datetime
    own: bool
    same: bool | None


class Parcel(NamedTuple):
    """A parcel of ours to be told: carrier by our code, pieces by sub-order number.

    `refusing_refund`: the merchant lets it go in spite of an after-sale (拒绝退款并发货). `handles`
    are the platform's ids by sub-order number, `siblings` the numbers of the order's other parcels.
    What a platform may refuse a number for: when the order was paid, its `reuses`, and the numbers
    that were `drawn` for the order as e-waybills. `earlier`: numbers it had before this one.
    """

    order_no: str
    carrier: str
    tracking_number: str
    pieces: Mapping[str, int]
    refusing_refund: bool = False
    handles: Mapping[str, str] = {}
    siblings: Sequence[str] = ()
    paid_at: datetime | None = None
    reuses: Sequence[Reuse] = ()
    drawn: Sequence[str] = ()
    earlier: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Push:
    """A message of the platform. `news` says in a word what happened, empty when nobody knows it.

    `order_no` is what `platforms.port.Platform.one` is asked with, empty where it says none.
    A message is never believed beyond "look at this order": the order is fetched, so that late,
    repeated and reordered messages cost a call and change nothing.
    """

    id: str
    shop_id: str
    order_no: str = ""
    handle: str = ""
    news: str = ""
    tag: str = ""


class Partner(NamedTuple):
    """A shop bound to ours on the platform: its id as the platform tells it to us, its name."""

    outside_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Ticketing:
    """How the platform's own programme has an assignment, and with what its factory acts there.

    `state`: "given", the platform has been told that the factory has it, under `handles` (its ids
    by our sub-order number); "giving", it is still being told; "refused", for `why`; "outside", it
    will not be told: the two are not bound there, or the pieces cannot be said there. `link_id` and
    the tokens are the factory's, None and empty where its shop there is not linked (or paused).
    `mask` is how the factory knows the merchant there: empty until it was looked up
    (`Platform.merchant_of`, kept by `store.platforms.keep_mask`). `given_at` is when it was told.
    """

    assignment_id: int
    order_id: int
    order_no: str
    platform: str
    state: Literal["given", "giving", "refused", "outside"]
    why: str
    handles: Mapping[str, str]
    given_at: datetime | None
    merchant_link_id: int
    mask: str
    link_id: int | None
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_until: datetime | None
