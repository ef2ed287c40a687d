"""Bells ring by the clock that only goes forward."""

import asyncio
from datetime import UTC, datetime, timedelta

from app.ticking import Every, Monotonic, ringing


async def test_a_bell_rings_again_and_again_until_the_block_is_left() -> None:
    bell = asyncio.Event()
    with ringing({"often": (bell, timedelta(milliseconds=10))}):
        for _ in range(3):
            async with asyncio.timeout(10):
                await bell.wait()
            bell.clear()
    await asyncio.sleep(0.05)
    assert not bell.is_set()


async def test_a_wall_clock_set_back_a_day_changes_nothing_about_the_next_ring() -> None:
    zone, minute = Monotonic(), Every(timedelta(minutes=1))
    now = datetime.now(zone)
    back = zone.fromutc(datetime.now(UTC).replace(tzinfo=zone) - timedelta(days=1))
    assert timedelta() <= back - now < timedelta(seconds=10)
    due = minute.get_next_fire_time(None, now)
    assert due.astimezone(UTC) - now.astimezone(UTC) == timedelta(minutes=1)
    assert due.tzinfo is zone
