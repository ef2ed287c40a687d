"""/why: an order's whole history, for its merchant and, in its own part, for its factory."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.keyboards.data import ShowHistory, ShowTrail
from bot.screens.past_words import WORDS
from core.orders.past import SHOWN
from core.values import Actor
from playground.phone import Phone
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports

ROOT = Path(__file__).parents[2]
ALL = ("record_all", "record_each", "record_batch")


def acts_of(text: str) -> list[str]:
    """Return what is written behind each time and name."""
    return [line.split("：", 1)[1] for line in text.splitlines() if " · " in line and "：" in line]


async def later_factory(company: Company) -> str:
    """Bind the second factory too."""
    await company.stage.binds(company.merchant, company.other_factory, company.other_number)
    return company.other_number


async def test_who_did_what_when_is_told_to_both_and_to_each_what_is_theirs(
    company: Company,
) -> None:
    merchant, factory, other = company.merchant, company.factory, company.other_factory
    (card,) = await assigned(company, Row(order_no(1)))
    await factory.taps("拒单", card)
    await factory.taps("缺货")
    await merchant.sees("缺货")
    await merchant.sends(f"/assign {order_no(1)} {await later_factory(company)}")
    card = await other.sees(order_no(1), anywhere=True)
    await other.taps("收件信息", card)
    await imports(company, Row(order_no(1), buyer_note="要红色"))
    await other.sees("要红色", anywhere=True)
    await other.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123", anywhere=True)

    await merchant.sends(f"/why {order_no(1)}")
    said = merchant.last.text
    assert acts_of(said) == [
        "未确认变更就发货：顺丰速运 SF1234567890123", "订单变更", "查看收件信息",
        "分配给 敏记食品厂", "拒单（缺货）", "分配给 大力日用百货厂", "导入",
    ]  # fmt: skip
    for words in (
        "林小满（文件）：导入",
        "大力日用百货厂：拒单",
        "敏记食品厂：未确认变更就发货",
        "要红色",
    ):
        assert words in said, words

    # Its own end, and nothing of who came after it.
    await factory.sends(f"历史 {order_no(1)}")
    said = factory.last.text
    assert acts_of(said) == ["拒单（缺货）", "分配给 大力日用百货厂"]
    assert "敏记" not in said
    assert "要红色" not in said
    assert "王大力：拒单" in said
    assert "小满优选：分配" in said
    assert "林小满" not in said

    # What happened before it came is not its business.
    await other.sends(f"/why {order_no(1)}")
    assert acts_of(other.last.text) == [
        "未确认变更就发货：顺丰速运 SF1234567890123", "订单变更", "查看收件信息",
        "分配给 敏记食品厂",
    ]  # fmt: skip
    assert "大力" not in other.last.text
    await other.taps("⬅️ 订单")
    await other.taps("📜 历史")
    assert "要红色" in other.last.text


async def test_a_long_history_has_pages_and_a_reply_to_a_card_is_enough(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    (card,) = await assigned(company, Row(order_no(1)))
    assignment = await company.stage.read(lambda store: store.assignments.latest_of(1))
    assert assignment is not None
    actor = Actor(assignment.assigned_by, assignment.merchant_id)

    await company.stage.running.house.database.write(
        lambda store: store.record_all(
            actor, "changed", [{"order_id": 1, "revision": n} for n in range(2, SHOWN + 12)]
        )
    )
    for phone, reply in ((factory, card), (merchant, None)):
        if reply is None:
            await phone.sends("/why")
            await phone.sends(order_no(1)[-6:])
        else:
            await phone.sends("/why", reply_to=reply)
        newest = phone.last.text
        assert acts_of(newest) == ["订单变更"] * SHOWN
        await phone.taps("更早")
        older = acts_of(phone.last.text)
        first = (
            ["分配给 大力日用百货厂", "导入"] if phone is merchant else ["分配给 大力日用百货厂"]
        )
        assert older == ["订单变更"] * 10 + first
        assert "更早 ➡️" not in phone.last.labels
        await phone.taps("最新")
        assert phone.last.text == newest


async def test_a_stranger_learns_nothing_and_a_question_says_what_to_send(
    company: Company,
) -> None:
    await assigned(company, Row(order_no(1)))
    other: Phone = company.other_factory
    await other.sends(f"/why {order_no(1)}")
    assert "没有" in other.last.text or "找不到" in other.last.text
    assert "📜" not in other.last.text
    for forged in (
        ShowTrail(shop=3, assignment=1), ShowTrail(shop=2, assignment=1),
        ShowHistory(shop=1, order=1), ShowHistory(shop=3, order=1),
    ):  # fmt: skip
        answer = await other.forges(forged.pack(), other.last)
        assert answer.show_alert
        assert "导入" not in answer.text
    await company.merchant.sends("/why")
    assert "要看哪一单" in company.merchant.last.text
    await company.merchant.sends("99999999")
    assert "没有" in company.merchant.last.text


def acts_written() -> Iterator[tuple[str, str]]:
    """Yield every act of an order that some code writes into the audit, and where."""
    for room in ("core", "storage", "bot", "app", "api", "platforms"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield from ((act, str(path)) for act in _acts(node, node.func.attr))


def _acts(call: ast.Call, name: str) -> Iterator[str]:
    of_order = any(one.arg == "order_id" for one in call.keywords)
    if not (name in ALL or (name == "record" and of_order)) or len(call.args) < 2:
        return
    for node in ast.walk(call.args[1]):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_act_that_is_written_has_words() -> None:
    written = dict(acts_written())
    assert len(written) > 10
    assert not {act: where for act, where in written.items() if act not in WORDS}
