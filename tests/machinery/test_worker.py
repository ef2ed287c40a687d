"""Long work is done in the background, tried again, given up aloud, and survives restarts."""

import asyncio
from datetime import timedelta
from typing import cast

import pytest

from bot.worker import Worker
from core.entities import Job
from core.ids import key
from core.ports import Store
from tests.machinery.conftest import Run
from tests.machinery.floor import LIN, Floor, Moody, until


class Desk:
    """The doer of `read_file`, and who is told of a failure."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.failed: list[int] = []
        self.failures = 0
        self.go = asyncio.Event()
        self.go.set()
        self.now = self.most = 0

    async def do(self, job: Job) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.go.wait()
            if self.failures:
                self.failures -= 1
                raise OSError("the network")
            self.done.append(key(job))
        finally:
            self.now -= 1

    async def tell(self, job: Job) -> None:
        self.failed.append(key(job))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def worker(floor: Floor, desk: Desk, lease: timedelta = timedelta(minutes=5)) -> Worker:
    doers = {"read_file": desk.do}
    return Worker(floor.house, doers, desk.tell, retry=timedelta(0), lease=lease, look=5)


async def asks(floor: Floor, kind: str = "read_file") -> int:
    def work(store: Store) -> int:
        job = Job(
            kind=kind, shop_id=floor.shops.merchant.shop_id, chat_id=LIN, message_id=1, payload={},
            account_id=floor.shops.merchant.account_id, created_at=store.now,
        )  # fmt: skip
        return key(store.jobs.add(job))

    job_id = await floor.write(work)
    floor.house.jobs.set()
    return job_id


async def job_of(floor: Floor, job_id: int) -> Job:
    job = await floor.read(lambda store: store.jobs.get(job_id))
    assert job is not None
    return job


async def ended(floor: Floor, job_id: int) -> Job:
    return await until(lambda: job_of(floor, job_id), lambda job: job.state != "waiting")


async def test_work_asked_for_while_the_worker_waits_is_done_at_once(
    floor: Floor, desk: Desk, run: Run
) -> None:
    run(worker(floor, desk).run())
    await asyncio.sleep(0)
    job_id = await asks(floor)
    assert (await ended(floor, job_id)).state == "done"
    assert desk.done == [job_id]


async def test_two_jobs_at_once_and_no_more(floor: Floor, desk: Desk, run: Run) -> None:
    desk.go.clear()
    jobs = [await asks(floor) for _ in range(5)]
    run(worker(floor, desk).run())

    async def busy() -> int:
        return desk.now

    await until(busy, lambda now: now == 2)
    desk.go.set()
    for job_id in jobs:
        await ended(floor, job_id)
    assert desk.done == jobs
    assert desk.most == 2


async def test_a_job_that_failed_twice_is_tried_a_third_time(
    floor: Floor, desk: Desk, run: Run
) -> None:
    desk.failures = 2
    job_id = await asks(floor)
    run(worker(floor, desk).run())
    job = await ended(floor, job_id)
    assert (job.state, job.attempts) == ("done", 3)
    assert desk.failed == []


async def test_after_three_failures_the_person_is_told(floor: Floor, desk: Desk, run: Run) -> None:
    desk.failures = 3
    job_id, unknown = await asks(floor), await asks(floor, "nobody can do this")
    run(worker(floor, desk).run())
    for each in (job_id, unknown):
        assert (await ended(floor, each)).state == "failed"

    async def told() -> list[int]:
        return sorted(desk.failed)

    await until(told, lambda failed: failed == [job_id, unknown])


async def test_a_job_of_a_run_that_died_is_taken_up_again_after_its_lease(
    floor: Floor, desk: Desk, run: Run
) -> None:
    job_id = await asks(floor)
    await floor.write(lambda store: store.jobs.claim(store.now + timedelta(minutes=5)))
    run(worker(floor, desk).run())
    other = await asks(floor)
    await ended(floor, other)
    assert desk.done == [other]
    floor.clock.passes(minutes=5)
    floor.house.jobs.set()
    await ended(floor, job_id)
    assert desk.done == [other, job_id]


async def test_a_job_that_kills_its_process_is_given_up(floor: Floor, desk: Desk, run: Run) -> None:
    job_id = await asks(floor)
    for _ in range(3):
        await floor.write(lambda store: store.jobs.claim(store.now))
    run(worker(floor, desk).run())
    assert (await ended(floor, job_id)).state == "failed"
    assert desk.done == []


async def test_long_work_keeps_its_lease(floor: Floor, desk: Desk, run: Run) -> None:
    desk.go.clear()
    job_id = await asks(floor)
    run(worker(floor, desk, lease=timedelta(seconds=0.1)).run())
    first = await until(lambda: job_of(floor, job_id), lambda job: job.lease_until is not None)
    floor.clock.passes(seconds=60)
    renewed = await until(
        lambda: job_of(floor, job_id), lambda job: job.lease_until != first.lease_until
    )
    assert renewed.attempts == 1
    desk.go.set()
    assert (await ended(floor, job_id)).attempts == 1


async def test_a_clock_set_forward_does_not_have_work_under_way_done_a_second_time(
    floor: Floor, desk: Desk, run: Run
) -> None:
    desk.go.clear()
    first = await asks(floor)
    run(worker(floor, desk).run())
    await until(lambda: job_of(floor, first), lambda job: job.attempts > 0)
    floor.clock.passes(days=1)
    other = await asks(floor)
    floor.house.jobs.set()
    await until(lambda: job_of(floor, other), lambda job: job.attempts > 0)
    desk.go.set()
    for one in (first, other):
        await ended(floor, one)
    assert sorted(desk.done) == [first, other]


async def test_a_busy_database_is_asked_again(floor: Floor, desk: Desk, run: Run) -> None:
    job_id = await asks(floor)
    moody = Worker(
        floor.moody(refusals=1), {"read_file": desk.do}, desk.tell, retry=timedelta(0), look=0.05
    )
    run(moody.run())
    assert (await ended(floor, job_id)).state == "done"


async def test_a_cancellation_from_within_is_a_failure_like_any_other(
    floor: Floor, desk: Desk, run: Run
) -> None:
    async def slips(job: Job) -> None:
        raise asyncio.CancelledError

    job_id = await asks(floor)
    run(Worker(floor.house, {"read_file": slips}, desk.tell, retry=timedelta(0)).run())
    assert (await ended(floor, job_id)).state == "failed"


async def test_ending_puts_unfinished_work_back_without_counting_a_failure(
    floor: Floor, desk: Desk, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.PATIENCE", 0)
    desk.go.clear()
    job_id = await asks(floor)
    working = run(worker(floor, desk).run())
    await until(lambda: job_of(floor, job_id), lambda job: job.attempts == 1)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    job = await job_of(floor, job_id)
    assert (job.state, job.attempts, job.lease_until) == ("waiting", 0, None)


async def test_ending_does_the_work_it_was_just_taking(floor: Floor, desk: Desk, run: Run) -> None:
    house = floor.moody(refusals=0)
    answers = cast("Moody", house.database).answers
    answers.clear()
    job_id = await asks(floor)
    working = run(Worker(house, {"read_file": desk.do}, desk.tell).run())
    await until(lambda: job_of(floor, job_id), lambda job: job.attempts == 1)
    working.cancel()
    await asyncio.sleep(0)
    answers.set()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert (await job_of(floor, job_id)).state == "done"


async def test_who_asked_is_told_before_work_is_given_up_for_good(
    floor: Floor, desk: Desk, run: Run
) -> None:
    """Were it the other way round, a kill in between would leave them waiting for ever."""
    stood: list[str] = []

    async def tell(job: Job) -> None:
        stood.append((await job_of(floor, key(job))).state)
        raise RuntimeError("the chat takes no messages")

    async def fails(job: Job) -> None:
        raise ValueError

    job_id = await asks(floor)
    run(Worker(floor.house, {"read_file": fails}, tell, retry=timedelta(0)).run())
    assert (await ended(floor, job_id)).state == "failed"
    assert stood == ["waiting"]
