"""Orders over the wire, both ways."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.v1.inputs import NUMBER, Given, Id, Line, Moment, NeededLine, Note, YesNo
from api.v1.models import MaskedPerson, Parcel, Status
from core.changes.order_news import OrderNews
from core.imports.incoming import (
    ORDER_NO,
    PIECES_LIMIT,
    TEXT_LIMIT,
    IncomingLine,
    IncomingOrder,
    IncomingRecipient,
)
from core.people.numbers import LENGTH
from core.programs.facts import GivenFacts, OrderFacts
from core.programs.ordering import MOST
from core.text.regions import split_region

OrderState = Literal["unassigned", "assigned", "part_shipped", "shipped", "closed"]
Platform = Literal["doudian", "taobao", "pdd", "1688", "kuaishou", "own"]


class NewLine(Given):
    """Pieces of one product that was bought."""

    number: Annotated[
        NeededLine | None,
        Field(
            max_length=64, examples=["6919012345678901234-1"],
            description="The line's own number; left out: its place in the order.",
        ),
    ] = None  # fmt: skip
    product: Annotated[NeededLine, Field(max_length=TEXT_LIMIT, examples=["示例马克杯"])]
    spec: Annotated[Line, Field(max_length=TEXT_LIMIT, examples=["白色 350ml"])] = ""
    code: Annotated[Line, Field(max_length=200, examples=["MUG-350"])] = ""
    quantity: Annotated[int, Field(ge=0, le=PIECES_LIMIT, examples=[2]), NUMBER]


class NewPerson(Given):
    """Whom to ship to. `address` may hold province, city and district too."""

    name: Annotated[NeededLine, Field(max_length=200, examples=["张三丰"])]
    phone: Annotated[NeededLine, Field(max_length=50, examples=["13800000000"])]
    address: Annotated[NeededLine, Field(max_length=TEXT_LIMIT, examples=["示例路 1 号"])]
    province: Annotated[Line, Field(max_length=50, examples=["浙江省"])] = ""
    city: Annotated[Line, Field(max_length=50, examples=["金华市"])] = ""
    district: Annotated[Line, Field(max_length=50, examples=["义乌市"])] = ""
    street: Annotated[Line, Field(max_length=200, examples=["稠江街道"])] = ""

    def incoming(self) -> IncomingRecipient:
        """Return it as the core takes it, its region found in the address where it is not given."""
        province, city, district, address = self.province, self.city, self.district, self.address
        if not (province or city or district):
            region, address = split_region(address)
            province, city, district = region.province, region.city, region.district
        return IncomingRecipient(
            self.name, self.phone, province, city, district, self.street, address
        )


class NewOrder(Given):
    """An order as it is now at its source."""

    order_no: Annotated[str, Field(pattern=f"^{ORDER_NO}$", examples=["6919012345678901234"])]
    recipient: NewPerson
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=100)]
    buyer_note: Annotated[Note, Field(max_length=TEXT_LIMIT, examples=["周末送"])] = ""
    seller_note: Annotated[Note, Field(max_length=TEXT_LIMIT, examples=["易碎"])] = ""
    paid_at: Annotated[Moment | None, Field(examples=["2026-11-22T08:00:00Z"])] = None
    ship_by: Annotated[Moment | None, Field(examples=["2026-11-24T16:00:00Z"])] = None
    after_sale: Literal["none", "open", "refunded"] = "none"
    as_of: Annotated[
        Moment | None,
        Field(
            examples=["2026-11-22T09:00:00Z"],
            description="When this was true at its source: older news never undoes newer.",
        ),
    ] = None  # fmt: skip

    def incoming(self, platform: str) -> IncomingOrder:
        """Return it as the core takes it."""
        return IncomingOrder(
            platform, self.order_no, lines_of(self.order_no, self.lines),
            self.recipient.incoming(), self.buyer_note, self.seller_note, self.paid_at,
            self.ship_by, after_sale=self.after_sale, at=self.as_of,
        )  # fmt: skip


def lines_of(order_no: str, lines: list[NewLine]) -> tuple[IncomingLine, ...]:
    """Return lines as the core takes them, numbered by their place where they have no number."""
    return tuple(
        IncomingLine(one.number or f"{order_no}-{place}", one.product, one.spec, one.code,
                     one.quantity)
        for place, one in enumerate(lines, 1)
    )  # fmt: skip


class Push(Given):
    """Up to 500 orders of one platform."""

    platform: Annotated[Platform, Field(description="`own`: of no platform.")] = "own"
    orders: Annotated[list[NewOrder], Field(min_length=1, max_length=MOST)]


@dataclass(slots=True)
class PushResult:
    """What became of one order."""

    order_no: Annotated[str, Field(examples=["6919012345678901234"])]
    result: Literal["new", "known", "changed", "skipped"]
    order_id: Annotated[int | None, Field(examples=[1042])]
    complete: Annotated[bool, Field(description="Its recipient can be shipped to.")]
    reason: Annotated[str, Field(description="Why it was skipped.", examples=["refunded"])]


@dataclass(slots=True)
class PushResults:
    """What became of each order, in the order they were given."""

    results: list[PushResult]


class Change(Given):
    """How an order is now; what is left out is not said."""

    recipient: NewPerson | None = None
    lines: Annotated[list[NewLine] | None, Field(min_length=1, max_length=100)] = None
    buyer_note: Annotated[Note | None, Field(max_length=TEXT_LIMIT, examples=["周末送"])] = None
    seller_note: Annotated[Note | None, Field(max_length=TEXT_LIMIT, examples=["易碎"])] = None
    ship_by: Annotated[Moment | None, Field(examples=["2026-11-25T16:00:00Z"])] = None
    on_hold: Annotated[YesNo | None, Field(description="暂停发货, and off again.")] = None
    after_sale: Literal["none", "open", "refunded"] | None = None
    as_of: Annotated[Moment | None, Field(examples=["2026-11-22T09:00:00Z"])] = None

    def news(self, order_id: int, order_no: str) -> OrderNews:
        """Return it as the core takes it."""
        return OrderNews(
            order_id, self.as_of,
            recipient=self.recipient.incoming() if self.recipient else None,
            buyer_note=self.buyer_note, seller_note=self.seller_note, ship_by=self.ship_by,
            lines=lines_of(order_no, self.lines) if self.lines else None, held=self.on_hold,
            after_sale=self.after_sale,
        )  # fmt: skip


class Assign(Given):
    """Orders for one factory."""

    factory: Annotated[str, Field(min_length=LENGTH, max_length=12, examples=["F4R78MW"])]
    order_ids: Annotated[
        list[Annotated[Id, NUMBER]], Field(min_length=1, max_length=MOST, examples=[[1042]])
    ]


@dataclass(slots=True)
class AssignResult:
    """Where one order went, or why it did not."""

    order_id: Annotated[int, Field(examples=[1042])]
    order_no: Annotated[str, Field(examples=["6919012345678901234"])]
    assignment_id: Annotated[int | None, Field(examples=[311])]
    reason: Annotated[str, Field(examples=["already_assigned"])]


@dataclass(slots=True)
class AssignResults:
    """Where each order went, in the order they were given."""

    results: list[AssignResult]


@dataclass(slots=True)
class OrderLine:
    """Pieces of one product."""

    number: Annotated[str, Field(examples=["6919012345678901234-1"])]
    product: Annotated[str, Field(examples=["示例马克杯"])]
    spec: Annotated[str, Field(examples=["白色 350ml"])]
    code: Annotated[str, Field(examples=["MUG-350"])]
    quantity: Annotated[int, Field(examples=[2])]
    kind: Literal["order", "gift", "resend", "exchange"]


@dataclass(slots=True)
class OrderAssignment:
    """A factory that has the order, or had it."""

    id: Annotated[int, Field(examples=[311])]
    tag: Annotated[str, Field(examples=["K7X2"])]
    factory: Annotated[str, Field(examples=["F4R78MW"])]
    factory_name: Annotated[str, Field(examples=["大力日用百货厂"])]
    kind: Literal["order", "gift", "resend", "exchange"]
    status: Status
    decline_reason: Annotated[str, Field(examples=["缺货"])]
    assigned_at: Annotated[datetime, Field(examples=["2026-11-22T10:00:00Z"])]
    held_until: Annotated[datetime | None, Field(examples=[None])]

    @classmethod
    def of(cls, facts: GivenFacts) -> "OrderAssignment":
        """Return it from the core's facts."""
        return cls(
            id=facts.id, tag=facts.tag, factory=facts.factory, factory_name=facts.factory_name,
            kind=facts.extra or "order", status=facts.status, decline_reason=facts.declined,
            assigned_at=facts.assigned_at, held_until=facts.held_until,
        )  # fmt: skip


@dataclass(slots=True)
class OrderOut:
    """A merchant's own order."""

    id: Annotated[int, Field(examples=[1042])]
    order_no: Annotated[str, Field(examples=["6919012345678901234"])]
    platform: Annotated[str, Field(examples=["own"])]
    status: OrderState
    stopped: Annotated[str | None, Field(examples=[None], description="Why it must not ship.")]
    after_sale: Literal["none", "open", "refunded"]
    on_hold: bool
    complete: bool
    revision: Annotated[int, Field(examples=[1])]
    recipient: MaskedPerson | None
    buyer_note: Annotated[str, Field(examples=["周末送"])]
    seller_note: Annotated[str, Field(examples=["易碎"])]
    lines: list[OrderLine]
    assignments: list[OrderAssignment]
    parcels: list[Parcel]
    paid_at: Annotated[datetime | None, Field(examples=["2026-11-22T08:00:00Z"])]
    ship_by: Annotated[datetime | None, Field(examples=["2026-11-24T16:00:00Z"])]
    created_at: Annotated[datetime, Field(examples=["2026-11-22T09:00:00Z"])]
    updated_at: Annotated[datetime, Field(examples=["2026-11-22T10:00:00Z"])]

    @classmethod
    def of(cls, facts: OrderFacts) -> "OrderOut":
        """Return it from the core's facts, which need no second validation."""
        return cls(
            id=facts.id, order_no=facts.order_no, platform=facts.platform, status=facts.status,
            stopped=facts.stopped, after_sale=facts.after_sale, on_hold=facts.on_hold,
            complete=facts.complete, revision=facts.revision,
            recipient=MaskedPerson.of(facts.recipient), buyer_note=facts.buyer_said,
            seller_note=facts.seller_said,
            lines=[
                OrderLine(
                    one.number, one.product, one.spec, one.code, one.quantity, one.extra or "order"
                )
                for one in facts.lines
            ],
            assignments=[OrderAssignment.of(one) for one in facts.assignments],
            parcels=[Parcel.of(one) for one in facts.parcels],
            paid_at=facts.paid_at, ship_by=facts.ship_by, created_at=facts.created_at,
            updated_at=facts.updated_at,
        )  # fmt: skip


@dataclass(slots=True)
class OrderPage:
    """Orders as they came in; `next` goes on behind them, null at the end."""

    orders: list[OrderOut]
    next: Annotated[int | None, Field(examples=[None])]


class Judge(Given):
    """What becomes of parcels that were under way when their order was stopped."""

    say: Annotated[Literal["intercept", "let_go"], Field(description="拦截 or 放行.")]
