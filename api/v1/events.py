"""What happened, by cursor; with `wait`, the answer comes when something does."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.door import Caller, reading
from api.v1.inputs import LARGEST
from api.v1.models import Event, EventPage
from api.writing import written
from core.ports import Store
from core.programs.feed import MOST_EVENTS, Followed
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["events"])
Reads = Annotated[Caller, reading("read")]


@router.get(
    "/events", summary="事件流 · Follow events", response_model=EventPage,
    responses={409: {}},  # the cursor is forgotten
)  # fmt: skip
async def list_events(
    caller: Reads,
    after: Annotated[
        int | None,
        Query(ge=0, le=LARGEST, description="`next` of the answer before; left out: from now on."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
    wait: Annotated[int, Query(ge=0, le=30, description="Seconds to wait for an event.")] = 0,
) -> Response:
    """Return what happened behind a cursor, the oldest first; nothing is left out."""
    feed = caller.programs.feed

    def look(store: Store, actor: Actor) -> Followed:
        return feed.after(store, actor, after, limit)

    seen = await caller.read(look)
    if wait and not seen.found and await caller.waits(seen.shop_id, seen.head, wait):
        start = seen.start
        seen = await caller.read(lambda store, actor: feed.after(store, actor, start, limit))
    events = [Event(*one) for one in seen.found]
    return written(EventPage(events, events[-1].id if events else seen.start))
