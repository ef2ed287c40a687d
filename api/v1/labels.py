"""Packing slips as one PDF: each is a recorded look at a recipient."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.door import SEEN, Caller, reading
from api.v1.inputs import Id
from core.ports import Store
from core.shipments.printing import Slips
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["labels"])
Looks = Annotated[Caller, reading("recipients")]
PDF = "application/pdf"
MOST = 100


class Pdf(Response):
    """A PDF file."""

    media_type = PDF


@router.get(
    "/labels.pdf",
    summary="面单 · Packing slips",
    response_class=Pdf,
    responses={
        200: {
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
            "description": "A page of 100 × 150 mm each. `Left-Out` names what is not on it: "
            "`K7X2=refund_open, 9QWE=quota`.",
        },
        404: {},
        409: {},  # nothing is left to print
    },
)
async def print_labels(
    caller: Looks,
    assignment_id: Annotated[
        list[Id], Query(min_length=1, max_length=MOST, description="Repeat it for each order.")
    ],
    lang: Literal["zh_CN", "en"] = "zh_CN",
) -> Response:
    """Return packing slips with recipients in full. Each is a look: recorded and counted.

    An order with an e-waybill gets its label instead, on which no recipient stands: it is no look.
    What is encrypted and has none is left out as `no_ticket`: `POST /v1/waybills` draws it.

    What is stopped, has ended or is over the day's quota is left out and named; where nothing is
    left, or one of them is not yours, the request is refused.
    """
    slips, must_have = caller.services.printing.slips, caller.programs.reading.must_have
    ids = list(dict.fromkeys(assignment_id))

    def work(store: Store, actor: Actor) -> Slips:
        must_have(store, actor, ids)
        return slips(store, actor, ids)

    made = await caller.record(work)
    left = ", ".join(f"{one.tag}={one.reason}" for one in made.left_out)
    headers = SEEN | ({"Left-Out": left} if left else {})
    return Pdf(await caller.draw(made.slips, lang), headers=headers)
