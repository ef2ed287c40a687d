"""Parcels: those that left, many at once, one put right."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.door import Caller, reading, writing
from api.problems import Problem, problem_of
from api.v1.assignments import given_parcel, ship_one, shown
from api.v1.inputs import After, PathId
from api.v1.models import (
    AssignmentOut,
    NewParcel,
    Parcel,
    ParcelPage,
    ShipMany,
    ShipOne,
    ShipResult,
    ShipResults,
)
from core.errors import CoreError
from core.ports import Store
from core.programs.order_reading import MOST_PARCELS
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["shipments"])
Reads = Annotated[Caller, reading("read")]
Ships = Annotated[Caller, writing("ship")]


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
    """Ship up to 500 assignments: each by itself, with a result of its own."""

    def one(store: Store, actor: Actor, item: ShipOne) -> Problem | None:
        try:
            store.attempt(lambda: ship_one(caller, store, actor, item.assignment_id, item))
        except CoreError as refused:
            return Problem.model_validate(problem_of(refused))
        return None

    def work(store: Store, actor: Actor) -> ShipResults:
        problems = [one(store, actor, item) for item in body.shipments]
        store.flush()
        ids = [item.assignment_id for item in body.shipments]
        stand = caller.programs.reading.many(store, actor, list(dict.fromkeys(ids)))
        return ShipResults(
            results=[
                ShipResult(
                    assignment_id=one,
                    assignment=AssignmentOut.of(stand[one]) if one in stand else None,
                    problem=problem,
                )
                for one, problem in zip(ids, problems, strict=True)
            ]
        )

    return await caller.write(work)  # type: ignore[return-value]


@router.post("/shipments/{shipment_id}/correct", summary="更正单号 · Correct a number")
async def correct_shipment(shipment_id: PathId, body: NewParcel, caller: Ships) -> AssignmentOut:
    """Put a parcel's number right. 更正单号."""
    correct = caller.programs.shipping.correct

    def work(store: Store, actor: Actor) -> AssignmentOut:
        done = correct(store, actor, shipment_id, given_parcel(body))
        return shown(caller, store, actor, done.assignment.id or 0)

    return await caller.write(work)  # type: ignore[return-value]
