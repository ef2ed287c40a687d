"""What a shop's own program is posted: for the document; `api.sending` posts it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1.models import EVENTS

router = APIRouter(tags=["webhooks"])


class WebhookData(BaseModel):
    """Of which order and assignment it is news; `id` is the event's in `GET /v1/events`."""

    id: Annotated[int, Field(examples=[90211])]
    order_id: Annotated[int, Field(examples=[1042])]
    assignment_id: Annotated[int | None, Field(examples=[311])]
    door: Literal["chat", "file", "tick", "api", "platform"]


class NoData(BaseModel):
    """Nothing: it is a `ping`."""

    model_config = ConfigDict(extra="forbid")


class WebhookMessage(BaseModel):
    """Something happened to an order; a `ping`, the owner's test, has no data."""

    type: Annotated[str, Field(description=f"{EVENTS} Or `ping`.", examples=["assignment.created"])]
    timestamp: Annotated[datetime, Field(examples=["2026-11-23T09:30:00Z"])]
    data: WebhookData | NoData


@router.post("event", status_code=204, response_class=Response)
async def receive_event(
    message: WebhookMessage,
    webhook_id: Annotated[
        str, Header(description="The same whenever it is sent again: do each once.")
    ],
    webhook_timestamp: Annotated[int, Header(description="When it was sent, in Unix seconds.")],
    webhook_signature: Annotated[
        str,
        Header(description="`v1,…` by each secret that signs: compare with a library's `verify`."),
    ],
) -> None:
    """Your program answers any 2xx within 15 seconds, then fetches what it needs with its key.

    Anything else is tried again over three days, with growing pauses; 410 ends it at once.
    Redirects are not followed. Messages may come twice, and not in order.
    """
