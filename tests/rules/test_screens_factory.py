"""The factory's screens as pure functions: what stands where, what is left out, what fits."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.keyboards.data import ChooseCarrier
from bot.screens import assignments, declining, looking, shipping
from bot.screens.screen import CardRef, Screen
from bot.screens.ticket_words import ticket_why
from bot.texts import LANGS, translator
from core.entities import Assignment, ClosedReason, Order, OrderChange, Shipment
from core.orders.looking import Peek
from core.orders.views import AssignmentCard, AssignmentRow, Cursor, LineView, Page
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.text import tracking
from core.text.carriers import CARRIERS
from core.tickets.eligible import Reason
from core.values import MaskedRecipient, OrderNotes, Recipient, ShipFrom
from platforms.failures import WHYS

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BIG = 2**31 - 1  # ids as large as they may become
zh = translator("zh_CN")
FIVE = timedelta(minutes=5)


def parcel(number: int = 1, *, tracking_number: str = "SF1234567890123") -> Shipment:
    return Shipment(
        id=number, assignment_id=7, order_id=5, merchant_id=1, factory_id=2, carrier="sf",
        tracking_number=tracking_number, shipped_by=9, shipped_at=NOW,
    )  # fmt: skip


def assignment(**changes: Any) -> Assignment:
    fields: dict[str, Any] = {
        "id": 7, "order_id": 5, "merchant_id": 1, "factory_id": 2, "binding_id": 3,
        "status": "assigned", "tab": "to_ship", "sort_at": NOW, "tag": "K7QX",
        "assigned_by": 9, "assigned_at": NOW, "decline_reason": "",
    }  # fmt: skip
    return Assignment(**fields | changes)


def order(**changes: Any) -> Order:
    fields: dict[str, Any] = {
        "id": 5, "merchant_id": 1, "platform": "doudian", "order_no": "6940000000000100001",
        "status": "assigned", "tab": "to_ship", "sort_at": NOW, "complete": True, "pieces": 3,
        "ship_by": NOW + timedelta(hours=5),
        "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return Order(**fields | changes)


def change(*diffs: dict[str, Any]) -> OrderChange:
    return OrderChange(order_id=5, revision=2, source="file", changed_at=NOW, diffs=list(diffs))


def card(**changes: Any) -> AssignmentCard:
    fields: dict[str, Any] = {
        "assignment": assignment(), "order": order(),
        "lines": [LineView("陶瓷马克杯", "奶白色", "MUG-01", 2), LineView("杯刷", "", "", 1)],
        "recipient": MaskedRecipient("张**", "139****5678", "浙江省 金华市 义乌市 ****"),
        "merchant_name": "小满优选",
        "sender": ShipFrom("林小满", "13800001001", "杭州市余杭区示例路 1 号"),
        "shipments": [], "changes": [], "stopped": None, "notes": OrderNotes("周末送", "易碎"),
    }  # fmt: skip
    return AssignmentCard(**fields | changes)


def ended(status: str, **changes: Any) -> AssignmentCard:
    given = assignment(status=status, tab="ended", ended_at=NOW, **changes)
    return card(assignment=given, recipient=None)


def words(screen: Screen) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", screen.text))


def labels(screen: Screen) -> list[str]:
    return [button.text for row in screen.rows for button in row]


# The card


def test_a_card_says_all_that_packing_and_sending_needs() -> None:
    screen = assignments.assignment_card(zh, card(), NOW)
    lines = words(screen).splitlines()
    assert "K7QX" in lines[0]
    text = words(screen)
    for fact in (
        "小满优选", "陶瓷马克杯 × 2", "奶白色 · MUG-01", "杯刷 × 1", "周末送", "易碎",
        "林小满 13800001001 杭州市余杭区示例路 1 号", "张** 139****5678", "6940000000000100001",
    ):  # fmt: skip
        assert fact in text
    assert "共 3 件" in text
    assert "5 小时" in text
    assert screen.card == ("assignment", 7, 2)


def test_a_new_order_can_be_shipped_looked_at_accepted_or_declined() -> None:
    shown = labels(assignments.assignment_card(zh, card(), NOW))
    assert shown == [
        "📦 填写单号",
        "👀 查看收件信息",
        "🖨 面单",
        "✅ 接单",
        "❌ 拒单",
        "⏳ 缺货等待",
        "❓ 问商家",
        "⬅️ 返回列表",
        "📜 历史",
    ]


def test_an_accepted_order_is_not_accepted_again() -> None:
    shown = labels(assignments.assignment_card(zh, card(assignment=assignment(status="accepted")),
                                               NOW))  # fmt: skip
    assert "✅ 接单" not in shown
    assert "❌ 拒单" in shown


def test_of_an_order_partly_shipped_nothing_can_be_declined() -> None:
    given = assignment(status="part_shipped")
    assert "❌ 拒单" not in labels(assignments.assignment_card(zh, card(assignment=given), NOW))


def test_a_late_order_says_so_loudly() -> None:
    late = card(order=order(ship_by=NOW - timedelta(hours=3)))
    text = assignments.assignment_card(zh, late, NOW).text
    assert "🔴 <b>发货截止：" in text
    assert "3 小时" in text


def test_an_order_without_a_deadline_says_nothing_of_one() -> None:
    text = words(assignments.assignment_card(zh, card(order=order(ship_by=None)), NOW))
    assert "发货截止" not in text


def test_a_stopped_order_begins_with_stop_and_cannot_be_shipped_or_looked_at() -> None:
    screen = assignments.assignment_card(zh, card(stopped="refund_open"), NOW)
    lines = words(screen).splitlines()
    assert lines[0] == "⛔⛔ K7QX 停止发货 ⛔⛔"
    assert "退款" in lines[1]
    assert labels(screen) == ["❌ 拒单", "❓ 问商家", "⬅️ 返回列表", "📜 历史"]


def test_a_change_that_waits_is_shown_with_its_differences_until_seen() -> None:
    changes = [change({"field": "buyer_note", "old": "周末送", "new": "工作日送"})]
    waiting = card(assignment=assignment(changed_at=NOW), changes=changes)
    screen = assignments.assignment_card(zh, waiting, NOW)
    assert "周末送 → 工作日送" in words(screen)
    assert "👌 已知晓" in labels(screen)
    seen = assignments.assignment_card(zh, card(changes=changes), NOW)
    assert "工作日送" not in words(seen)
    assert "👌 已知晓" not in labels(seen)


@pytest.mark.parametrize("status", ["declined", "recalled", "cancelled"])
def test_an_order_no_longer_here_shows_only_what_happened(status: str) -> None:
    screen = assignments.assignment_card(zh, ended(status), NOW)
    text = words(screen)
    assert "K7QX" in text
    assert "陶瓷马克杯" in text
    for secret in ("林小满", "余杭区", "张**", "周末送", "发货截止"):
        assert secret not in text
    asking = ["❓ 问商家"] if status == "cancelled" else []
    assert labels(screen) == [*asking, "⬅️ 返回列表", "📜 历史"]


def test_a_declined_order_says_why_in_words() -> None:
    known = assignments.assignment_card(zh, ended("declined", decline_reason="out_of_stock"), NOW)
    assert "缺货" in words(known)
    written = assignments.assignment_card(zh, ended("declined", decline_reason="机器坏了"), NOW)
    assert "机器坏了" in words(written)


def test_a_cancelled_order_still_says_stop_and_can_be_seen() -> None:
    given = assignment(status="cancelled", ended_at=NOW, changed_at=NOW)
    gone = card(assignment=given, recipient=None, stopped="cancelled")
    screen = assignments.assignment_card(zh, gone, NOW)
    assert words(screen).startswith("⛔⛔ K7QX 停止发货")
    assert labels(screen) == ["👌 已知晓", "❓ 问商家", "⬅️ 返回列表", "📜 历史"]


def test_a_shipped_order_shows_its_parcels_to_copy_and_correct() -> None:
    given = assignment(status="shipped", ended_at=NOW)
    shipped = card(assignment=given, recipient=None, shipments=[parcel(11)])
    screen = assignments.assignment_card(zh, shipped, NOW)
    assert "顺丰速运 SF1234567890123" in words(screen)
    copy, correct = screen.rows[0]
    assert copy.copy == "SF1234567890123"
    assert correct.text == "✏️ 更正"


def test_names_with_tags_of_html_are_shown_as_they_are() -> None:
    odd = card(merchant_name="<b>小满</b>", lines=[LineView("杯 & <i>盘</i>", "", "", 1)])
    screen = assignments.assignment_card(zh, odd, NOW)
    assert "&lt;b&gt;小满&lt;/b&gt;" in screen.text
    assert "杯 &amp; &lt;i&gt;盘&lt;/i&gt;" in screen.text


@pytest.mark.parametrize("lang", LANGS)
def test_the_longest_card_fits_a_message(lang: str) -> None:
    long = "长" * 5000
    diffs = [{"field": "seller_note", "old": long, "new": long} for _ in range(30)]
    huge = card(
        assignment=assignment(changed_at=NOW, status="part_shipped"),
        order=order(),
        notes=OrderNotes(long, long),
        lines=[LineView(long, long, long, 999) for _ in range(200)],
        recipient=MaskedRecipient("张**", "139****5678", long),
        merchant_name="长" * 40,
        sender=ShipFrom("长" * 40, "1" * 40, long),
        shipments=[parcel(n, tracking_number="A" * 34 + str(n % 10)) for n in range(1, 60)],
        changes=[change(*diffs)],
        stopped="refund_open",
    )
    screen = assignments.assignment_card(translator(lang), huge, NOW)
    assert len(words(screen)) <= 4096
    assert len(labels(screen)) <= 100
    assert max(map(len, labels(screen))) <= 64


# Lists


def row(**changes: Any) -> AssignmentRow:
    fields: dict[str, Any] = {
        "id": 7, "tag": "K7QX", "order_no": "6940000000000100001", "product": "陶瓷马克杯",
        "pieces": 3, "status": "assigned", "changed": False, "stopped": False,
        "ship_by": NOW + timedelta(hours=5), "sort_at": NOW,
    }  # fmt: skip
    return AssignmentRow(**fields | changes)


def page(*rows: AssignmentRow) -> Page[AssignmentRow]:
    return Page(rows, None, Cursor(NOW, BIG))


COUNTS = {"to_ship": 12, "changed": 1, "shipped": 30}


def test_the_list_has_its_tabs_with_counts_and_a_button_per_order() -> None:
    screen = assignments.assignment_list(zh, 2, "to_ship", page(row()), COUNTS, NOW)
    assert labels(screen)[:4] == [
        "• 待发货 12 •", "有变更 1", "已发货 30", "K7QX 陶瓷马克杯 ×3 · 剩 5 小时",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"changed": True}, "⚠️ K7QX 陶瓷马克杯 ×3 · 剩 5 小时"),
        ({"stopped": True, "changed": True}, "⛔ ⚠️ K7QX 陶瓷马克杯 ×3"),
        ({"ship_by": NOW - timedelta(hours=2)}, "K7QX 陶瓷马克杯 ×3 · ⏰ 超时 2 小时"),
        ({"ship_by": None}, "K7QX 陶瓷马克杯 ×3"),
        ({"product": "特别" * 9, "ship_by": None}, f"K7QX {'特别' * 7}特… ×3"),
    ],
)  # fmt: skip
def test_a_button_says_what_is_urgent(changes: dict[str, Any], shown: str) -> None:
    assert assignments.row_words(zh, row(**changes), NOW) == shown


def test_a_reply_to_the_list_cannot_ship_the_card_that_stood_there_before() -> None:
    screen = assignments.assignment_list(zh, 2, "to_ship", page(row()), COUNTS, NOW)
    assert screen.card is not None
    assert screen.card.kind not in ("assignment", "shipment", "parcels")


@pytest.mark.parametrize("tab", ["to_ship", "changed", "shipped"])
def test_an_empty_tab_says_so(tab: str) -> None:
    nothing: Page[AssignmentRow] = Page([], None, None)
    screen = assignments.assignment_list(zh, 2, tab, nothing, {}, NOW)
    assert "没有" in words(screen)


# Looking


def peek(**changes: Any) -> Peek:
    fields: dict[str, Any] = {
        "assignment": assignment(), "due_at": NOW + timedelta(minutes=5), "left_today": 200,
        "recipient": Recipient("张三丰", "13912345678", "浙江省 金华市 义乌市 示例路 1 号"),
    }  # fmt: skip
    return Peek(**fields | changes)


def test_a_recipient_comes_with_buttons_to_copy_it() -> None:
    screen = looking.recipient_screen(zh, peek(), FIVE)
    copied = {button.text: button.copy for one in screen.rows for button in one}
    assert copied == {
        "📋 复制全部": "张三丰 13912345678 浙江省 金华市 义乌市 示例路 1 号",
        "姓名": "张三丰",
        "电话": "13912345678",
        "地址": "浙江省 金华市 义乌市 示例路 1 号",
    }
    assert "5 分钟后" in words(screen)
    assert screen.card is None


def test_how_many_looks_are_left_is_said_when_they_are_few() -> None:
    assert "还可以查看" not in words(looking.recipient_screen(zh, peek(), FIVE))
    assert "还可以查看 3 单" in words(looking.recipient_screen(zh, peek(left_today=3), FIVE))


def test_an_address_too_long_for_a_button_is_copied_from_the_text() -> None:
    long = "示例路" * 100
    screen = looking.recipient_screen(zh, peek(recipient=Recipient("张三丰", "139", long)), FIVE)
    assert f"<code>{long}</code>" in screen.text
    assert labels(screen) == ["姓名", "电话"]


@pytest.mark.parametrize("lang", LANGS)
def test_a_recipient_of_absurd_length_still_fits_a_message(lang: str) -> None:
    absurd = Recipient("长" * 9000, "1" * 9000, "长" * 9000)
    screen = looking.recipient_screen(translator(lang), peek(recipient=absurd, left_today=1), FIVE)
    assert len(words(screen)) <= 4096
    assert screen.rows == ()


# Shipping


def question(**changes: Any) -> Question:
    fields: dict[str, Any] = {
        "kind": "carrier", "draft_id": 4, "assignment_id": 7, "index": 0,
        "number": "773012345678", "candidates": ["yunda", "zto", "sto"],
    }  # fmt: skip
    return Question(**fields | changes)


def test_candidates_stand_in_their_order_and_all_others_are_one_tap_away() -> None:
    screen = shipping.question(zh, 2, question())
    assert "773012345678" in words(screen)
    assert labels(screen) == ["韵达快递", "中通快递", "申通快递", "其他快递…", "不是这个"]


def test_every_carrier_can_be_chosen() -> None:
    pressed = ChooseCarrier(shop=2, draft=4, index=0, carrier="all")
    shown = labels(shipping.every_carrier(zh, pressed, CardRef("assignment", 1, 2)))
    assert shown == [*(carrier.name for carrier in CARRIERS.values()), "不是这个"]


def test_a_used_number_is_asked_about() -> None:
    screen = shipping.question(zh, 2, question(kind="used"))
    assert "另一位收件人" in words(screen)
    assert labels(screen) == ["仍然使用", "不是这个"]


def shipped(*parcels: Shipment, corrected: tuple[str, str] | None = None) -> Shipped:
    given = assignment(status="shipped", ended_at=NOW)
    return Shipped(given, "K7QX", "6940000000000100001", parcels, corrected)


def test_the_confirmation_names_carrier_number_and_order_and_takes_the_right_number() -> None:
    screen = shipping.shipped(zh, shipped(parcel(11)))
    text = words(screen)
    assert "已发货 · K7QX" in text
    assert "顺丰速运 SF1234567890123" in text
    assert "6940000000000100001" in text
    assert "回复本条消息" in text
    assert screen.card == ("shipment", 11, 2)


def test_several_parcels_are_all_listed_and_one_must_be_chosen_to_correct() -> None:
    one, two = parcel(11), parcel(12, tracking_number="SF1234567890999")
    screen = shipping.shipped(zh, shipped(one, two))
    assert "SF1234567890123" in words(screen)
    assert "SF1234567890999" in words(screen)
    assert screen.card == ("parcels", 7, 2)
    given = card(assignment=assignment(status="shipped"), shipments=[one, two])
    assert labels(shipping.choose_parcel(zh, given)) == ["✏️ SF1234567890123", "✏️ SF1234567890999"]


def test_a_correction_shows_what_stood_before() -> None:
    done = shipped(parcel(11), corrected=("yto", "YT1234567890123"))
    assert "原单号：圆通速递 YT1234567890123" in words(shipping.shipped(zh, done))


def test_twenty_parcels_fit_a_message() -> None:
    parcels = [parcel(n, tracking_number="A" * 33 + f"{n:02}") for n in range(1, 21)]
    for lang in LANGS:
        assert len(words(shipping.shipped(translator(lang), shipped(*parcels)))) <= 4096


def leaves(base: type[tracking.TrackingError]) -> Iterator[type[tracking.TrackingError]]:
    for child in base.__subclasses__():
        yield from leaves(child) if child.__subclasses__() else (child,)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("error", list(leaves(tracking.TrackingError)))
def test_every_text_that_is_no_number_has_a_sentence(
    error: type[tracking.TrackingError], lang: str
) -> None:
    text = shipping.tracking_error_text(translator(lang), error("<b>好的</b>" + "长" * 400))
    assert "&lt;b&gt;好的" in text
    assert len(text) < 300


@pytest.mark.parametrize("lang", LANGS)
def test_reply_fields_have_a_placeholder_telegram_takes(lang: str) -> None:
    t = translator(lang)
    asks = [
        shipping.ask_number(t, card()),
        shipping.ask_correction(t, parcel(tracking_number="A" * 34 + "1")),
        declining.ask_decline_words(t, card(), private=False),
    ]
    for screen in asks:
        assert screen.ask is not None
        assert 1 <= len(screen.ask) <= 64


def test_buttons_fit_telegram_with_the_largest_ids() -> None:
    given = assignment(id=BIG, factory_id=BIG, changed_at=NOW)
    screens = [
        assignments.assignment_card(zh, card(assignment=given), NOW),
        declining.decline_reasons(zh, card(assignment=given)),
        assignments.assignment_list(zh, BIG, "to_ship", page(row(id=BIG)), COUNTS, NOW),
        shipping.question(zh, BIG, question(draft_id=BIG, candidates=["yunexpress"])),
    ]
    for screen in screens:
        for one in screen.rows:
            for button in one:
                assert len((button.data or "").encode()) <= 64


def test_every_reason_why_there_is_no_e_waybill_has_words_of_its_own() -> None:
    said = {
        str(ticket_why(zh, why))
        for why in (*get_args(Reason), *get_args(ClosedReason), *WHYS, "unsure", "not_asked",
                    "refund_open", "on_hold", "shipped", "ended")
    }  # fmt: skip
    assert all(said)
    assert str(ticket_why(zh, "no_stock")) == "该快递的电子面单余额不足，请到平台充值"
    assert str(ticket_why(zh, "giving")) == "平台分配中，过一分钟再试"
    assert len(said) > 25
