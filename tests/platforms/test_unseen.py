"""News of orders nobody here has seen: over before they were, refunded before, or not there."""

from core.entities import OrderAside, OrderHint
from core.platforms.facts import Push
from tests.platforms.test_syncing import came, looked_again
from tests.platforms.town import Town, began_lately
from tests.sandbox.conftest import MERCHANT


async def test_what_happened_before_an_order_was_seen_is_known_when_it_comes(town: Town) -> None:
    """One was cancelled, one asks for its money, one got it back in part; one does not exist."""
    cancelled, asking, parted = [
        await town.operator.order(lines=[{"name": name, "code": name} for name in ("甲", "乙")])
        for _ in range(3)
    ]
    await town.operator.does("cancel", cancelled)
    await town.operator.does("refund", asking, act="open")
    line = parted["lines"][0]["id"]
    for act in ("open", "agree"):
        await town.operator.does("refund", parted, act=act, line=line)
    link_id = await town.links()
    await town.database.write(lambda store: began_lately(store, link_id))
    numbers = [one["id"] for one in (cancelled, asking, parted)]
    pushes = [
        Push(f"m{place}", str(MERCHANT), number, news="refund_opened")
        for place, number in enumerate([*numbers, "6999999999999999999"])
    ]
    syncing = town.services.platforms.syncing
    assert await town.does(syncing.pushed, "doudian", pushes) == 4
    async with town.working():
        await town.until(lambda: came(town, 2))
        await looked_again(town)
        orders = await town.orders()
        assert orders[asking["id"]].tab == "stopped"
        assert (orders[parted["id"]].tab, orders[parted["id"]].pieces) == ("unassigned", 1)
        assert cancelled["id"] not in orders  # there is nothing to do about it
        await town.operator.does("refund", asking, act="close")
        await looked_again(town)
        assert (await town.orders())[asking["id"]].tab == "unassigned"
    assert not await town.all(OrderHint)
    assert not await town.all(OrderAside)
    assert (await town.link()).failing_since is None
