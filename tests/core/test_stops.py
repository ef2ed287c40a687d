"""Every stop at every door: refused with its reason, nothing half done, the others go on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, select

from core.answers.stopping import NothingToLetGo
from core.answers.under_way import VerdictGiven
from core.assignments.splitting import Choice
from core.entities import Alert
from core.errors import (
    AlreadyShipped,
    AssignmentEnded,
    CoreError,
    NothingToPrint,
    OrderNotFound,
    OrderStopped,
)
from core.ids import key
from core.shipments.pasted import Pasted
from core.shipments.photo_matching import Photo
from core.shipments.sending import Shipped
from core.shipments.ship_many import NothingTogether
from core.shipments.shipping import Question
from core.text.pasting import read_paste
from storage.store import SqlStore
from tests.core.firm import Firm, incoming
from tests.core.truth import faults

NUMBERS = ("SF1234567890123", "SF1234567890234", "SF1234567890345")
Stop = Callable[[Firm], Any]


async def _cancelled(firm: Firm) -> None:
    await firm.imports([incoming(1, status="closed")])


async def _shipped_elsewhere(firm: Firm) -> None:
    await firm.imports([incoming(1, status="shipped")])


async def _refund_open(firm: Firm) -> None:
    await firm.imports([incoming(1, after_sale="open")])


async def _refunded(firm: Firm) -> None:
    await firm.imports([incoming(1, after_sale="refunded")])


async def _on_hold(firm: Firm) -> None:
    def hold(store: SqlStore) -> None:
        one = store.orders.of(1)
        one.held_at = store.now
        store.orders.place(one, tab="stopped", sort_at=store.now)

    await firm.database.write(hold)


STOPS: dict[str, Stop] = {
    "cancelled": _cancelled,
    "shipped_elsewhere": _shipped_elsewhere,
    "refund_open": _refund_open,
    "refunded": _refunded,
    "on_hold": _on_hold,
}


async def stopped(firm: Firm, reason: str) -> list[int]:
    """Import and assign two orders of one recipient, and stop the first."""
    await firm.imports([incoming(1), incoming(2)])
    given = await firm.assigns(1, 2)
    await STOPS[reason](firm)
    return given


async def refusal(firm: Firm, work: Callable[..., object], *values: object) -> CoreError | None:
    try:
        await firm.does(work, firm.factory, *values)
    except CoreError as error:
        return error
    return None


async def nothing_left(firm: Firm, assignment_id: int) -> bool:
    parcels = await firm.looks(lambda store: store.shipments.of_assignment(assignment_id))
    return not parcels and not await firm.looks(faults)


@pytest.mark.parametrize("reason", STOPS)
async def test_every_door_refuses_a_stopped_order_with_its_reason(firm: Firm, reason: str) -> None:
    first, second = await stopped(firm, reason)
    tag = (await firm.assignment(first)).tag
    s, factory = firm.services, firm.factory

    asked = await firm.does(s.shipping.reply, factory, first, NUMBERS[0])
    assert isinstance(asked, Question)
    assert (asked.kind, asked.reason) == ("stopped", reason)
    assert isinstance(await refusal(firm, s.shipping.reply, first, "明天发"), OrderStopped)
    asked = await firm.does(s.shipping.numbers, factory, first, [(NUMBERS[0], None, None)])
    assert isinstance(asked, Question)
    assert (asked.kind, asked.reason) == ("stopped", reason)

    draft = await firm.does(s.photos.add, factory, Photo("f", 7), None, first)
    await firm.does(s.photos.put, factory, draft, 7, [NUMBERS[0]])
    [line] = (await firm.sees(s.photos.view, factory, draft)).lines
    assert (line.verdict, line.why) == ("stopped", reason)

    ended = reason in ("cancelled", "shipped_elsewhere")
    for look in (s.fulfilling.accept, s.looking.may_look):
        error = await refusal(firm, look, first)
        assert isinstance(error, AssignmentEnded if ended else OrderStopped)
        assert ended or getattr(error, "reason", "") == reason
    printed = await refusal(firm, s.printing.slips, [first])
    assert isinstance(printed, NothingToPrint)
    assert printed.left_out == ((tag, reason),)

    other = (await firm.assignment(second)).tag
    pasted = await firm.database.write(
        lambda store: s.entering.paste(
            store, factory, read_paste(f"{tag} {NUMBERS[0]}\n{other} {NUMBERS[1]}"), origin="one"
        )
    )
    assert [one.state for one in pasted.entries] == ["refused", "shipped"]
    assert [one.detail for one in pasted.stopped] == [reason]
    assert await nothing_left(firm, first)


@pytest.mark.parametrize("reason", STOPS)
async def test_a_stopped_order_of_the_same_recipient_does_not_go_along(
    firm: Firm, reason: str
) -> None:
    home = incoming(1).recipient
    await firm.imports([replace(incoming(n), recipient=home) for n in (1, 2, 3)])
    first, second, third = await firm.assigns(1, 2, 3)
    await STOPS[reason](firm)
    done = await firm.does(firm.services.shipping.reply, firm.factory, second, NUMBERS[1])
    assert isinstance(done, Shipped)
    assert [one for one, _ in done.together.orders] == [third]
    combine, parcel = firm.services.combining.combine, key(done.shipments[0])
    mark = done.together.mark
    gone = await firm.does(combine, firm.factory, parcel, mark)
    assert [one.order.assignment_id for one in gone.leaving] == [third]
    assert isinstance(await refusal(firm, combine, parcel, mark), NothingTogether)
    assert await nothing_left(firm, first)


@pytest.mark.parametrize("reason", STOPS)
async def test_a_parcel_that_had_left_is_kept_and_decided_about_once(
    firm: Firm, reason: str
) -> None:
    first, _ = await stopped(firm, reason)
    s, before = firm.services, (await firm.assignment(first)).status
    asked = await firm.does(s.shipping.reply, firm.factory, first, NUMBERS[0])
    assert isinstance(asked, Question)
    done = await firm.does(s.shipping.left_before, firm.factory, asked.draft_id)
    assert isinstance(done, Shipped)
    assert [one.verdict for one in done.shipments] == ["asked"]
    after, order = await firm.assignment(first), await firm.order(1)
    assert after.status == ("cancelled" if before == "cancelled" else "shipped")
    assert (order.status, order.tab) == ("shipped", "stopped")
    assert await firm.owed("ParcelsUnderWay") == 2  # to both sides
    assert await firm.owed("OrderShipped") == 0
    error = await refusal(firm, s.shipping.left_before, asked.draft_id)
    assert error is not None, "pressed again, nothing happens twice"

    await firm.does(s.under_way.judge, firm.merchant, first, "intercept")
    for say in ("let_go", "intercept"):
        with pytest.raises(VerdictGiven) as settled:
            await firm.does(s.under_way.judge, firm.merchant, first, say)
        assert settled.value.say == "intercept"
    assert await firm.owed("ParcelJudged") == 1
    assert not await firm.looks(faults)


async def test_the_stopped_lines_of_a_paste_are_kept_by_one_press(firm: Firm) -> None:
    await firm.imports([incoming(n) for n in (1, 2, 3)])
    given = await firm.assigns(1, 2, 3)
    await firm.imports([incoming(1, status="closed"), incoming(2, after_sale="open")])
    tags = [(await firm.assignment(one)).tag for one in given]
    lines = read_paste("\n".join(f"{t} {n}" for t, n in zip(tags, NUMBERS, strict=True)))
    s = firm.services

    def paste(store: SqlStore) -> Pasted:
        return s.entering.paste(store, firm.factory, lines, origin="one")

    pasted = await firm.database.write(paste)
    assert [one.state for one in pasted.entries] == ["refused", "refused", "shipped"]
    after = await firm.does(s.entering.left_before, firm.factory, pasted.draft_id)
    assert [one.state for one in after.entries] == ["shipped"] * 3
    assert not after.stopped
    verdicts = await firm.looks(
        lambda store: [p.verdict for one in given for p in store.shipments.of_assignment(one)]
    )
    assert verdicts == ["asked", "asked", ""]
    assert await firm.owed("ParcelsUnderWay") == 2  # one message to each side
    assert not await firm.looks(faults)
    assert await refusal(firm, s.entering.left_before, pasted.draft_id) is not None


async def test_a_cancelled_order_that_shrinks_afterwards_counts_no_more_pieces_than_it_has(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, quantity=3)])
    [given] = await firm.assigns(1)
    await firm.imports([incoming(1, quantity=3, status="closed")])
    await firm.imports([incoming(1, quantity=1, status="closed")])
    s = firm.services
    asked = await firm.does(s.shipping.reply, firm.factory, given, NUMBERS[0])
    assert isinstance(asked, Question)
    done = await firm.does(s.shipping.left_before, firm.factory, asked.draft_id)
    assert isinstance(done, Shipped)
    assert list(done.packed.values()) == [1]
    assert await firm.looks(faults) == []


async def test_what_lost_every_piece_before_its_order_was_cancelled_may_have_left_all_the_same(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, quantity=2)])
    await firm.opens("other", "factory", 3001)
    await firm.binds(factory="other")
    s, order_id = firm.services, key(await firm.order(1))
    plan = await firm.sees(s.splitting.plan, firm.merchant, order_id)
    one_piece, other = Choice((1,), plan.mark), firm.people["other"].shop_id
    await firm.does(s.splitting.split, firm.merchant, order_id, other, one_piece)
    [first] = await firm.assigns(1)
    tag = (await firm.assignment(first)).tag
    await firm.imports([incoming(1, quantity=1)])  # the latest lose their pieces first
    await firm.imports([incoming(1, quantity=1, status="closed")])
    lines = read_paste(f"{tag} {NUMBERS[0]}")
    pasted = await firm.database.write(
        lambda store: s.entering.paste(store, firm.factory, lines, origin="one")
    )
    assert [one.detail for one in pasted.stopped] == ["cancelled"]
    assert await nothing_left(firm, first)
    done = await firm.does(s.entering.left_before, firm.factory, pasted.draft_id)
    assert [(one.state, one.detail) for one in done.entries] == [("shipped", "")]
    assert await firm.looks(lambda store: store.shipments.packed(first)) == {}, (
        "no piece is its own"
    )
    again = await refusal(firm, s.shipping.reply, first, NUMBERS[1])
    assert isinstance(again, AlreadyShipped)
    assert not await firm.looks(faults)


async def test_let_go_holds_for_the_refund_that_is_open_and_for_no_other(firm: Firm) -> None:
    [first, _] = await stopped(firm, "refund_open")
    s = firm.services
    order_id = key(await firm.order(1))
    await firm.does(s.stopping.let_go, firm.merchant, order_id)
    assert (await firm.order(1)).tab == "to_ship"
    assert await firm.owed("OrderLetGo") == 1
    with pytest.raises(NothingToLetGo):
        await firm.does(s.stopping.let_go, firm.merchant, order_id)
    await firm.imports([incoming(1, after_sale="open", note="再看看")])
    assert (await firm.order(1)).tab == "to_ship", "the same news stops nothing"
    for after_sale in ("none", "open"):
        await firm.imports([incoming(1, after_sale=after_sale, note="再看看")])
    assert (await firm.order(1)).tab == "stopped", "another refund does"
    asked = await firm.does(s.shipping.reply, firm.factory, first, NUMBERS[0])
    assert isinstance(asked, Question)
    assert asked.reason == "refund_open"
    assert not await firm.looks(faults)


@pytest.mark.parametrize("reason", [one for one in STOPS if one != "refund_open"])
async def test_only_an_open_refund_is_let_go(firm: Firm, reason: str) -> None:
    await stopped(firm, reason)
    with pytest.raises(NothingToLetGo) as refused:
        await firm.does(firm.services.stopping.let_go, firm.merchant, key(await firm.order(1)))
    assert refused.value.reason == reason
    assert await firm.owed("OrderLetGo") == 0


async def test_a_pasted_order_that_may_ship_again_meanwhile_ships_as_any(firm: Firm) -> None:
    [first, _] = await stopped(firm, "refund_open")
    s, tag = firm.services, (await firm.assignment(first)).tag
    lines = read_paste(f"{tag} {NUMBERS[0]}")

    def paste(store: SqlStore) -> Pasted:
        return s.entering.paste(store, firm.factory, lines, origin="one")

    pasted = await firm.database.write(paste)
    await firm.does(s.stopping.let_go, firm.merchant, key(await firm.order(1)))
    after = await firm.does(s.entering.left_before, firm.factory, pasted.draft_id)
    assert [(one.state, one.left) for one in after.entries] == [("shipped", False)]
    assert await firm.owed("ParcelsUnderWay") == 0
    assert await firm.owed("OrderShipped") == 1
    assert not await firm.looks(faults)


async def shipped(firm: Firm, *numbers: int) -> list[int]:
    """Import, assign and ship these orders; returns their assignments."""
    await firm.imports([incoming(n) for n in numbers])
    given = await firm.assigns(*numbers)
    for one, number in zip(given, NUMBERS, strict=False):
        await firm.does(firm.services.shipping.reply, firm.factory, one, number)
    return given


async def verdicts(firm: Firm, *assignments: int) -> list[str]:
    def work(store: SqlStore) -> list[str]:
        return [p.verdict for one in assignments for p in store.shipments.of_assignment(one)]

    return await firm.looks(work)


async def alarms(firm: Firm) -> list[tuple[int, list[int]]]:
    """Return to which shop which assignments were told as under way."""

    def work(store: SqlStore) -> list[tuple[int, list[int]]]:
        query = select(Alert).where(col(Alert.event) == "ParcelsUnderWay").order_by(col(Alert.id))
        return [
            (one.shop_id, one.payload["assignment_ids"]) for one in store.session.scalars(query)
        ]

    return await firm.looks(work)


async def test_a_file_that_stops_what_had_shipped_asks_the_merchant_once_of_all(
    firm: Firm,
) -> None:
    given = await shipped(firm, 1, 2, 3)
    stops = [
        incoming(1, status="closed"),
        incoming(2, after_sale="open"),
        incoming(3, after_sale="refunded"),
    ]
    await firm.imports(stops)
    assert await verdicts(firm, *given) == ["asked"] * 3
    assert await alarms(firm) == [(firm.merchant.shop_id, given)]
    await firm.imports(stops)
    await firm.imports([stops[0], incoming(2, after_sale="refunded"), stops[2]])
    assert await alarms(firm) == [(firm.merchant.shop_id, given)], "a stop that goes on is no news"
    await firm.does(firm.services.under_way.judge, firm.merchant, given[1], "let_go")
    assert not await firm.looks(faults)


async def test_a_refund_long_after_the_parcel_came_alarms_nobody(firm: Firm) -> None:
    [first] = await shipped(firm, 1)
    firm.watch.moves(days=15, minutes=1)
    await firm.imports([incoming(1, after_sale="open")])
    assert await verdicts(firm, first) == [""]
    assert await alarms(firm) == []
    assert await firm.owed("OrderChanged") == 0
    assert (await firm.order(1)).tab == "stopped"


async def test_what_was_to_be_called_back_need_not_be_when_its_stop_ends_and_is_asked_of_anew(
    firm: Firm,
) -> None:
    [first] = await shipped(firm, 1)
    judge = firm.services.under_way.judge
    await firm.imports([incoming(1, after_sale="open")])
    await firm.does(judge, firm.merchant, first, "intercept")
    for _ in range(2):
        await firm.imports([incoming(1)])
    assert await verdicts(firm, first) == ["let_go"]
    assert await firm.owed("ParcelJudged") == 2  # call it back; no need to
    with pytest.raises(VerdictGiven):
        await firm.does(judge, firm.merchant, first, "intercept")

    firm.watch.moves(days=1)
    await firm.imports([incoming(1, after_sale="open", note="又不要了")])
    assert await verdicts(firm, first) == ["asked"], "another refund is another question"
    await firm.does(judge, firm.merchant, first, "intercept")
    await firm.does(firm.services.stopping.let_go, firm.merchant, key(await firm.order(1)))
    assert await verdicts(firm, first) == ["let_go"]
    assert await firm.owed("ParcelJudged") == 4
    assert not await firm.looks(faults)


async def test_of_a_cancelled_order_that_left_whole_another_number_is_a_correction(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1)])
    [first] = await firm.assigns(1)
    await _cancelled(firm)
    s, tag = firm.services, (await firm.assignment(first)).tag
    asked = await firm.does(s.shipping.reply, firm.factory, first, NUMBERS[0])
    assert isinstance(asked, Question)
    await firm.does(s.shipping.left_before, firm.factory, asked.draft_id)
    for late in (s.shipping.reply, s.shipping.had_left):
        error = await refusal(firm, late, first, NUMBERS[1])
        assert isinstance(error, AlreadyShipped)
        assert error.numbers == (NUMBERS[0],)

    lines = read_paste(f"{tag} {NUMBERS[1]}")

    def paste(store: SqlStore) -> Pasted:
        return s.entering.paste(store, firm.factory, lines, origin="one")

    pasted = await firm.database.write(paste)
    assert [(one.state, one.ask, one.detail) for one in pasted.entries] == [
        ("waiting", "fix", NUMBERS[0])
    ]
    assert await verdicts(firm, first) == ["asked"]
    assert not await firm.looks(faults)


async def test_a_parcel_is_let_go_by_its_own_merchant_alone(firm: Firm) -> None:
    await stopped(firm, "refund_open")
    elsewhere = await firm.opens("elsewhere", "merchant", 4004)
    order = key(await firm.order(1))
    may = firm.services.stopping.may_let_go
    with pytest.raises(OrderNotFound):
        await firm.sees(may, elsewhere, order)
    await firm.sees(may, firm.merchant, order)
