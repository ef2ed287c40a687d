"""Undoing an import: what it brought in goes while no factory works on it, and may come again."""

from datetime import timedelta

import pytest

from core.errors import DraftGone, DraftNotFound, UndoneAlready, UndoTooLate
from core.imports.importing import ImportPreview
from core.imports.incoming import IncomingOrder, Sheet
from tests.core.firm import Firm, incoming, line, order_no
from tests.core.truth import faults


async def kept(firm: Firm, *orders: IncomingOrder) -> ImportPreview:
    sheet = Sheet("doudian", orders, ())
    importing = firm.services.importing
    draft_id = await firm.does(importing.keep, firm.merchant, sheet, "订单.xlsx", (1001, 1))
    return await firm.sees(importing.preview, firm.merchant, draft_id)


async def test_what_nobody_works_on_goes_and_the_rest_stays_with_the_reason(firm: Firm) -> None:
    undoing, fulfilling, shipping = (
        firm.services.undoing, firm.services.fulfilling, firm.services.shipping,
    )  # fmt: skip
    await firm.imports([incoming(1)])
    done = await firm.imports([incoming(1, note="改"), *(incoming(n) for n in range(2, 8))])
    given = await firm.assigns(3, 4, 5, 6)
    await firm.does(fulfilling.accept, firm.factory, given[1])
    await firm.does(firm.services.looking.look, firm.factory, given[2], (1, 2001, 9))
    await firm.does(shipping.reply, firm.factory, given[3], "SF1234567890123")
    outlook = await firm.sees(undoing.outlook, firm.merchant, done.draft_id)
    undone = await firm.does(undoing.undo, firm.merchant, done.draft_id)
    assert outlook == undone
    assert (undone.taken_out, undone.taken_back) == (3, 1)
    assert undone.left == {"accepted": 1, "looked": 1, "shipped": 1}
    assert await firm.owed("OrderRecalled") == 1
    assert (await firm.assignment(given[0])).status == "recalled"
    assert (await firm.notes(1)).buyer_note == "改"
    assert not await firm.looks(lambda s: s.orders.find(firm.merchant.shop_id, order_no(2)))
    gone = await firm.looks(
        lambda s: s.orders.by_numbers(firm.merchant.shop_id, "doudian", [order_no(3)])
    )
    order = gone[order_no(3)]
    assert (order.status, order.tab, order.closed_reason) == ("closed", "undone", "undone")
    assert await firm.looks(lambda s: s.orders.recipient(order.id or 0)) is None
    assert await firm.looks(faults) == []
    with pytest.raises(UndoneAlready):
        await firm.does(undoing.undo, firm.merchant, done.draft_id)


async def test_an_undone_order_comes_in_afresh_with_a_later_file(firm: Firm) -> None:
    two = (line(1, 2, 1), line(1, 1, 2))
    first = await firm.imports([incoming(1, lines=two, note="旧"), incoming(2)])
    await firm.assigns(1)
    await firm.does(firm.services.undoing.undo, firm.merchant, first.draft_id)
    before = (await firm.looks(
        lambda s: s.orders.by_numbers(firm.merchant.shop_id, "doudian", [order_no(1)])
    ))[order_no(1)]  # fmt: skip
    other = (line(1, 5, 2), line(1, 1, 3))
    again = await kept(firm, incoming(1, lines=other, name="李四"), incoming(2), incoming(3))
    assert (again.new, again.known, again.changed) == (3, 0, [])
    done = await firm.does(
        firm.services.importing.confirm, firm.merchant, again.draft_id, again.digest
    )
    assert done.new == 3
    order = await firm.order(1)
    assert (order.id, order.status, order.tab) == (before.id, "unassigned", "unassigned")
    assert (order.revision, order.import_id) == (before.revision + 1, again.draft_id)
    assert (order.pieces, any(await firm.notes(1))) == (6, False)
    card = await firm.sees(firm.services.listing.order, firm.merchant, order.id)
    assert [(one.sub_order_no[-1], one.quantity) for one in card.lines] == [("2", 5), ("3", 1)]
    recipient = await firm.looks(lambda s: s.orders.recipient(order.id or 0))
    assert recipient is not None
    assert recipient.name == "李四"
    await firm.assigns(1, 2, 3)
    assert await firm.looks(faults) == []


async def test_it_is_undone_within_ten_minutes_by_the_shop_that_imported(firm: Firm) -> None:
    undo = firm.services.undoing.undo
    open_one = await kept(firm, incoming(5))
    assert not open_one.undoable
    with pytest.raises(DraftGone):
        await firm.does(undo, firm.merchant, open_one.draft_id)
    done = await firm.imports([incoming(1)])
    assert done.undoable
    other = await firm.opens("other", "merchant", 3001)
    with pytest.raises(DraftNotFound):
        await firm.does(undo, other, done.draft_id)
    firm.watch.moves(minutes=10)
    with pytest.raises(UndoTooLate) as caught:
        await firm.does(undo, firm.merchant, done.draft_id)
    assert timedelta(minutes=caught.value.minutes) == timedelta(minutes=10)
    later = await firm.sees(firm.services.importing.preview, firm.merchant, done.draft_id)
    assert not later.undoable
    assert (await firm.order(1)).tab == "unassigned"


async def test_undone_twice_at_once_brings_nothing_out_of_step(firm: Firm) -> None:
    done = await firm.imports([incoming(n) for n in range(5)])
    again = await kept(firm, *(incoming(n) for n in range(5)))
    await firm.does(firm.services.undoing.undo, firm.merchant, done.draft_id)
    # The preview of before no longer says what confirming would do.
    fresh = await firm.sees(firm.services.importing.preview, firm.merchant, again.draft_id)
    assert (again.known, fresh.new, fresh.digest != again.digest) == (5, 5, True)
    await firm.does(firm.services.importing.confirm, firm.merchant, again.draft_id, fresh.digest)
    undone = await firm.does(firm.services.undoing.undo, firm.merchant, again.draft_id)
    assert undone.taken_out == 5
    assert await firm.looks(faults) == []
