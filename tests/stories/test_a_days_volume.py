"""A day of 5,000 orders in chat: in by one file, out to a factory at once, accepted in one tap."""

import io
from typing import Any

from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from core.entities import Alert, Assignment
from storage.store import SqlStore
from tests.cast import Row, order_no
from tests.conftest import Company

ORDERS = 5_000


async def test_five_thousand_orders_are_imported_assigned_and_accepted_each_in_one_message(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    rows = [
        Row(order_no(n), product=f"马克杯 {n % 30:02}", code=f"MUG-{n % 30:02}", hours=24 + n / 500)
        for n in range(ORDERS)
    ]
    await company.stage.imports(merchant, rows)
    await merchant.sends("/assign")
    await merchant.taps("全部 5000 单")
    await merchant.taps("确认分配（5000 单）")
    done = await merchant.sees("已分配给", 30)
    assert "订单 5000 单，共 5000 件" in done.text
    digest = await factory.sees("分来 5000 单", 30)
    assert "……另 22 种" in digest.text
    content = io.BytesIO(await factory.downloads(digest))
    sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert len(sheet) == ORDERS + 1
    await factory.taps("全部接单（5000）", digest)
    accepted = await factory.sees("已接 5000 单", 30)
    assert accepted.message_id == digest.message_id
    await merchant.taps("撤回")
    await merchant.taps("确定撤回")
    assert "没有可以撤回的订单" in (await merchant.sees("5000 单撤不回", 30)).text
    assert await company.stage.read(_counted) == [
        *["accepted"] * ORDERS, {"unassigned": 0, "to_ship": ORDERS}, {"to_ship": ORDERS}, 1,
    ]  # fmt: skip


def _counted(store: Any) -> list[object]:
    """Return where every assignment stands, both shops' counters, and the factory's alerts."""
    assert isinstance(store, SqlStore)
    statuses = store.session.scalars(select(col(Assignment.status))).all()
    alerts = store.session.scalars(select(Alert).where(col(Alert.event) == "OrdersAssigned")).all()
    return [*statuses, store.counts(1), store.counts(2), len(alerts)]
