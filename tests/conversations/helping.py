"""What several conversations need: looking inside, and a second person in a shop."""

from core.entities import Member
from core.ids import key
from core.ports import Store
from playground.people import Person
from playground.phone import Phone
from storage.store import SqlStore
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
    """Make a person a member of the shop and switch it on: nothing in chat does that yet."""
    phone = stage.phone(person)
    await phone.sends("/start")
    shop = await shop_id(stage, number)

    def join(store: Store) -> None:
        account = store.accounts.by_telegram(person.id)
        assert account is not None
        assert isinstance(store, SqlStore)
        store.session.add(
            Member(shop_id=shop, account_id=key(account), rank="staff", joined_at=store.now)
        )
        account.shop_id = shop

    await stage.running.house.database.write(join)
    return phone
