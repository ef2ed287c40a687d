"""The merchant's screens as pure functions: what is late is loud, and everything fits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.keyboards.data import ShowHistory
from bot.screens import assigning, order_list, orders
from bot.screens.here import gathered
from bot.screens.past import past_screen
from bot.screens.past_words import WORDS
from bot.screens.short import bounded, cut, listed, tail
from bot.texts import LANGS, Translator, translator
from core.assignments.assigning import Assigned, DryRun
from core.assignments.selecting import Selection
from core.entities import Assignment, Order, OrderLine, Shipment, Shop
from core.orders.past import SHOWN, Act, OrderPast
from core.orders.resolving import Resolved
from core.orders.views import BindingRow, Cursor, OldNumber, OrderCard, OrderRow, Page
from core.values import MaskedRecipient, OrderNotes, Skipped

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LONG = "很<b>长&" * 500
BIG = 10**9
REASONS = (
    "recipient_incomplete", "already_assigned", "already_shipped", "changed_since", "unpaid",
    "cancelled", "refund_open", "refunded", "shipped_elsewhere",
)  # fmt: skip


@pytest.fixture(params=LANGS)
def t(request: pytest.FixtureRequest) -> Translator:
    return translator(request.param)


def row(**changes: Any) -> OrderRow:
    facts: dict[str, Any] = {
        "id": 1, "order_no": "6940000000000100001", "product": "陶瓷马克杯", "pieces": 2,
        "status": "unassigned", "after_sale": "none", "closed_reason": None, "complete": True,
            "held_at": None, "let_go_at": None,
        "ship_by": NOW + timedelta(hours=5), "sort_at": NOW,
    }  # fmt: skip
    return OrderRow(**{**facts, **changes})


def order(**changes: Any) -> Order:
    facts: dict[str, Any] = {
        "id": 1, "merchant_id": 1, "platform": "doudian", "order_no": "6940000000000100001",
        "status": "unassigned", "after_sale": "none", "tab": "unassigned", "sort_at": NOW,
        "complete": True, "pieces": 2, "created_at": NOW, "updated_at": NOW,
        "ship_by": NOW + timedelta(hours=5),
    }  # fmt: skip
    return Order(**{**facts, **changes})


def assignment(**changes: Any) -> Assignment:
    facts: dict[str, Any] = {
        "id": 5, "order_id": 1, "merchant_id": 1, "factory_id": 2, "binding_id": 1,
        "status": "assigned", "tab": "to_ship", "sort_at": NOW, "tag": "A2B3", "assigned_by": 1,
        "assigned_at": NOW,
    }  # fmt: skip
    return Assignment(**{**facts, **changes})


def card(**changes: Any) -> OrderCard:
    facts: dict[str, Any] = {
        "order": order(), "lines": [], "recipient": None, "assignment": None,
        "factory_name": "", "shipments": [],
    }  # fmt: skip
    return OrderCard(**{**facts, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "…100001 陶瓷马克杯 ×2 · 剩 5 小时"),
        ({"ship_by": NOW - timedelta(hours=3)}, "…100001 陶瓷马克杯 ×2 · ⏰ 超时 3 小时"),
        ({"complete": False}, "…100001 陶瓷马克杯 ×2 · ⚠️"),
        ({"after_sale": "open"}, "…100001 陶瓷马克杯 ×2 · 退款申请中"),
        ({"closed_reason": "cancelled"}, "…100001 陶瓷马克杯 ×2 · 已取消"),
        ({"status": "shipped"}, "…100001 陶瓷马克杯 ×2"),
        ({"ship_by": None, "order_no": "8899"}, "8899 陶瓷马克杯 ×2"),
        ({"product": "很长" * 8}, "…100001 很长很长很长很… ×2 · 剩 5 小时"),
    ],
)  # fmt: skip
def test_a_row_says_what_presses(changes: dict[str, Any], words: str) -> None:
    assert order_list.row_words(translator("zh_CN"), row(**changes), NOW) == words


def test_a_page_of_the_longest_things_fits_and_its_buttons_pack(t: Translator) -> None:
    cursor = Cursor(NOW, BIG)
    page = Page([row(id=BIG + n, product=LONG) for n in range(8)], cursor, cursor)
    for ticked in (None, {BIG}):
        screen = order_list.order_list(
            t, BIG, "unassigned", page, {"unassigned": BIG}, now=NOW, ticked=ticked,
            selected=BIG, here=cursor,
        )  # fmt: skip
        assert len(screen.text) <= 4096
        buttons = [button for one in screen.rows for button in one]
        assert all(len(button.text) <= 64 for button in buttons)
        assert all(len((button.data or "").encode()) <= 64 for button in buttons)


def test_a_card_of_the_longest_things_fits(t: Translator) -> None:
    lines = [
        OrderLine(id=n, order_id=1, merchant_id=1, sub_order_no=str(n), product_name=LONG,
                  sku_spec=LONG, product_code=LONG, quantity=9)
        for n in range(50)
    ]  # fmt: skip
    parcels = [
        Shipment(id=n, assignment_id=5, order_id=1, merchant_id=1, factory_id=2, carrier="sf",
                 tracking_number=f"SF{n:013d}", shipped_by=1, shipped_at=NOW)
        for n in range(50)
    ]  # fmt: skip
    screen = orders.order_card(
        t,
        card(
            order=order(complete=False, paid_at=NOW), notes=OrderNotes(LONG, LONG),
            lines=lines, shipments=parcels, assignment=assignment(accepted_at=NOW),
            factory_name="厂" * 40, changes=99, packed=dict.fromkeys(range(50), 9),
            old_numbers=[OldNumber(n % 50, "sf", f"SF{n:013d}", NOW, LONG) for n in range(500)],
            recipient=MaskedRecipient("张**", "138****0000", "省" * 15 + " ****"),
        ),
        NOW,
    )  # fmt: skip
    assert len(screen.text) <= 4096
    assert len(screen.rows) <= 14


def test_a_declined_order_says_why_and_can_be_assigned_again() -> None:
    declined = assignment(status="declined", ended_at=NOW, decline_reason="out_of_stock")
    screen = orders.order_card(
        translator("zh_CN"), card(assignment=declined, factory_name="大力厂"), NOW
    )
    assert "大力厂 已拒单：缺货" in screen.text
    assert "🔁 改派" in [button.text for one in screen.rows for button in one]


def test_a_stopped_order_offers_no_assigning_and_no_hours() -> None:
    screen = orders.order_card(translator("zh_CN"), card(order=order(after_sale="refunded")), NOW)
    assert "已退款" in screen.text
    assert "还剩" not in screen.text
    assert "📤 分配" not in [button.text for one in screen.rows for button in one]


def test_a_dry_run_of_ten_thousand_left_out_fits(t: Translator) -> None:
    skipped = [Skipped("A" * 64, why) for why in REASONS for _ in range(1000)]
    factory = Shop(id=2, role="factory", number="F", name="厂", link_token="", created_at=NOW)
    run = DryRun(1, factory, "厂" * 40, 1000, 1000, skipped)
    done = Assigned(1, "厂" * 40, 1000, 1000, skipped)
    unknown = Resolved(
        unknown=["9" * 64] * 600, ambiguous=[("9" * 64, ["8" * 64] * 3)] * 600,
    )  # fmt: skip
    for screen in (
        assigning.dry_run_screen(t, 1, run),
        assigning.done_screen(t, 1, done, unknown),
        assigning.done_screen(t, 1, Assigned(1, "厂", 0, 0, skipped)),
    ):
        assert len(screen.text) <= 4096
        assert all(len(button.text) <= 64 for one in screen.rows for button in one)


def test_many_factories_are_paged() -> None:
    rows = [BindingRow(n, 100 + n, "F", f"厂{n}", "", "bound", n) for n in range(1, 10)]
    screen = assigning.choose_factory(translator("zh_CN"), 1, Selection(7, 3), rows, 0)
    labels = [button.text for one in screen.rows for button in one]
    assert labels[0] == "厂1 · 未完成 1"
    assert labels[8:] == ["下一页 ➡️", "取消"]


def test_long_things_are_cut_and_counted() -> None:
    t = translator("zh_CN")
    assert cut("一二三四五", 4) == "一二三…"
    assert cut("一\n二", 4) == "一 二"
    assert tail("12345678") == "12345678"
    assert tail("123456789") == "…456789"
    assert bounded(t, ["a", "b", "c"], most=2, room=99) == ["a", "b", "…另有 1 条"]
    assert bounded(t, ["aaaa", "bbbb"], most=9, room=6) == ["aaaa", "…另有 1 条"]
    assert listed(t, ["1", "2", "3"], 2) == "1、2 等，另有 1 个"


def test_a_history_of_the_longest_things_fits(t: Translator) -> None:
    diff = {"field": "buyer_note", "old": LONG, "new": LONG}
    shipped = [["sf", f"SF{n:013d}"] for n in range(20)]
    detail = {"reason": LONG, "parcels": shipped, "before": ["sf", "1" * 35],
              "after": ["sf", "2" * 35], "kind": "gift", "pieces": 9}  # fmt: skip
    acts = [
        Act(1, NOW, act, "file", LONG, detail, LONG, [diff] * 3)
        for act in (*WORDS, "of a later version") * 3
    ]
    screen = past_screen(t, OrderPast("1" * 64, 1, "order", 1, acts[:SHOWN], more=True, later=True))
    assert 2000 < len(screen.text) <= 4096
    # What did not fit stands on the next page.
    assert ShowHistory(shop=1, order=1, before=1).pack() in [b.data for b in screen.rows[0]]


def test_more_than_go_at_once_is_said_before_it_is_pressed() -> None:
    t = translator("zh_CN")
    many, few = ({"unassigned": n} for n in (35_000, 10_000))
    menu = assigning.assign_menu(t, 1, many)
    assert "一次最多分配 10000 单" in menu.text
    assert menu.rows[0][0].text == "先选 10000 单"
    assert assigning.assign_menu(t, 1, few).rows[0][0].text == "全部 10000 单"


def test_only_a_factory_is_told_how_to_ship_in_its_group() -> None:
    t = translator("zh_CN")
    told = {
        role: gathered(
            t, Shop(number="", name="小店", role=role, link_token="", created_at=NOW)
        ).text
        for role in ("merchant", "factory")
    }
    assert "快递单号" in told["factory"]
    assert "快递单号" not in told["merchant"]
