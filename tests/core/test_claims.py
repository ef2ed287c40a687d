"""A parcel that left with an order which was no longer its factory's: never lost, never counted
before its merchant says so."""

from collections.abc import Callable

import pytest

from core.answers.claimed import AssignedAnew, ParcelKept, SentTwice
from core.answers.under_way import VerdictGiven
from core.assignments.splitting import Choice
from core.entities import Shipment
from core.errors import AssignmentEnded
from core.ids import key
from core.orders.listing import Listing
from core.orders.narrowing import Scope
from core.shipments.photo_matching import Photo
from core.shipments.photos import Confirmed
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.text.pasting import read_paste
from core.text.periods import china_day, period_of
from storage.store import SqlStore
from tests.core.firm import Firm, incoming
from tests.core.test_stops import NUMBERS, alarms, refusal, verdicts
from tests.core.truth import faults


async def _recalled(firm: Firm, given: int) -> None:
    await firm.does(firm.services.recalling.one, firm.merchant, given)


async def _declined(firm: Firm, given: int) -> None:
    await firm.does(firm.services.fulfilling.decline, firm.factory, given, "price")


async def _unbound(firm: Firm, given: int) -> None:
    def work(store: SqlStore) -> None:
        binding = store.assignments.of(given).binding_id
        firm.services.bindings.unbind(store, firm.merchant, binding, back=True)

    await firm.database.write(work)


OVER: dict[str, Callable[..., object]] = {
    "recalled": _recalled,
    "declined": _declined,
    "unbound": _unbound,
}


async def over(firm: Firm, how: str, pieces: int = 1) -> int:
    """Import and assign an order, and let the factory lose it."""
    await firm.imports([incoming(1, quantity=pieces)])
    [given] = await firm.assigns(1)
    await OVER[how](firm, given)  # type: ignore[misc]
    return given


async def claims(firm: Firm, given: int, said: str = NUMBERS[0]) -> Shipped:
    """Reply with a number, and say that the parcel had left."""
    asked = await firm.does(firm.services.shipping.reply, firm.factory, given, said)
    assert isinstance(asked, Question)
    done = await firm.does(firm.services.shipping.left_before, firm.factory, asked.draft_id)
    assert isinstance(done, Shipped)
    return done


async def to_another(firm: Firm) -> int:
    """Give the order to another factory."""
    await firm.opens("other", "factory", 3001)
    await firm.binds(factory="other")
    [given] = await firm.assigns(1, factory="other")
    return given


async def billed(firm: Firm) -> int:
    """Return how many parcels 对账 lists for the merchant."""

    def work(store: SqlStore) -> int:
        period = period_of("today", china_day(store.now))
        scope = Scope("merchant", period, None)
        return len(firm.services.reconciling.rows(store, firm.merchant, scope, None))

    return await firm.looks(work)


@pytest.mark.parametrize("how", OVER)
async def test_the_parcel_is_kept_both_sides_are_alarmed_and_what_is_free_counts_once_let_go(
    firm: Firm, how: str
) -> None:
    given = await over(firm, how)
    s = firm.services
    asked = await firm.does(s.shipping.reply, firm.factory, given, NUMBERS[0])
    assert isinstance(asked, Question)
    assert (asked.kind, asked.reason) == ("stopped", how)
    assert isinstance(await refusal(firm, s.shipping.reply, given, "明天发"), AssignmentEnded)
    assert await verdicts(firm, given) == []

    done = await firm.does(s.shipping.left_before, firm.factory, asked.draft_id)
    assert isinstance(done, Shipped)
    assert await verdicts(firm, given) == ["asked"]
    assert await alarms(firm) == [
        (firm.merchant.shop_id, [given]), (firm.factory.shop_id, [given]),
    ]  # fmt: skip
    assert (await firm.order(1)).tab == "unassigned", "it counts no piece"
    assert await billed(firm) == 0
    for number in NUMBERS[:2]:
        kept = await refusal(firm, s.shipping.reply, given, number)
        assert isinstance(kept, ParcelKept)
        assert (kept.numbers, kept.say) == ((NUMBERS[0],), "asked")
    assert await refusal(firm, s.shipping.left_before, asked.draft_id) is not None

    await firm.does(s.under_way.judge, firm.merchant, given, "let_go")
    order, after = await firm.order(1), await firm.assignment(given)
    assert (order.status, order.tab, after.status) == ("shipped", "shipped", "shipped")
    assert order.factory_id == firm.factory.shop_id
    assert await billed(firm) == 1
    with pytest.raises(VerdictGiven):
        await firm.does(s.under_way.judge, firm.merchant, given, "intercept")
    assert not await firm.looks(faults)


async def test_called_back_it_is_never_counted_and_no_end_of_a_stop_lets_it_go(firm: Firm) -> None:
    given = await over(firm, "recalled")
    await claims(firm, given)
    await firm.does(firm.services.under_way.judge, firm.merchant, given, "intercept")
    assert (await firm.order(1)).tab == "unassigned"
    await firm.imports([incoming(1, after_sale="open")])
    await firm.imports([incoming(1)])
    assert await verdicts(firm, given) == ["intercept"]
    assert await billed(firm) == 0
    [again] = await firm.assigns(1)
    done = await firm.does(firm.services.shipping.reply, firm.factory, again, NUMBERS[1])
    assert isinstance(done, Shipped)
    assert not await firm.looks(faults)


async def test_what_another_factory_has_goes_on_beside_only_when_the_merchant_knows(
    firm: Firm,
) -> None:
    given = await over(firm, "recalled", pieces=2)
    other = await to_another(firm)
    await claims(firm, given)
    judge = firm.services.under_way.judge

    def card(store: SqlStore) -> object:
        [one] = Listing().order(store, firm.merchant, 1).claims
        return one.asked, one.missing, one.holders

    assert await firm.looks(card) == (True, 2, [("other", "assigned")])
    with pytest.raises(SentTwice) as twice:
        await firm.does(judge, firm.merchant, given, "let_go")
    assert twice.value.pieces == 2
    assert await verdicts(firm, given) == ["asked"]

    await firm.does(judge, firm.merchant, given, "let_go", twice=True)
    assert (await firm.assignment(given)).status == "recalled"
    assert (await firm.assignment(other)).status == "assigned"
    assert (await firm.order(1)).tab == "to_ship"
    assert await billed(firm) == 1, "a parcel without pieces"
    done = await firm.does(firm.services.shipping.reply, firm.people["other"], other, NUMBERS[1])
    assert isinstance(done, Shipped)
    assert (await firm.order(1)).status == "shipped"
    assert not await firm.looks(faults)


async def test_taken_back_from_the_other_factory_first_its_pieces_count(firm: Firm) -> None:
    given = await over(firm, "declined")
    other = await to_another(firm)
    await claims(firm, given)
    await firm.does(firm.services.recalling.one, firm.merchant, other)
    await firm.does(firm.services.under_way.judge, firm.merchant, given, "let_go")
    assert (await firm.order(1)).status == "shipped"
    assert not await firm.looks(faults)


async def test_of_pieces_half_of_which_another_has_only_the_free_ones_count(firm: Firm) -> None:
    given = await over(firm, "recalled", pieces=3)
    await firm.opens("other", "factory", 3001)
    await firm.binds(factory="other")
    s, order_id = firm.services, key(await firm.order(1))
    plan = await firm.sees(s.splitting.plan, firm.merchant, order_id)
    choice = Choice((2,), plan.mark)
    other = firm.people["other"].shop_id
    await firm.does(s.splitting.split, firm.merchant, order_id, other, choice)
    done = await claims(firm, given, f"{NUMBERS[0]} 2件\n{NUMBERS[1]} 1件")
    assert [one.claimed for one in done.shipments] == [2, 1]
    with pytest.raises(SentTwice):
        await firm.does(s.under_way.judge, firm.merchant, given, "let_go")
    await firm.does(s.under_way.judge, firm.merchant, given, "let_go", twice=True)
    packed = await firm.looks(lambda store: sum(store.shipments.packed(given).values()))
    order = await firm.order(1)
    assert (packed, order.status, order.tab) == (1, "part_shipped", "to_ship")
    assert not await firm.looks(faults)


async def test_an_order_that_is_the_factorys_again_takes_its_number_on_the_new_card(
    firm: Firm,
) -> None:
    given = await over(firm, "recalled")
    old = (await firm.assignment(given)).tag
    [again] = await firm.assigns(1)
    tag, s = (await firm.assignment(again)).tag, firm.services
    refused = await refusal(firm, s.shipping.reply, given, NUMBERS[0])
    assert isinstance(refused, AssignedAnew)
    assert refused.tag == tag
    lines = read_paste(f"{old} {NUMBERS[0]}\n{tag} {NUMBERS[1]}")
    pasted = await firm.database.write(
        lambda store: s.entering.paste(store, firm.factory, lines, origin="one")
    )
    assert [(one.state, one.reason, one.detail) for one in pasted.entries] == [
        ("refused", "anew", tag), ("shipped", "", ""),
    ]  # fmt: skip
    assert not pasted.stopped


async def test_a_paste_and_photos_keep_all_such_parcels_by_one_press_and_alarm_once(
    firm: Firm,
) -> None:
    await firm.imports([incoming(n) for n in (1, 2, 3)])
    given = await firm.assigns(1, 2, 3)
    s, tags = firm.services, [(await firm.assignment(one)).tag for one in given]
    await _recalled(firm, given[0])
    await _declined(firm, given[1])
    await firm.imports([incoming(3, status="closed")])
    lines = read_paste("\n".join(f"{t} {n}" for t, n in zip(tags, NUMBERS, strict=True)))
    pasted = await firm.database.write(
        lambda store: s.entering.paste(store, firm.factory, lines, origin="one")
    )
    assert [(one.reason, one.detail) for one in pasted.stopped] == [
        ("ended", "recalled"), ("ended", "declined"), ("stopped", "cancelled"),
    ]  # fmt: skip
    after = await firm.does(s.entering.left_before, firm.factory, pasted.draft_id)
    assert [(one.state, one.over) for one in after.entries] == [
        ("shipped", "recalled"), ("shipped", "declined"), ("shipped", ""),
    ]  # fmt: skip
    assert await verdicts(firm, *given) == ["asked"] * 3
    assert await alarms(firm) == [(firm.merchant.shop_id, given), (firm.factory.shop_id, given)]

    def parcels(store: SqlStore) -> list[int | None]:
        return [p.claimed for one in given for p in store.shipments.of_assignment(one)]

    assert await firm.looks(parcels) == [1, 1, None]
    again = await firm.database.write(
        lambda store: s.entering.paste(store, firm.factory, lines, origin="two")
    )
    assert [one.state for one in again.entries] == ["again"] * 3
    assert not await firm.looks(faults)


async def test_a_photo_of_what_was_taken_back_is_kept_by_its_press(firm: Firm) -> None:
    given = await over(firm, "recalled")
    photos = firm.services.photos
    draft = await firm.does(photos.add, firm.factory, Photo("f", 7), None, given)
    await firm.does(photos.put, firm.factory, draft, 7, [NUMBERS[0]])
    view = await firm.sees(photos.view, firm.factory, draft)
    assert [(one.verdict, one.why) for one in view.lines] == [("stopped", "recalled")]
    done = await firm.does(photos.left_before, firm.factory, draft, view.seen)
    assert isinstance(done, Confirmed)
    assert await verdicts(firm, given) == ["asked"]
    [line] = (await firm.sees(photos.view, firm.factory, draft)).lines
    assert (line.verdict, type(line.error)) == ("refused", ParcelKept)


async def test_a_gift_that_was_taken_back_counts_its_own_pieces(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await firm.assigns(1)
    s, to, order_id = firm.services, firm.factory.shop_id, key(await firm.order(1))

    def gift(store: SqlStore) -> int:
        s.extras.begin(store, firm.merchant, order_id, "gift")
        mark = s.extras.take_same(store, firm.merchant, order_id, "gift").mark
        s.extras.send(store, firm.merchant, to, mark)
        store.flush()
        return key(store.assignments.extras_of(order_id)[0])

    given = await firm.database.write(gift)
    await _recalled(firm, given)
    done = await claims(firm, given)
    assert isinstance(done.shipments[0], Shipment)
    await firm.does(s.under_way.judge, firm.merchant, given, "let_go")
    assert (await firm.assignment(given)).status == "shipped"
    assert (await firm.order(1)).status == "assigned"
    assert not await firm.looks(faults)
