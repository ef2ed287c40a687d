"""An operator suspends a shop while everything runs: it waits, loses nothing, and goes on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import cli
from app.suspending import NoSuchShop, resumed, suspended
from core.people import suspending
from core.platforms.facts import Grant
from core.programs.errors import KeyRefused
from core.values import Actor
from storage.store import SqlStore
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports
from tests.core.firm import Firm, founded, incoming

WHY = "资质过期，请找运营 @daifa_ops"


async def wakes(company: Company) -> None:
    """The courier looks now, and not only after some seconds: the words came from elsewhere."""
    company.stage.running.house.owed.set()


async def test_a_factory_is_suspended_and_goes_on_with_all_it_had(company: Company) -> None:
    factory, merchant, settings = company.factory, company.merchant, company.stage.settings
    [card, _] = await assigned(company, Row(order_no(1)), Row(order_no(2)))
    await imports(company, Row(order_no(3)))
    said = await suspended(settings, company.factory_number.lower(), WHY)
    assert "大力日用百货厂 is suspended" in said
    await wakes(company)
    own = await factory.sees("已被暂停", anywhere=True)
    assert "不会丢" in own.text
    assert WHY in own.text
    across = await merchant.sees("大力日用百货厂 已被暂停", anywhere=True)
    assert "改派" in across.text

    # Its people press old buttons and write: each time they hear why, and nothing happens.
    for label in ("接单", "查看收件信息", "填写单号"):
        answer = await factory.taps(label, card)
        assert "已被暂停" in answer.text
        assert WHY in answer.text
    await factory.replies(card, "SF1234567890123")
    assert WHY in factory.last.text
    await factory.sends("/orders")
    assert WHY in factory.last.text
    assert not any("13912345678" in one.text for one in await factory.chat())

    # The merchant can give it nothing, and is free to take back what it has.
    await merchant.sends(f"/assign {order_no(3)} {company.factory_number}")
    assert "已被运营方暂停" in merchant.last.text
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("撤回")
    assert not any("请勿发货" in one.text for one in await factory.chat())

    # What it missed comes when it goes on, and everything works as before.
    assert "goes on" in await resumed(settings, company.factory_number)
    await wakes(company)
    await factory.sees("已恢复", anywhere=True)
    await factory.sees("请勿发货", anywhere=True)
    await merchant.sees("大力日用百货厂 已恢复", anywhere=True)
    await merchant.sends(f"/assign {order_no(3)} {company.factory_number}")
    third = await factory.sees(order_no(3), anywhere=True)
    await factory.taps("接单", third)
    await factory.sees("已接单", anywhere=True)


async def test_no_recipient_of_a_suspended_merchant_is_shown(company: Company) -> None:
    factory = company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await suspended(company.stage.settings, company.merchant_number, "")
    await wakes(company)
    told = await factory.sees("小满优选 已被暂停", anywhere=True)
    assert "收件信息" in told.text
    answer = await factory.taps("查看收件信息", card)
    assert "小满优选 已被运营方暂停" in answer.text
    await factory.sends("/orders")
    await factory.taps("面单")
    assert not any("13912345678" in one.text for one in await factory.chat())
    # What has left has left: its number is kept, and told when the merchant goes on.
    await factory.replies(card, "SF1234567890123")
    await factory.sees("已发货", anywhere=True)
    assert not any("SF1234567890123" in one.text for one in await company.merchant.chat())
    await company.merchant.sends("/orders")
    assert "请联系本机器人的运营方" in company.merchant.last.text
    await resumed(company.stage.settings, company.merchant_number)
    await wakes(company)
    await company.merchant.sees("SF1234567890123", anywhere=True)


async def test_keys_addresses_platforms_and_rules_wait(firm: Firm) -> None:
    """And are there again as they were, once the shop goes on."""
    use, merchant, platforms = firm.services.programs, firm.merchant, firm.services.platforms
    made = await firm.does(use.keys.make, merchant, "ERP", ["orders"])
    await firm.does(use.webhooks.add, merchant, "https://erp.example/daifa")
    word = await firm.does(platforms.linking.begin, merchant, "doudian")
    grant = Grant("4463001", "小满优选", "access", "refresh", firm.watch.now + timedelta(days=7))
    await firm.database.write(lambda s: platforms.linking.finish(s, "doudian", word, grant))
    await firm.imports([incoming(1)])
    await firm.database.write(use.delivering.owe)
    number = firm.numbers["merchant"]
    await firm.database.write(lambda store: suspending.suspend(store, number))

    def looked(store: SqlStore) -> tuple[object, ...]:
        return store.platforms.due([]), store.platforms.next_due()

    assert await firm.looks(looked) == (None, None)
    assert not await firm.database.write(lambda store: use.delivering.claim(store, 9, {}))
    with pytest.raises(KeyRefused):
        await firm.looks(lambda store: use.keys.prove(store, made.token, "orders"))
    # A rule that gives to a suspended factory gives nothing.
    await firm.database.write(lambda store: suspending.resume(store, number))
    await firm.does(firm.services.ruling.begin, merchant, "all")
    rule = await firm.does(firm.services.ruling.looks_for, merchant, "all", "")
    await firm.does(firm.services.ruling.add, merchant, firm.factory.shop_id, rule.mark)
    theirs = firm.numbers["factory"]
    await firm.database.write(lambda store: suspending.suspend(store, theirs))
    await firm.imports([incoming(2)])
    assert (await firm.order(2)).status == "unassigned"
    await firm.database.write(lambda store: suspending.resume(store, theirs))
    await firm.imports([incoming(3)])
    assert (await firm.order(3)).status == "assigned"

    assert (await firm.looks(lambda store: store.platforms.due([]))) is not None
    assert await firm.database.write(lambda store: use.delivering.claim(store, 9, {}))
    held = await firm.looks(lambda store: use.keys.prove(store, made.token, "orders"))
    assert held.actor == Actor(merchant.account_id, merchant.shop_id, "api")


async def test_suspended_twice_only_the_words_change(firm: Firm) -> None:
    number = firm.numbers["factory"]
    for why in ("一", "二"):
        words = why
        await firm.database.write(lambda store, w=words: suspending.suspend(store, number, w))  # type: ignore[misc]
    shop = await firm.looks(lambda store: store.shops.by_number(number))
    assert shop is not None
    assert shop.suspended_why == "二"
    assert await firm.owed("ShopWaits") == 1
    for _ in range(2):
        await firm.database.write(lambda store: suspending.resume(store, number))
    assert await firm.owed("ShopWaits") == 2


async def test_a_number_nobody_has_is_said_so(company: Company) -> None:
    for number in ("F000000", "nonsense"):
        with pytest.raises(NoSuchShop, match=number):
            await suspended(company.stage.settings, number, "")


def test_the_command_line_names_both() -> None:
    told = CliRunner().invoke(cli.app, ["shop", "--help"]).output
    assert "suspend" in told
    assert "resume" in told


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    """A merchant and a factory, bound."""
    async with founded(tmp_path) as firm:
        await firm.binds()
        yield firm
