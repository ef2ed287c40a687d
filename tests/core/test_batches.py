"""Many orders at once: each answered or left with its reason, told once; the rows agree after."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from core.answers.answer_errors import DayNotAhead, DayTooFar
from core.answers.fulfilling import move_assignment
from core.entities import Alert, Assignment, AuditRow, Order, Shipment
from core.errors import CoreError, DraftNotFound, NothingChosen, NothingToPrint, WrongRole
from core.orders.standing import deadline, unassignable_reason
from core.shipments.sending import Shipped
from core.values import Actor
from storage.nouns.drafts import ASSIGNABLE
from storage.store import SqlStore
from tests.core.firm import START, Firm, incoming, line, order_no
from tests.core.truth import faults


async def batch(firm: Firm, *numbers: int) -> tuple[int, list[int]]:
    """Import and assign these; returns the batch and its assignments."""
    await firm.imports([incoming(n, quantity=2, hours=20 + n) for n in numbers])
    given = await firm.assigns(*numbers)
    return (await firm.assignment(given[0])).draft_id or 0, given


async def told(firm: Firm, event: str) -> list[dict[str, object]]:
    """Return what alerts of that event say, in order."""
    query = select(col(Alert.payload)).where(col(Alert.event) == event).order_by(col(Alert.id))
    return list(await firm.looks(lambda store: store.session.scalars(query).all()))


async def statuses(firm: Firm, ids: list[int]) -> list[str]:
    return [(await firm.assignment(one)).status for one in ids]


async def ships(firm: Firm, assignment_id: int, number: str = "SF1234567890123") -> None:
    done = await firm.does(firm.services.shipping.reply, firm.factory, assignment_id, number)
    assert isinstance(done, Shipped)


async def ships_half(firm: Firm, assignment_id: int) -> None:
    """One of the order's two pieces leaves."""

    def work(store: SqlStore) -> None:
        given = store.assignments.of(assignment_id)
        parcel = Shipment(
            assignment_id=assignment_id, order_id=given.order_id, merchant_id=given.merchant_id,
            factory_id=given.factory_id, carrier="shunfeng", tracking_number="SF1234567890123",
            shipped_by=firm.factory.account_id, shipped_at=store.now,
        )  # fmt: skip
        [line_id] = store.assignments.pieces(assignment_id)
        store.shipments.add(parcel, {line_id: 1})
        move_assignment(store, given, "part_shipped")

    await firm.database.write(work)


async def test_what_sql_takes_for_assignable_is_what_the_rule_says(firm: Firm) -> None:
    states = list(product(
        ("none", "open", "refunded"), (None, "cancelled", "shipped_elsewhere", "undone"),
        (None, START), (None, START), ("unassigned", "to_ship", "shipped", "stopped"),
        (True, False),
    ))  # fmt: skip
    await firm.imports([incoming(n) for n in range(len(states))])

    def compare(store: SqlStore) -> None:
        for n, (after_sale, closed, held, let_go, tab, complete) in enumerate(states):
            store.session.connection().execute(
                update(Order)
                .where(col(Order.order_no) == order_no(n))
                .values(
                    after_sale=after_sale,
                    closed_reason=closed,
                    held_at=held,
                    let_go_at=let_go,
                    tab=tab,
                    complete=complete,
                )
            )
        fit = set(store.session.scalars(select(col(Order.id)).where(ASSIGNABLE)))
        orders = store.session.scalars(select(Order)).all()
        assert fit == {one.id for one in orders if unassignable_reason(one) is None}
        # None open, with or without a letting go of old, or one open and let go.
        assert len(fit) == 3
        raise CoreError  # nothing of it stays

    with pytest.raises(CoreError):
        await firm.database.write(compare)


async def test_a_batch_is_one_alert_and_one_audit_row_for_each_order(firm: Firm) -> None:
    draft, given = await batch(firm, *range(1, 8))
    assert await told(firm, "OrdersAssigned") == [{"draft_id": draft}]
    assert await told(firm, "OrderAssigned") == []
    query = select(AuditRow).where(col(AuditRow.act) == "assigned").order_by(col(AuditRow.id))
    rows = await firm.looks(lambda store: store.session.scalars(query).all())
    assert [row.detail for row in rows] == [
        {"assignment": one, "factory": firm.factory.shop_id, "rule": None} for one in given
    ]
    assert {row.order_id for row in rows} == {
        (await firm.assignment(one)).order_id for one in given
    }
    assert {(row.account_id, row.shop_id, row.door) for row in rows} == {
        (firm.merchant.account_id, firm.merchant.shop_id, "chat")
    }
    digest = await firm.sees(firm.services.batches.digest, firm.factory, draft)
    assert (digest.given, digest.pieces, digest.kinds) == (7, 14, 1)
    assert digest.states == {"assigned": 7}
    assert await firm.looks(faults) == []


async def test_accepting_all_leaves_what_cannot_be_accepted_with_its_reason(firm: Firm) -> None:
    draft, given = await batch(firm, *range(1, 9))
    await ships(firm, given[0])
    await firm.does(firm.services.recalling.one, firm.merchant, given[1])
    await firm.does(firm.services.fulfilling.accept, firm.factory, given[2])
    await firm.imports([incoming(4, quantity=2, hours=24, after_sale="open")])
    await firm.imports([incoming(5, quantity=2, hours=25, status="closed")])
    accept = firm.services.batches.accept
    done = await firm.does(accept, firm.factory, "batch", draft)
    assert (done.done, done.already) == (3, 1)
    tags = [(await firm.assignment(one)).tag for one in given]
    assert done.skipped == {
        "shipped": [tags[0]], "recalled": [tags[1]], "refund_open": [tags[3]],
        "cancelled": [tags[4]],
    }  # fmt: skip
    assert await statuses(firm, given) == [
        "shipped", "recalled", "accepted", "assigned", "cancelled", *["accepted"] * 3,
    ]  # fmt: skip
    assert await firm.looks(faults) == []
    again = await firm.does(accept, firm.factory, "batch", draft)
    assert (again.done, again.already) == (0, 4)
    left = await firm.does(firm.services.recalling.batch, firm.merchant, draft)
    assert (left.orders, left.left) == (1, {"accepted": 4, "shipped": 1})


async def test_many_wait_for_goods_as_each_would_by_itself(firm: Firm) -> None:
    draft, given = await batch(firm, *range(1, 13))
    one, *rest = given
    await firm.does(firm.services.holding.hold, firm.factory, one, "3天 釉料没到")
    await ships(firm, rest[0])
    await ships_half(firm, rest[1])
    await firm.does(firm.services.fulfilling.accept, firm.factory, rest[2])
    await firm.does(firm.services.recall_asking.one, firm.merchant, rest[2])
    await firm.imports([incoming(5, quantity=2, hours=25, after_sale="open")])
    day, hold = (START + timedelta(days=3)).date(), firm.services.batches.hold
    assert await firm.sees(firm.services.batches.holdable, firm.factory, "batch", draft) == 8
    for wrong, error in ((0, DayNotAhead), (61, DayTooFar)):
        with pytest.raises(error):
            await firm.does(
                hold, firm.factory, "batch", draft, START.date() + timedelta(days=wrong), ""
            )
    done = await firm.does(hold, firm.factory, "batch", draft, day, "釉料没到")
    tags = [(await firm.assignment(one)).tag for one in given]
    assert (done.done, done.already) == (7, 1)
    assert done.skipped == {
        "shipped": [tags[1]], "part_shipped": [tags[2]], "recall_asked": [tags[3]],
        "refund_open": [tags[4]],
    }  # fmt: skip
    alone, together = await firm.assignment(one), await firm.assignment(given[-1])
    for name in ("status", "held_until", "held_reason", "hold_due_at", "silent_at", "tab"):
        assert getattr(alone, name) == getattr(together, name), name
    assert (alone.remind_at, together.remind_at) == (alone.sort_at, together.sort_at)
    [told_once] = await told(firm, "OrdersHeld")
    assert (told_once["count"], told_once["until"]) == (7, "2026-03-05")
    assert [row.act for row in await past(firm, 12)][-1] == "goods_awaited"
    assert (await past(firm, 12))[-1].detail == (await past(firm, 1))[-1].detail | {
        "assignment": given[-1]
    }
    again = await firm.does(hold, firm.factory, "batch", draft, day, "釉料没到")
    assert (again.done, again.already) == (0, 8)
    assert len(await told(firm, "OrdersHeld")) == 1
    assert await firm.looks(faults) == []
    await they_go_on(firm, draft, given)


async def they_go_on(firm: Firm, draft: int, given: Sequence[int]) -> None:
    """The goods are here: of one by itself, then of the batch, of which one was stopped."""
    await firm.does(firm.services.holding.resume, firm.factory, given[5])
    await firm.imports([incoming(7, quantity=2, after_sale="open")])
    resume = firm.services.batches.resume
    done = await firm.does(resume, firm.factory, "batch", draft)
    tags = {n: (await firm.assignment(given[n - 1])).tag for n in (2, 7)}
    assert (done.done, done.already) == (6, 4)
    assert done.skipped == {"shipped": [tags[2]], "refund_open": [tags[7]]}
    alone, together = await firm.assignment(given[5]), await firm.assignment(given[-1])
    for name in ("status", "accepted_at", "hold_due_at", "held_until", "tab"):
        assert getattr(alone, name) == getattr(together, name), name
    assert together.status == "accepted"
    for one in (alone, together):  # reminded again before the deadline, not only when it is over
        assert one.remind_at is not None
        assert one.remind_at < one.sort_at
    [told_once] = await told(firm, "HoldsOver")
    assert told_once["count"] == 6
    assert (await past(firm, 12))[-1].act == "hold_over"
    again = await firm.does(resume, firm.factory, "batch", draft)
    assert (again.done, again.already) == (0, 10)
    assert len(await told(firm, "HoldsOver")) == 1
    assert await firm.looks(faults) == []


async def test_what_was_hoped_for_on_a_day_goes_on_in_one_press(firm: Firm) -> None:
    draft, given = await batch(firm, *range(1, 9))
    day, batches = (START + timedelta(days=2)).date(), firm.services.batches
    await firm.does(batches.hold, firm.factory, "batch", draft, day, "")
    await firm.does(firm.services.holding.hold, firm.factory, given[0], "3天")
    done = await firm.does(batches.resume, firm.factory, "day", day.toordinal())
    assert (done.done, done.skipped) == (7, {})
    assert (await firm.assignment(given[0])).status == "held"
    assert (await firm.does(batches.resume, firm.factory, "day", day.toordinal())).done == 0
    await firm.opens("other", "factory", 2002)
    later = (START + timedelta(days=3)).date().toordinal()
    assert (await firm.does(batches.resume, firm.people["other"], "day", later)).done == 0
    with pytest.raises(NothingChosen):
        await firm.does(batches.resume, firm.factory, "day", 0)


async def past(firm: Firm, number: int) -> Sequence[AuditRow]:
    order = await firm.order(number)
    return await firm.looks(lambda store: store.history(order.id or 0))


async def test_a_part_shipped_order_is_not_declined_with_the_others(firm: Firm) -> None:
    draft, given = await batch(firm, *range(1, 9))

    await ships_half(firm, given[0])
    digest = await firm.sees(firm.services.batches.digest, firm.factory, draft)
    assert digest.pieces == 15  # one of the sixteen is in a parcel
    decline = firm.services.batches.decline
    done = await firm.does(decline, firm.factory, "batch", draft, "  机器 坏了 ")
    assert (done.done, list(done.skipped)) == (7, ["part_shipped"])
    [event] = await told(firm, "OrdersDeclined")
    assert (event["count"], event["reason"]) == (7, "机器 坏了")
    assert event["order_nos"] == [order_no(n) for n in range(2, 9)]
    back = await firm.order(2)
    assert (back.status, back.tab, back.factory_id) == ("unassigned", "unassigned", None)
    assert back.sort_at == deadline(back)
    assert await firm.looks(faults) == []
    assert (await firm.assignment(given[3])).decline_reason == "机器 坏了"


async def test_each_merchant_hears_once_of_what_was_ticked_and_declined(firm: Firm) -> None:
    other = await firm.opens("other merchant", "merchant", 1002)
    await firm.binds("other merchant")
    _, given = await batch(firm, *range(1, 8))
    await firm.imports([incoming(n) for n in range(11, 14)], other)
    use = firm.services
    numbers = [order_no(n) for n in range(11, 14)]
    done = await firm.does(use.assigning.direct, other, numbers, firm.numbers["factory"])
    foreign = await firm.looks(lambda store: store.assignments.made_by(done.draft_id))
    await firm.does(use.batches.tick, firm.factory, [*given, *foreign])
    answered = await firm.does(use.batches.decline, firm.factory, "ticked", 0, "price")
    assert answered.done == 10
    assert [event["count"] for event in await told(firm, "OrdersDeclined")] == [7]
    assert len(await told(firm, "OrderDeclined")) == 3
    assert await firm.looks(faults) == []
    with pytest.raises(NothingChosen):
        await firm.does(use.batches.accept, firm.factory, "ticked", 0)


async def test_taking_back_is_right_for_orders_that_are_not_plain_too(firm: Firm) -> None:
    """One grew after it shipped, one has a refund open, the others are plain: all taken back."""
    draft, given = await batch(firm, *range(1, 9))
    await firm.does(firm.services.recalling.batch, firm.merchant, draft)
    assert await firm.looks(faults) == []
    given = await firm.assigns(*range(1, 9))
    await ships(firm, given[0])
    await firm.imports([incoming(1, lines=(line(1, 2), line(1, 1, 2)), hours=21)])
    [rest] = await firm.assigns(1)
    await firm.imports([incoming(2, quantity=2, hours=22, after_sale="open")])
    ids = [rest, *given[1:]]
    taken = await firm.database.write(lambda s: s.assignments.take_back(ids, "recalled"))
    assert len(taken) == 8
    assert await firm.looks(faults) == []
    assert (await firm.order(1)).status == "part_shipped"
    assert (await firm.order(2)).tab == "stopped"
    assert {(await firm.order(n)).tab for n in range(3, 9)} == {"unassigned"}


async def test_what_is_taken_back_at_once_is_told_once(firm: Firm) -> None:
    draft, given = await batch(firm, *range(1, 10))
    tags = [(await firm.assignment(one)).tag for one in given]
    await firm.does(firm.services.recalling.batch, firm.merchant, draft)
    [event] = await told(firm, "OrdersRecalled")
    assert (event["count"], event["tags"]) == (9, tags)
    draft = (await firm.assignment((await firm.assigns(1, 2))[0])).draft_id or 0
    await firm.does(firm.services.recalling.batch, firm.merchant, draft)
    assert len(await told(firm, "OrderRecalled")) == 2


async def test_a_batch_is_its_own_factorys_alone(firm: Firm) -> None:
    other = await firm.opens("other factory", "factory", 2002)
    draft, given = await batch(firm, *range(1, 8))
    use = firm.services.batches
    for act in (use.digest, use.page, use.choice):
        with pytest.raises(DraftNotFound):
            await firm.sees(act, other, draft)
        with pytest.raises(WrongRole):
            await firm.sees(act, firm.merchant, draft)
    for of, ref in (("batch", draft), ("open", 0), ("everything", 0)):
        with pytest.raises(DraftNotFound):
            await firm.does(use.accept, other, of, ref)
    with pytest.raises(CoreError):
        await firm.does(use.tick, other, given)
    with pytest.raises((NothingChosen, NothingToPrint)):
        await firm.sees(use.packing, other, "open", 0)
    outsider = Actor(firm.merchant.account_id, firm.factory.shop_id)
    with pytest.raises(CoreError):
        await firm.does(use.accept, outsider, "batch", draft)
    assert await statuses(firm, given) == ["assigned"] * 7


async def test_pages_of_a_batch_hold_every_order_once_both_ways(firm: Firm) -> None:
    draft, given = await batch(firm, *range(1, 21))
    await firm.does(firm.services.fulfilling.decline, firm.factory, given[3], "price")
    use, seen, cursor, last = firm.services.batches, [], None, None
    while True:
        page = await firm.sees(use.page, firm.factory, draft, cursor)
        seen += [row.id for row in page.rows]
        if page.after is None:
            break
        cursor, last = page.after, page
    assert seen == given
    assert page.before is not None
    assert last is not None
    before = await firm.sees(use.page, firm.factory, draft, page.before)
    assert [row.id for row in before.rows] == [row.id for row in last.rows]
    ticking = await firm.sees(use.choice, firm.factory, draft)
    assert given[3] not in [row.id for row in ticking.page.rows]
    recent = await firm.sees(use.recent, firm.factory)
    assert [(one.draft_id, one.given, one.open) for one in recent] == [(draft, 20, 19)]


async def test_many_assignments_in_one_batch_have_tags_and_pieces_of_their_own(firm: Firm) -> None:
    await firm.imports([incoming(n, quantity=1 + n % 3) for n in range(1, 601)])
    use = firm.services.assigning
    chosen = await firm.does(use.take_all, firm.merchant)
    run = await firm.does(use.dry_run, firm.merchant, chosen.draft_id, firm.factory.shop_id)
    await firm.imports([incoming(7, quantity=9)])  # changed after it was shown
    done = await firm.does(use.confirm, firm.merchant, run.draft_id)
    assert done.orders == 599
    assert [(one.order_no, one.reason) for one in done.changed] == [(order_no(7), "changed_since")]
    assert done.pieces == sum(1 + n % 3 for n in range(1, 601) if n != 7)
    again = await firm.does(use.confirm, firm.merchant, run.draft_id)
    assert (again.again, again.orders, again.pieces) == (True, done.orders, done.pieces)
    query = select(col(Assignment.tag))
    tags = await firm.looks(lambda store: store.session.scalars(query).all())
    assert len(set(tags)) == len(tags) == 599
    packed = await firm.sees(firm.services.batches.packing, firm.factory, "batch", run.draft_id)
    assert sum(one.quantity for _, lines in packed for one in lines) == done.pieces
    assert await firm.looks(faults) == []


async def test_cards_follow_when_many_are_assigned_and_when_a_binding_ends(firm: Firm) -> None:
    async def outdated() -> list[int]:
        def look(store: SqlStore) -> list[int]:
            query = select(Alert).where(col(Alert.event) == "CardsOutdated")
            found = list(store.session.scalars(query.order_by(col(Alert.shop_id))))
            for one in found:
                store.session.delete(one)
            return [one.shop_id for one in found]

        return await firm.database.write(look)

    merchant, factory = firm.merchant.shop_id, firm.factory.shop_id
    await batch(firm, *range(1, 9))
    assert await outdated() == [merchant]
    bound = await firm.looks(lambda store: store.bindings.bound(merchant, factory))
    assert bound is not None
    unbind = firm.services.bindings.unbind
    await firm.does(lambda store, who: unbind(store, who, bound.id or 0, back=True), firm.merchant)
    assert await outdated() == [merchant, factory]
