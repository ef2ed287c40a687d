"""Which orders an act is about: what one person ticked, what one batch brought, what is open."""

from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, incoming


async def test_two_packers_tick_for_themselves_and_what_has_ended_is_no_longer_meant(
    firm: Firm,
) -> None:
    await firm.imports([incoming(n, hours=48 - n) for n in range(1, 6)])
    given = await firm.assigns(1, 2, 3, 4, 5)
    shop = firm.factory.shop_id
    packer = await firm.database.write(lambda store: another_packer(firm, store))

    def tick(store: SqlStore) -> None:
        for one in given[:3]:
            store.assignments.tick(shop, firm.factory.account_id, one)
        store.assignments.tick(shop, packer.account_id, given[3])

    await firm.database.write(tick)
    # The nearest ship-by first: the last of the five is due first.
    assert given == await firm.looks(lambda s: s.assignments.open_ids(shop, 10))
    assert await ticked(firm, firm.factory) == given[:3]
    assert await ticked(firm, packer) == [given[3]]
    await firm.does(firm.services.fulfilling.decline, firm.factory, given[1], "price")
    assert await ticked(firm, firm.factory) == [given[0], given[2]]
    draft = (await firm.assignment(given[0])).draft_id
    left = [given[0], *given[2:]]
    assert left == await firm.looks(lambda s: s.assignments.open_of_draft(draft or 0))
    assert left[:2] == await firm.looks(lambda s: s.assignments.open_ids(shop, 2))
    await firm.database.write(lambda s: s.assignments.untick(shop, firm.factory.account_id))
    assert await ticked(firm, firm.factory) == []
    assert await ticked(firm, packer) == [given[3]]


def another_packer(firm: Firm, store: SqlStore) -> Actor:
    """Return somebody else who acts for the factory."""
    account = firm.services.accounts.meet(store, 2099, "小周")
    return Actor(account.id or 0, firm.factory.shop_id)


async def ticked(firm: Firm, who: Actor) -> list[int]:
    """Return what somebody has ticked."""
    return list(await firm.looks(lambda s: s.assignments.ticked(who.shop_id, who.account_id)))
