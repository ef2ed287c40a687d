"""A merchant's orders: brought in, followed, changed, handed to factories, taken back."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.door import Caller, Work, reading, writing
from api.v1.inputs import After, ChangedAfter, Limit, PathId
from api.v1.order_models import (
    Assign,
    AssignResult,
    AssignResults,
    Change,
    Judge,
    OrderOut,
    OrderPage,
    OrderState,
    Push,
    PushResult,
    PushResults,
)
from core.changes.order_news import OrderNews
from core.orders.finding import LONGEST
from core.ports import Store
from core.programs.facts import PageAsked
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["orders"])
Reads = Annotated[Caller, reading("read")]
Writes = Annotated[Caller, writing("orders")]


@router.get(
    "/orders",
    summary="订单列表 · List orders",
    response_model=OrderPage,
    responses={409: {}},  # the cursor is forgotten
)
async def list_orders(
    caller: Reads,
    *,
    status: Annotated[list[OrderState] | None, Query()] = None,
    changed_after: ChangedAfter = None,
    order_no: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=LONGEST,
            description="Only this one; nothing else is looked at.",
        ),
    ] = None,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """List orders, the first that came in first. Stable while others change them."""
    read = caller.programs.order_reading
    asked = PageAsked(after, limit, status or (), changed_after)

    def page(store: Store, actor: Actor) -> OrderPage:
        if order_no is not None:
            same = read.numbered(store, actor, order_no)
            return OrderPage([OrderOut.of(one) for one in same], None)
        found = [OrderOut.of(one) for one in read.page(store, actor, asked)]
        return OrderPage(found, found[-1].id if len(found) == limit else None)

    return await caller.answer(page)


@router.get("/orders/{order_id}", summary="订单详情 · Get one", response_model=OrderOut)
async def get_order(order_id: PathId, caller: Reads) -> Response:
    """Return one order with where it went; its recipient masked."""
    one = caller.programs.order_reading.one
    return await caller.answer(lambda store, actor: OrderOut.of(one(store, actor, order_id)))


@router.post("/orders", summary="推单 · Push orders")
async def push_orders(body: Push, caller: Writes) -> PushResults:
    """Bring in up to 500 orders, each as it is now: new ones come in, known ones are changed."""
    orders = [one.incoming(body.platform) for one in body.orders]

    def work(store: Store, actor: Actor) -> PushResults:
        pushed = caller.programs.ordering.push(store, actor, body.platform, orders)
        return PushResults(
            results=[
                PushResult(
                    order_no=one.order_no, result=one.kind, order_id=one.order_id,
                    complete=one.complete, reason=one.why,
                )
                for one in pushed
            ]
        )  # fmt: skip

    return await caller.write(work)  # type: ignore[return-value]


@router.post("/orders/{order_id}/change", summary="改单 · Change")
async def change_order(order_id: PathId, body: Change, caller: Writes) -> OrderOut:
    """Say how an order is now; its factories are told what differs. 改单."""
    news = caller.programs.ordering.change

    def work(store: Store, actor: Actor) -> object:
        order = caller.programs.order_reading.one(store, actor, order_id)
        return news(store, actor, body.news(order_id, order.order_no))

    return await _acts(caller, order_id, work)


@router.post("/orders/{order_id}/cancel", summary="取消 · Cancel")
async def cancel_order(order_id: PathId, caller: Writes) -> OrderOut:
    """It is cancelled: nobody ships it any more. 取消."""
    change, cancelled = (
        caller.programs.ordering.change,
        OrderNews(order_id, closed="cancelled"),
    )
    return await _acts(caller, order_id, lambda store, who: change(store, who, cancelled))


@router.post("/orders/{order_id}/let-go", summary="拒绝退款并发货 · Let go")
async def let_order_go(order_id: PathId, caller: Writes) -> OrderOut:
    """Ship it in spite of the refund that is open. 拒绝退款并发货."""
    let_go = caller.services.stopping.let_go
    return await _acts(caller, order_id, lambda store, who: let_go(store, who, order_id))


@router.post("/assignments", summary="分配 · Assign")
async def assign_orders(body: Assign, caller: Writes) -> AssignResults:
    """Hand up to 500 orders to a factory; what cannot go is left out and says why. 分配."""

    def work(store: Store, actor: Actor) -> AssignResults:
        given = caller.programs.ordering.assign(store, actor, body.order_ids, body.factory)
        return AssignResults(
            results=[
                AssignResult(
                    order_id=one.order_id, order_no=one.order_no,
                    assignment_id=one.assignment_id, reason=one.why,
                )
                for one in given
            ]
        )  # fmt: skip

    return await caller.write(work)  # type: ignore[return-value]


@router.post("/assignments/{assignment_id}/recall", summary="撤回 · Take back")
async def recall_assignment(assignment_id: PathId, caller: Writes) -> OrderOut:
    """Take it back; once the factory has begun it, ask for it. 撤回 or 申请撤回."""
    recall = caller.services.recall_asking.one

    def work(store: Store, actor: Actor) -> OrderOut:
        order_id = recall(store, actor, assignment_id).order_id
        return _shown(caller, store, actor, order_id)

    return await caller.write(work)  # type: ignore[return-value]


@router.post("/assignments/{assignment_id}/judge", summary="拦截或放行 · Judge parcels under way")
async def judge_parcels(assignment_id: PathId, body: Judge, caller: Writes) -> OrderOut:
    """Decide about parcels under way of a stopped order: 拦截 or 放行."""
    judge = caller.services.under_way.judge

    def work(store: Store, actor: Actor) -> OrderOut:
        order_id = judge(store, actor, assignment_id, body.say).order_id
        return _shown(caller, store, actor, order_id)

    return await caller.write(work)  # type: ignore[return-value]


async def _acts(caller: Caller, order_id: int, act: Work[object]) -> OrderOut:
    """Run an act on an order and answer with how it stands then."""

    def work(store: Store, actor: Actor) -> OrderOut:
        act(store, actor)
        return _shown(caller, store, actor, order_id)

    return await caller.write(work)  # type: ignore[return-value]


def _shown(caller: Caller, store: Store, actor: Actor, order_id: int) -> OrderOut:
    store.flush()
    return OrderOut.of(caller.programs.order_reading.one(store, actor, order_id))
