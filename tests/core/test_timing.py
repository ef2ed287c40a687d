"""The clock: reminders, silence, what is late, changes nobody saw; told once, in one message."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import col, select

from core.assignments.splitting import Choice
from core.clock.asked_back import NothingUnanswered
from core.clock.clock_events import FellDue
from core.clock.due import NotSilent
from core.clock.timing import Told
from core.entities import Alert, AuditRow, ChangeNotice
from core.ids import key
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, order_no


async def ticks(firm: Firm, limit: int = 1000) -> Told:
    """Let the clock look once."""
    return await firm.database.write(lambda store: firm.services.timing.tell_due(store, limit))


async def news(firm: Firm, who: Actor) -> list[FellDue]:
    """Return what the clock owes a shop, and take it as sent."""

    def work(store: SqlStore) -> list[FellDue]:
        owed = store.session.scalars(
            select(Alert).where(
                col(Alert.shop_id) == who.shop_id, col(Alert.event) == "FellDue",
                col(Alert.state) == "owed",
            ).order_by(col(Alert.id))
        ).all()  # fmt: skip
        for one in owed:
            one.state = "sent"
        return [FellDue(**{name: tuple(ids) for name, ids in one.payload.items()}) for one in owed]

    return await firm.database.write(work)


async def reminded(firm: Firm) -> Sequence[int]:
    """Let the clock look; return the orders the factory is reminded of, in one message at most."""
    await ticks(firm)
    told = await news(firm, firm.factory)
    assert len(told) <= 1
    return told[0].deadlines if told else ()


async def test_a_factory_is_reminded_a_day_six_hours_and_an_hour_before_and_when_it_is_late(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, hours=30)])
    [given] = await firm.assigns(1)
    assert await reminded(firm) == ()
    for hours in (6, 18, 5):  # 24, 6 and 1 hours are left
        firm.watch.moves(hours=hours)
        assert await reminded(firm) == (given,)
        assert await reminded(firm) == ()
        assert await news(firm, firm.merchant) == [FellDue(silent=(1,))] if hours == 18 else True
    firm.watch.moves(hours=1)
    assert await reminded(firm) == (given,)
    [late] = await news(firm, firm.merchant)
    assert late.late == (given,)
    firm.watch.moves(days=3)
    assert await reminded(firm) == ()


async def test_what_waits_for_goods_is_reminded_of_after_its_day_and_whenever_it_is_late(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, hours=90), incoming(2, hours=30)])
    long, soon = await firm.assigns(1, 2)  # nearest deadline first
    for given, days in ((soon, 1), (long, 3)):
        await firm.does(firm.services.holding.hold_days, firm.factory, given, days)
    firm.watch.moves(hours=7)
    assert await reminded(firm) == ()
    firm.watch.moves(hours=24)  # the goods are still waited for, and it should have left
    assert await reminded(firm) == (long,)
    shown = await firm.sees(firm.services.due.standing, firm.factory, FellDue(deadlines=(long,)))
    assert [(left, [row.id for row in rows]) for left, rows in shown.near] == [(0, [long])]
    firm.watch.moves(hours=36)  # a day is left, the goods should be there: a deadline as any other
    assert await reminded(firm) == (soon,)


async def test_what_has_shipped_or_must_not_ship_is_told_of_to_nobody(firm: Firm) -> None:
    await firm.imports([incoming(n, hours=30) for n in (1, 2, 3)])
    given = await firm.assigns(1, 2, 3)
    await firm.does(firm.services.shipping.reply, firm.factory, given[0], "SF1234567890123")
    await firm.imports([incoming(2, hours=30, after_sale="open")])
    firm.watch.moves(hours=7)
    assert await reminded(firm) == (given[2],)
    waiting = [await firm.assignment(one) for one in given]
    assert waiting[0].remind_at is None
    assert waiting[1].remind_at is not None  # the refund may be withdrawn
    await firm.imports([incoming(2, hours=30)])
    firm.watch.moves(hours=18)
    assert set(await reminded(firm)) == {given[1], given[2]}


async def test_another_deadline_moves_the_reminder_and_the_place_in_the_list(firm: Firm) -> None:
    await firm.imports([incoming(1, hours=30)])
    [given] = await firm.assigns(1)
    await firm.imports([incoming(1, hours=10)])
    assert (await firm.assignment(given)).sort_at == firm.watch.now + timedelta(hours=10)
    firm.watch.moves(hours=4)
    assert await reminded(firm) == (given,)
    await firm.imports([incoming(1, hours=60)])
    firm.watch.moves(hours=7)
    assert await reminded(firm) == ()
    firm.watch.moves(hours=25)
    assert await reminded(firm) == (given,)


async def test_after_a_day_without_the_bot_everything_comes_at_once_in_one_message_each(
    firm: Firm,
) -> None:
    """Deadlines, what is late, a change, a recall, a silent factory, what nobody has: once."""
    await ticks(firm)
    await firm.imports([incoming(n, hours=20 + n) for n in range(1, 9)])
    given, s = await firm.assigns(*range(1, 7)), firm.services
    await firm.does(s.fulfilling.accept, firm.factory, given[5])
    await firm.does(s.recall_asking.one, firm.merchant, given[5])
    await firm.imports([incoming(1, hours=21, note="改成红色")])
    await firm.database.write(delivers)
    firm.watch.moves(hours=25)
    while not (await ticks(firm, limit=3)).all:
        continue
    await ticks(firm)
    [event] = await news(firm, firm.factory)
    due = await firm.sees(s.due.standing, firm.factory, event)
    assert [(left, len(rows)) for left, rows in due.near] == [(0, 5), (1, 1)]
    assert [row.id for row in due.unseen] == given[:1]
    [event] = await news(firm, firm.merchant)
    due = await firm.sees(s.due.standing, firm.merchant, event)
    for groups, n in ((due.late, 5), (due.silent, 5), (due.unanswered, 1)):
        assert [len(one.rows) for one in groups] == [n]
    assert [(left, len(rows)) for left, rows in due.waiting] == [(6, 2)]
    firm.watch.moves(minutes=16)
    await ticks(firm)
    assert await news(firm, firm.factory) + await news(firm, firm.merchant) == []


async def test_a_tick_that_is_killed_has_told_nothing_and_the_next_tells_it_once(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, hours=20)])
    [given] = await firm.assigns(1)
    firm.watch.moves(hours=15)

    def killed(store: SqlStore) -> None:
        firm.services.timing.tell_due(store, 10)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await firm.database.write(killed)
    assert await reminded(firm) == (given,)
    assert await reminded(firm) == ()


async def test_a_silent_factory_is_told_of_once_and_nudged_once_until_it_is_silent_again(
    firm: Firm,
) -> None:
    await firm.imports([incoming(n, hours=90) for n in (1, 2, 3)])
    given = await firm.assigns(1, 2, 3)
    due, binding = firm.services.due, (await firm.assignment(given[0])).binding_id
    await firm.does(firm.services.fulfilling.accept, firm.factory, given[0])
    firm.watch.moves(hours=11)
    await ticks(firm)
    assert await news(firm, firm.merchant) == []
    firm.watch.moves(hours=1)
    await ticks(firm)
    [told] = await news(firm, firm.merchant)
    assert told == FellDue(silent=(binding,))
    standing = await firm.sees(due.standing, firm.merchant, told)
    assert [row.id for row in standing.silent[0].rows] == given[1:]
    await firm.does(due.nudge, firm.merchant, binding)
    assert await firm.owed("FactoryNudged") == 1
    with pytest.raises(NotSilent):
        await firm.does(due.nudge, firm.merchant, binding)
    await firm.does(firm.services.looking.look, firm.factory, given[1], (1, 2001, 1))
    firm.watch.moves(hours=12)
    await ticks(firm)
    [again] = await news(firm, firm.merchant)
    assert again.silent == (binding,)
    assert await firm.does(due.take_back, firm.merchant, binding) == 1
    assert (await firm.assignment(given[2])).status == "recalled"
    assert not await firm.sees(due.standing, firm.merchant, again)


async def test_a_change_nobody_saw_is_told_again_then_told_to_the_merchant_then_no_more(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, hours=90)])
    [given] = await firm.assigns(1)
    await firm.imports([incoming(1, hours=90, note="改成红色")])
    notice = await unseen(firm, given)
    await firm.database.write(delivers)
    firm.watch.moves(minutes=29)
    await ticks(firm)
    assert await news(firm, firm.factory) == []
    firm.watch.moves(minutes=1)
    await ticks(firm)
    assert await firm.owed("FellDue") == 1
    assert await firm.database.write(delivers) == ["FellDue"]
    firm.watch.moves(minutes=30)
    await ticks(firm)
    [told] = await news(firm, firm.merchant)
    assert told == FellDue(ignored=(given,))
    assert (await firm.sees(firm.services.due.standing, firm.merchant, told)).ignored
    await firm.database.write(lambda store: seen(store, notice))
    assert not await firm.sees(firm.services.due.standing, firm.merchant, told)
    firm.watch.moves(days=2)
    await ticks(firm)
    assert all(not one.ignored for one in await news(firm, firm.merchant))


async def test_a_change_that_arrives_late_is_repeated_as_long_after_it_arrived(firm: Firm) -> None:
    """The bot was down for a day: what fell due meanwhile is told first, and not twice at once."""
    await firm.imports([incoming(1, hours=90)])
    [given] = await firm.assigns(1)
    await firm.database.write(delivers)
    await firm.imports([incoming(1, hours=90, note="改成红色")])
    firm.watch.moves(hours=24)
    await ticks(firm)
    firm.watch.moves(minutes=5)
    assert await firm.database.write(delivers) == ["OrderChanged"]
    for minutes in (26, 3):  # 26 and 29 minutes after it arrived
        firm.watch.moves(minutes=minutes)
        await ticks(firm)
        assert not [one for one in await news(firm, firm.factory) if one.unseen]
    firm.watch.moves(minutes=1)
    await ticks(firm)
    assert [one.unseen for one in await news(firm, firm.factory)] == [(given,)]
    assert not [one for one in await news(firm, firm.merchant) if one.ignored]


async def test_a_change_that_reaches_no_chat_is_not_repeated_but_told_to_the_merchant(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1, hours=90)])
    [given] = await firm.assigns(1)
    await firm.database.write(lambda store: store.alerts.unreachable(2001))
    await firm.imports([incoming(1, hours=90, note="改成红色")])
    firm.watch.moves(minutes=30)
    await ticks(firm)
    assert [one.ignored for one in await news(firm, firm.merchant)] == [(given,)]
    assert await firm.owed("FellDue") == 1


async def test_a_merchant_is_reminded_of_what_no_factory_has_until_it_is_late(firm: Firm) -> None:
    other = await firm.opens("other", "merchant", 4001)
    await ticks(firm)  # the clock begins to look
    await firm.imports([incoming(n, hours=30) for n in (1, 2, 3)])
    await firm.imports([incoming(4, hours=30)], who=other)
    await firm.assigns(3)
    setting = firm.services.clock_setting.set_reminder
    await firm.database.write(lambda store: setting(store, other, 24, on=False))
    seen: list[tuple[int, Sequence[str]]] = []
    for hours in (6, 18, 5, 1):
        firm.watch.moves(hours=hours)
        await ticks(firm)
        await ticks(firm)
        told = [one for one in await news(firm, firm.merchant) if one.waiting]
        assert len(told) == 1, "one message, once"
        assert len([one for one in await news(firm, other) if one.waiting]) == (hours != 6)
        due = await firm.sees(firm.services.due.standing, firm.merchant, told[0])
        seen += [(left, [row.order_no for row in rows]) for left, rows in due.waiting]
    both = [order_no(1), order_no(2)]
    assert seen == [(24, both), (6, both), (1, both), (0, both)]
    firm.watch.moves(days=2)
    await ticks(firm)
    assert not [one for one in await news(firm, firm.merchant) if one.waiting]
    trail = await firm.looks(lambda s: [
        one.act for one in s.session.scalars(select(AuditRow).where(col(AuditRow.order_id) == 1))
    ])  # fmt: skip
    assert trail.count("waiting_told") == 4


async def test_after_a_day_without_the_bot_what_waits_to_be_assigned_comes_at_once(
    firm: Firm,
) -> None:
    await ticks(firm)
    await firm.imports([incoming(n, hours=20 + n) for n in range(1, 8)])
    firm.watch.moves(hours=25)
    await ticks(firm)
    [told] = await news(firm, firm.merchant)
    due = await firm.sees(firm.services.due.standing, firm.merchant, told)
    assert [(left, len(rows)) for left, rows in due.waiting] == [(0, 5), (1, 1), (6, 1)]
    trail = select(AuditRow.order_id).where(col(AuditRow.act) == "waiting_told")
    assert sorted(await firm.looks(lambda s: s.session.scalars(trail).all())) == [*range(1, 8)]
    await firm.assigns(*range(1, 8))
    assert not await firm.sees(firm.services.due.standing, firm.merchant, told)


async def test_the_first_look_at_what_waits_tells_nobody_of_a_backlog(firm: Firm) -> None:
    """An installation that is upgraded has orders that have been late for long: no news."""
    await firm.imports([incoming(n, hours=2) for n in range(1, 40)])
    await firm.imports([incoming(n, hours=30) for n in (40, 41)])
    firm.watch.moves(hours=5)
    for _ in range(3):
        await ticks(firm)
        firm.watch.moves(minutes=20)
    assert await firm.owed("FellDue") == 0
    await ticks(firm)
    [told] = await news(firm, firm.merchant)
    due = await firm.sees(firm.services.due.standing, firm.merchant, told)
    assert [(left, len(rows)) for left, rows in due.waiting] == [(0, 39), (24, 2)]


async def test_deadlines_at_any_second_are_told_of_each_quarter_of_an_hour(firm: Firm) -> None:
    await ticks(firm)
    await firm.imports([incoming(n, hours=24 + n / 60) for n in range(1, 61)])
    await firm.assigns(*range(1, 61, 2))
    theirs: list[int] = []
    waiting = 0
    for _ in range(75):
        firm.watch.moves(minutes=1)
        await ticks(firm)
        theirs += [len(one.deadlines) for one in await news(firm, firm.factory)]
        waiting += len(await news(firm, firm.merchant))
    assert theirs == [8, 7, 8, 7]
    assert waiting == 4


@pytest.mark.parametrize("given", [True, False])
async def test_what_passed_its_deadline_while_it_was_stopped_is_told_when_it_goes_on(
    firm: Firm, given: bool
) -> None:
    await ticks(firm)
    await firm.imports([incoming(n, hours=30) for n in (1, 2)])
    if given:
        await firm.assigns(1, 2)
    await firm.imports([incoming(1, hours=30, after_sale="open")])
    firm.watch.moves(hours=31)
    await ticks(firm)
    late = [one.late + one.waiting for one in await news(firm, firm.merchant)]
    assert late == [(2,)], "the one that goes on"
    for released in ("none", "open", "none"):
        firm.watch.moves(minutes=1)
        await firm.imports([incoming(1, hours=30, after_sale=released)])
        await firm.imports([incoming(2, hours=30, after_sale="none", note=released)])
        await ticks(firm)
    late = [one.late + one.waiting for one in await news(firm, firm.merchant)]
    assert late == [(1,)], "told once, though it was stopped once more"


async def test_a_factory_that_does_not_answer_a_recall_is_told_of_nudged_and_asked_no_more(
    firm: Firm,
) -> None:
    await firm.imports([incoming(n, hours=90) for n in (1, 2, 3)])
    given = await firm.assigns(1, 2, 3)
    s, binding = firm.services, (await firm.assignment(given[0])).binding_id
    for one in given:
        await firm.does(s.fulfilling.accept, firm.factory, one)
        await firm.does(s.recall_asking.one, firm.merchant, one)
    await firm.does(s.recall_asking.answer, firm.factory, given[0], agree=False)
    await firm.does(s.looking.look, firm.factory, given[1], (1, 2001, 1))
    firm.watch.moves(hours=11, minutes=59)
    await ticks(firm)
    assert await news(firm, firm.merchant) == []
    firm.watch.moves(minutes=1)
    await ticks(firm)
    [told] = await news(firm, firm.merchant)
    assert told == FellDue(unanswered=(binding,))
    [group] = (await firm.sees(s.due.standing, firm.merchant, told)).unanswered
    assert [row.id for row in group.rows] == given[1:]

    await firm.does(s.asked_back.nudge, firm.merchant, binding)
    with pytest.raises(NothingUnanswered):
        await firm.does(s.asked_back.nudge, firm.merchant, binding)
    assert await firm.owed("RecallNudged") == 1
    firm.watch.moves(hours=12)
    await ticks(firm)
    [again] = await news(firm, firm.merchant)
    assert again.unanswered == (binding,)
    await firm.does(s.asked_back.withdraw, firm.merchant, binding)
    assert [(await firm.assignment(one)).status for one in given] == ["accepted"] * 3
    assert await firm.owed("RecallUnasked") == 2
    assert not await firm.sees(s.due.standing, firm.merchant, again)
    with pytest.raises(NothingUnanswered):
        await firm.does(s.asked_back.withdraw, firm.merchant, binding)


async def test_in_quiet_hours_news_waits_and_joins_and_only_a_stop_passes(firm: Firm) -> None:
    await firm.imports([incoming(n, hours=30 + n) for n in (1, 2, 3)])
    given = await firm.assigns(1, 2, 3)
    await firm.database.write(delivers)
    await firm.database.write(lambda store: store.clock.set_quiet(2001, (12 * 60, 18 * 60)))
    firm.watch.moves(hours=7, minutes=30)  # half past four in the afternoon in China
    await ticks(firm)
    firm.watch.moves(hours=1)
    await ticks(firm)
    await firm.does(firm.services.recalling.one, firm.merchant, given[2])
    assert await firm.database.write(delivers) == ["OrderRecalled"]
    firm.watch.moves(minutes=29)
    assert await firm.database.write(delivers) == []
    firm.watch.moves(minutes=1)
    assert await firm.database.write(delivers) == ["FellDue"]
    [one] = await firm.looks(lambda store: store.session.scalars(
        select(Alert).where(col(Alert.event) == "FellDue", col(Alert.chat_id) == 2001)
    ).all())  # fmt: skip
    assert one.payload["deadlines"] == given[:2]


async def test_quiet_hours_that_are_ended_let_go_what_waited(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await firm.database.write(delivers)
    await firm.database.write(lambda store: store.clock.set_quiet(2001, (8 * 60, 12 * 60)))
    await firm.assigns(1)
    assert await firm.database.write(delivers) == []
    await firm.database.write(lambda store: store.clock.set_quiet(2001, (10 * 60, 12 * 60)))
    assert "OrderAssigned" in await firm.database.write(delivers)
    await firm.database.write(lambda store: store.clock.set_quiet(2001, None))
    assert await firm.looks(lambda store: store.clock.quiet_of(2001)) is None


async def test_what_is_late_is_listed_page_by_page_on_both_sides(firm: Firm) -> None:
    await firm.imports([incoming(n, hours=n) for n in range(1, 23)])
    given = await firm.assigns(*range(1, 12))
    firm.watch.moves(hours=20, minutes=30)
    due, found = firm.services.due, []
    page = await firm.sees(due.late_orders, firm.merchant)
    found += [row.order_no for row in page.rows]
    while page.after is not None:
        page = await firm.sees(due.late_orders, firm.merchant, page.after)
        found += [row.order_no for row in page.rows]
    assert found == [order_no(n) for n in range(1, 21)]
    before = await firm.sees(due.late_orders, firm.merchant, page.before)
    assert [row.order_no for row in before.rows] == [order_no(n) for n in range(9, 17)]
    assert await firm.sees(due.late_count, firm.merchant) == 20
    mine = await firm.sees(due.late_assignments, firm.factory)
    assert [row.id for row in mine.rows] == given[:8]
    rest = await firm.sees(due.late_assignments, firm.factory, mine.after)
    assert [row.id for row in rest.rows] == given[8:]
    assert await firm.sees(due.late_count, firm.factory) == 11


async def unseen(firm: Firm, assignment_id: int) -> int:
    """Return the notice of the order's change, which waits to be seen."""

    def work(store: SqlStore) -> int:
        kept = store.session.scalars(
            select(ChangeNotice).where(col(ChangeNotice.assignment_id) == assignment_id)
        ).one_or_none()
        if kept is None:
            given = store.assignments.of(assignment_id)
            [change] = store.orders.changes_since(given.order_id, given.assigned_at)
            kept = ChangeNotice(
                change_id=key(change), assignment_id=assignment_id, told_at=store.now,
                merchant_id=given.merchant_id, factory_id=given.factory_id,
                due_at=store.now + timedelta(minutes=30),
            )  # fmt: skip
            store.session.add(kept)
            store.flush()
        return key(kept)

    return await firm.database.write(work)


def seen(store: SqlStore, notice_id: int) -> None:
    """The factory has seen the change."""
    store.session.get_one(ChangeNotice, notice_id).seen_at = store.now


def delivers(store: SqlStore) -> list[str]:
    """Send what is due now, to the factory; returns which events, in order."""
    sent: list[str] = []
    while claimed := store.alerts.claim(100, store.now + timedelta(minutes=1), []):
        for alert in claimed:
            store.alerts.settle(key(alert), "sent")
            sent += [alert.event] if alert.chat_id == 2001 else []
        store.flush()
    return sent


@pytest.mark.parametrize("seconds", [-5, 5])
@pytest.mark.parametrize("way", ["whole", "split"])
async def test_a_deadline_that_passes_seconds_around_assigning_is_told_once(
    firm: Firm, seconds: int, way: str
) -> None:
    await ticks(firm)
    await firm.imports([incoming(1, quantity=2, hours=2.02)])  # a minute past a quarter
    firm.watch.moves(hours=2.02)
    firm.watch.moves(seconds=-seconds - 1)
    await ticks(firm)
    await news(firm, firm.merchant)  # what was told before the deadline
    firm.watch.moves(seconds=1)
    if way == "whole":
        [given] = await firm.assigns(1)
    else:
        splitting, factory = firm.services.splitting, firm.factory.shop_id
        plan = await firm.sees(splitting.plan, firm.merchant, 1)
        done = await firm.does(splitting.split, firm.merchant, 1, factory, Choice((2,), plan.mark))
        given = key(done.assignment)
    heard = list[tuple[str, int]]()
    for _ in range(4):
        firm.watch.moves(minutes=15)
        await ticks(firm)
        heard += [("factory", one) for each in await news(firm, firm.factory)
                  for one in each.deadlines]  # fmt: skip
        heard += [("merchant", one) for each in await news(firm, firm.merchant)
                  for one in (*each.late, *each.waiting)]  # fmt: skip
    assert sorted(heard) == [("factory", given), ("merchant", given)]


@pytest.mark.parametrize("act", ["accepts", "waits", "a batch waits", "a batch goes on"])
async def test_what_passed_and_was_not_told_yet_is_told_whatever_the_factory_does_meanwhile(
    firm: Firm, act: str
) -> None:
    await firm.imports([incoming(1, hours=2)])
    [given] = await firm.assigns(1)
    batch = (await firm.assignment(given)).draft_id
    s, day = firm.services, (firm.watch.now + timedelta(days=2)).date()
    if act == "a batch goes on":
        await firm.does(s.holding.hold_days, firm.factory, given, 2)
    firm.watch.moves(hours=2, seconds=30)
    await ticks(firm)
    await news(firm, firm.factory)
    firm.watch.moves(days=3)  # as if this deadline passed just now: nobody has looked since

    def untold(store: SqlStore) -> None:
        one = store.assignments.of(given)
        one.sort_at = one.remind_at = store.now - timedelta(seconds=30)

    await firm.database.write(untold)
    day = (firm.watch.now + timedelta(days=2)).date()
    if act == "accepts":
        await firm.does(s.fulfilling.accept, firm.factory, given)
    elif act == "waits":
        await firm.does(s.holding.hold_days, firm.factory, given, 2)
    elif act == "a batch waits":
        await firm.does(s.batches.hold, firm.factory, "batch", batch, day, "")
    else:
        await firm.does(s.batches.resume, firm.factory, "batch", batch)
    firm.watch.moves(minutes=15)
    assert await reminded(firm) == (given,)
    assert await reminded(firm) == ()
