"""What happened, by cursor; with `wait`, the answer comes when something does."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from api.door import Caller, reading
from api.v1.inputs import LARGEST
from api.v1.models import Event, EventPage
from core.ports import Store
from core.programs.feed import Happened
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["events"])
Reads = Annotated[Caller, reading("read")]


@router.get(
    "/events", summary="事件流 · Follow events", responses={409: {}}
)  # the cursor is forgotten
async def list_events(
    caller: Reads,
    after: Annotated[
        int | None,
        Query(ge=0, le=LARGEST, description="`next` of the answer before; left out: from now on."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    wait: Annotated[int, Query(ge=0, le=30, description="Seconds to wait for an event.")] = 0,
) -> EventPage:
    """Return what happened behind a cursor, the oldest first; nothing is left out."""
    feed = caller.programs.feed

    def look(store: Store, actor: Actor) -> tuple[int, int, Sequence[Happened]]:
        head = feed.head(store, actor)
        return (
            actor.shop_id,
            head,
            feed.after(store, actor, head if after is None else after, limit),
        )

    shop_id, head, found = await caller.read(look)
    start = head if after is None else after
    if wait and not found and await caller.waits(shop_id, head, wait):
        found = await caller.read(lambda store, actor: feed.after(store, actor, start, limit))
    events = [
        Event(
            id=one.id, type=one.type, at=one.at, door=one.door, order_id=one.order_id,
            assignment_id=one.assignment_id,
        )
        for one in found
    ]  # fmt: skip
    return EventPage(events=events, next=events[-1].id if events else start)
