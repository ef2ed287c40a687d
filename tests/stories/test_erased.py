"""An order is over for a month: its recipient is gone, and everybody who looks is told so."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.erasing import erase_order, erase_phone
from app.ticks import Ticks
from core.erasing.erasing import PhoneUnclear
from tests.cast import Row, export, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned

ONE = order_no(1)


async def a_month_later(company: Company) -> None:
    """Let the clock erase what is due."""
    company.stage.clock.ahead += timedelta(days=31)
    running = company.stage.running

    async def nothing() -> None: ...

    await Ticks(running.house, nothing, running.database.settle).erase()


async def test_who_looks_at_an_old_order_reads_that_its_recipient_was_erased(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE, name="周海棠", buyer_note="放门口"))
    await factory.replies(card, "SF1234567890123")
    await merchant.sees("已发货", anywhere=True)
    await a_month_later(company)
    await merchant.sends(f"/orders {ONE}")
    assert "收件人：已按规定清除" in merchant.last.text
    assert not any(word in merchant.last.text for word in ("周**", "放门口", "信息不全"))
    refused = await merchant.taps("✏️", merchant.last)
    assert "收件信息已按规定清除" in (refused.text or "")
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("历史", merchant.last)
    assert "收件人和留言已按规定清除" in merchant.last.text
    await merchant.uploads("订单.xlsx", export([Row(ONE, name="赵小满", buyer_note="又来")]))
    await merchant.sees("没有需要导入的订单")
    await merchant.sends(f"/orders {ONE}")
    assert "收件人：已按规定清除" in merchant.last.text


async def test_nothing_more_is_sent_to_a_recipient_who_was_erased(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await factory.replies(card, "SF1234567890123")
    await merchant.sees("已发货", anywhere=True)
    await merchant.sends(f"/orders {ONE}")
    before = merchant.last
    await a_month_later(company)
    await merchant.taps("赠品 / 补发 / 换货", before)
    refused = await merchant.taps("补发")
    assert "收件信息已按规定清除" in (refused.text or "")


async def test_an_operator_erases_by_number_and_by_phone_while_the_house_runs(
    company: Company, tmp_path: Path
) -> None:
    merchant, factory, settings = company.merchant, company.factory, company.stage.settings
    [card, _] = await assigned(
        company, Row(ONE, phone="13912345678"), Row(order_no(2), phone="13912345678")
    )
    await factory.replies(card, "SF1234567890123")
    await merchant.sees("已发货", anywhere=True)
    assert "nothing to erase" in await erase_order(settings, "404")
    assert "nothing to erase" in await erase_phone(settings, "13900000000")
    with pytest.raises(PhoneUnclear):
        await erase_phone(settings, "周海棠")
    said = await erase_phone(settings, "139 1234 5678")
    assert "Erased: 1 of 2 orders found." in said
    assert f"still worked on: {order_no(2)} of 小满优选" in said
    await merchant.sends(f"/orders {ONE}")
    assert "收件人：已按规定清除" in merchant.last.text
    assert "nothing to erase" in await erase_order(settings, ONE)
    refused = await erase_order(settings, order_no(2))
    assert "Erased: 0 of 1" in refused
