"""E-waybills: drawn from the platform for orders whose recipients it encrypts, and given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import Field

from api.door import Caller, writing
from api.v1.inputs import Given, Id
from core.ports import Store
from core.tickets.turns import TicketResult
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["waybills"])
Ships = Annotated[Caller, writing("ship")]
MOST = 100
_IDS = Annotated[
    list[Id],
    Field(min_length=1, max_length=MOST, examples=[[311, 312]], description="Your assignments."),
]


class DrawWaybills(Given):
    """Orders to be shipped without anybody seeing the address, and by which carrier."""

    assignment_ids: _IDS
    carrier: Annotated[str, Field(min_length=1, max_length=20, examples=["yto"])]


class CancelWaybills(Given):
    """Orders whose e-waybills are not needed."""

    assignment_ids: _IDS


@dataclass(slots=True)
class WaybillResult:
    """What became of one: its number, or why there is none."""

    assignment_id: Annotated[int, Field(examples=[311])]
    carrier: Annotated[str, Field(examples=["yto"])] = ""
    tracking_number: Annotated[str, Field(examples=["YT8800000000001"])] = ""
    why: Annotated[
        str,
        Field(
            description="`plain` (not encrypted: print the slip), `outside` (not in the "
            "platform's programme), `giving` (being assigned there: ask again), `not_given`, "
            "`no_link` (link your shop there), `no_stock`, `unsure` (no answer yet: ask again), "
            "`not_asked`, `used`, `no_ticket`, `suspended` (the merchant is), or what stops the "
            "order.",
            examples=["no_stock"],
        ),
    ] = ""
    said: Annotated[
        str,
        Field(description="The platform's own sentence.", examples=["10701 电子面单库存不足"]),
    ] = ""

    @classmethod
    def of(cls, one: TicketResult) -> Self:
        """Return a result as it is shown."""
        return cls(one.assignment_id, one.carrier, one.number, one.why, one.said)


@dataclass(slots=True)
class WaybillResults:
    """What became of each."""

    results: list[WaybillResult]


@router.post("/waybills", summary="取电子面单 · Draw e-waybills")
async def draw_waybills(body: DrawWaybills, caller: Ships) -> WaybillResults:
    """Draw numbers from the platforms for up to 100 orders whose recipients are encrypted.

    Those that have one already are answered with it: the same list again is safe. Their labels
    come from `labels.pdf`, with the number's barcode in place of the recipient; shipping them is
    `POST /v1/shipments` with that number. 422 `sender_incomplete` where your ship-from address
    does not name province, city, district and street.
    """
    must_have, check = caller.programs.reading.must_have, caller.services.tickets.drawing.check
    ids = list(dict.fromkeys(body.assignment_ids))

    def before(store: Store, actor: Actor) -> None:
        must_have(store, actor, ids)
        check(store, actor, body.carrier)

    async def outside(actor: Actor) -> Sequence[TicketResult]:
        return await caller.draw_tickets(actor, ids, body.carrier)

    return await caller.write_around(before, outside, _results)  # type: ignore[return-value]


@router.post("/waybills/cancel", summary="退回电子面单 · Give e-waybills back")
async def cancel_waybills(body: CancelWaybills, caller: Ships) -> WaybillResults:
    """Give numbers back to the platforms: they are told at once, and again until they have it.

    A printed label is void then. One that left with a parcel stays (`used`).
    """
    cancel, must_have = (
        caller.services.tickets.cancelling.cancel, caller.programs.reading.must_have
    )  # fmt: skip
    ids = list(dict.fromkeys(body.assignment_ids))

    def work(store: Store, actor: Actor) -> WaybillResults:
        must_have(store, actor, ids)
        return _results(store, actor, cancel(store, actor, ids))

    return await caller.write(work)  # type: ignore[return-value]


def _results(_: Store, __: Actor, results: Sequence[TicketResult]) -> WaybillResults:
    return WaybillResults([WaybillResult.of(one) for one in results])
