"""A large import comes in slice by slice: others are answered meanwhile, a kill loses nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlmodel import col, select

from bot.handlers.importing_apply import APPLY, ImportApplying
from bot.house import Database
from core.entities import Job, Order
from core.ids import key
from core.imports.incoming import Sheet
from core.ports import Store
from core.values import Actor
from storage.store import SqlStore
from tests.cast import LIN_XIAOMAN
from tests.conftest import Company
from tests.conversations.helping import counts, shop_id
from tests.core.firm import incoming
from tests.core.truth import faults

T = TypeVar("T")
ORDERS = 2_300


class Killed(Exception):
    """The process dies here."""


class Between:
    """The house's database; somebody else's press is answered after every write, until a kill."""

    def __init__(self, database: Database, dies_after: int | None = None) -> None:
        self._database, self._left = database, dies_after
        self.seen: list[int] = []

    async def read(self, work: Callable[[Store], T]) -> T:
        return await self._database.read(work)

    async def write(self, work: Callable[[Store], T]) -> T:
        if self._left == 0:
            raise Killed
        if self._left is not None:
            self._left -= 1
        result = await self._database.write(work)
        self.seen.append(await self._database.write(stored))
        return result


def stored(store: Store) -> int:
    assert isinstance(store, SqlStore)
    return len(store.session.scalars(select(col(Order.id))).all())


def wrong(store: Store) -> list[str]:
    assert isinstance(store, SqlStore)
    return faults(store)


async def owed(company: Company) -> Job:
    """Keep a file of many orders and owe its 确认导入, as the pressed button does."""
    house = company.stage.running.house
    shop = await shop_id(company.stage, company.merchant_number)
    orders = tuple(incoming(one) for one in range(ORDERS))

    def owe(store: Store) -> Job:
        account = store.accounts.by_telegram(LIN_XIAOMAN.id)
        assert account is not None
        actor = Actor(key(account), shop)
        draft_id = house.services.importing.keep(
            store, actor, Sheet("doudian", orders, ()), "订单.xlsx", (LIN_XIAOMAN.id, 1)
        )
        seen = house.services.importing.preview(store, actor, draft_id).digest
        return store.jobs.add(
            Job(
                kind=APPLY, shop_id=shop, account_id=key(account), chat_id=LIN_XIAOMAN.id,
                message_id=1, created_at=store.now, lease_until=store.now + timedelta(minutes=5),
                payload={"draft_id": draft_id, "seen": seen, "lang": "zh_CN"},
            )
        )  # fmt: skip

    return await house.database.write(owe)


async def again(company: Company, job: Job) -> Job:
    found = await company.stage.running.house.database.read(lambda s: s.jobs.get(key(job)))
    assert found is not None
    return found


async def test_others_are_answered_while_many_orders_come_in(company: Company) -> None:
    house, bot = company.stage.running.house, company.stage.running.bot
    database = Between(house.database)
    await ImportApplying(replace(house, database=database), bot)(await owed(company))
    assert database.seen[:5] == [0, 1_000, 2_000, 2_300, 2_300]
    done = await company.merchant.sees("✅ 已导入")
    assert "新订单：2300 单" in done.text
    assert any("撤销导入" in label for label in done.labels)


async def test_killed_between_two_slices_the_import_goes_on_and_ends_right(
    company: Company,
) -> None:
    house, bot, merchant = company.stage.running.house, company.stage.running.bot, company.merchant
    job = await owed(company)
    dying = replace(house, database=Between(house.database, dies_after=2))
    with pytest.raises(Killed):
        await ImportApplying(dying, bot)(job)
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 1_000}
    # A second press meanwhile: the first one's work has it.
    second = await house.database.write(lambda store: store.jobs.add(_copy(job, store)))
    await ImportApplying(house, bot)(second)
    standing = await merchant.sees("正在导入")
    assert "还剩 1300 单" in standing.text
    assert not any("撤销" in label for label in standing.labels)
    await ImportApplying(house, bot)(await again(company, job))
    done = await merchant.sees("✅ 已导入")
    assert "新订单：2300 单" in done.text
    assert "已有" not in done.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": ORDERS}
    assert "applied" not in (await again(company, job)).payload
    await ImportApplying(house, bot)(await again(company, job))
    await merchant.sees("已导入过，没有重复")
    assert await company.stage.read(wrong) == []


async def test_an_import_given_up_on_the_way_is_gone_on_with_by_a_press(company: Company) -> None:
    house, bot, merchant = company.stage.running.house, company.stage.running.bot, company.merchant
    job = await owed(company)
    with pytest.raises(Killed):
        await ImportApplying(replace(house, database=Between(house.database, 2)), bot)(job)

    def give_up(store: Store) -> Job:
        lost = store.jobs.get(key(job))
        assert lost is not None
        lost.state = "failed"
        return store.jobs.add(_copy(job, store))

    looking = await house.database.write(give_up)
    looking.payload = {**looking.payload, "seen": "0"}  # a preview that is no longer true
    await ImportApplying(house, bot)(looking)
    shown = await merchant.sees("新订单：1300 单")
    await merchant.taps("确认导入（1300 单）", shown)
    done = await merchant.sees("✅ 已导入")
    assert "新订单：1300 单" in done.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": ORDERS}
    assert await company.stage.read(wrong) == []


def _copy(job: Job, store: Store) -> Job:
    payload = {name: value for name, value in job.payload.items() if name != "applied"}
    return Job(
        kind=APPLY, shop_id=job.shop_id, account_id=job.account_id, chat_id=job.chat_id,
        message_id=1, created_at=store.now, lease_until=store.now + timedelta(minutes=5),
        payload=payload,
    )  # fmt: skip
