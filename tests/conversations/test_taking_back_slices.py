"""Thousands are taken back slice by slice: others go between, a kill or a mistake loses nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.handlers import importing_job, recalling_job
from bot.handlers.importing_undo import UNDO, UndoneByWorker
from bot.handlers.recalling_job import RECALL, RecallWork
from bot.house import House
from bot.jobs import Failed
from core.entities import Alert, Assignment, Job, Order
from core.ids import key
from core.imports.incoming import Sheet
from core.ports import Store
from core.values import Actor
from storage.store import SqlStore
from tests.cast import LIN_XIAOMAN
from tests.conftest import Company
from tests.conversations.helping import counts, shop_id
from tests.conversations.test_importing_slices import Between, Killed, again, wrong
from tests.core.firm import incoming

ORDERS = 1_200


async def given(company: Company, kind: str) -> Job:
    """Bring so many orders in, hand them all to the factory, and owe the work that takes back."""
    house = company.stage.running.house
    shop, services = await shop_id(company.stage, company.merchant_number), house.services
    sheet = Sheet("doudian", tuple(incoming(one, hours=9_000) for one in range(ORDERS)), ())
    factory = await shop_id(company.stage, company.factory_number)

    def work(store: Store) -> Job:
        account = store.accounts.by_telegram(LIN_XIAOMAN.id)
        assert account is not None
        actor = Actor(key(account), shop)
        draft = services.importing.keep(store, actor, sheet, "订单.xlsx", (LIN_XIAOMAN.id, 1))
        services.importing.confirm(store, actor, draft)
        chosen = services.assigning.take_all(store, actor)
        batch = services.assigning.dry_run(store, actor, chosen.draft_id, factory).draft_id
        services.assigning.confirm(store, actor, batch)
        return owed(store, kind, actor, draft if kind == UNDO else batch)

    return await house.database.write(work)


def owed(store: Store, kind: str, actor: Actor, draft_id: int) -> Job:
    return store.jobs.add(
        Job(
            kind=kind, shop_id=actor.shop_id, account_id=actor.account_id, message_id=1,
            chat_id=LIN_XIAOMAN.id, created_at=store.now,
            lease_until=store.now + timedelta(minutes=5),
            payload={"draft_id": draft_id, "lang": "zh_CN"},
        )
    )  # fmt: skip


async def every(company: Company, column: Any, *which: Any) -> list[Any]:
    """Return this of every row."""

    def look(store: Any) -> list[Any]:
        return list(store.session.scalars(select(column).where(*which)))

    return await company.stage.read(look)


async def told(company: Company) -> list[Any]:
    """Return what the factory was told about what was taken back."""
    events = ("OrdersRecalled", "OrderRecalled")
    return await every(company, Alert.payload, col(Alert.event).in_(events))


async def states(company: Company) -> Counter[str]:
    return Counter(await every(company, Assignment.status))


def accepts_last(store: Store) -> None:
    """Somebody of the factory begins with the last order meanwhile."""
    assert isinstance(store, SqlStore)
    last = store.session.scalars(select(Assignment).order_by(col(Assignment.id).desc())).first()
    assert last is not None
    store.assignments.accept_many([key(last)])


Doer = Callable[[House, Any], RecallWork | UndoneByWorker]


@pytest.mark.parametrize(("kind", "doer"), [(RECALL, RecallWork), (UNDO, UndoneByWorker)])
async def test_killed_half_way_it_goes_on_leaves_what_was_begun_meanwhile_and_tells_once(
    company: Company, kind: str, doer: Doer
) -> None:
    house, bot = company.stage.running.house, company.stage.running.bot
    job = await given(company, kind)
    with pytest.raises(Killed):
        await doer(replace(house, database=Between(house.database, dies_after=2)), bot)(job)
    assert await states(company) == {"recalled": 500, "assigned": 700}
    assert await told(company) == []
    # Another press meanwhile leaves it to the first one's work.
    second = await house.database.write(
        lambda store: owed(store, kind, Actor(job.account_id, job.shop_id),
                           job.payload["draft_id"])
    )  # fmt: skip
    await doer(house, bot)(second)
    await company.merchant.sees("正在撤回" if kind == RECALL else "已撤销", anywhere=True)
    assert await states(company) == {"recalled": 500, "assigned": 700}
    await house.database.write(accepts_last)
    between = Between(house.database)
    await doer(replace(house, database=between), bot)(await again(company, job))
    assert len(between.seen) >= 4  # somebody else's press was answered after each slice
    [once] = await told(company)
    assert once["count"] == 1_199
    assert await states(company) == {"recalled": 1_199, "accepted": 1}
    ended = await company.merchant.sees("1199 单", anywhere=True)
    assert "厂家已接单" in ended.text
    # As after a crash between the last commit and the answer.
    await doer(house, bot)(await again(company, job))
    assert len(await told(company)) == 1
    assert await house.database.read(wrong) == []
    tab = "undone" if kind == UNDO else "unassigned"
    assert (await counts(company.stage, company.merchant_number))[tab] == 1_199
    if kind == UNDO:
        assert await every(company, Order.tab, col(Order.tab) != "undone") == ["to_ship"]


@pytest.mark.parametrize(
    ("kind", "doer", "go_on"),
    [(RECALL, RecallWork, "继续撤回"), (UNDO, UndoneByWorker, "继续撤销")],
)
async def test_given_up_half_way_the_factory_hears_of_it_and_the_next_press_does_the_rest(
    company: Company, kind: str, doer: Doer, go_on: str
) -> None:
    house, bot = company.stage.running.house, company.stage.running.bot
    job = await given(company, kind)
    with pytest.raises(Killed):
        await doer(replace(house, database=Between(house.database, dies_after=3)), bot)(job)

    def give_up(store: Store) -> None:
        stored = store.jobs.get(key(job))
        assert stored is not None
        stored.state, stored.lease_until = "failed", None

    await house.database.write(give_up)
    rooms = (importing_job, recalling_job)
    screens = {one: screen for room in rooms for one, screen in room.GAVE_UP.items()}
    await Failed(house, bot, screens, {**importing_job.SETTLE, **recalling_job.SETTLE})(job)
    assert [one["count"] for one in await told(company)] == [1_000]
    await company.merchant.sees("中途停下", anywhere=True)
    await company.merchant.taps(go_on)
    done = "已撤回 1200 单" if kind == RECALL else "已移出 1200 单"
    await company.merchant.sees(done, anywhere=True)
    assert [one["count"] for one in await told(company)] == [1_000, 200]
    assert await states(company) == {"recalled": 1_200}
    assert await house.database.read(wrong) == []
