"""自动分配规则 in chat: four taps make one, new orders go by themselves, a trial says the rest."""

import pytest

from bot.keyboards.data import ApplyRules, ChangeRule
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import group, imports
from tests.conversations.helping import shop_id


def plate(number: int) -> Row:
    return Row(order_no(number), product="陶瓷餐盘", spec="八寸", code="PLATE-08")


@pytest.fixture
async def two(company: Company) -> Company:
    await company.stage.binds(company.merchant, company.other_factory, company.other_number)
    return company


async def test_a_rule_of_four_taps_takes_what_waits_and_what_comes(two: Company) -> None:
    merchant, factory, other = two.merchant, two.factory, two.other_factory
    await imports(two, Row(order_no(1)), plate(2), plate(3))
    await merchant.sends("/rules")
    assert "还没有规则" in merchant.last.text
    await merchant.taps("添加规则")
    await merchant.taps("商品编码")
    await merchant.taps("PLATE-08")
    await merchant.taps("敏记食品厂")
    assert "规则已添加：编码 PLATE-08 → 敏记食品厂" in merchant.last.text

    await merchant.taps("用现有待分配订单试算")
    assert "编码 PLATE-08 → 敏记食品厂：2 单" in merchant.last.text
    assert "没有符合的规则：1 单" in merchant.last.text
    trial = merchant.last
    await merchant.taps("确认分配 2 单")
    assert "已按规则分配 2 单" in merchant.last.text
    assert "其中 2 单已按规则自动分配给敏记食品厂" in merchant.last.text
    assert "没有符合的规则：1 单" in merchant.last.text
    await other.sees(order_no(2), anywhere=True)

    shop = await shop_id(two.stage, two.merchant_number)
    await merchant.forges(ApplyRules(shop=shop, mark=1).pack(), trial)
    assert "这次没有分配" in merchant.last.text

    # What comes from now on goes by itself; the import says so.
    await merchant.sends("/rules")
    await merchant.taps("添加规则")
    await merchant.taps("关键词")
    await merchant.sends("马克杯")
    await merchant.taps("大力日用百货厂")
    await imports(two, Row(order_no(4)), plate(5))
    done = await merchant.sees("已导入", anywhere=True)
    assert "其中 1 单已按规则自动分配给大力日用百货厂" in done.text
    assert "其中 1 单已按规则自动分配给敏记食品厂" in done.text
    assert "📤 分配" not in done.labels  # nothing is left to assign by hand
    await factory.sees(order_no(4), anywhere=True)
    await merchant.sends(f"/orders {order_no(4)}")
    assert "自动分配 · 规则：关键词 马克杯" in merchant.last.text
    await merchant.taps("历史")
    # Its history names the rule, and who added it; nobody has assigned it by hand.
    assert "按规则分配给大力日用百货厂（规则：关键词 马克杯，林小满 添加）" in merchant.last.text
    await factory.sends(f"/why {order_no(4)}")
    assert "按规则自动分配给大力日用百货厂" in factory.last.text
    assert "关键词" not in factory.last.text


async def test_rules_are_kept_in_order_by_buttons(two: Company) -> None:
    merchant = two.merchant
    for kind, word, factory in (("全部订单", "", "大力"), ("省份", "浙江、江苏", "敏记")):
        await merchant.sends("规则")
        await merchant.taps("添加规则")
        await merchant.taps(kind)
        if word:
            await merchant.sends("浙江、火星")
            assert "只认省份" in merchant.last.text
            assert "“浙江、火星”" in merchant.last.text
            await merchant.sends(word)
        await merchant.taps(factory)
    assert "1. 发往 江苏、浙江 → 敏记食品厂\n2. 全部订单 → 大力日用百货厂" in merchant.last.text
    await merchant.taps("2 · 全部订单")
    await merchant.taps("上移")
    assert "1. 全部订单" in merchant.last.text
    await merchant.taps("1 · 全部订单")
    await merchant.taps("停用")
    assert "已停用" in merchant.last.text
    await merchant.taps("启用")
    await merchant.taps("删除")
    assert "删除这条规则" in merchant.last.text
    gone = merchant.last
    await merchant.taps("🗑 删除")
    assert "规则已删除" in merchant.last.text
    assert "1. 发往 江苏、浙江" in merchant.last.text
    shop = await shop_id(two.stage, two.merchant_number)
    answer = await merchant.forges(ChangeRule(shop=shop, rule=1, act="resume").pack(), gone)
    assert "这条规则已不存在" in (answer.text or merchant.last.text)

    # Its factory is unbound: the list says that it does not work, and nothing goes.
    await merchant.sends("/factories")
    await merchant.taps("敏记食品厂")
    await merchant.taps("解绑")
    await merchant.taps("解绑")
    await imports(two, Row(order_no(1)))
    assert "自动分配给" not in (await merchant.sees("已导入", anywhere=True)).text
    await merchant.sends("/rules")
    assert "不起作用：已与这家厂家解绑" in merchant.last.text
    await merchant.taps("试算")
    assert "规则里的厂家已解绑：1 单" in merchant.last.text


async def test_strangers_and_groups(two: Company) -> None:
    strange, merchant = two.other_factory, two.merchant
    await strange.sends("/rules")
    assert "自动分配规则" not in strange.last.text
    chat = await group(two, merchant)
    await merchant.sends("/rules", chat_id=chat)
    await merchant.taps("添加规则", chat_id=chat)
    chosen = merchant.last_in[chat]
    await merchant.taps("关键词", chosen, chat_id=chat)
    assert "请到私聊里添加" in merchant.last_in[chat].text
