"""Days are counted once they are over, and told of once, at each shop's own hour."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from core.clock.day_views import Tally
from core.clock.digests import NotAnHour
from core.entities import Alert, DayTally
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, incoming
from tests.core.test_batches import told

MONDAY = date(2026, 3, 2)  # the day on which a firm begins, at nine in the morning


async def counted(firm: Firm) -> None:
    """Count what is over, as the clock does."""
    while await firm.looks(firm.services.days.behind):
        await firm.database.write(firm.services.days.tally)


async def a_day(firm: Firm) -> None:
    """Five come in; four are assigned: one ships in time, one late, one is declined, one waits."""
    await firm.imports([incoming(n, hours=4 if n == 2 else 30) for n in range(1, 6)])
    ids = await firm.assigns(1, 2, 3, 4)
    firm.watch.moves(hours=5)
    for one, number in zip(ids[:2], ("SF1234567890123", "SF1234567890124"), strict=True):
        await firm.does(firm.services.shipping.reply, firm.factory, one, number)
    await firm.does(firm.services.fulfilling.decline, firm.factory, ids[2], "out_of_stock")


async def kept(firm: Firm) -> list[tuple[int, int, date, Tally]]:
    def look(store: SqlStore) -> list[tuple[int, int, date, Tally]]:
        rows = store.session.scalars(
            select(DayTally).order_by(col(DayTally.day), col(DayTally.factory_id))
        ).all()
        return [
            (row.merchant_id, row.factory_id, row.day,
             Tally(*(getattr(row, name) for name in Tally._fields)))
            for row in rows
        ]  # fmt: skip

    return await firm.looks(look)


async def owed(firm: Firm, who: Actor) -> list[tuple[str, int]]:
    def look(store: SqlStore) -> Sequence[Alert]:
        asked = select(Alert).where(
            col(Alert.event) == "DayTold", col(Alert.shop_id) == who.shop_id
        )
        return store.session.scalars(asked.order_by(col(Alert.id))).all()

    payloads = [one.payload for one in await firm.looks(look)]
    ready = [one if isinstance(one, dict) else json.loads(one) for one in payloads]
    return [(one["day"], one["missed"]) for one in ready]


async def ticks(firm: Firm) -> None:
    await counted(firm)
    await firm.database.write(lambda store: firm.services.digests.tell(store, 20))


TALLY = Tally(0, 4, 1, 2, 1, 1, 600)


async def test_a_day_that_is_over_is_counted_once_whatever_happens_again(firm: Firm) -> None:
    await firm.database.write(firm.services.digests.adopt)
    await a_day(firm)
    figures = await firm.sees(firm.services.days.figures, firm.merchant, 14)
    assert figures.total == TALLY._replace(new=5)  # today is counted as it stands
    await counted(firm)
    assert await kept(firm) == []
    firm.watch.moves(hours=24)
    await counted(firm)
    merchant, factory = firm.merchant.shop_id, firm.factory.shop_id
    whole = [(merchant, 0, MONDAY, Tally(new=5)), (merchant, factory, MONDAY, TALLY)]
    assert await kept(firm) == whole

    def again(store: SqlStore) -> None:
        row = store.days.digest(merchant)
        assert row is not None
        row.tallied = None

    await firm.database.write(again)
    await counted(firm)
    assert await kept(firm) == whole
    for who, new in ((firm.merchant, 5), (firm.factory, 0)):
        figures = await firm.sees(firm.services.days.figures, who, 14)
        assert figures.total == TALLY._replace(new=new)
        assert [one.tally for one in figures.partners] == [TALLY]
        assert figures.days[-2].tally.shipped == 2
        assert figures.total.rate == 50
        assert figures.total.hours == 5.0


async def test_after_a_long_downtime_every_day_is_counted_and_only_the_last_is_told(
    firm: Firm,
) -> None:
    await firm.database.write(firm.services.digests.adopt)
    await a_day(firm)
    firm.watch.moves(days=20)
    await firm.imports([incoming(9)])
    firm.watch.moves(days=1)
    await ticks(firm)
    assert {row[2] for row in await kept(firm)} == {MONDAY, MONDAY + timedelta(days=20)}
    last = MONDAY + timedelta(days=20)
    assert await owed(firm, firm.merchant) == [(last.isoformat(), 20)]
    told = await firm.sees(firm.services.digests.told, firm.merchant, last, 20)
    assert told is not None
    assert told.figures.total == Tally(new=1)


@pytest.mark.parametrize(
    ("hour", "away", "days"),
    [
        (9, 48 - 6, []),  # three at night: what was due yesterday at nine waits,
        (9, 48, [("2026-03-03", 1)]),  # and at nine there is a newer one
        (9, 48 - 0.2, []),
        (20, 48 - 6, []),  # of a later hour: not at night,
        (20, 48 + 0.1, [("2026-03-02", 0)]),  # but in the morning
        (20, 48 + 11.5, [("2026-03-03", 1)]),
        (9, 24 + 13.5, []),  # half past ten in the evening
        (22, 24 + 13.5, [("2026-03-02", 0)]),  # its own hour is never too late
        (7, 48 - 2, [("2026-03-03", 1)]),  # nor too early
    ],
)  # fmt: skip
async def test_a_digest_that_is_late_waits_for_the_morning_and_only_the_newest_is_told(
    firm: Firm, hour: int, away: float, days: list[tuple[str, int]]
) -> None:
    await firm.database.write(firm.services.digests.adopt)
    await firm.does(firm.services.digests.set_hour, firm.merchant, hour)
    await firm.imports([incoming(1, hours=200)])
    firm.watch.moves(hours=15)  # midnight, and the day is over: it is counted while the house runs
    await counted(firm)
    firm.watch.moves(hours=away - 15)
    await ticks(firm)
    await ticks(firm)
    assert await owed(firm, firm.merchant) == days


async def test_what_was_due_at_night_is_told_in_the_morning(firm: Firm) -> None:
    await firm.database.write(firm.services.digests.adopt)
    await firm.imports([incoming(1, hours=200)])
    firm.watch.moves(days=1, hours=18)
    for _ in range(12):  # from three at night, hour by hour
        await ticks(firm)
        firm.watch.moves(hours=1)
    assert await owed(firm, firm.merchant) == [("2026-03-03", 1)]


async def test_a_late_day_goes_with_what_else_fell_due_meanwhile(firm: Firm) -> None:
    await firm.database.write(firm.services.digests.adopt)
    await firm.imports([incoming(1, hours=30)])
    [given] = await firm.assigns(1)
    await firm.does(firm.services.holding.hold_days, firm.factory, given, 1)
    firm.watch.moves(days=2, hours=2)
    await counted(firm)
    await firm.database.write(lambda store: firm.services.timing.tell_due(store, 100))
    await ticks(firm)
    assert await owed(firm, firm.merchant) == await owed(firm, firm.factory) == []
    messages = await told(firm, "FellDue")
    assert [one["holds"] for one in messages] == [[given]] * 2
    assert [one["days"] for one in messages] == [["2026-03-02", "2026-03-03"]] * 2


async def test_each_shop_is_told_once_a_day_at_its_hour(firm: Firm) -> None:
    digests = firm.services.digests
    await firm.database.write(digests.adopt)
    await a_day(firm)  # two in the afternoon
    await ticks(firm)
    assert await owed(firm, firm.merchant) == []
    firm.watch.moves(hours=18)  # eight
    await ticks(firm)
    assert await owed(firm, firm.merchant) == []
    firm.watch.moves(hours=1)
    for _ in range(3):
        await ticks(firm)
        firm.watch.moves(hours=1)
    assert await owed(firm, firm.merchant) == [("2026-03-02", 0)]
    assert await owed(firm, firm.factory) == [("2026-03-02", 0)]
    # A later hour of the same day does not tell the day again.
    await firm.does(digests.set_hour, firm.merchant, 20)
    firm.watch.moves(hours=9)
    await ticks(firm)
    assert len(await owed(firm, firm.merchant)) == 1
    # Off, and on again after some days: those were not wanted, so they are not missed.
    await firm.does(digests.set_hour, firm.merchant, None)
    assert await firm.sees(digests.hour, firm.merchant) is None
    firm.watch.moves(days=5)
    await ticks(firm)
    assert len(await owed(firm, firm.merchant)) == 1
    await firm.does(digests.set_hour, firm.merchant, 8)
    await ticks(firm)
    assert (await owed(firm, firm.merchant))[1:] == [("2026-03-07", 0)]


async def test_a_shop_without_anything_to_tell_is_left_alone_and_a_closed_one_too(
    firm: Firm,
) -> None:
    await firm.opens("quiet", "merchant", 1002)
    await firm.database.write(firm.services.digests.adopt)
    firm.watch.moves(days=2)
    await ticks(firm)
    assert await owed(firm, firm.people["quiet"]) == []
    await firm.does(firm.services.closings.close, firm.people["quiet"])
    firm.watch.moves(days=1)
    await ticks(firm)
    assert await firm.looks(lambda store: store.days.due(5)) == []
    with pytest.raises(NotAnHour):
        await firm.does(firm.services.digests.set_hour, firm.merchant, 25)


async def test_what_is_late_is_told_even_after_a_quiet_day(firm: Firm) -> None:
    await firm.database.write(firm.services.digests.adopt)
    await firm.imports([incoming(1, hours=3), incoming(2, hours=3)])
    await firm.assigns(1)
    firm.watch.moves(days=2)
    await ticks(firm)
    day = "2026-03-03"
    assert await owed(firm, firm.factory) == [(day, 1)]
    told = await firm.sees(firm.services.digests.told, firm.factory, date.fromisoformat(day), 0)
    assert told is not None
    assert told.figures.overdue == 1
    assert told.figures.total == Tally()
    # The merchant is late with what no factory has, too: as /overdue counts.
    told = await firm.sees(firm.services.digests.told, firm.merchant, date.fromisoformat(day), 0)
    assert told is not None
    assert told.figures.overdue == 2
    assert await firm.sees(firm.services.due.late_count, firm.merchant) == 2
