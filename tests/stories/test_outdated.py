"""What a factory has on its screen, or has printed, is old once the order changes or stops."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from bot.keyboards.data import PrintSlips
from bot.sweeper import Sweeper
from core.entities import Vanishing
from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, tag_of

ONE, TWO = order_no(1), order_no(2)
STREET, TAKEN_BACK = "稠江街道示例路 1 号", "原内容已收回"


async def looked(company: Company, card: M) -> M:
    await company.factory.taps("查看收件信息", card)
    return await company.factory.sees(STREET)


async def test_a_recipient_on_the_screen_goes_when_the_address_changes_or_the_order_stops(
    company: Company,
) -> None:
    factory = company.factory
    [first, second] = await assigned(company, Row(ONE), Row(TWO, name="王五"))
    seen = await looked(company, first)
    await factory.taps("查看收件信息", second)
    other = await factory.sees("王五")
    # News that changes neither address nor standing leaves what is shown alone.
    await imports(company, Row(TWO, name="王五", seller_note="易碎"))
    await factory.sees("易碎", anywhere=True)
    await imports(company, Row(ONE, address="新华路 7 号"))
    taken = await factory.sees(TAKEN_BACK, anywhere=True)
    assert taken.message_id == seen.message_id
    assert not taken.labels  # the copies went with it
    standing = {one.message_id: one for one in await factory.chat()}
    assert "王五" in standing[other.message_id].text

    await factory.sends(f"/orders {tag_of(first)}")
    await factory.taps("查看收件信息", factory.last)
    again = await factory.sees("新华路 7 号")
    await company.merchant.sends(f"/orders {ONE}")
    for label in ("✏️ 修改", "暂停发货"):
        await company.merchant.taps(label, company.merchant.last)
    await factory.sees("暂停发货", anywhere=True)
    await _until_taken_back(company, again)
    await _until_kept(company)

    company.stage.clock.ahead = timedelta(minutes=6)
    await Sweeper(company.stage.running.house, company.stage.running.bot).sweep()
    assert TAKEN_BACK not in str([one.text for one in await factory.chat()])


async def _until_kept(company: Company) -> None:
    """Return when the sweeper has kept that the sentences stand there, and for how long."""

    def states(store: Any) -> set[str]:
        return set(store.session.scalars(select(col(Vanishing.state))))

    async with asyncio.timeout(10):
        while "outdated" in await company.stage.read(states):
            continue


async def _until_taken_back(company: Company, shown: M) -> None:
    async with asyncio.timeout(10):
        while not any(
            one.message_id == shown.message_id and TAKEN_BACK in one.text
            for one in await company.factory.chat()
        ):
            continue


async def test_slips_that_still_stand_vanish_at_once_and_the_printed_ones_are_called_old(
    company: Company,
) -> None:
    factory = company.factory
    cards = await assigned(company, Row(ONE), Row(TWO, name="王五"))
    every = PrintSlips(shop=2, of="open", ref=0, after=0).pack()
    await factory.forges(every, cards[0])
    await factory.sees("2 张面单已发到你的私聊", anywhere=True)
    [file] = [one for one in await factory.chat() if one.document]
    await imports(company, Row(TWO, name="王五", address="新华路 7 号"))
    told = await factory.sees("收件信息变更", anywhere=True)
    assert "已查看/打印过旧地址" in told.text
    assert "请作废旧面单" in told.text
    async with asyncio.timeout(10):
        while any(one.message_id == file.message_id for one in await factory.chat()):
            continue


async def test_an_order_that_changes_while_its_slips_are_made_is_not_printed_with_the_old_address(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(ONE))
    stage = company.stage
    slow = {"kind": "latency", "method": "editMessageMedia", "seconds": 3}
    await stage.client.post(f"{stage.address}/api/faults", json={"faults": [slow]})
    await company.factory.taps("面单", card)
    await company.factory.sees("面单马上出现在这里")
    await imports(company, Row(ONE, address="新华路 7 号"))
    await company.factory.sees("面单已收回", anywhere=True)
    assert not [one for one in await company.factory.chat() if one.document]
    await company.factory.taps("再打印一次")
    await company.factory.sees("1 张面单已发到你的私聊", anywhere=True)
