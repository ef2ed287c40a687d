"""People at their phones while the house dies under them: they go on as if nothing were.

Who gets no answer waits; who is told that something went wrong does it again.
"""

import asyncio
from collections.abc import Sequence

from core.entities import BATCH_FROM
from playground.phone import Phone
from playground.seen import M
from tests.cast import Row, export, order_no
from tests.torture.town import FACTORIES, Plan, Town

PATIENT = 900.0  # seconds a person waits for the bot, which may die often meanwhile
SINGLY = BATCH_FROM - 1  # orders of one act that are told one by one, a card each
PREVIEW, WENT_WRONG = "以上为预览", "这边出了问题"


async def merchant_sells(town: Town) -> None:
    """Bring orders in by file, hand them out, take some back; news of old ones in between."""
    bought, noted = 0, list[Plan]()
    while not town.over:
        count = town.rng.randint(3, 6)
        plans = town.buys("chat", [order_no(bought + one) for one in range(1, count + 1)])
        bought += count
        for plan in noted:
            plan.note = "周末送"
        rows = [Row(one.number) for one in plans]
        await sends_file(town, [*rows, *(Row(one.number, buyer_note="周末送") for one in noted)])
        for factory in (0, 1):
            mine = [one for one in plans if one.factory == factory]
            if mine:
                await hands_out(town, mine, factory)
        noted = [one for one in plans if one.what == "leave"]
        await town.calm()
    for desk in town.desks:
        desk.put_nowait(None)


async def sends_file(town: Town, rows: Sequence[Row]) -> None:
    """Send a file and confirm it; again where the house has given its reading up."""
    for _ in range(10):
        sent = await town.merchant.uploads("订单.xlsx", export(rows), wait=0)
        await taken(town, town.merchant)
        await town.did()
        said = await sees_one_of(town.merchant, sent, PREVIEW, WENT_WRONG)
        if PREVIEW in said.text:
            await town.merchant.taps("确认导入", said, wait=0)
            await taken(town, town.merchant)
            await town.did()
            return
    raise AssertionError("a file was not read in ten tries")


async def taken(town: Town, phone: Phone) -> None:
    """Wait until the bot has taken what this phone did last, in whichever of its lives."""
    url = f"{town.stage.address}/api/updates/{phone.update_id}"
    async with asyncio.timeout(PATIENT):
        while not (await town.stage.client.get(url, params={"wait": 10})).json()["acknowledged"]:
            pass


async def sees_one_of(phone: Phone, after: M, *texts: str) -> M:
    """Wait for an answer that is one of several."""
    async with asyncio.timeout(PATIENT):
        while True:
            for message in reversed(await phone.chat()):
                if any(message.answers(text, after) for text in texts):
                    return message
            await asyncio.sleep(0.25)


async def hands_out(town: Town, plans: Sequence[Plan], factory: int) -> None:
    """Assign them in one line, take back what is planned to be; the others are the factory's."""
    for start in range(0, len(plans), SINGLY):
        some = plans[start : start + SINGLY]
        names = " ".join(one.number for one in some)
        await town.merchant.sends(f"/assign {names} {town.numbers[factory]}", wait=0)
        await taken(town, town.merchant)
        await town.did()
        for plan in some:
            if plan.what == "take back":
                await takes_back(town, plan)
            elif plan.what == "leave":
                await town.did(1)
            else:
                town.desks[factory].put_nowait(plan)


async def takes_back(town: Town, plan: Plan) -> None:
    await town.merchant.sends(f"/orders {plan.number}", wait=0)
    await taken(town, town.merchant)
    shown = [one for one in await town.merchant.chat() if plan.number in one.text]
    cards = [one for one in shown if any("撤回" in label for label in one.labels)]
    assert cards, f"order {plan.number} cannot be taken back: {shown[-1]}"
    await town.merchant.taps("撤回", cards[-1], wait=0)
    await taken(town, town.merchant)
    await town.did(1)


async def factory_ships(town: Town, factory: int) -> None:
    """Do what is planned with each order that comes, on its card."""
    phone = town.stage.phone(FACTORIES[factory])
    while (plan := await town.desks[factory].get()) is not None:
        card = await card_of(town, phone, plan.number)
        if plan.what.startswith("accept"):
            await phone.taps("接单", card, wait=0)
            await taken(town, phone)
            await town.did()
        if plan.what.endswith("ship"):
            await phone.replies(card, plan.parcel, wait=0)
            await taken(town, phone)
        if plan.what == "decline":
            await phone.taps("拒单", card, wait=0)
            await taken(town, phone)
            await town.did()
            again = next(m for m in await phone.chat() if m.message_id == card.message_id)
            await phone.taps("缺货", again, wait=0)
            await taken(town, phone)
        await town.did(1)


async def card_of(town: Town, phone: Phone, number: str) -> M:
    """Wait for the order's card: one the bot knows it has sent."""
    query = (
        "SELECT card.message_id FROM card JOIN assignment ON assignment.id = card.ref_id "
        "JOIN orders ON orders.id = assignment.order_id "
        "WHERE card.kind = 'assignment' AND card.chat_id = :chat AND orders.order_no = :number"
    )
    async with asyncio.timeout(PATIENT):
        while True:
            found = await town.rows(query, chat=phone.person_id, number=number)
            known = {row[0] for row in found}
            for message in reversed(await phone.chat()):
                if message.message_id in known:
                    return message
            await asyncio.sleep(0.25)
