"""Binding from the first word to the last: asked, answered, too late, named, ended."""

from datetime import timedelta

from app.ticks import Ticks
from bot.keyboards.data import AnswerBinding, Unbind
from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned
from tests.conversations.helping import counts, shop_id

NUMBER = "SF1234567890123"


async def pending(company: Company) -> M:
    """林小满 asks 赵敏's factory; returns the card 赵敏 got."""
    await company.merchant.sends(f"/bind {company.other_number}")
    assert "等待厂家确认" in company.merchant.last.text
    return await company.other_factory.sees("有商家申请绑定", anywhere=True)


def link_of(message: M) -> str:
    """Return the start parameter of the binding link on /link's screen."""
    copied = [b for row in message.buttons for b in row if b["kind"] == "copy"]
    return str(copied[0]["copy_text"]).split("start=")[1]


# -- asking --------------------------------------------------------------------------------------


async def test_every_wrong_number_has_its_own_sentence(company: Company) -> None:
    merchant = company.merchant
    right = company.other_number
    other_last = "2" if right[-1] != "2" else "3"
    await company.stage.opens_shop(company.newcomer, "商家", "陈新小店")
    await company.newcomer.sends("/shop")
    merchant_number = company.newcomer.last.text.split("店铺编号：")[1][:7]
    for typed, words in (
        (right[:-1] + other_last, "校验不通过"),
        (right[:5], "不是店铺编号"),
        ("你好", "不是店铺编号"),
        ("F" * 60, "不是店铺编号"),
        (merchant_number, "是商家编号"),
        (company.merchant_number, "这是你自己的店铺"),
        (company.factory_number, "已经绑定了这个厂家"),
    ):
        await merchant.sends(f"/bind {typed}")
        assert words in merchant.last.text, typed
    await company.factory.sends(f"/bind {right}")
    assert "这是商家的功能" in company.factory.last.text


async def test_a_number_nobody_holds_is_unknown(company: Company) -> None:
    from core.people.numbers import new_number

    taken = {company.factory_number, company.other_number}
    number = next(one for one in iter(lambda: new_number("F"), None) if one not in taken)
    await company.merchant.sends(f"/bind {number}")
    assert f"没有编号为 {number} 的店铺" in company.merchant.last.text


async def test_a_number_is_read_however_it_is_typed(company: Company) -> None:
    number = company.other_number
    wide = "".join(chr(ord(one) + 0xFEE0) for one in number)
    await company.merchant.sends("绑定")
    await company.merchant.sends(f" {wide[:3].lower()} - {wide[3:]} ")
    assert "等待厂家确认" in company.merchant.last.text


async def test_asked_twice_says_so(company: Company) -> None:
    await pending(company)
    await company.merchant.sends(f"/bind {company.other_number}")
    assert "已经申请过" in company.merchant.last.text
    heard = [m for m in await company.other_factory.chat() if "有商家申请绑定" in m.text]
    assert len(heard) == 1


async def test_ones_own_factory_is_not_bound(company: Company) -> None:
    await company.stage.opens_shop(company.merchant, "厂家", "小满工坊")
    await company.merchant.sends("/shop")
    number = company.merchant.last.text.split("店铺编号：")[1][:7]
    await company.merchant.sends("/switch")
    await company.merchant.taps("小满优选")
    await company.merchant.sends(f"/bind {number}")
    assert "这是你自己的店铺" in company.merchant.last.text


async def test_before_they_are_bound_neither_sees_where_the_other_ships_from(
    company: Company,
) -> None:
    asked = await pending(company)
    assert "小满优选" in asked.text
    for text in (asked.text, company.merchant.last.text):
        assert "13800001111" not in text
        assert "稠州路" not in text
    await company.other_factory.taps("确认绑定", asked)
    assert "稠州路" in company.other_factory.last.text
    assert "稠州路" in (await company.merchant.sees("已确认绑定")).text


# -- links ---------------------------------------------------------------------------------------


async def test_a_link_binds_and_a_replaced_one_is_dead(company: Company) -> None:
    other, merchant = company.other_factory, company.merchant
    await other.sends("/link")
    old = link_of(other.last)
    assert other.last.photo is not None
    await other.taps("更换链接")
    assert "立即失效" in other.last.text
    await other.taps("确定更换")
    await other.sends("/link")
    new = link_of(other.last)
    assert new != old
    await merchant.opens(start=old)
    assert "绑定链接已失效" in merchant.last.text
    await merchant.opens(start=new)
    assert "等待厂家确认" in merchant.last.text
    await merchant.opens(start=new)
    assert "已经申请过" in merchant.last.text


async def test_the_picture_of_the_link_is_a_picture(company: Company) -> None:
    await company.factory.sends("/link")
    picture = await company.factory.downloads(company.factory.last)
    assert picture.startswith(b"\x89PNG")


async def test_with_several_merchant_shops_the_link_asks_which(company: Company) -> None:
    stage, both = company.stage, company.newcomer
    await stage.opens_shop(both, "商家", "陈新一店")
    await stage.opens_shop(both, "商家", "陈新二店")
    await stage.opens_shop(both, "厂家", "陈新工坊")
    await company.factory.sends("/link")
    await both.opens(start=link_of(company.factory.last))
    assert "用你的哪家店铺" in both.last.text
    await both.taps("陈新一店")
    assert "等待厂家确认" in both.last.text
    assert "陈新一店" in (await company.factory.sees("陈新", anywhere=True)).text


# -- answers -------------------------------------------------------------------------------------


async def test_withdrawn_the_factory_can_no_longer_confirm(company: Company) -> None:
    asked = await pending(company)
    await company.merchant.taps("取消绑定申请")
    assert "已取消" in company.merchant.last.text
    await company.other_factory.sees("取消了绑定申请", anywhere=True)
    answer = await company.other_factory.taps("确认绑定", asked)
    assert "商家已取消绑定申请" in answer.text
    redrawn = next(
        m for m in await company.other_factory.chat() if m.message_id == asked.message_id
    )
    assert "绑定申请已取消" in redrawn.text
    assert not any("确认绑定" in label for label in redrawn.labels)


async def test_refused_the_merchant_is_told_and_may_ask_again(company: Company) -> None:
    asked = await pending(company)
    await company.other_factory.taps("拒绝", asked)
    await company.merchant.sees("拒绝了绑定", anywhere=True)
    late = await company.other_factory.forges(
        AnswerBinding(
            shop=await shop_id(company.stage, company.other_number), binding=2, answer="confirm"
        ).pack(),
        asked,
    )
    assert "已被拒绝" in late.text
    await company.merchant.sends(f"/bind {company.other_number}")
    assert "等待厂家确认" in company.merchant.last.text


async def test_unanswered_for_a_week_it_expires_and_both_are_told_once(company: Company) -> None:
    asked = await pending(company)
    stage = company.stage

    async def nothing() -> None:
        """Nothing is to vanish here."""

    ticks = Ticks(stage.running.house, nothing)
    stage.clock.ahead = timedelta(days=6, hours=23)
    await ticks.expire_bindings()
    stage.clock.ahead = timedelta(days=7, minutes=1)
    await ticks.expire_bindings()
    await ticks.expire_bindings()
    await company.merchant.sees("敏记食品厂 没有及时处理", anywhere=True)
    await company.other_factory.sees("你没有及时处理 小满优选", anywhere=True)
    answer = await company.other_factory.taps("确认绑定", asked)
    assert "申请已过期" in answer.text
    for phone in (company.merchant, company.other_factory):
        assert len([m for m in await phone.chat() if "没有及时处理" in m.text]) == 1
    await company.merchant.sends(f"/bind {company.other_number}")
    assert "等待厂家确认" in company.merchant.last.text


# -- lists and names -----------------------------------------------------------------------------


async def test_lists_show_open_orders_and_names_only_i_gave(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    await pending(company)
    cards = await assigned(company, *(Row(order_no(one)) for one in (1, 2, 3)))
    await factory.replies(cards[0], NUMBER)
    await factory.sees("✅ 已发货")
    await merchant.sends("/factories")
    assert "大力日用百货厂 · 未完成 2" in merchant.last.labels
    assert "敏记食品厂 · 待确认" in merchant.last.labels

    await merchant.taps("大力日用百货厂")
    await merchant.taps("备注名")
    await merchant.sends("老王<b>厂</b>")
    assert "老王<b>厂</b>" in merchant.last.text
    await merchant.sends("/factories")
    assert "老王<b>厂</b> · 未完成 2" in merchant.last.labels
    await factory.sends("/merchants")
    assert "小满优选 · 未完成 2" in factory.last.labels
    assert not any("老王" in m.text or "老王" in " ".join(m.labels) for m in await factory.chat())

    await factory.taps("小满优选")
    await factory.taps("备注名")
    await factory.sends("长" * 21)
    assert "最多 20 个字" in factory.last.text
    await factory.sends("小满")
    await merchant.sends("/factories")
    await merchant.taps("老王")
    await merchant.taps("备注名")
    await merchant.sends("-")
    await merchant.sends("/factories")
    assert "大力日用百货厂 · 未完成 2" in merchant.last.labels


# -- the end -------------------------------------------------------------------------------------


async def open_orders(company: Company) -> list[M]:
    """Three orders: one shipped, one accepted, one new."""
    cards = await assigned(company, *(Row(order_no(one)) for one in (1, 2, 3)))
    await company.factory.replies(cards[0], NUMBER)
    await company.factory.sees("✅ 已发货")
    await company.factory.taps("接单", cards[1])
    return cards


async def test_the_merchant_unbinds_and_takes_unshipped_orders_back(company: Company) -> None:
    cards = await open_orders(company)
    merchant = company.merchant
    await merchant.sends("/factories")
    await merchant.taps("大力日用百货厂")
    await merchant.taps("解绑")
    assert "未发货订单：2" in merchant.last.text
    await merchant.taps("收回未发货订单并解绑")
    assert "已解绑" in merchant.last.text
    told = await company.factory.sees("解除了绑定", anywhere=True)
    assert "2 个未发货订单已被收回" in told.text
    assert "请勿发货" in told.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 2, "shipped": 1}
    await company.factory.replies(cards[1], NUMBER.replace("3", "9"))
    assert "请勿发货" in company.factory.last.text
    await merchant.sends(f"/assign {order_no(2)} {company.factory_number}")
    assert "还没有绑定这个厂家" in merchant.last.text


async def test_the_factory_unbinds_and_finishes_what_is_open(company: Company) -> None:
    cards = await open_orders(company)
    factory, merchant = company.factory, company.merchant
    await factory.sends("/merchants")
    await factory.taps("小满优选")
    await factory.taps("解绑")
    assert "未发货订单：2" in factory.last.text
    await factory.taps("让厂家发完")
    told = await merchant.sees("解除了绑定", anywhere=True)
    assert "2 个订单会继续发完" in told.text
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 2, "shipped": 1}
    await factory.taps("查看收件信息", cards[1])
    await factory.sees("13912345678")
    await factory.replies(cards[1], "SF1234567890199")
    await factory.sees("✅ 已发货")
    await merchant.sees("SF1234567890199", anywhere=True)
    await merchant.sends("/factories")
    assert "还没有绑定厂家" in merchant.last.text


async def test_unbinding_can_be_thought_over_and_happens_once(company: Company) -> None:
    merchant = company.merchant
    await merchant.sends("/factories")
    await merchant.taps("大力日用百货厂")
    await merchant.taps("解绑")
    assert "没有未发货的订单" in merchant.last.text
    await merchant.taps("返回")
    assert "已绑定" in merchant.last.text
    card = merchant.last
    await merchant.taps("解绑")
    await merchant.taps("解绑")
    assert "已解绑" in merchant.last.text
    mine = await shop_id(company.stage, company.merchant_number)
    late = await merchant.forges(Unbind(shop=mine, binding=1, how="back").pack(), card)
    assert "双方已经解绑" in late.text
    await company.factory.sees("解除了绑定", anywhere=True)
    heard = [m for m in await company.factory.chat() if "解除了绑定" in m.text]
    assert len(heard) == 1
    # And begins again like the first time.
    await company.stage.binds(merchant, company.factory, company.factory_number)


async def test_a_declined_shop_is_no_factory_to_assign_to(company: Company) -> None:
    await pending(company)
    await assigned(company, Row(order_no(1)))
    await company.merchant.sends(f"/assign {order_no(1)} {company.other_number}")
    assert "还没有绑定这个厂家" in company.merchant.last.text
