"""Older cards and digests follow an act on many orders, wherever they are still on a screen."""

import asyncio
from datetime import timedelta

from core.entities import Card
from core.ports import Store
from playground.phone import Phone
from playground.seen import M
from tests.cast import CHEN_XIN, Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import imports
from tests.conversations.helping import joins, shop_id
from tests.conversations.test_batches import given


async def now_says(phone: Phone, message_id: int, text: str) -> M:
    """Return the message as soon as it says so."""
    async with asyncio.timeout(10):
        while True:
            found = next(one for one in await phone.chat() if one.message_id == message_id)
            if text in found.text:
                return found


async def test_a_colleagues_digest_and_the_merchants_cards_follow_what_was_answered_for_all(
    company: Company,
) -> None:
    factory, merchant = company.factory, company.merchant
    colleague = await joins(company.stage, CHEN_XIN, company.factory_number)
    digest = await given(company, 7)
    theirs = await colleague.sees("分来 7 单", anywhere=True)
    await merchant.sends(f"/orders {order_no(1)}")
    card = merchant.last
    await factory.taps("全部接单（7）", digest)
    pressed = await factory.sees("已接 7 单", anywhere=True)
    followed = await colleague.sees("已接单 7", anywhere=True)
    assert followed.message_id == theirs.message_id
    assert not any("全部接单" in one for one in followed.labels)
    assert followed.document is not None  # the packing list stays with it
    await now_says(factory, pressed.message_id, "已接 7 单")  # who pressed keeps the answer
    await factory.taps("拒单", pressed)
    await factory.taps("停产")
    await now_says(merchant, card.message_id, "待分配")
    await now_says(colleague, theirs.message_id, "已拒单 7")


async def test_an_open_card_follows_a_file_that_changes_many_and_a_batch_taken_back(
    company: Company,
) -> None:
    factory, merchant = company.factory, company.merchant
    digest = await given(company, 7)
    batch = merchant.last
    await factory.sends("/orders")
    await factory.taps("奶白色 ×2")
    card = factory.last
    rows = [
        Row(order_no(one), pieces=2, product="陶瓷马克杯" if one % 3 else "双层玻璃杯",
            hours=20 + one, buyer_note="周末再送") for one in range(1, 8)
    ]  # fmt: skip
    await imports(company, *rows)
    await factory.sees("变更了 7 单", anywhere=True)
    await now_says(factory, card.message_id, "周末再送")
    await merchant.taps("撤回", batch)
    await merchant.taps("确定撤回")
    await factory.sees("撤回了 7 单", anywhere=True)
    await now_says(factory, card.message_id, "商家已撤回")
    after = await now_says(factory, digest.message_id, "已撤回 7")
    assert not any("接单" in one for one in after.labels)


async def test_the_newest_cards_of_a_chat_follow_and_what_was_shown_since_is_left(
    company: Company,
) -> None:
    await given(company, 7)
    house, shop = company.stage.running.house, await shop_id(company.stage, company.factory_number)
    here = house.bot_id, company.factory.person_id, shop

    def shown(store: Store) -> None:
        for one in range(1, 8):
            store.chats.remember(
                Card(bot_id=house.bot_id, chat_id=here[1], message_id=900 + one, shop_id=shop,
                     kind="assignment", ref_id=one, shown_at=store.now - timedelta(days=one == 3))
            )  # fmt: skip

    await house.database.write(shown)
    old = await house.database.read(lambda store: store.chats.outdated_cards(*here, 7))
    assert [one.message_id for one in old] == [903]
    assert await house.database.read(lambda store: store.chats.outdated_cards(*here, 4)) == []
    assert await house.database.read(
        lambda store: store.chats.outdated_cards(here[0], here[1], shop + 1, 7)
    ) == []  # fmt: skip
    await house.database.write(lambda store: store.chats.redrawn(old[0], store.now))
    assert await house.database.read(lambda store: store.chats.outdated_cards(*here, 7)) == []
