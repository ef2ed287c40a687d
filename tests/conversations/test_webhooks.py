"""推送地址 in chat: added, tested, failing, paused, sent again, removed; the owner's alone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.facing import start_http
from bot.keyboards.data import RemoveWebhook, RotateWebhook
from core.ids import key
from core.programs.webhooks import rotation
from playground.phone import Phone
from tests.api.receiving import Receiver, receiving
from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, Row, Stage, order_no, playing
from tests.conftest import Company
from tests.conversations.at_work import group
from tests.conversations.helping import joins
from tests.machinery.floor import until

SECRET = re.compile(r"whsec_[\w+/=]{44}")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """The factory's program, on this machine."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def trusting(tmp_path: Path) -> AsyncIterator[Stage]:
    """A house whose operator allows addresses of its own network."""
    async with playing(tmp_path, webhooks_private=True) as stage:
        start_http(stage.settings.model_copy(update={"port": 0}), stage.running)
        yield stage


async def repeated(stage: Stage, phone: Phone) -> None:
    """Bring the last update once more, and wait until it is handled."""
    update = phone.update_id
    await stage.client.post(f"{stage.address}/api/updates/{update}/repeat")
    await stage.client.get(f"{stage.address}/api/updates/{update}?wait=5")


async def secret_shown(phone: Phone) -> str:
    shown = await phone.sees("只显示这一次", anywhere=True)
    [secret] = SECRET.findall(shown.text)
    assert shown.protected
    return str(secret)


async def test_an_address_is_added_tested_fails_is_switched_off_and_catches_up(
    trusting: Stage, receiver: Receiver
) -> None:
    factory, merchant = trusting.phone(WANG_DALI), trusting.phone(LIN_XIAOMAN)
    await trusting.opens_shop(merchant, "商家", "小满优选")
    number = await trusting.opens_shop(factory, "厂家", "大力日用百货厂")
    await trusting.binds(merchant, factory, number)
    await factory.sends("推送地址")
    assert "还没有推送地址" in factory.last.text
    await factory.taps("新建推送地址")
    await factory.sends("不是地址")
    assert "看不懂" in factory.last.text
    await factory.sends(receiver.url)
    receiver.secret = await secret_shown(factory)
    listed = await factory.sees("还没推送过", anywhere=True)
    await factory.taps("📮 127.0.0.1", listed)
    await factory.taps("测试")
    assert "测试成功" in factory.last.text
    assert receiver.received.pop().body["type"] == "ping"

    receiver.answers = [410]
    await trusting.imports(merchant, [Row(order_no(1))])
    await merchant.sends(f"/assign {order_no(1)} {number}")
    told = await factory.sees("已停止推送到 127.0.0.1", anywhere=True)
    assert "不再接收" in told.text
    await factory.taps("推送地址", told)
    await factory.taps("📮 127.0.0.1")
    assert "已停推" in factory.last.text
    assert "补发" not in "".join(factory.last.labels)
    receiver.answers = [200]
    await factory.taps("恢复推送")
    await factory.taps("补发")
    await factory.taps("最近 1 小时")
    await until(receiver.count, lambda n: n >= 2)
    assert receiver.received[-1].id == receiver.received[0].id

    await factory.taps("换签名密钥")
    await factory.taps("确认更换")
    await factory.sees("签名密钥", anywhere=True)
    listed = await factory.sees("最近送达", anywhere=True)
    await factory.taps("📮 127.0.0.1", listed)
    await factory.taps("暂停推送")
    card = await factory.sees("你暂停了推送", anywhere=True)
    await factory.taps("删除", card)
    asked = await factory.sees("以后不再推送", anywhere=True)
    await factory.taps("确认删除", asked)
    await factory.sees("还没有推送地址", anywhere=True)


async def test_a_press_that_comes_twice_rotates_and_removes_once(
    trusting: Stage, receiver: Receiver
) -> None:
    factory = trusting.phone(WANG_DALI)
    await trusting.opens_shop(factory, "厂家", "大力日用百货厂")
    await factory.sends("推送地址")
    await factory.taps("新建推送地址")
    await factory.sends(receiver.url)
    await repeated(trusting, factory)
    await factory.taps("📮 127.0.0.1", await factory.sees("还没推送过", anywhere=True))
    [before] = await trusting.read(lambda store: store.webhooks.own(1))
    await factory.taps("换签名密钥")
    asked = factory.last
    await factory.taps("确认更换")
    await repeated(trusting, factory)  # Telegram brings the press again
    sure = RotateWebhook(shop=1, hook=key(before), sure=rotation(before))
    pressed = await factory.forges(sure.pack(), asked)  # and it was pressed twice
    assert "刚刚已经换过了" in pressed.text
    [after] = await trusting.read(lambda store: store.webhooks.own(1))
    assert after.sealed_before == before.sealed_secret  # the one in use signs on
    assert len([one for one in await factory.chat() if SECRET.search(one.text)]) == 2
    gone = RemoveWebhook(shop=1, hook=key(before), sure=1)
    await factory.forges(gone.pack(), asked)
    await repeated(trusting, factory)
    assert "这个推送地址已经删除" in (await factory.forges(gone.pack(), asked)).text


async def test_an_address_in_the_houses_network_is_refused_and_staff_see_none(
    company: Company,
) -> None:
    factory = company.factory
    packer = await joins(company.stage, CHEN_XIN, company.factory_number)
    await packer.sends("/webhook")
    assert "店主" in packer.last.text
    chat = await group(company, packer)
    await factory.sends("/webhook", chat_id=chat)
    said = await factory.sees("请到私聊发 /webhook", chat_id=chat, anywhere=True)
    assert "新建" not in "".join(said.labels)
    await factory.sends("/webhook")
    await factory.taps("新建推送地址")
    for url, words in (
        ("http://erp.example.com", "https:// 开头"),
        ("https://10.0.0.1/", "公网域名"),
        ("https://u:p@erp.example.com/", "用户名或密码"),
        (f"https://erp.example.com/{'x' * 500}", "超过 500 个字符"),
    ):
        await factory.sends(url)
        assert words in factory.last.text
    for n in range(3):
        await factory.sends(f"https://erp{n}.example.com/daifa")
        await factory.sees(f"erp{n}.example.com：还没推送过", anywhere=True)
        if n < 2:
            await factory.taps("新建推送地址")
    assert "新建" not in "".join(factory.last.labels)
