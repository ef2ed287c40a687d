"""A factory's assignments: read them, answer them, ship them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.door import SEEN, Caller, Work, reading, writing
from api.v1.inputs import After, ChangedAfter, Limit, PathId
from api.v1.models import (
    AssignmentOut,
    AssignmentPage,
    Decline,
    Hold,
    NewParcel,
    Person,
    Ship,
    Status,
    Waybill,
)
from api.writing import written
from core.ports import Store
from core.programs.facts import PageAsked
from core.programs.parcels import LeavingGiven, ParcelGiven
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["assignments"])
Reads = Annotated[Caller, reading("read")]
Ships = Annotated[Caller, writing("ship")]
Looks = Annotated[Caller, writing("recipients")]


@router.get(
    "/assignments",
    summary="订单列表 · List assignments",
    response_model=AssignmentPage,
    responses={409: {}},  # the cursor is forgotten
)
async def list_assignments(
    caller: Reads,
    *,
    status: Annotated[list[Status] | None, Query()] = None,
    changed_after: ChangedAfter = None,
    tag: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=20,
            description="What has or had this tag, the newest last; with `order_no`: and that too.",
        ),
    ] = None,
    order_no: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=64,
            description="What is or was of this order; nothing else is looked at.",
        ),
    ] = None,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """List assignments, the first made first. Stable while others change them."""
    read = caller.programs.reading
    asked = PageAsked(after, limit, status or (), changed_after)

    def page(store: Store, actor: Actor) -> AssignmentPage:
        if tag is not None or order_no is not None:
            named = read.named(store, actor, tag, order_no)
            return AssignmentPage([AssignmentOut.of(one) for one in named], None)
        found = [AssignmentOut.of(one) for one in read.page(store, actor, asked)]
        return AssignmentPage(found, found[-1].id if len(found) == limit else None)

    return await caller.answer(page)


@router.get(
    "/assignments/{assignment_id}", summary="订单详情 · Get one", response_model=AssignmentOut
)
async def get_assignment(assignment_id: PathId, caller: Reads) -> Response:
    """Return one assignment, its recipient masked."""
    one = caller.programs.reading.one
    return await caller.answer(
        lambda store, actor: AssignmentOut.of(one(store, actor, assignment_id))
    )


@router.post(
    "/assignments/{assignment_id}/recipient", summary="查看收件信息 · Look at the recipient"
)
async def look_at_recipient(assignment_id: PathId, caller: Looks) -> Waybill:
    """Return the recipient in full. It is a look: recorded, counted, only while it must ship.

    The same request again is another look, also under its `Idempotency-Key`: it answers with the
    recipient as it is then, or refuses. A second look at the same order costs nothing.

    409 `recipient_concealed` where the selling platform encrypted it: `POST /v1/waybills` draws a
    number, `labels.pdf` prints its label, and nobody needs the address.
    """
    look, sent_by = caller.programs.shipping.recipient, caller.programs.reading.sender

    def work(store: Store, actor: Actor) -> Waybill:
        seen, sender = look(store, actor, assignment_id), sent_by(store, actor, assignment_id)
        return Waybill(
            Person.of(seen.name, seen.phone, seen.address),
            Person.of(sender.contact, sender.phone, sender.address) if sender else None,
        )

    return written(await caller.record(work), SEEN)  # type: ignore[return-value]


@router.post("/assignments/{assignment_id}/accept", summary="接单 · Accept")
async def accept_assignment(assignment_id: PathId, caller: Ships) -> AssignmentOut:
    """Accept it. 接单.

    409 `recall_waits` while the merchant asks for it back, `goods_awaited` while it is held.
    """
    accept = caller.programs.answering.accept
    return await _acts(caller, assignment_id, lambda store, who: accept(store, who, assignment_id))


@router.post("/assignments/{assignment_id}/decline", summary="拒单 · Decline")
async def decline_assignment(assignment_id: PathId, body: Decline, caller: Ships) -> AssignmentOut:
    """Give it back, with the reason. 拒单. 409 `recall_waits` while it is asked back."""
    decline = caller.programs.answering.decline
    return await _acts(
        caller, assignment_id, lambda store, who: decline(store, who, assignment_id, body.reason)
    )


@router.post("/assignments/{assignment_id}/hold", summary="缺货等待 · Wait for goods")
async def hold_assignment(assignment_id: PathId, body: Hold, caller: Ships) -> AssignmentOut:
    """Wait for goods, for so many days. 缺货等待. 409 `recall_waits` while it is asked back."""
    hold = caller.programs.answering.hold
    return await _acts(
        caller, assignment_id, lambda store, who: hold(store, who, assignment_id, body.days)
    )


@router.post("/assignments/{assignment_id}/resume", summary="已到货 · Goods are there")
async def resume_assignment(assignment_id: PathId, caller: Ships) -> AssignmentOut:
    """Go on with what waited for goods. 已到货，继续. 409 `nothing_awaited` where it is none."""
    resume = caller.programs.answering.resume
    return await _acts(caller, assignment_id, lambda store, who: resume(store, who, assignment_id))


@router.post("/assignments/{assignment_id}/agree-recall", summary="同意撤回 · Agree to a recall")
async def agree_to_recall(assignment_id: PathId, caller: Ships) -> AssignmentOut:
    """Give back what the merchant asks for: `status` is `recall_asked`. 同意撤回.

    409 `recall_not_asked` where nobody asks, or no more.
    """
    return await _answers_recall(caller, assignment_id, agree=True)


@router.post("/assignments/{assignment_id}/refuse-recall", summary="拒绝撤回 · Refuse a recall")
async def refuse_recall(assignment_id: PathId, caller: Ships) -> AssignmentOut:
    """Keep what the merchant asks for: it is packed, and will ship. 已打包，拒绝.

    409 `recall_not_asked` where nobody asks, or no more.
    """
    return await _answers_recall(caller, assignment_id, agree=False)


@router.post("/assignments/{assignment_id}/acknowledge", summary="已知晓 · Acknowledge a change")
async def acknowledge_change(assignment_id: PathId, caller: Ships) -> AssignmentOut:
    """Say that what changed has been seen. 已知晓."""
    see = caller.services.fulfilling.acknowledge
    return await _acts(caller, assignment_id, lambda store, who: see(store, who, assignment_id))


@router.post("/assignments/{assignment_id}/ship", summary="回传单号 · Ship")
async def ship_assignment(assignment_id: PathId, body: Ship, caller: Ships) -> AssignmentOut:
    """Ship it in these parcels. 回传单号."""
    ship, given = caller.programs.shipping.ship, leaving(assignment_id, body)
    return await _acts(caller, assignment_id, lambda store, who: ship(store, who, given))


def leaving(assignment_id: int, body: Ship) -> LeavingGiven:
    parcels = [given_parcel(one) for one in body.parcels]
    return LeavingGiven(assignment_id, parcels, body.left_before)


def given_parcel(parcel: NewParcel) -> ParcelGiven:
    return ParcelGiven(parcel.tracking_number, parcel.carrier, parcel.pieces, parcel.sure)


async def _answers_recall(caller: Caller, assignment_id: int, *, agree: bool) -> AssignmentOut:
    answer = caller.programs.answering.answer_recall
    return await _acts(
        caller, assignment_id, lambda store, who: answer(store, who, assignment_id, agree=agree)
    )


async def _acts(caller: Caller, assignment_id: int, act: Work[object]) -> AssignmentOut:
    """Run an act on an assignment and answer with how it stands then."""

    def work(store: Store, actor: Actor) -> AssignmentOut:
        act(store, actor)
        return shown(caller, store, actor, assignment_id)

    return await caller.write(work)  # type: ignore[return-value]


def shown(caller: Caller, store: Store, actor: Actor, assignment_id: int) -> AssignmentOut:
    store.flush()
    return AssignmentOut.of(caller.programs.reading.one(store, actor, assignment_id))
