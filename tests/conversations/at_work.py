"""What stories of the factory begin with: orders imported, assigned in one line, cards arrived."""

import asyncio

from app.ticks import Ticks
from playground.phone import Phone
from playground.seen import M
from tests.cast import Row, export
from tests.conftest import Company


async def assigned(company: Company, *rows: Row) -> list[M]:
    """Import the rows and assign their orders; returns the factory's card of each order."""
    numbers = list(dict.fromkeys(row.order_no for row in rows))
    await imports(company, *rows)
    await company.merchant.sends(f"/assign {' '.join(numbers)} {company.factory_number}")
    cards = [await company.factory.sees(number, anywhere=True) for number in numbers]
    async with asyncio.timeout(10):
        for card in cards:
            await remembered(company, card)
    return cards


async def remembered(company: Company, card: M) -> None:
    """Return when the courier has kept what the message shows: no person replies within that."""
    house, chat_id = company.stage.running.house, company.factory.person_id
    while not await company.stage.read(
        lambda store: store.chats.shown(house.bot_id, chat_id, card.message_id)
    ):
        continue


async def imports(company: Company, *rows: Row) -> None:
    """Import rows, of new orders or changed ones; all is kept when this returns."""
    await company.merchant.uploads("订单.xlsx", export(rows))
    await company.merchant.sees("以上为预览")
    await company.merchant.taps("确认导入")


async def ticks(company: Company) -> None:
    """Let the clock look at once: what is due is told, days that are over are counted."""

    async def nothing() -> None: ...

    await Ticks(company.stage.running.house, nothing).tell()
    company.stage.running.house.owed.set()


async def group(company: Company, *members: Phone) -> int:
    """Return a group of 王大力, these people and the bot."""
    made = await company.stage.client.post(
        f"{company.stage.address}/api/groups",
        json={
            "title": "发货群",
            "creator": company.factory.person_id,
            "members": [company.stage.running.house.bot_id, *(one.person_id for one in members)],
        },
    )
    return int(made.json()["chat_id"])


async def card_in(company: Company, chat_id: int) -> M:
    """Return the factory's first card, opened in a group."""
    await company.factory.sends("/orders", chat_id=chat_id)
    await company.factory.taps("陶瓷马克杯", company.factory.last_in[chat_id], chat_id=chat_id)
    return company.factory.last_in[chat_id]


def tag_of(card: M) -> str:
    """Return the tag on a card: four characters behind 🏷."""
    return card.text.split("🏷 ")[1][:4]
