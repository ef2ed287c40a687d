"""What several conversations need: looking inside, and a second person in a shop."""

from core.ids import key
from core.ports import Store
from core.values import Actor
from playground.people import Person
from playground.phone import Phone
from tests.cast import Stage


async def shop_id(stage: Stage, number: str) -> int:
    """Return the id of the shop with that public number."""

    def look(store: Store) -> int:
        shop = store.shops.by_number(number)
        assert shop is not None
        return key(shop)

    return await stage.read(look)


async def counts(stage: Stage, number: str) -> dict[str, int]:
    """Return what stands in each tab of the shop; empty tabs are left out."""
    shop = await shop_id(stage, number)
    every = await stage.read(lambda store: store.counts(shop))
    return {tab: n for tab, n in every.items() if n}


async def joins(stage: Stage, person: Person, number: str) -> Phone:
    """Invite a person into the shop's staff; they open the link, and the shop is switched on."""
    phone, shop, house = stage.phone(person), await shop_id(stage, number), stage.running.house

    def invite(store: Store) -> str:
        owner = store.shops.owner(shop)
        assert owner is not None
        return house.services.staffing.invite(store, Actor(owner.account_id, shop)).token

    await phone.opens(start=f"s_{await house.database.write(invite)}")
    return phone
