"""代打代发: an encrypted order is printed and shipped, and nobody ever sees the address."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from playground.phone import Phone
from playground.seen import M
from tests.conversations.paper import barcodes
from tests.sandbox.conftest import FACTORY
from tests.stories.test_platforms import Market, arrived, links, market

__all__ = ["market"]


async def links_factory(market: Market) -> None:
    """The factory lets us into its shop on the platform, as the merchant does."""
    factory = market.company.factory
    await factory.sends("/platform")
    await factory.taps("连接抖店")
    address = (await factory.taps("去抖店授权")).url
    assert address is not None
    async with httpx.AsyncClient(follow_redirects=False) as browser:
        agreed = await browser.post(address, data={"shop": str(FACTORY)})
        back = await browser.get(agreed.headers["location"])
    assert back.status_code == 200, back.text


async def gives(market: Market, count: int) -> list[Any]:
    """So many encrypted orders are assigned, on the platform too."""
    orders = [await market.operator.order() for _ in range(count)]
    for order in orders:
        await arrived(market, order["id"])

    async def bound_there() -> bool:
        [link] = await market.stage.read(lambda store: store.platforms.own(1))
        return link.partners_at is not None

    await market.bell.until(bound_there)
    numbers = " ".join(order["id"] for order in orders)
    await market.company.merchant.sends(f"/assign {numbers} {market.company.factory_number}")
    await market.company.factory.sees(
        orders[-1]["id"] if count < 6 else f"{count} 单", anywhere=True
    )
    for order in orders:
        await given_there(market, order)
    return orders


async def given_there(market: Market, order: Any) -> None:
    """The platform has been told that the factory has it."""

    async def told() -> bool:
        [found] = await market.stage.read(lambda store: store.orders.find(1, order["id"]))
        calls = await market.stage.read(lambda store: store.platforms.calls_of(found.id or 0))
        return [(one.kind, one.state) for one in calls] == [("assign", "done")]

    await market.bell.until(told)


def secrets(orders: list[Any]) -> list[str]:
    """What nobody but the carrier may know; one buyer is called as the merchant is."""
    parts = ("name", "phone", "detail")
    told = [order["recipient"][part] for order in orders for part in parts]
    return [one for one in told if one != "林小满"]


def on_disk(folder: Path) -> bytes:
    """Everything the house has written; the sandbox is the platform, and knows."""
    return b"".join(
        one.read_bytes() for one in folder.rglob("*sqlite3*") if "sandbox" not in one.name
    )


async def number_there(market: Market, order: Any) -> str:
    """The number of its parcel, once the platform has been told."""

    async def acknowledged() -> bool:
        [found] = await market.stage.read(lambda store: store.orders.find(1, order["id"]))
        calls = await market.stage.read(lambda store: store.platforms.calls_of(found.id or 0))
        return [one.state for one in calls if one.kind == "ship"] == ["done"]

    await market.bell.until(acknowledged)
    parcels = (await market.operator.get(f"orders/{order['id']}"))["parcels"]
    [number] = {one["number"] for one in parcels}  # its factory tells it line by line
    return str(number)


async def file_of(phone: Phone) -> tuple[M, bytes]:
    [*_, last] = [one for one in await phone.chat() if one.from_bot and one.document]
    return last, await phone.downloads(last)


async def test_a_batch_is_drawn_printed_and_shipped_and_nobody_saw_where_to(
    market: Market, tmp_path: Path
) -> None:
    merchant, factory = market.company.merchant, market.company.factory
    await links(market)
    await links_factory(market)
    orders = await gives(market, 6)
    digest = await factory.sees("6 单", anywhere=True)
    await factory.taps("面单", digest)
    unprinted = await factory.sees("请先取电子面单：6 单", anywhere=True)
    await factory.taps("取电子面单（6）", unprinted)
    await factory.taps("圆通速递", await factory.sees("发哪家快递？", anywhere=True))
    drawn = await factory.sees("已取 6 张电子面单", anywhere=True)
    assert drawn.text.count("YT88") == 6
    await factory.taps("打印面单", drawn)
    printed = await factory.sees("6 张面单已发到你的私聊", anywhere=True)
    file, pdf = await file_of(factory)
    assert "面单上没有收件信息" in file.text
    numbers = barcodes(pdf)
    assert sorted(numbers) == sorted(line.split()[1] for line in drawn.text.splitlines()[1:7])
    await factory.taps("已打印的都发货（6）", printed)
    await factory.taps("确认已寄出", await factory.sees("按电子面单单号发货？", anywhere=True))
    await factory.sees("已发货 6 单", anywhere=True)
    await merchant.sees("已发货 6 单", anywhere=True)
    assert sorted([await number_there(market, order) for order in orders]) == sorted(numbers)
    chats = [one.text for phone in (merchant, factory) for one in await phone.chat()]
    kept = await asyncio.to_thread(on_disk, tmp_path)
    assert kept
    for secret in secrets(orders):
        assert secret not in "\n".join(chats)
        assert secret.encode() not in kept + pdf


async def test_one_order_by_its_card_the_number_given_back_and_another_drawn(
    market: Market,
) -> None:
    factory = market.company.factory
    await links(market)
    await links_factory(market)
    [order] = await gives(market, 1)
    card = await factory.sees("新订单", anywhere=True)
    await market.operator.post("stock", factory=FACTORY, company="shunfeng", left=0)
    tag = card.text.split("🏷 ")[1][:4]
    await factory.sends(tag)
    await factory.taps("🧾 取电子面单")
    await factory.taps("顺丰速运", await factory.sees("发哪家快递？", anywhere=True))
    none = await factory.sees("1 单没有取到", anywhere=True)
    assert f"该快递的电子面单余额不足，请到平台充值：1 单（{tag}）" in none.text
    await factory.taps("再取一次", none)
    await factory.taps("圆通速递", await factory.sees("发哪家快递？", anywhere=True))
    drawn = await factory.sees("已取 1 张电子面单", anywhere=True)
    number = next(word for word in drawn.text.split() if word.startswith("YT"))
    await factory.sends(tag)
    card = await factory.sees("，未打印", anywhere=True)
    await factory.replies(card, "YT8800000000999")
    doubt = await factory.sees("与这单取到的电子面单不一致", anywhere=True)
    await factory.taps("不是这个", doubt)
    await factory.sends(tag)
    await factory.taps("退回面单")
    await factory.taps("确认退回", await factory.sees(f"{number} 退回平台？", anywhere=True))
    card = await factory.sees(f"{number} 正在退回，请勿使用这张面单", anywhere=True)
    await factory.replies(card, "YT8800000000999")
    await factory.sees("已发货", anywhere=True)
    assert await number_there(market, order) == "YT8800000000999"
