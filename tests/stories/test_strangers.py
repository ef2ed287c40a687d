"""Buttons pressed by people they were not made for, through a real Telegram: nothing happens.

Every decision, by every kind of stranger, is `tests/torture/test_rights.py`; here are nonsense, the
group and its members, and the owner who presses twice or late and sees what stands now.
"""

import sqlite3
from contextlib import closing
from typing import Any

from bot.keyboards import data as d
from playground.phone import Phone
from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group
from tests.conversations.helping import shop_id


def state(company: Company) -> str:
    """Return everything the database holds of the business."""
    tables = (
        "shop", "member", "member_invite", "ship_from", "binding", "orders", "order_line",
        "order_change",
        "assignment", "assignment_piece", "shipment", "shipment_piece", "counter", "audit", "look",
        "assign_draft", "assign_draft_item", "import_draft", "ship_draft", "paste_draft", "job",
        "assignment_tick",
    )  # fmt: skip
    address = f"file:{company.stage.settings.database_path}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=10)) as raw:
        return repr([raw.execute(f"SELECT * FROM {one}").fetchall() for one in tables])


NONSENSE = (
    "nonsense", "ok:1", "ok:x:y", "ok:-1:-1", "ok:1:99999999999999999999999", "x:1:2:3",
    "ol:1:to_ship:zz:zz:9:9", "ol:1:to_ship:zz:zzzzzzzzzzzzzzzzzz:0:0", "ol:1:to_ship:????:::0",
    "ex:1:999999999999", "bd:1:1:👻", " ",
)  # fmt: skip


async def test_nonsense_in_a_button_is_answered_and_harms_nothing(company: Company) -> None:
    before = state(company)
    await company.factory.sends("/help")
    for data in NONSENSE:
        answer = await company.factory.forges(data, company.factory.last)
        assert answer.answered, data
        assert state(company) == before, data
    assert await company.stage.read(_poisoned) == []


def _poisoned(store: Any) -> list[Any]:
    return list(store.session.connection().exec_driver_sql("SELECT * FROM poisoned_update"))


async def test_somebody_else_in_the_group_presses_the_factorys_buttons(company: Company) -> None:
    [_] = await assigned(company, Row(order_no(1)))
    chat = await group(company, company.merchant, company.newcomer)
    card = await card_in(company, chat)
    before = state(company)
    for stranger in (company.newcomer, company.merchant):
        for label in ("接单", "查看收件信息", "拒单", "填写单号"):
            answer = await stranger.taps(label, card, chat_id=chat)
            assert "没有找到" in answer.text, label
            assert answer.show_alert
    assert state(company) == before
    await stays(company.factory, card, chat)
    for phone in (company.newcomer, company.merchant, company.factory):
        assert not any("13912345678" in one.text for one in await phone.chat(chat))
    # The one it was made for still can.
    await company.factory.taps("接单", card, chat_id=chat)
    assert state(company) != before


async def stays(phone: Phone, card: M, chat: int) -> None:
    """The card still says what it said."""
    now = next(one for one in await phone.chat(chat) if one.message_id == card.message_id)
    assert now.text == card.text
    assert now.labels == card.labels


async def accepting(company: Company) -> str:
    """Return the data of 接单 under the first order's card."""
    shop = await shop_id(company.stage, company.factory_number)
    return d.Accept(shop=shop, assignment=1).pack()


async def test_pressed_twice_happens_once(company: Company) -> None:
    """Two quick taps on a screen drawn before: the second changes nothing and is answered."""
    [card] = await assigned(company, Row(order_no(1)))
    data = await accepting(company)
    await company.factory.taps("接单", card)
    before = state(company)
    answer = await company.factory.forges(data, card)
    assert answer.answered
    assert state(company) == before


async def test_pressed_late_says_so_and_the_card_is_redrawn(company: Company) -> None:
    """The merchant took the order back; the factory's old card is pressed."""
    [card] = await assigned(company, Row(order_no(1)))
    await company.merchant.sends(f"/orders {order_no(1)}")
    await company.merchant.taps("撤回")
    await company.factory.sees("请勿发货", anywhere=True)
    for label in ("接单", "查看收件信息", "填写单号"):
        fresh = [one for one in await company.factory.chat() if one.message_id == card.message_id]
        if label not in " ".join(fresh[0].labels):
            continue
        answer = await company.factory.taps(label, fresh[0])
        assert "商家已撤回" in answer.text
    late = await company.factory.forges(await accepting(company), card)
    assert "商家已撤回" in late.text
    now = next(one for one in await company.factory.chat() if one.message_id == card.message_id)
    assert "商家已撤回" in now.text
    assert not any("接单" in label for label in now.labels)
