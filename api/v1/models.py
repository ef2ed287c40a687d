"""Assignments, parcels and events over the wire, both ways.

What comes in is checked by pydantic; what goes out is plain dataclasses, written by pydantic: they
are made from the core's facts in a tenth of the time, for a list is mostly made of them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from api.problems import Problem
from api.v1.inputs import NUMBER, Given, Id, NeededLine, YesNo
from core.answers.fulfilling import DECLINE_REASONS as REASONS
from core.answers.fulfilling import REASON_LIMIT
from core.answers.holding import DAYS_LIMIT
from core.imports.incoming import PIECES_LIMIT
from core.programs.facts import AssignmentFacts, ParcelFacts
from core.programs.published import PUBLISHED
from core.programs.shipping import MOST
from core.shipments.shipping import PARCELS_LIMIT
from core.text.carriers import CARRIERS
from core.text.regions import split_region
from core.text.tracking import LONGEST, SHORTEST
from core.values import MaskedRecipient

Status = Literal[
    "assigned", "accepted", "held", "recall_asked", "part_shipped", "shipped",
    "declined", "recalled", "cancelled",
]  # fmt: skip


EVENTS: Final = f"One of {', '.join(f'`{one}`' for one in sorted(set(PUBLISHED.values())))}."


@dataclass(slots=True)
class Line:
    """Pieces of one product."""

    product: Annotated[str, Field(examples=["示例马克杯"])]
    spec: Annotated[str, Field(examples=["白色 350ml"])]
    code: Annotated[str, Field(examples=["MUG-350"])]
    quantity: Annotated[int, Field(examples=[2])]


@dataclass(slots=True)
class MaskedPerson:
    """A recipient as it may be shown in passing."""

    name: Annotated[str, Field(examples=["张**"])]
    phone: Annotated[str, Field(examples=["138****0000"])]
    address: Annotated[str, Field(examples=["浙江省 金华市 义乌市"])]

    @classmethod
    def of(cls, masked: MaskedRecipient | None) -> "MaskedPerson | None":
        """Return it from the core's mask, where there is a recipient."""
        return cls(masked.name, masked.phone, masked.address) if masked is not None else None


@dataclass(slots=True)
class Person:
    """Somebody as a waybill names them: the address whole, and in its parts as far as they show."""

    name: Annotated[str, Field(examples=["张三丰"])]
    phone: Annotated[str, Field(examples=["13800000000"])]
    address: Annotated[str, Field(examples=["浙江省 金华市 义乌市 示例路 1 号"])]
    province: Annotated[str, Field(examples=["浙江省"])]
    city: Annotated[str, Field(examples=["金华市"])]
    district: Annotated[str, Field(examples=["义乌市"])]
    detail: Annotated[str, Field(examples=["示例路 1 号"])]

    @classmethod
    def of(cls, name: str, phone: str, address: str) -> "Person":
        """Return them with their address in its parts."""
        region, rest = split_region(address)
        return cls(name, phone, address, region.province, region.city, region.district, rest)


@dataclass(slots=True)
class Waybill:
    """What a waybill says: to whom, in full, and from whom, where the merchant has said it."""

    recipient: Person
    sender: Person | None


@dataclass(slots=True)
class Parcel:
    """One parcel that left."""

    id: Annotated[int, Field(examples=[5021])]
    assignment_id: Annotated[int, Field(examples=[311])]
    order_id: Annotated[int, Field(examples=[1042])]
    carrier: Annotated[str, Field(description="Its code.", examples=["sf"])]
    tracking_number: Annotated[str, Field(examples=["SF1234567890123"])]
    pieces: Annotated[int, Field(examples=[2])]
    shipped_at: Annotated[datetime, Field(examples=["2026-11-23T09:30:00Z"])]
    verdict: Annotated[
        Literal["asked", "intercept", "let_go"] | None,
        Field(
            description="What the merchant says of a parcel that was under way when its order was "
            "stopped, or left when it was no longer the factory's. Of the latter `pieces` is 0 and "
            "it is no shipment yet, until it is let go and they are still free."
        ),
    ]

    @classmethod
    def of(cls, facts: ParcelFacts) -> "Parcel":
        """Return it from the core's facts."""
        return cls(
            id=facts.id, assignment_id=facts.assignment_id, order_id=facts.order_id,
            carrier=facts.carrier, tracking_number=facts.number, pieces=facts.pieces,
            shipped_at=facts.shipped_at, verdict=facts.verdict or None,
        )  # fmt: skip


@dataclass(slots=True)
class ParcelPage:
    """Parcels as they left; `next` goes on behind them, null at the end."""

    parcels: list[Parcel]
    next: Annotated[int | None, Field(examples=[None])]


@dataclass(slots=True)
class AssignmentOut:
    """An order at a factory."""

    id: Annotated[int, Field(examples=[311])]
    tag: Annotated[
        str, Field(description="短号: four characters, printed on the slip.", examples=["K7X2"])
    ]
    order_id: Annotated[int, Field(examples=[1042])]
    order_no: Annotated[str, Field(examples=["6919012345678901234"])]
    platform: Annotated[str, Field(examples=["doudian"])]
    kind: Literal["order", "gift", "resend", "exchange"]
    status: Status
    stopped: Annotated[
        str | None,
        Field(
            description="Why it must not ship: `cancelled`, `refunded`, `refund_open`, `on_hold` "
            "…, or how it ended: `recalled`, `declined`. Null when it may.",
            examples=[None],
        ),
    ]
    changed: Annotated[bool, Field(description="A change waits to be acknowledged.")]
    merchant: Annotated[str, Field(examples=["小满优选"])]
    recipient: MaskedPerson | None
    buyer_note: Annotated[str, Field(examples=["周末送"])]
    seller_note: Annotated[str, Field(examples=["易碎"])]
    lines: list[Line]
    parcels: list[Parcel]
    assigned_at: Annotated[datetime, Field(examples=["2026-11-22T10:00:00Z"])]
    ship_by: Annotated[datetime | None, Field(examples=["2026-11-24T16:00:00Z"])]
    held_until: Annotated[datetime | None, Field(examples=[None])]

    @classmethod
    def of(cls, facts: AssignmentFacts) -> "AssignmentOut":
        """Return it from the core's facts, which need no second validation."""
        return cls(
            id=facts.id, tag=facts.tag, order_id=facts.order_id, order_no=facts.order_no,
            platform=facts.platform, kind=facts.extra or "order", status=facts.status,
            stopped=facts.stopped, changed=facts.changed, merchant=facts.merchant,
            recipient=MaskedPerson.of(facts.recipient), buyer_note=facts.buyer_said,
            seller_note=facts.seller_said,
            lines=[Line(one.product, one.spec, one.code, one.quantity) for one in facts.lines],
            parcels=[Parcel.of(one) for one in facts.parcels],
            assigned_at=facts.assigned_at, ship_by=facts.ship_by, held_until=facts.held_until,
        )  # fmt: skip


@dataclass(slots=True)
class AssignmentPage:
    """Assignments in the order they were made; `next` goes on behind them, null at the end."""

    assignments: list[AssignmentOut]
    next: Annotated[int | None, Field(examples=[None])]


class Decline(Given):
    """Why a factory gives an order back."""

    reason: Annotated[
        NeededLine,
        Field(
            max_length=REASON_LIMIT, examples=["缺货"],
            description=f"In your words, or ours, told in any language: `{'`, `'.join(REASONS)}`.",
        ),
    ]  # fmt: skip


class Hold(Given):
    """Until when a factory waits for goods."""

    days: Annotated[int, Field(ge=1, le=DAYS_LIMIT, examples=[3]), NUMBER]


class RightNumber(Given):
    """What is right about a parcel: its number, and who carries it."""

    tracking_number: Annotated[
        str, Field(min_length=SHORTEST, max_length=LONGEST, examples=["SF1234567890123"])
    ]
    carrier: Annotated[
        str | None,
        Field(
            max_length=40, examples=["sf"],
            description="Needed where the number does not tell: a code, or a name people use. "
            f"{', '.join(f'`{one.code}` {one.name}' for one in CARRIERS.values())}.",
        ),
    ] = None  # fmt: skip
    sure: Annotated[
        YesNo, Field(description="The number is meant, whatever speaks against it.")
    ] = False


class NewParcel(RightNumber):
    """A parcel that leaves: its number, who carries it, how many pieces are in it."""

    pieces: Annotated[int | None, Field(ge=1, le=PIECES_LIMIT, examples=[2]), NUMBER] = None


class Ship(Given):
    """The parcels of one assignment."""

    parcels: Annotated[list[NewParcel], Field(min_length=1, max_length=PARCELS_LIMIT)]
    left_before: Annotated[
        YesNo,
        Field(
            description="The order is stopped (`order_stopped`), or no longer yours "
            "(`assignment_ended`), but its parcel had left before: it is kept, and the merchant "
            "decides."
        ),
    ] = False


class ShipOne(Ship):
    """The parcels of one assignment among many."""

    assignment_id: Annotated[Id, Field(examples=[311]), NUMBER]


class ShipMany(Given):
    """Parcels of up to 500 assignments."""

    shipments: Annotated[list[ShipOne], Field(min_length=1, max_length=MOST)]


@dataclass(slots=True)
class ShipResult:
    """What became of one item: the assignment as it stands, or the problem."""

    assignment_id: Annotated[int, Field(examples=[311])]
    assignment: AssignmentOut | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class ShipResults:
    """What became of each item, in the order they were given."""

    results: list[ShipResult]


@dataclass(slots=True)
class Event:
    """Something that happened to an order."""

    id: Annotated[int, Field(examples=[90211])]
    type: Annotated[str, Field(description=EVENTS, examples=["assignment.created"])]
    at: Annotated[datetime, Field(examples=["2026-11-23T09:30:00Z"])]
    door: Literal["chat", "file", "tick", "api", "platform"]
    order_id: Annotated[int, Field(examples=[1042])]
    assignment_id: Annotated[int | None, Field(examples=[311])]


@dataclass(slots=True)
class EventPage:
    """Events, the oldest first; ask again with `after=next`."""

    events: list[Event]
    next: Annotated[int, Field(examples=[90211])]
