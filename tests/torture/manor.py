"""A house full of everything: orders in each state, drafts, keys, rules, groups, two tenants.

`everything_happens` has brought about every event; here comes what is still open. The victims are
小满优选 and 敏行百货厂, who are bound; everybody else is an outsider to one of them or both.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import text

from core.ids import key
from core.imports.incoming import IncomingLine, IncomingOrder, Sheet
from core.shipments.photo_matching import Photo
from core.text.pasting import read_paste
from core.values import Actor
from storage.store import SqlStore
from tests.conversations.test_alerts import asks, everything_happens, partner_gets
from tests.core.firm import Firm, incoming, order_no

MERCHANT_GROUP, FACTORY_GROUP = -1003, -1002
MERCHANT, FACTORY, UNBOUND = 1001, 6300, 2001  # Telegram ids of the owners
NAMES: Final = {"merchant": "小满优选", "partner": "敏行百货厂", "factory": "大力日用厂"}


@dataclass(frozen=True)
class Person:
    """Somebody who tries: `shop_id` is a shop of their own, 0 for none."""

    who: str
    telegram_id: int
    shop_id: int = 0


@dataclass
class Manor:
    """The firm with all that is open in it, and the people who have no business in it."""

    firm: Firm
    merchant: Actor
    factory: Actor
    outsiders: list[Person] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)

    async def ids(self, question: str, **values: Any) -> list[int]:
        """Return the ids a question finds."""

        def look(store: SqlStore) -> list[int]:
            return list(store.session.connection().execute(text(question), values).scalars())

        return await self.firm.looks(look)


async def full_house(firm: Firm) -> Manor:
    """Let everything happen, then begin everything that can be left open."""
    await everything_happens(firm)
    merchant, partner = firm.merchant, firm.people["partner"]
    for name, title in NAMES.items():
        await firm.does(firm.services.shops.rename, firm.people[name], title)
    await _the_factory_is_busy(firm)
    await _the_merchant_is_busy(firm)
    await _programs_and_groups(firm)
    manor = Manor(firm, merchant, partner)
    await _outsiders(manor)
    return manor


async def _the_merchant_is_busy(firm: Firm) -> None:
    use, merchant, partner = firm.services, firm.merchant, firm.people["partner"]
    await firm.imports([incoming(n, hours=2000, note="请包严实") for n in range(201, 206)])
    kept = Sheet("doudian", (incoming(299, hours=2000),), ())
    await firm.does(use.importing.keep, merchant, kept, "十一月订单.xlsx", (MERCHANT, 5))
    for number in (201, 202):
        await firm.does(use.assigning.tick, merchant, key(await firm.order(number)))
    one = await firm.does(use.assigning.take_one, merchant, key(await firm.order(203)))
    await firm.does(use.assigning.dry_run, merchant, one.draft_id, partner.shop_id)
    await firm.does(use.ruling.begin, merchant, "keyword")
    rule = await firm.does(use.ruling.word, merchant, "马克杯")
    await firm.does(use.ruling.add, merchant, partner.shop_id, rule.mark)


async def _the_factory_is_busy(firm: Firm) -> None:
    use, merchant, partner = firm.services, firm.merchant, firm.people["partner"]
    given = await partner_gets(firm, *range(210, 222))
    lasting = [incoming(n, quantity=2, hours=2000, note="请包严实") for n in range(210, 222)]
    await firm.imports(lasting)
    accepted, doubtful, asked, held, back, shipped = given[:6]
    for one in (accepted, back, shipped):
        await firm.does(use.fulfilling.accept, partner, one)
    await firm.does(use.shipping.reply, partner, doubtful, "123456789012")
    await firm.does(use.asking.ask, partner, asked, "要蓝色吗？")
    await firm.does(use.holding.hold_days, partner, held, 3)
    await firm.does(use.recall_asking.one, merchant, back)
    await firm.does(use.shipping.reply, partner, shipped, "SF1234567890555")
    lines = read_paste(f"{order_no(216)} 123456789013\n{order_no(217)} 123456789014")
    await firm.does(
        lambda store, who: use.entering.paste(store, who, lines, origin="here"), partner
    )
    taken = Photo("file", 7)
    draft = await firm.does(use.photos.add, partner, taken, None, None)
    await firm.does(use.photos.put, partner, draft, 7, ["SF5555555555555"])
    await firm.does(use.batches.tick, partner, given[8:10])


async def _programs_and_groups(firm: Firm) -> None:
    use, merchant, partner = firm.services, firm.merchant, firm.people["partner"]
    asking = await asks(firm, "还没绑定的商家")
    assert asking
    for who in (merchant, partner):
        await firm.does(use.programs.keys.make, who, "仓库电脑", ["read"])
        await firm.does(use.programs.webhooks.add, who, f"https://hook{who.shop_id}.example/in")
        await firm.does(use.staffing.invite, who)
    await firm.does(use.gathering.here, merchant, MERCHANT_GROUP, None)
    await firm.does(use.gathering.here, partner, FACTORY_GROUP, None)


def lamp(number: int) -> IncomingOrder:
    """Return an order of the other tenant, in which nothing is as in the victims'."""
    line = IncomingLine(f"7{number}", "护眼台灯", "象牙白", "LAMP-9", 1)
    return incoming(number, lines=(line,), street="别处路", name="李四光", phone="13700001111")


async def _outsiders(manor: Manor) -> None:
    firm, use = manor.firm, manor.firm.services
    other = await firm.opens("别家商家", "merchant", 7001)
    rival = await firm.opens("别家厂家", "factory", 7002)
    await firm.binds("别家商家", "别家厂家")
    await firm.imports([lamp(n) for n in (8001, 8002)], other)
    await firm.does(use.assigning.direct, other, [order_no(8001)], firm.numbers["别家厂家"])
    left: list[Person] = []
    for n, (role, shop) in enumerate((("merchant", manor.merchant), ("factory", manor.factory))):
        stays, gone = await _hired(firm, shop, 7100 + n), await _hired(firm, shop, 7200 + n)
        await firm.does(use.staffing.remove, shop, gone.account_id)
        left.append(Person(f"former staff of the {role}", 7200 + n))
        manor.staff.append(Person(f"staff of the {role}", 7100 + n, stays.shop_id))
    manor.outsiders = [
        Person("nobody", 7000),
        Person("another merchant", 7001, other.shop_id),
        Person("another factory", 7002, rival.shop_id),
        *left,
        Person("an unbound factory", UNBOUND, firm.factory.shop_id),
    ]


async def _hired(firm: Firm, shop: Actor, telegram_id: int) -> Actor:
    use = firm.services

    def work(store: SqlStore) -> Actor:
        made = use.staffing.invite(store, shop)
        account = key(use.accounts.meet(store, telegram_id, f"员工{telegram_id}"))
        use.staffing.join(store, account, made.token)
        return Actor(account, shop.shop_id)

    return await firm.database.write(work)
