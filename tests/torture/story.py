"""One company's story: everybody works while its house ends again and again, then all is told."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from tests.torture.people import factory_ships, merchant_sells
from tests.torture.programs import (
    Follower,
    erp_pushes,
    platforms_sell,
    print_system_ships,
)
from tests.torture.reckoning import Seen, Windows, reckoned
from tests.torture.town import Town

OWED: Final = (
    "SELECT (SELECT count(*) FROM alert WHERE state = 'owed'), "
    "(SELECT count(*) FROM job WHERE state = 'waiting'), "
    "(SELECT count(*) FROM platform_call WHERE state IN ('owed', 'waits')), "
    "(SELECT count(*) FROM delivery), (SELECT count(*) FROM order_hint), "
    "(SELECT count(DISTINCT order_id) FROM order_change)"
)
REST: Final = 150.0  # seconds until nothing is owed to anybody any more


async def worked(
    town: Town, windows: Windows, killing: Coroutine[Any, Any, None], patience: float
) -> Seen:
    """Let everybody work beside the killer, then look. Raises `AssertionError`.

    `killing` closes the town when it is done, and leaves the house alive.
    """
    follower = Follower(town)
    following = asyncio.create_task(follower.follows())
    try:
        async with asyncio.timeout(patience), asyncio.TaskGroup() as people:
            people.create_task(merchant_sells(town))
            people.create_task(factory_ships(town, 0))
            people.create_task(factory_ships(town, 1))
            people.create_task(print_system_ships(town))
            people.create_task(_all_program_orders(town))
            people.create_task(killing)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await _is_left_alone(town, follower)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await town.house.is_killed()
    await town.hears()
    return await reckoned(town, windows, follower)


async def _all_program_orders(town: Town) -> None:
    """Orders that come without a phone; the factory's program is done when they are."""
    async with asyncio.TaskGroup() as sources:
        sources.create_task(erp_pushes(town))
        sources.create_task(platforms_sell(town, "doudian"))
        sources.create_task(platforms_sell(town, "kuaishou"))
    town.printing.put_nowait(None)


async def _is_left_alone(town: Town, follower: Follower) -> None:
    """Wait until nothing is owed to anybody any more."""
    noted = sum(plan.note is not None for plan in town.plans.values())
    owed: tuple[Any, ...] = ()
    try:
        async with asyncio.timeout(REST):
            while owed != (0, 0, 0, 0, 0, noted):
                await asyncio.sleep(0.2)
                [owed] = await town.rows(OWED)
    except TimeoutError:
        raise AssertionError(f"it does not come to rest: {owed}, of {noted} remarks") from None
    while await follower.looks():
        pass
