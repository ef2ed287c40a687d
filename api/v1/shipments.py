"""Parcels: those that left, many at once, one put right."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.door import Caller, reading, writing
from api.problems import Problem, problem_of
from api.v1.assignments import leaving, shown
from api.v1.inputs import After, PathId
from api.v1.models import (
    AssignmentOut,
    Parcel,
    ParcelPage,
    RightNumber,
    ShipMany,
    ShipResult,
    ShipResults,
)
from core.errors import CoreError
from core.ports import Store
from core.programs.facts import AssignmentFacts
from core.programs.order_reading import MOST_PARCELS
from core.programs.parcels import LeavingGiven, ParcelGiven
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["shipments"])
Reads = Annotated[Caller, reading("read")]
Ships = Annotated[Caller, writing("ship")]
AT_ONCE: Final = 500  # parcels in one visit
Refusals = Sequence[CoreError | None]


@router.get("/shipments", summary="包裹列表 · List parcels", response_model=ParcelPage)
async def list_shipments(
    caller: Reads,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_PARCELS)] = 100,
) -> Response:
    """List parcels, the first sent first: the merchant's, or the factory's own."""
    find = caller.programs.order_reading.parcels

    def page(store: Store, actor: Actor) -> ParcelPage:
        found = [Parcel.of(one) for one in find(store, actor, after=after, limit=limit)]
        return ParcelPage(found, found[-1].id if len(found) == limit else None)

    return await caller.answer(page)


@router.post("/shipments", summary="批量发货 · Ship many")
async def ship_many(body: ShipMany, caller: Ships) -> ShipResults:
    """Ship up to 500 assignments, with a result for each; each merchant is told once of all.

    Parcels that are there already count as done: the same list again finishes what was interrupted.
    Over 500 parcels go in slices, each of them whole or not at all; others' work comes between.
    """
    ship, read = caller.programs.shipping.ship_many, caller.programs.reading.many
    given = [leaving(one.assignment_id, one) for one in body.shipments]

    def results(store: Store, actor: Actor, parts: Sequence[Refusals]) -> ShipResults:
        store.flush()
        refused = [one for part in parts for one in part]
        stand = read(store, actor, list(dict.fromkeys(one.assignment_id for one in given)))
        return ShipResults(
            [_result(one, stand, why) for one, why in zip(given, refused, strict=True)]
        )

    return await caller.write_slices(_slices(given), ship, results)  # type: ignore[return-value]


def _slices(given: Sequence[LeavingGiven]) -> list[list[LeavingGiven]]:
    """Cut a list where its parcels become too many for one visit."""
    slices: list[list[LeavingGiven]] = [[]]
    parcels = 0
    for one in given:
        parcels += len(one.parcels)
        if parcels > AT_ONCE and slices[-1]:
            slices.append([])
            parcels = len(one.parcels)
        slices[-1].append(one)
    return slices


def _result(
    given: LeavingGiven, stand: Mapping[int, AssignmentFacts], refused: CoreError | None
) -> ShipResult:
    one = given.assignment_id
    return ShipResult(
        one,
        AssignmentOut.of(stand[one]) if one in stand else None,
        Problem.model_validate(problem_of(refused)) if refused is not None else None,
    )


@router.post("/shipments/{shipment_id}/correct", summary="更正单号 · Correct a number")
async def correct_shipment(shipment_id: PathId, body: RightNumber, caller: Ships) -> AssignmentOut:
    """Put a parcel's number right, or its carrier. 更正单号."""
    correct = caller.programs.shipping.correct
    right = ParcelGiven(body.tracking_number, body.carrier, sure=body.sure)

    def work(store: Store, actor: Actor) -> AssignmentOut:
        done = correct(store, actor, shipment_id, right)
        return shown(caller, store, actor, done.assignment.id or 0)

    return await caller.write(work)  # type: ignore[return-value]
