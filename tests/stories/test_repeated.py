"""Every update of a whole story comes again, later: nothing changes, the present screen is shown.

Telegram repeats an update whose answer it did not get; ours to take it once.
"""

import hashlib
import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import cast

import pytest
from sqlmodel import select

from core.entities import Job
from core.ports import Store
from playground.phone import Phone
from playground.seen import M
from storage.store import SqlStore
from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, Row, Stage, export, order_no
from tests.conftest import Company
from tests.waiting import Bell

FIRST_UPDATE = 500_000_001  # of a new playground
# Business tables; of alerts only what is owed to whom, for the courier is at work meanwhile.
TABLES = {
    "shop": "*", "member": "*", "ship_from": "*", "binding": "*", "orders": "*",
    "order_line": "*", "order_change": "*", "recipient": "*", "assignment": "*",
    "assignment_piece": "*", "shipment": "*", "shipment_piece": "*", "counter": "*", "audit": "*",
    "look": "*", "account": "*", "talk": "*", "assign_draft": "*", "assign_draft_item": "*",
    "import_draft": "id, state", "ship_draft": "*", "invite": "*",
    "job": "id, kind, state, attempts", "alert": "id, chat_id, event, payload, doubtful",
}  # fmt: skip
NUMBER, RIGHT_NUMBER = "SF1234567890123", "SF1234567890124"


@dataclass
class Script:
    """The main story and its side ways in steps, and which updates each step brought."""

    stage: Stage
    rng: random.Random
    known: dict[str, str] = field(default_factory=dict)
    due: dict[int, list[int]] = field(default_factory=dict)
    newest: int = FIRST_UPDATE - 1

    @property
    def merchant(self) -> Phone:
        return self.stage.phone(LIN_XIAOMAN)

    @property
    def factory(self) -> Phone:
        return self.stage.phone(WANG_DALI)

    @property
    def newcomer(self) -> Phone:
        return self.stage.phone(CHEN_XIN)

    @property
    def steps(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self.opens, self.binds, self.is_asked, self.is_refused, self.imports, self.assigns,
            self.takes_back, self.answers, self.changes, self.ships, self.looks_round, self.unbinds,
        ]  # fmt: skip

    def state(self) -> dict[str, str]:
        """Return a hash of each business table."""
        address = f"file:{self.stage.settings.database_path}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as raw:
            return {
                table: hashlib.sha256(
                    repr(
                        raw.execute(f"SELECT {what} FROM {table} ORDER BY 1, 2").fetchall()
                    ).encode()
                ).hexdigest()
                for table, what in TABLES.items()
            }

    async def plays(self) -> int:
        """Play every step; after it repeat the updates whose time has come. Returns how many."""
        repeated = 0
        for place, step in enumerate(self.steps):
            await step()
            await self.rests()
            people = [LIN_XIAOMAN, WANG_DALI, CHEN_XIN]
            last = max(self.stage.phone(one).update_id or 0 for one in people)
            for update in range(self.newest + 1, last + 1):
                when = self.rng.randrange(place, len(self.steps))
                self.due.setdefault(when, []).append(update)
            self.newest = last
            repeats = self.due.pop(place, [])
            self.rng.shuffle(repeats)
            for update in repeats:
                before = self.state()
                await comes_again(self.stage, update)
                after = self.state()
                changed = [table for table in TABLES if before[table] != after[table]]
                assert not changed, f"update {update} came again after step {place}: {changed}"
            repeated += len(repeats)
        return repeated

    async def rests(self) -> None:
        """Wait until no work is under way: a job is done a moment after its result is seen."""
        database = self.stage.running.database

        def idle(store: Store) -> bool:
            waiting = select(Job.id).where(Job.state == "waiting")
            return cast("SqlStore", store).session.scalars(waiting).first() is None

        async def rests() -> bool:
            return await database.read(idle)

        await Bell(database).until(rests)

    async def opens(self) -> None:
        self.known["factory"] = await self.stage.opens_shop(self.factory, "厂家", "大力日用百货厂")
        self.known["merchant"] = await self.stage.opens_shop(self.merchant, "商家", "小满优选")

    async def binds(self) -> None:
        await self.stage.binds(self.merchant, self.factory, self.known["factory"])

    async def is_asked(self) -> None:
        await self.stage.opens_shop(self.newcomer, "商家", "陈新小店")
        await self.newcomer.sends("绑定")

    async def is_refused(self) -> None:
        """The question of the step before is still open, whatever came again meanwhile."""
        await self.newcomer.sends(self.known["factory"])
        await self.factory.sees("陈新小店", anywhere=True)
        await self.factory.taps("拒绝")
        await self.newcomer.sees("被拒绝")
        await self.newcomer.sends(f"/bind {self.known['factory']}")
        await self.newcomer.taps("取消绑定申请")
        await self.factory.sees("取消了绑定申请", anywhere=True)

    async def imports(self) -> None:
        await self.brings(*(Row(order_no(one), hours=20 + one) for one in range(1, 7)))

    async def brings(self, *rows: Row) -> None:
        await self.merchant.uploads("订单.xlsx", export(rows))
        await self.merchant.sees("以上为预览")
        await self.merchant.taps("确认导入")

    async def assigns(self) -> None:
        await self.merchant.sends("/assign")
        await self.merchant.taps("去勾选")
        for one in (1, 2, 3):
            await self.merchant.taps(order_no(one)[-6:])
        await self.merchant.taps("分配已选")
        await self.merchant.taps("确认分配")
        await self.merchant.sends(f"/assign {order_no(4)} {order_no(5)} {self.known['factory']}")
        await self.factory.sees(order_no(5), anywhere=True)

    async def takes_back(self) -> None:
        await self.merchant.sends(f"/orders {order_no(5)}")
        await self.merchant.taps("撤回")
        await self.factory.sees("商家已撤回", anywhere=True)

    async def answers(self) -> None:
        await self.factory.taps("接单", await self.factory.sees(order_no(1), anywhere=True))
        await self.factory.taps("查看收件信息", await self.factory.sees(order_no(2), anywhere=True))
        declined = await self.factory.sees(order_no(3), anywhere=True)
        await self.factory.taps("拒单", declined)
        await self.factory.taps("停产")
        await self.merchant.sees("拒单", anywhere=True)

    async def changes(self) -> None:
        await self.brings(Row(order_no(1), hours=21, buyer_note="周末送"))
        card = await self.factory.sees("周末送", anywhere=True)
        await self.factory.taps("已知晓", card)
        await self.merchant.sees("已知晓变更", anywhere=True)

    async def ships(self) -> None:
        await self.factory.sends("/orders")
        await self.factory.taps("陶瓷马克杯")
        await self.factory.replies(self.factory.last, NUMBER)
        await self.factory.replies(await self.factory.sees("✅ 已发货"), RIGHT_NUMBER)
        await self.merchant.sees(RIGHT_NUMBER, anywhere=True)

    async def looks_round(self) -> None:
        await self.merchant.sends("/orders 已发货")
        await self.merchant.sends("/export")
        await self.merchant.taps("今天")
        await self.merchant.sends("厂家")
        await self.merchant.taps("大力")
        await self.merchant.taps("备注名")
        await self.merchant.sends("老王")
        await self.factory.sends("/link")
        await self.factory.taps("更换链接")
        await self.factory.taps("确定更换")
        await self.factory.sends("/shop")
        await self.factory.taps("店铺名称")
        await self.factory.sends("大力百货")
        await self.factory.sends("/lang")
        await self.factory.taps("English")
        await self.factory.sends("/lang")
        await self.factory.taps("中文")

    async def unbinds(self) -> None:
        await self.merchant.sends("/factories")
        await self.merchant.taps("老王")
        await self.merchant.taps("解绑")
        await self.merchant.taps("收回未发货订单并解绑")
        await self.factory.sends("/cancel")
        await self.newcomer.sends("谢谢")


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_update_repeated_later_changes_nothing(stage: Stage, seed: int) -> None:
    repeated = await Script(stage, random.Random(seed)).plays()
    assert repeated >= 65


async def test_a_repeated_tap_shows_what_stands_now(stage: Stage) -> None:
    """The factory accepts, the order ships, and the tap comes again: the card says shipped."""
    script = Script(stage, random.Random(1))
    for step in script.steps[:6]:
        await step()
    factory = stage.phone(WANG_DALI)
    card = await factory.sees(order_no(1), anywhere=True)
    tapped = await factory.taps("接单", card)
    await factory.replies(card, NUMBER)
    await factory.sees("✅ 已发货")
    assert tapped.update_id is not None
    state = script.state()
    await comes_again(stage, tapped.update_id)
    assert script.state() == state
    shown = next(one for one in await factory.chat() if one.message_id == card.message_id)
    assert "已发货" in shown.text
    assert NUMBER in shown.text


async def comes_again(stage: Stage, update: int | None) -> None:
    """Let Telegram deliver the update once more; returns when it was taken."""
    address, client = f"{stage.address}/api/updates/{update}", stage.client
    (await client.post(f"{address}/repeat")).raise_for_status()
    taken = await client.get(address, params={"wait": 20}, timeout=30)
    assert taken.json()["acknowledged"], f"update {update} was not taken again"


async def test_what_was_refused_is_not_done_when_it_comes_again(company: Company) -> None:
    merchant = company.merchant
    await merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    refused = merchant.update_id
    await company.stage.imports(merchant, [Row(order_no(1))])
    await comes_again(company.stage, refused)
    await merchant.sends("/orders 待分配")
    assert order_no(1)[-6:] in "".join(merchant.last.labels)


async def test_a_text_is_no_answer_to_a_question_asked_after_it(company: Company) -> None:
    merchant = company.merchant
    await merchant.sends("易碎")
    before = merchant.update_id
    await merchant.sends("/factories")
    await merchant.taps("大力日用百货厂")
    await merchant.taps("备注")
    await comes_again(company.stage, before)
    await merchant.sends("老王家")
    await merchant.sends("/factories")
    assert "老王家" in "".join(merchant.last.labels) + merchant.last.text


async def test_a_question_that_comes_again_stays_open_and_lies_over_no_later_one(
    company: Company,
) -> None:
    merchant, stage = company.merchant, company.stage
    await merchant.sends("/start")
    await merchant.taps("导出")
    asked = merchant.last
    pressed = merchant.update_id
    await comes_again(stage, pressed)
    assert await now(merchant, asked) == asked.text
    await merchant.sends("/shop")
    await merchant.taps("店铺名称")
    await comes_again(stage, pressed)
    assert await now(merchant, asked) == asked.text
    await merchant.sends("小满优选二店")
    assert "小满优选二店" in merchant.last.text


async def now(phone: Phone, message: M) -> str:
    """Return what a message says now."""
    return next(one.text for one in await phone.chat() if one.message_id == message.message_id)
