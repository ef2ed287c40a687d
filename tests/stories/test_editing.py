"""修改: a merchant changes an order in chat, and the factory that has it is told."""

from bot.keyboards.data import SetOrder
from playground.phone import Phone
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group, imports
from tests.conversations.helping import counts, shop_id

ONE = order_no(1)
NUMBER = "SF1234567890123"
PASTE = (
    "收货人：李思思\n电话：１３９１１１１２２２２\n地址：广东省深圳市南山区科技园路 5 号 3 栋 1202"
)


async def edit(company: Company, *taps: str) -> Phone:
    """Open 修改 of the first order, and go where these buttons lead."""
    merchant = company.merchant
    await merchant.sends(f"/orders {ONE}")
    for label in ("修改", *taps):
        await merchant.taps(label, merchant.last)
    return merchant


async def test_a_new_recipient_is_pasted_shown_masked_confirmed_and_told(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await company.factory.taps("查看收件信息", card)
    merchant = await edit(company, "收件信息")
    pasted = await merchant.sends(PASTE)
    plan = merchant.last
    for words in (
        "李**",
        "139****2222",
        "广东省 深圳市 南山区 ****",
        "已看过或打印过旧地址",
        "已从聊天里删除",
    ):
        assert words in plan.text
    assert "科技园" not in plan.text
    assert pasted.message_id not in [one.message_id for one in await merchant.chat()]

    await merchant.taps("确认修改", plan)
    assert "浙江省 金华市 义乌市 **** → 广东省 深圳市 南山区 ****" in merchant.last.text
    assert "已通知厂家：大力日用百货厂" in merchant.last.text
    told = await company.factory.sees("广东省 深圳市 南山区", anywhere=True)
    await company.factory.taps("查看收件信息", told)
    seen = await company.factory.sees("李思思")
    assert "13911112222" in seen.text
    assert "科技园路 5 号 3 栋 1202" in seen.text


async def test_what_is_missing_is_asked_for_and_the_rest_may_stay(company: Company) -> None:
    await imports(company, Row(ONE))
    merchant = await edit(company, "收件信息")
    await merchant.sends("你好，在吗")
    assert "没有看出" in merchant.last.text
    await merchant.sends("李思思 1391111222 广东省深圳市南山区")
    assert "10 位数字" in merchant.last.text
    await merchant.sends("13911112222")
    assert "还缺：街道门牌" in merchant.last.text
    await merchant.sends("科技园小区")
    await merchant.taps("确认修改", merchant.last)
    assert "还没有分配给厂家，不用通知" in merchant.last.text
    kept = await company.stage.read(lambda store: store.orders.recipient(1))
    assert kept is not None
    assert (kept.name, kept.phone) == ("李思思", "13911112222")
    assert kept.address == "广东省 深圳市 南山区 科技园小区"

    await edit(company, "收件信息")
    await merchant.sends("电话改成 13933334444")
    await merchant.taps("其余沿用原来的", merchant.last)
    await merchant.taps("确认修改", merchant.last)
    kept = await company.stage.read(lambda store: store.orders.recipient(1))
    assert kept is not None
    assert (kept.name, kept.phone) == ("李思思", "13933334444")
    assert kept.address == "广东省 深圳市 南山区 科技园小区"


async def test_a_masked_recipient_is_refused_and_a_complete_one_makes_it_assignable(
    company: Company,
) -> None:
    await imports(company, Row(ONE, name="张**", phone="139****5678"))
    merchant = await edit(company, "收件信息")
    sent = await merchant.sends("张** 139****5678 浙江省金华市义乌市稠江街道***")
    assert "没有采用：姓名、电话、地址带星号" in merchant.last.text.replace(
        "电话、姓名", "姓名、电话"
    )
    assert not any("确认" in label for label in merchant.last.labels)
    assert sent.message_id in [one.message_id for one in await merchant.chat()]
    await merchant.sends(PASTE)
    await merchant.taps("确认修改", merchant.last)
    await merchant.sends(f"/assign {ONE} {company.factory_number}")
    assert "已分配给" in merchant.last.text


async def test_notes_and_the_deadline_are_changed_and_told(company: Company) -> None:
    await assigned(company, Row(ONE))
    merchant = await edit(company, "商家备注")
    await merchant.sends("x" * 501)
    assert "500" in merchant.last.text
    await merchant.sends("加一张感谢卡")
    assert "商家备注：（无） → 加一张感谢卡" in merchant.last.text
    await company.factory.sees("加一张感谢卡", anywhere=True)
    await edit(company, "商家备注", "清空")
    assert "加一张感谢卡 → （无）" in merchant.last.text
    await edit(company, "发货截止")
    await merchant.sends("下周吧")
    assert "没看懂时间" in merchant.last.text
    await merchant.sends("3天后")
    assert "23:59" in merchant.last.text
    await edit(company, "发货截止", "后天")
    assert "发货截止：" in merchant.last.text
    await edit(company, "发货截止", "后天")
    assert "没有改动" in merchant.last.text


async def test_quantities_go_by_taps_and_numbers_and_never_below_what_is_in_parcels(
    company: Company,
) -> None:
    rows = [Row(ONE, pieces=3), Row(ONE, product="竹制砧板", pieces=1, sub=f"{ONE}2")]
    await assigned(company, *rows)
    merchant = await edit(company, "商品与数量")
    plan = merchant.last
    await merchant.taps("竹制砧板", plan)
    await merchant.sends("5")
    assert "竹制砧板 奶白色 × 1 → 5" in merchant.last.text
    await merchant.sends("杯刷 ×2")
    await merchant.taps("➖", merchant.last)
    assert "陶瓷马克杯 奶白色 × 3 → 2" in merchant.last.text
    await merchant.taps("保存修改", merchant.last)
    assert "新增商品：杯刷 × 2" in merchant.last.text
    told = await company.factory.sees("杯刷", anywhere=True)
    assert "共 9 件" in told.text
    await edit(company, "商品与数量")
    await merchant.taps("陶瓷马克杯", merchant.last)
    await merchant.sends("0")
    await merchant.taps("竹制砧板", merchant.last)
    await merchant.sends("0")
    await merchant.taps("杯刷", merchant.last)
    await merchant.sends("0")
    answer = await merchant.taps("保存修改", merchant.last)
    assert "取消订单" in answer.text


async def test_held_the_factory_stops_and_released_it_goes_on(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    merchant = await edit(company, "暂停发货")
    assert "已通知厂家" in merchant.last.text
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.replies(card, NUMBER)
    assert "请勿发货" in company.factory.last.text
    await edit(company, "恢复发货")
    await company.factory.replies(card, NUMBER)
    await company.factory.sees("✅ 已发货")


async def test_a_refund_is_requested_closed_and_agreed(company: Company) -> None:
    await assigned(company, Row(ONE))
    merchant = await edit(company, "退款", "买家申请退款")
    await company.factory.sees("退款申请中", anywhere=True)
    await edit(company, "退款", "退款已关闭")
    await edit(company, "退款", "已同意退款")
    assert "不能撤销" in merchant.last.text
    await merchant.taps("确定已同意退款", merchant.last)
    await company.factory.sees("已退款", anywhere=True)
    assert await counts(company.stage, company.merchant_number) == {"stopped": 1}


async def test_cancelling_says_what_the_factory_has_done_and_is_final(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await company.factory.taps("接单", card)
    merchant = await edit(company, "取消订单")
    asked = merchant.last
    assert "已接单" in asked.text
    await merchant.taps("确定取消订单", asked)
    assert "已通知厂家" in merchant.last.text
    await company.factory.sees("停止发货", anywhere=True)
    assert await counts(company.stage, company.merchant_number) == {"stopped": 1}
    shop = await shop_id(company.stage, company.merchant_number)
    again = SetOrder(shop=shop, order=1, rev=2, act="release")
    answer = await merchant.forges(again.pack(), merchant.last)
    assert "不能再改了：已取消" in answer.text
    assert not any("修改" in label for label in merchant.last.labels)


async def test_changed_meanwhile_nothing_is_done_before_it_is_looked_at_again(
    company: Company,
) -> None:
    await assigned(company, Row(ONE))
    merchant = await edit(company, "取消订单")
    asked = merchant.last
    await imports(company, Row(ONE, buyer_note="周末送"))
    await merchant.taps("确定取消订单", asked)
    await merchant.sees("还没有改")
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 1}
    assert "周末送" in (await merchant.sees("还没有改")).text

    await edit(company, "商家备注")
    await imports(company, Row(ONE, buyer_note="尽快"))
    await merchant.sends("加一张感谢卡")
    assert "周末送 → 尽快" in merchant.last.text
    assert "（无） → 加一张感谢卡" in merchant.last.text
    await merchant.taps("仍然这样改", merchant.last)
    assert "已修改订单" in merchant.last.text


async def test_of_what_is_in_parcels_nothing_can_be_taken_out(company: Company) -> None:
    [card] = await assigned(company, Row(ONE, pieces=3))
    await company.factory.replies(card, f"{NUMBER} 2件")
    merchant = await edit(company, "商品与数量")
    assert "已发出 2/3 件" in merchant.last.text
    assert "已有 2 件在包裹里" in merchant.last.text
    await merchant.taps("➖", merchant.last)
    answer = await merchant.taps("➖", merchant.last)
    assert "已有 2 件在包裹里，不能再少" in answer.text
    await merchant.sends("1")
    assert "不能再少" in merchant.last.text
    [plan] = [one for one in await merchant.chat() if "保存修改" in " ".join(one.labels)]
    await merchant.taps("保存修改", plan)
    assert "3 → 2" in (await merchant.sees("已修改订单")).text
    assert await counts(company.stage, company.merchant_number) == {"shipped": 1}


async def test_after_it_shipped_the_new_address_comes_too_late_and_cancelling_says_so(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(ONE))
    await company.factory.replies(card, NUMBER)
    merchant = await edit(company, "收件信息")
    await merchant.sends(PASTE)
    assert "包裹已按旧地址寄出" in merchant.last.text
    await merchant.taps("确认修改", merchant.last)
    assert "包裹已按旧地址寄出" in (await merchant.sees("已修改订单")).text
    await merchant.sees("单改了地址，但包裹已按旧地址寄出", anywhere=True)  # the alert of it
    await edit(company, "取消订单")
    assert "已全部发出（1 件）" in merchant.last.text
    assert "⚠️" in merchant.last.text
    assert not any(word in " ".join(merchant.last.labels) for word in ("暂停", "发货截止"))


async def test_a_file_sent_while_a_note_is_asked_for_is_a_file(company: Company) -> None:
    await imports(company, Row(ONE, buyer_note="周末送"))
    await edit(company, "买家留言")
    await imports(company, Row(order_no(2)))
    kept = await company.stage.read(lambda store: store.orders.notes([1])[1])
    assert kept.buyer_note == "周末送"


async def test_a_plan_of_another_time_is_not_confirmed_and_going_back_drops_it(
    company: Company,
) -> None:
    await assigned(company, Row(ONE))
    merchant = await edit(company, "收件信息")
    await merchant.sends(PASTE)
    first = merchant.last
    await merchant.sends("电话：13933334444")
    answer = await merchant.taps("确认修改", first)
    assert "失效" in answer.text
    again = await merchant.sees("139****4444", anywhere=True)
    await merchant.taps("返回，不改", again)
    await merchant.sends("电话：13933335555")
    kept = await company.stage.read(lambda store: store.orders.recipient(1))
    assert kept is not None
    assert kept.phone == "13912345678"


async def test_others_cannot_and_a_group_is_sent_to_the_private_chat(company: Company) -> None:
    await assigned(company, Row(ONE))
    merchant = company.merchant
    shop = await shop_id(company.stage, company.merchant_number)
    forged = SetOrder(shop=shop, order=1, rev=1, act="cancel").pack()
    await company.factory.forges(forged, company.factory.last)
    nonsense = SetOrder(shop=shop, order=1, rev=1, act="burn").pack()
    await merchant.forges(nonsense, merchant.last)
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 1}

    chat = await group(company, merchant)
    await merchant.sends(f"/orders {ONE}", chat_id=chat)
    await merchant.taps("修改", chat_id=chat)
    await merchant.taps("收件信息", chat_id=chat)
    assert "私聊" in merchant.last_in[chat].text
    await merchant.taps("暂停发货", chat_id=chat)
    await merchant.sees("已通知厂家", chat_id=chat)
