"""Thousands are answered slice by slice: others go between, a kill loses nothing, one is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from bot.handlers import answering_job
from bot.handlers.answering_job import ANSWER, AnswerWork
from bot.handlers.recalling_job import RECALL
from bot.jobs import Failed
from core.entities import Alert, Job
from core.ids import key
from core.ports import Store
from core.text.periods import china_day
from tests.cast import WANG_DALI
from tests.conftest import Company
from tests.conversations.helping import shop_id
from tests.conversations.test_importing_slices import Between, Killed, again, wrong
from tests.conversations.test_taking_back_slices import ORDERS as MANY
from tests.conversations.test_taking_back_slices import accepts_last, every, given, states

SAYS = {"accept": {}, "decline": {"why": "price"}, "hold": {"until": "", "why": "釉料没到"}}
BECOMES = {"accept": "accepted", "decline": "declined", "hold": "held"}
TELLS = {"accept": None, "decline": "OrdersDeclined", "hold": "OrdersHeld"}


async def owed(company: Company, say: str) -> Job:
    """Bring very many orders to the factory, and owe the work that answers for them."""
    house = company.stage.running.house
    batch = (await given(company, RECALL)).payload["draft_id"]
    shop = await shop_id(company.stage, company.factory_number)

    def work(store: Store) -> Job:
        account = store.accounts.by_telegram(WANG_DALI.id)
        assert account is not None
        said: dict[str, Any] = {"why": "", "until": "", "here": False, **SAYS[say]}
        if say == "hold":
            said["until"] = (china_day(store.now) + timedelta(days=3)).isoformat()
        return store.jobs.add(
            Job(
                kind=ANSWER, shop_id=shop, account_id=key(account), message_id=1,
                chat_id=WANG_DALI.id, created_at=store.now,
                lease_until=store.now + timedelta(minutes=5),
                payload={"of": "batch", "ref": batch, "lang": "zh_CN", **said},
            )
        )  # fmt: skip

    return await house.database.write(work)


async def told(company: Company, say: str) -> list[int]:
    """Return how many orders each message to the merchant was about."""
    found = await every(company, Alert.payload, col(Alert.event) == TELLS[say])
    return [one["count"] for one in found]


@pytest.mark.parametrize("say", SAYS)
async def test_killed_half_way_it_goes_on_and_the_merchant_hears_once(
    company: Company, say: str
) -> None:
    house, bot = company.stage.running.house, company.stage.running.bot
    job = await owed(company, say)
    with pytest.raises(Killed):
        await AnswerWork(replace(house, database=Between(house.database, dies_after=2)), bot)(job)
    assert await states(company) == {BECOMES[say]: 500, "assigned": MANY - 500}
    assert await told(company, say) == []
    await house.database.write(accepts_last)
    between = Between(house.database)
    await AnswerWork(replace(house, database=between), bot)(await again(company, job))
    assert len(between.seen) >= 3  # somebody else's press was answered after each slice
    assert (await states(company))[BECOMES[say]] == MANY
    done = MANY - (say == "accept")
    await company.factory.sees(f"{done} 单", anywhere=True)
    assert await told(company, say) == ([MANY] if TELLS[say] else [])
    # As after a crash between the last commit and the answer.
    await AnswerWork(house, bot)(await again(company, job))
    assert await told(company, say) == ([MANY] if TELLS[say] else [])
    assert await house.database.read(wrong) == []


async def test_given_up_half_way_the_merchant_hears_and_the_next_press_does_the_rest(
    company: Company,
) -> None:
    house, bot = company.stage.running.house, company.stage.running.bot
    job = await owed(company, "decline")
    with pytest.raises(Killed):
        await AnswerWork(replace(house, database=Between(house.database, dies_after=3)), bot)(job)

    def give_up(store: Store) -> None:
        stored = store.jobs.get(key(job))
        assert stored is not None
        stored.state, stored.lease_until = "failed", None

    await house.database.write(give_up)
    await Failed(house, bot, answering_job.GAVE_UP, answering_job.SETTLE)(job)
    assert await told(company, "decline") == [1_000]
    stopped = await company.factory.sees("没有全部完成", anywhere=True)
    await company.factory.taps("返回", stopped)
    await company.factory.taps("全部拒单")
    await company.factory.taps("价格")
    await company.factory.sees("已拒 200 单", anywhere=True)
    assert await told(company, "decline") == [1_000, 200]
    assert await states(company) == {"declined": MANY}
    assert await house.database.read(wrong) == []
