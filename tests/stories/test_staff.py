"""Staff: invited by a link, at work at once, out at once; one owner; a shop closed for good."""

from bot.sweeper import Sweeper
from core.ports import Store
from playground.phone import Phone
from playground.seen import M
from tests.cast import CHEN_XIN, Row, Stage, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group
from tests.conversations.helping import joins, shop_id
from tests.stories.test_shops_and_languages import FACTORY_MENU
from tests.stories.test_strangers import state

NOBODY = "没有找到你的店铺"


async def invitation(owner: Phone) -> str:
    """Make an invitation in chat; returns the payload of its link."""
    await owner.sends("/staff")
    await owner.taps("邀请员工")
    shown = await owner.sees("?start=")
    assert shown.photo is not None
    return shown.text.split("?start=")[1].split()[0]


async def who_is(company: Company) -> str:
    """Return the factory's list of people as one of them reads it."""
    await company.factory.sends("/staff")
    return company.factory.last.text


async def test_staff_come_by_link_and_work_at_once(company: Company) -> None:
    factory, packer = company.factory, company.newcomer
    assert "还没有员工" in await who_is(company)
    payload = await invitation(factory)
    await packer.opens(start=payload)
    assert "你已成为 大力日用百货厂 的员工" in packer.last.text
    assert set(await packer.commands()) == FACTORY_MENU
    await factory.sees("陈新 已加入", anywhere=True)
    assert "王大力 · 店主" in await who_is(company)
    assert "陈新 · 员工" in await who_is(company)

    await assigned(company, Row(order_no(1)))
    own = await packer.sees("🆕 新订单", anywhere=True)
    await packer.taps("接单", own)
    await packer.replies(own, "SF1234567890123")
    await packer.sees("✅ 已发货")
    await company.merchant.sees("SF1234567890123", anywhere=True)


async def test_an_invitation_is_for_one_person_and_one_day(company: Company) -> None:
    stage, factory = company.stage, company.factory
    zhao, chen = company.other_factory, company.newcomer
    payload = await invitation(factory)
    await factory.opens(start=payload)  # who looks whether it works does not use it up
    assert "你已经是 大力日用百货厂 的成员" in factory.last.text
    await chen.opens(start=payload)
    assert "你已成为" in chen.last.text
    await chen.opens(start=payload)
    assert "你已经是" in chen.last.text
    await zhao.opens(start=payload)
    assert "已有人用过" in zhao.last.text
    late = await invitation(factory)
    stage.clock.ahead += stage.running.house.services.rules.draft_kept
    await zhao.opens(start=late)
    assert "超过 24 小时" in zhao.last.text
    for bad in ("s_nonsense", "s_"):
        await zhao.opens(start=bad)
        assert "邀请无效" in zhao.last.text
    # 赵敏 has a factory of her own, and may be in this one too; /switch chooses.
    await zhao.opens(start=await invitation(factory))
    await zhao.sends("/switch")
    assert "✅ 厂家 · 大力日用百货厂" in zhao.last.labels
    assert "厂家 · 敏记食品厂" in zhao.last.labels


async def test_two_open_one_link_at_once_and_one_gets_in(company: Company) -> None:
    payload = await invitation(company.factory)
    phones = (company.newcomer, company.other_factory, company.merchant)
    for phone in phones:
        await phone.sends("/help")
    for phone in phones:
        await phone.opens(start=payload, wait=0)
    for phone in phones:
        await phone.sends("/help")  # answered after the link was
    seen = [" ".join(m.text for m in await phone.chat()) for phone in phones]
    assert sum("你已成为" in text for text in seen) == 1
    assert sum("已有人用过" in text for text in seen) == 2


async def test_what_concerns_the_shop_is_the_owners_alone(company: Company) -> None:
    packer = await joins(company.stage, CHEN_XIN, company.factory_number)
    shop = await shop_id(company.stage, company.factory_number)
    me = await _account(company.stage, CHEN_XIN.id)
    await packer.sends("/shop")
    assert not {"✏️ 店铺名称", "🔒 关闭店铺"} & set(packer.last.labels)
    await packer.sends("/staff")
    assert "➕ 邀请员工" not in packer.last.labels
    before = state(company)
    for data in (
        f"si:{shop}", f"sm:{shop}:{me}", f"sr:{shop}:{me}:1", f"so:{shop}:{me}:1", f"sc:{shop}:0",
        f"sc:{shop}:1", f"rl:{shop}:1", f"ed:{shop}:name", f"ed:{shop}:ship_from", f"gx:{shop}",
    ):  # fmt: skip
        answer = await packer.forges(data, packer.last)
        assert "只有店主" in answer.text, data
    assert state(company) == before


async def _account(stage: Stage, telegram_id: int) -> int:
    def look(store: Store) -> int:
        account = store.accounts.by_telegram(telegram_id)
        assert account is not None
        assert account.id is not None
        return account.id

    return await stage.read(look)


async def test_who_was_removed_presses_everything_and_nothing_works(company: Company) -> None:
    stage, factory = company.stage, company.factory
    packer = await joins(stage, CHEN_XIN, company.factory_number)
    await assigned(company, Row(order_no(1)), Row(order_no(2)))
    cards = [await packer.sees(order_no(one), anywhere=True) for one in (1, 2)]
    await packer.taps("查看收件信息", cards[0])
    assert any("13912345678" in m.text for m in await packer.chat())
    await packer.taps("拒单", cards[1])
    await packer.taps("其他原因")  # a question is open
    chat = await group(company, packer)
    await packer.sends("/orders", chat_id=chat)
    in_group = packer.last_in[chat]

    await factory.sends("/staff")
    await factory.taps("陈新")
    await factory.taps("移除")
    assert "立即失效" in factory.last.text
    await factory.taps("确认移除")
    assert "陈新" not in factory.last.text
    await packer.sees("店主已将你移出 大力日用百货厂", anywhere=True)
    before = state(company)

    pressed, harmless = 0, ("菜单", "取消", "❓ 帮助")
    for message in [*await packer.chat(), *await packer.chat(chat)]:
        for row in message.buttons:
            for button in row:
                if button["kind"] != "callback" or button["text"] in harmless:
                    continue
                answer = await packer.taps(button["text"], message, chat_id=message.chat_id)
                assert NOBODY in answer.text, (button, answer)
                pressed += 1
    assert pressed > 8
    await packer.sends("不想发了")  # the open question is closed
    assert "没看懂" in packer.last.text
    await packer.replies(cards[0], "SF1234567890123")
    assert NOBODY in packer.last.text
    for word in ("/orders", "/shop", "/staff", "/link", "/merchants"):
        await packer.sends(word)
        assert NOBODY in packer.last.text, word
        await packer.sends(word, chat_id=chat)
        assert NOBODY in packer.last_in[chat].text, word
    assert state(company) == before
    assert in_group.labels
    assert set(await packer.commands()) == {"start", "help", "lang", "cancel"}
    await _vanished(company, packer, "13912345678")

    await assigned(company, Row(order_no(3)))
    assert not any(order_no(3) in m.text for m in await packer.chat())
    await packer.sends("/start")
    assert "我是厂家" in packer.last.labels
    # Invited again, they are back.
    await packer.opens(start=await invitation(factory))
    await packer.sends("/orders")
    assert "待发货" in packer.last.text


async def _vanished(company: Company, phone: Phone, words: str) -> None:
    """The sweeper, at its next look, takes away what holds these words."""
    house, bot = company.stage.running.house, company.stage.running.bot
    await Sweeper(house, bot).sweep()
    assert not any(words in m.text for m in await phone.chat())


async def test_handed_over_the_old_owner_is_staff(company: Company) -> None:
    stage, factory = company.stage, company.factory
    packer = await joins(stage, CHEN_XIN, company.factory_number)
    await factory.sends("/staff")
    await factory.taps("陈新")
    removing = factory.last
    await factory.taps("移交店主")
    assert "只有 陈新" in factory.last.text
    await factory.taps("确认移交")
    assert "👑 陈新 · 店主" in factory.last.text
    assert "• 王大力 · 员工" in factory.last.text
    await packer.sees("王大力 已把 大力日用百货厂 的店主移交给你", anywhere=True)
    # What the old owner still has on the screen is not theirs any more.
    shop, chen = (
        await shop_id(stage, company.factory_number),
        await _account(stage, CHEN_XIN.id),
    )
    for data in (f"sr:{shop}:{chen}:1", f"so:{shop}:{chen}:1"):
        assert "只有店主" in (await factory.forges(data, removing)).text
    # The owner does not leave; staff do.
    assert "店主不能直接退出" in (await packer.forges(f"sl:{shop}:1", packer.last)).text
    await factory.sends("/staff")
    await factory.taps("退出店铺")
    await factory.taps("确认退出")
    assert "你已退出 大力日用百货厂" in factory.last.text
    await packer.sees("王大力 已退出", anywhere=True)
    await factory.sends("/orders")
    assert NOBODY in factory.last.text


async def test_a_shop_with_orders_under_way_is_not_closed(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    for phone, words in (
        (company.merchant, "1 个订单在厂家手上"),
        (company.factory, "1 个订单待发货"),
    ):
        await phone.sends("/shop")
        await phone.taps("关闭店铺")
        assert words in phone.last.text
        assert phone.last.labels == ["菜单"]
        number = company.merchant_number if phone is company.merchant else company.factory_number
        shop = await shop_id(company.stage, number)
        assert words in (await phone.forges(f"sc:{shop}:1", phone.last)).text


async def test_a_closed_shop_ends_its_bindings_and_everybodys_access(company: Company) -> None:
    stage, factory = company.stage, company.factory
    packer = await joins(stage, CHEN_XIN, company.factory_number)
    await company.other_factory.sends("/switch")
    await company.other_factory.taps("开商家店铺")
    await company.other_factory.sends("敏记优选")
    await company.other_factory.sends("赵敏 13800001111 浙江省金华市义乌市稠州路 88 号")
    await company.other_factory.taps("正确")
    await company.other_factory.sends(f"/bind {company.factory_number}")
    await factory.sends("/link")
    link = (await factory.sees("?start=")).text.split("?start=")[1].split()[0]
    unused = await invitation(factory)
    await factory.sends("/shop")
    await factory.taps("关闭店铺")
    assert "1 名员工" in (await factory.sees("2 个绑定或申请会结束")).text
    await factory.taps("永久关闭")
    await factory.sees("大力日用百货厂 已关闭")
    await company.merchant.sees("解除了绑定", anywhere=True)
    await company.other_factory.sees("拒绝", anywhere=True)
    await packer.sees("店主已关闭 大力日用百货厂", anywhere=True)
    for phone in (packer, factory):
        await phone.sends("/orders")
        assert NOBODY in phone.last.text
        assert set(await phone.commands()) == {"start", "help", "lang", "cancel"}
    await company.merchant.sends(f"/bind {company.factory_number}")
    assert "没有编号" in company.merchant.last.text
    await company.merchant.opens(start=link)
    assert "链接已失效" in company.merchant.last.text
    await company.merchant.opens(start=unused)
    assert "邀请无效" in company.merchant.last.text


def _texts(messages: list[M]) -> list[str]:
    return [m.text for m in messages]


async def test_an_invitation_is_not_shown_in_a_group(company: Company) -> None:
    chat = await group(company, company.merchant)
    await company.factory.sends("/staff", chat_id=chat)
    await company.factory.taps("邀请员工", chat_id=chat)
    assert "请在私聊中发送 /staff" in company.factory.last_in[chat].text
    assert not any("start=s_" in text for text in _texts(await company.factory.chat(chat)))
