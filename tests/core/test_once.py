"""Confirmed twice, by two people, all at once: every order goes out once."""

import asyncio
from collections import Counter

import pytest
from sqlmodel import col, select

from core.assignments.assigning import Assigned
from core.entities import Assignment, Member
from core.errors import CoreError, DraftGone, DraftSpent, NothingToAssign, PreviewOutdated
from core.ids import key
from core.imports.importing import ImportPreview
from core.imports.incoming import Sheet
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, order_no
from tests.core.truth import faults

NUMBER = "SF1234567890123"


async def colleague(firm: Firm, of: str, telegram_id: int) -> Actor:
    """Return a second person of a shop."""
    shop = firm.people[of].shop_id

    def join(store: SqlStore) -> Actor:
        account = firm.services.accounts.meet(store, telegram_id, "同事")
        store.session.add(
            Member(shop_id=shop, account_id=key(account), rank="staff", joined_at=store.now)
        )
        return Actor(key(account), shop)

    return await firm.database.write(join)


async def selected(firm: Firm, who: Actor, *numbers: int) -> int:
    """Select these orders and dry-run them; returns the frozen draft's id."""
    assigning = firm.services.assigning
    chosen = await firm.does(assigning.take_these, who, [order_no(one) for one in numbers])
    run = await firm.does(assigning.dry_run, who, chosen.draft_id, firm.factory.shop_id)
    return run.draft_id


async def live(firm: Firm) -> Counter[int]:
    """Return how many live assignments each order has."""

    def look(store: SqlStore) -> Counter[int]:
        rows = store.session.scalars(
            select(col(Assignment.order_id)).where(col(Assignment.ended_at).is_(None))
        )
        return Counter(rows)

    return await firm.looks(look)


async def test_the_same_draft_confirmed_by_many_at_once_is_assigned_once(firm: Firm) -> None:
    await firm.imports([incoming(one) for one in range(1, 21)])
    other = await colleague(firm, "merchant", 1002)
    draft = await selected(firm, firm.merchant, *range(1, 21))
    confirm = firm.services.assigning.confirm
    who = [firm.merchant, other] * 5
    done = await asyncio.gather(*(firm.does(confirm, one, draft) for one in who))
    assert Counter(one.again for one in done) == {False: 1, True: 9}
    assert {(one.orders, one.pieces) for one in done} == {(20, 20)}
    assert set((await live(firm)).values()) == {1}
    assert await firm.owed("OrdersAssigned") == 1
    assert await firm.looks(faults) == []


async def test_overlapping_drafts_confirmed_at_once_share_the_orders(firm: Firm) -> None:
    await firm.imports([incoming(one) for one in range(1, 31)])
    other = await colleague(firm, "merchant", 1002)
    mine = await selected(firm, firm.merchant, *range(1, 21))
    theirs = await selected(firm, other, *range(11, 31))
    confirm = firm.services.assigning.confirm
    first, second = await asyncio.gather(
        firm.does(confirm, firm.merchant, mine), firm.does(confirm, other, theirs)
    )
    assert first.orders + second.orders == 30
    assert {one.reason for done in (first, second) for one in done.changed} == {"already_assigned"}
    assert len(first.changed) + len(second.changed) == 10
    named = {one.order_no for done in (first, second) for one in done.changed}
    assert named == {order_no(one) for one in range(11, 21)}
    every = await live(firm)
    assert len(every) == 30
    assert set(every.values()) == {1}
    assert await firm.looks(faults) == []


async def test_the_same_import_confirmed_at_once_adds_no_order_twice(firm: Firm) -> None:
    importing, sheet = (
        firm.services.importing,
        Sheet("doudian", tuple(incoming(one) for one in range(1, 31)), ()),
    )
    other = await colleague(firm, "merchant", 1002)
    drafts = [
        await firm.does(importing.keep, who, sheet, "a.xlsx", (1, 1))
        for who in (firm.merchant, other)
    ]
    tries: list[ImportPreview | BaseException] = await asyncio.gather(
        *(
            firm.does(importing.confirm, who, draft)
            for draft in drafts
            for who in (firm.merchant, other, firm.merchant)
        ),
        return_exceptions=True,
    )
    done = [one for one in tries if isinstance(one, ImportPreview)]
    spent = [one for one in tries if isinstance(one, DraftSpent)]
    assert (len(done), len(spent)) == (2, 4)
    assert sorted(one.new for one in done) == [0, 30]
    assert (await firm.looks(lambda store: store.counts(firm.merchant.shop_id))) == {
        "unassigned": 30
    }


async def test_many_replies_at_once_make_one_parcel(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    other = await colleague(firm, "factory", 2002)
    tries: list[object] = await asyncio.gather(
        *(
            firm.does(firm.services.shipping.reply, who, given, NUMBER)
            for who in (firm.factory, other, firm.factory)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Shipped) for one in tries) == 1
    assert len(await firm.looks(lambda store: store.shipments.of_assignment(given))) == 1
    assert await firm.owed("OrderShipped") == 1


async def test_shipping_and_taking_back_at_once_one_of_them_wins_whole(firm: Firm) -> None:
    await firm.imports([incoming(one) for one in range(1, 9)])
    givens = await firm.assigns(*range(1, 9))
    reply, recall = firm.services.shipping.reply, firm.services.recalling.one
    tries: list[object] = await asyncio.gather(
        *(
            visit
            for place, one in enumerate(givens)
            for visit in (
                firm.does(reply, firm.factory, one, f"SF123456789012{place}"),
                firm.does(recall, firm.merchant, one),
            )
        ),
        return_exceptions=True,
    )
    for place, given in enumerate(givens):
        pair = tries[2 * place : 2 * place + 2]
        # Who comes second is refused; a parcel of what was taken back is asked about.
        assert sum(isinstance(one, CoreError | Question) for one in pair) == 1
        assert (await firm.assignment(given)).status in ("shipped", "recalled")
    assert await firm.looks(faults) == []


async def test_the_dry_run_freezes_what_confirming_applies(firm: Firm) -> None:
    await firm.imports([incoming(1), incoming(2), incoming(3)])
    assigning = firm.services.assigning
    chosen = await firm.does(assigning.take_all, firm.merchant)
    run = await firm.does(assigning.dry_run, firm.merchant, chosen.draft_id, firm.factory.shop_id)
    assert (run.orders, run.pieces) == (3, 3)
    # Meanwhile: one is changed, one cancelled, one comes in.
    await firm.imports([incoming(1, note="快"), incoming(2, status="closed"), incoming(4)])
    done = await firm.does(assigning.confirm, firm.merchant, run.draft_id)
    assert done.orders == 1
    assert {(one.order_no, one.reason) for one in done.changed} == {
        (order_no(1), "changed_since"),
        (order_no(2), "cancelled"),
    }
    states = [(await firm.order(one)).status for one in (1, 2, 3, 4)]
    assert states == ["unassigned", "closed", "assigned", "unassigned"]


async def test_a_dry_run_names_what_it_leaves_out_and_why(firm: Firm) -> None:
    await firm.imports([incoming(one) for one in (1, 2, 3)] + [incoming(4, name="张**")])
    await firm.assigns(2)
    await firm.imports([incoming(3, status="closed")])
    assigning = firm.services.assigning
    names = [order_no(one) for one in (1, 2, 3, 4)]
    chosen = await firm.does(assigning.take_these, firm.merchant, names)
    run = await firm.does(assigning.dry_run, firm.merchant, chosen.draft_id, firm.factory.shop_id)
    assert run.orders == 1
    assert {(one.order_no, one.reason) for one in run.skipped} == {
        (order_no(2), "already_assigned"),
        (order_no(3), "cancelled"),
        (order_no(4), "recipient_incomplete"),
    }
    chosen = await firm.does(assigning.take_these, firm.merchant, names[1:])
    with pytest.raises(NothingToAssign) as refused:
        await firm.does(assigning.dry_run, firm.merchant, chosen.draft_id, firm.factory.shop_id)
    assert len(refused.value.skipped) == 3


async def test_a_draft_that_waited_too_long_is_gone(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    draft = await selected(firm, firm.merchant, 1)
    firm.watch.moves(hours=25)
    kept = firm.services.rules.draft_kept
    await firm.database.write(lambda store: store.drafts.drop_older(store.now - kept))
    confirm = firm.services.assigning.confirm
    with pytest.raises(DraftGone):
        await firm.does(confirm, firm.merchant, draft)
    assert not await live(firm)


async def test_confirming_is_refused_once_the_two_are_unbound(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    draft = await selected(firm, firm.merchant, 1)
    binding = await firm.looks(
        lambda store: store.bindings.bound(firm.merchant.shop_id, firm.factory.shop_id)
    )
    assert binding is not None
    unbind = firm.services.bindings.unbind
    await firm.database.write(lambda s: unbind(s, firm.factory, key(binding), back=True))
    done: Assigned | None = None
    with pytest.raises(CoreError):
        done = await firm.does(firm.services.assigning.confirm, firm.merchant, draft)
    assert done is None
    assert not await live(firm)
    assert (await firm.order(1)).status == "unassigned"


async def test_ticking_on_changes_nothing_that_was_shown(firm: Firm) -> None:
    await firm.imports([incoming(one) for one in (1, 2, 3)])
    assigning = firm.services.assigning
    orders = [(await firm.order(one)).id or 0 for one in (1, 2, 3)]
    for one in orders[:2]:
        await firm.does(assigning.tick, firm.merchant, one)
    chosen = await firm.does(assigning.selection, firm.merchant)
    first = await firm.does(assigning.dry_run, firm.merchant, chosen.draft_id, firm.factory.shop_id)
    # She ticks one more and looks at what that would be, then presses the first card.
    more = await firm.does(assigning.tick, firm.merchant, orders[2])
    await firm.does(assigning.dry_run, firm.merchant, more.draft_id, firm.factory.shop_id)
    done = await firm.does(assigning.confirm, firm.merchant, first.draft_id)
    assert (done.orders, done.changed) == (2, [])
    assert [(await firm.order(one)).status for one in (1, 2, 3)] == [
        "assigned",
        "assigned",
        "unassigned",
    ]
    left = await firm.does(assigning.selection, firm.merchant)
    assert left.size == 1  # what was assigned is ticked no more


async def test_what_an_order_grows_by_after_it_shipped_waits_to_be_assigned(firm: Firm) -> None:
    await firm.imports([incoming(1, quantity=3)])
    await firm.assigns(1)
    card = (await firm.does(firm.services.listing.assignments, firm.factory, "to_ship")).rows[0]
    await firm.does(firm.services.shipping.reply, firm.factory, card.id, "SF1234567890123")
    await firm.imports([incoming(1, quantity=5)])
    order = await firm.order(1)
    assert (order.status, order.tab) == ("part_shipped", "unassigned")
    run = await firm.does(firm.services.assigning.take_one, firm.merchant, order.id or 0)
    frozen = await firm.does(
        firm.services.assigning.dry_run, firm.merchant, run.draft_id, firm.factory.shop_id
    )
    assert (frozen.orders, frozen.pieces) == (1, 2)
    await firm.does(firm.services.assigning.confirm, firm.merchant, frozen.draft_id)
    rest = (await firm.does(firm.services.listing.assignments, firm.factory, "to_ship")).rows[0]
    assert rest.pieces == 2
    await firm.does(firm.services.shipping.reply, firm.factory, rest.id, "SF1234567890124")
    order = await firm.order(1)
    assert (order.status, order.tab) == ("shipped", "shipped")
    assert await firm.looks(faults) == []


async def test_a_preview_that_is_no_longer_true_is_not_confirmed(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    importing = firm.services.importing
    sheet = Sheet("doudian", (incoming(1, note="周一"),), ())
    draft_id = await firm.does(importing.keep, firm.merchant, sheet, "mon.xlsx", (1, 1))
    monday = await firm.sees(importing.preview, firm.merchant, draft_id)
    await firm.imports([incoming(1, note="周二")])
    with pytest.raises(PreviewOutdated):
        await firm.does(importing.confirm, firm.merchant, monday.draft_id, monday.digest)
    assert (await firm.notes(1)).buyer_note == "周二"
    shown = await firm.does(importing.preview, firm.merchant, monday.draft_id)
    await firm.does(importing.confirm, firm.merchant, monday.draft_id, shown.digest)
    assert (await firm.notes(1)).buyer_note == "周一"
