"""接口密钥 in chat: made for a program, shown once, rotated, ended; nobody's but the owner's."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from app.facing import start_http
from bot.sweeper import Sweeper
from playground.phone import Phone
from tests.api.test_orders import order
from tests.cast import CHEN_XIN
from tests.conftest import Company
from tests.conversations.at_work import group
from tests.conversations.helping import joins

TOKEN = re.compile(r"daifa_[\w-]{43}")


@pytest.fixture
async def programs(company: Company) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the house's API, on its own port."""
    stage = company.stage
    address = start_http(stage.settings.model_copy(update={"port": 0}), stage.running)
    async with httpx.AsyncClient(base_url=address) as client:
        yield client


async def reads(programs: httpx.AsyncClient, token: str) -> int:
    """Return what a program with this token is answered."""
    headers = {"Authorization": f"Bearer {token}"}
    return (await programs.get("/v1/assignments", headers=headers)).status_code


async def makes(phone: Phone, name: str) -> str:
    """Make a key in chat; returns its token."""
    await phone.sends("/apikey")
    await phone.taps("新建密钥")
    await phone.taps("下一步")
    await phone.sends(name)
    return await token_shown(phone)


async def token_shown(phone: Phone) -> str:
    shown = await phone.sees("只显示这一次", anywhere=True)
    [token] = TOKEN.findall(shown.text)
    assert shown.protected
    return str(token)


async def sweep(company: Company) -> None:
    """Five minutes later the house removes what must vanish."""
    company.stage.clock.ahead += timedelta(minutes=6)
    await Sweeper(company.stage.running.house, company.stage.running.bot).sweep()


async def test_a_key_is_named_shown_once_used_rotated_and_ended(
    company: Company, programs: httpx.AsyncClient
) -> None:
    factory = company.factory
    await factory.sends("接口密钥")
    assert "还没有密钥" in factory.last.text
    await factory.taps("新建密钥")
    await factory.taps("看完整收件信息")
    await factory.taps("下一步")
    await factory.sends("名" * 41)
    assert "1–40 个字" in factory.last.text
    await factory.sends("打单软件")
    first = await token_shown(factory)
    listed = await factory.sees("还没用过", anywhere=True)
    assert f"打单软件（…{first[-4:]}）" in listed.text
    assert await reads(programs, first) == 200

    await sweep(company)
    assert not [each for each in await factory.chat() if TOKEN.search(each.text)]
    await factory.taps("🔑 打单软件", listed)
    card = await factory.sees("权限：", anywhere=True)
    assert "看订单（收件信息打码）；接单、拒单、发货" in card.text
    assert "完整" not in card.text
    assert "最近使用" in card.text
    await factory.taps("轮换", card)
    await factory.taps("确认轮换")
    second = await token_shown(factory)
    assert [await reads(programs, one) for one in (first, second)] == [200, 200]

    listed = await factory.sees("失效", anywhere=True)
    await factory.taps(f"…{second[-4:]}", listed)
    await factory.taps("停用")
    await factory.taps("确认停用")
    assert [await reads(programs, one) for one in (first, second)] == [200, 401]
    company.stage.clock.ahead += timedelta(hours=25)
    assert await reads(programs, first) == 401
    await factory.sends("/apikey")
    assert "还没有密钥" in factory.last.text


async def test_keys_are_the_owners_and_are_shown_in_private_only(company: Company) -> None:
    factory = company.factory
    packer = await joins(company.stage, CHEN_XIN, company.factory_number)
    await packer.sends("/apikey")
    assert "店主" in packer.last.text
    chat = await group(company, packer)
    await factory.sends("/apikey", chat_id=chat)
    said = await factory.sees("请到私聊发 /apikey", chat_id=chat, anywhere=True)
    assert "新建" not in "".join(said.labels)


async def test_a_key_of_who_has_left_the_shop_opens_nothing(
    company: Company, programs: httpx.AsyncClient
) -> None:
    factory = company.factory
    token = await makes(factory, "打单")
    heir = await joins(company.stage, CHEN_XIN, company.factory_number)
    await factory.sends("/staff")
    await factory.taps("陈新")
    await factory.taps("移交店主")
    await factory.taps("确认移交")
    assert await reads(programs, token) == 200
    await factory.sends("/staff")
    await factory.taps("退出店铺")
    await factory.taps("确认退出")
    assert await reads(programs, token) == 401
    await heir.sends("/apikey")
    assert "还没有密钥" in heir.last.text


async def test_the_history_says_which_sides_program_it_was(
    company: Company, programs: httpx.AsyncClient
) -> None:
    merchant, factory = company.merchant, company.factory
    erp, printer = await makes(merchant, "ERP"), await makes(factory, "打单")

    async def posts(token: str, path: str, body: object = None) -> dict[str, list[dict[str, int]]]:
        bearer = {"Authorization": f"Bearer {token}"}
        done = await programs.post(f"/v1/{path}", json=body, headers=bearer)
        assert done.status_code == 200, done.text
        return dict(done.json())

    [pushed] = (await posts(erp, "orders", {"orders": [order(1)]}))["results"]
    body = {"factory": company.factory_number, "order_ids": [pushed["order_id"]]}
    [given] = (await posts(erp, "assignments", body))["results"]
    await posts(printer, f"assignments/{given['assignment_id']}/accept")
    await merchant.sends("/why ERP-0001")
    mine = await merchant.sees("接单", anywhere=True)
    assert mine.text.count("（商家系统）") == 2
    assert mine.text.count("（打单系统）") == 1
    await factory.sends("/why ERP-0001")
    theirs = await factory.sees("（打单系统）", anywhere=True)
    assert "（商家系统）" in theirs.text
