"""What happens is posted to a shop's address: signed, tried again, given up, never lost."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlmodel import select

from api.posting import Poster
from api.sending import Sender
from core.entities import FeedItem, Webhook
from core.ids import key
from core.programs.delivering import LEASE, PAUSES, SLICE, SPREAD, Delivering, Outcome
from core.programs.targets import fit_url
from core.programs.webhook_errors import WebhookUrlUnfit
from core.programs.webhooks import Target, WebhookView
from core.values import Rules
from storage.errors import DatabaseBusy
from storage.rows import insert_rows
from storage.store import SqlStore
from tests.api.receiving import Receiver, receiving
from tests.core.firm import Firm, founded, incoming
from tests.machinery.floor import until

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


T = TypeVar("T")
LATEST = 1 + SPREAD  # of each pause
LAST = Delivering(lambda: 1.0)  # whatever fails comes back as late as it may


@dataclass
class Post:
    """A firm whose factory is told what happens at its own address."""

    firm: Firm
    receiver: Receiver
    webhook_id: int
    sender: Sender
    poster: Poster
    woken: asyncio.Event

    async def assigns(self, *numbers: int) -> None:
        """Give the factory these orders."""
        await self.firm.imports([incoming(n) for n in numbers])
        await self.firm.assigns(*numbers)

    async def gets(self, n: int) -> list[str]:
        """Wait until so many messages came; returns their ids."""
        await until(lambda: asyncio.sleep(0, len(self.receiver.received)), lambda got: got >= n)
        return self.receiver.ids

    async def webhook(self) -> Webhook:
        """Return it as it stands."""
        return (await self.view()).webhook

    async def view(self) -> WebhookView:
        """Return how it goes."""
        one = self.firm.services.programs.webhooks.one
        return await self.firm.sees(one, self.firm.factory, self.webhook_id)

    async def settled(self) -> None:
        """Wait until everything that happened is sent."""
        look = self.firm.services.programs.delivering.look
        await until(
            lambda: self.firm.database.read(lambda store: look(store, 1, {})),
            lambda seen: not seen.now and seen.next is None,
        )

    async def looked(self) -> None:
        """Wait until the sender has nothing to do but to wait."""
        await until(lambda: asyncio.sleep(0, self.sender.waiting), bool)

    async def tried(self, times: int) -> None:
        """Wait until the one message there is has failed so often."""
        every, tries = range(1, 100), self.firm.looks
        await until(
            lambda: tries(lambda store: store.webhooks.tries(self.webhook_id, every)),
            lambda found: list(found.values()) == [times],
        )

    def later(self, by: timedelta) -> None:
        """Move the clock past a pause, spread as it is, and let the sender look at it."""
        self.firm.watch.now += by * LATEST
        self.sender.wrote()


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """The factory's program listens, on a network the operator trusts."""
    async with founded(tmp_path, Rules(webhooks_private=True)) as firm, receiving() as receiver:
        await firm.binds()
        adding = firm.services.programs.webhooks.add
        made = await firm.does(adding, firm.factory, receiver.url)
        receiver.secret = made.secret
        async with Poster.open(private=True) as poster:
            woken = asyncio.Event()
            sender = sender_of(firm, poster, woken)
            async with running(sender):
                yield Post(firm, receiver, key(made.webhook), sender, poster, woken)


def sender_of(firm: Firm, poster: Poster, woken: asyncio.Event | None = None) -> Sender:
    sender = Sender(firm.database, LAST, poster, lambda: None, woken)
    firm.database.after_write(sender.wrote)
    return sender


@contextlib.asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[None]:
    working = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def test_what_happens_is_posted_at_once_signed_and_without_a_recipient(post: Post) -> None:
    await post.assigns(1)
    await post.gets(1)
    [one] = post.receiver.received
    order = await post.firm.order(1)
    assert one.id.startswith(f"msg_{post.webhook_id}_")
    assert one.body["type"] == "assignment.created"
    assert one.body["timestamp"] == "2026-03-02T01:00:00Z"
    assert set(one.body["data"]) == {"id", "order_id", "assignment_id", "door"}
    assert one.body["data"]["order_id"] == order.id
    await post.settled()
    assert (await post.view()).owed == 0
    assert (await post.webhook()).ok_at == post.firm.watch.now


async def test_what_fails_is_tried_again_under_the_same_id_until_it_is_received(
    post: Post,
) -> None:
    post.receiver.answers = [500, 302, 200]
    await post.assigns(1)
    await post.tried(1)
    assert (await post.webhook()).why == "status_500"
    post.later(PAUSES[0])
    await post.tried(2)
    assert (await post.webhook()).why == "redirected"
    assert len(post.receiver.received) == 2  # it leads to the receiver itself: not followed
    post.later(PAUSES[1])
    assert len(set(await post.gets(3))) == 1
    healed = await until(post.webhook, lambda one: one.failing_since is None)
    assert (healed.why, healed.disabled_at) == ("", None)


async def test_after_three_days_it_is_switched_off_and_the_shop_is_told_once(post: Post) -> None:
    post.receiver.answers = [503]
    await post.assigns(1)
    for place, pause in enumerate(PAUSES, 1):
        await post.tried(place)
        post.later(pause)
    off = await until(post.webhook, lambda one: one.disabled_at is not None)
    assert len(post.receiver.received) == len(PAUSES) + 1
    all_pauses = sum((one * LATEST for one in PAUSES), timedelta())
    assert off.disabled_at - off.created_at == all_pauses  # type: ignore[operator]
    assert await post.firm.owed("WebhookDisabled") == 1
    await post.assigns(2)
    assert (await post.view()).owed == 0

    post.receiver.answers, using = [200], post.firm.services.programs.webhooks
    await post.firm.does(using.resume, post.firm.factory, post.webhook_id)
    post.woken.set()  # as whoever switches one on does
    post.receiver.received.clear()
    # Orders 1 and 2: the first was assigned more than three days ago.
    assert await post.firm.does(using.replay, post.firm.factory, post.webhook_id, 72) == 1
    await post.gets(1)
    assert post.receiver.received[0].body["data"]["order_id"] == (await post.firm.order(2)).id


async def test_one_that_is_gone_is_switched_off_at_once(post: Post) -> None:
    post.receiver.answers = [410]
    await post.assigns(1)
    off = await until(post.webhook, lambda one: one.disabled_at is not None)
    assert off.why == "gone"
    assert await post.firm.owed("WebhookDisabled") == 1


async def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(post: Post) -> None:
    using = post.firm.services.programs.webhooks
    made = await post.firm.does(using.rotate, post.firm.factory, post.webhook_id)
    await post.assigns(1)  # the receiver still verifies with the old secret
    await post.gets(1)
    post.receiver.secret = made.secret
    await post.assigns(2)
    await post.gets(2)
    await post.settled()  # or its lease would end in a day's leap, and it be sent once more
    post.firm.watch.moves(hours=24)
    await post.assigns(3)
    await post.gets(3)
    assert [one.signatures for one in post.receiver.received] == [2, 2, 1]


async def test_what_happened_is_sent_again_under_the_same_ids(post: Post) -> None:
    await post.assigns(1, 2)
    first = sorted(await post.gets(2))
    await post.settled()
    using = post.firm.services.programs.webhooks
    await post.firm.does(using.replay, post.firm.factory, post.webhook_id, 1)
    again = await post.gets(4)
    assert sorted(again[2:]) == first


async def test_whose_maker_has_left_is_sent_nothing_any_more(post: Post) -> None:
    firm = post.firm
    heir = await firm.database.write(
        lambda store: key(firm.services.accounts.meet(store, 9, "陈新"))
    )
    await firm.database.write(lambda store: store.shops.join(firm.factory.shop_id, heir))
    await firm.does(firm.services.staffing.hand_over, firm.factory, heir)
    await firm.does(firm.services.staffing.leave, firm.factory)
    await post.assigns(1)
    await post.settled()
    assert post.receiver.received == []


async def test_a_house_that_dies_sends_again_and_loses_nothing(tmp_path: Path) -> None:
    class Dying:
        """Takes a letter and is never heard of again."""

        def __init__(self) -> None:
            self.took: list[str] = []

        async def post(self, target: Target, message_id: str, body: str) -> object:
            self.took.append(message_id)
            return await asyncio.Event().wait()

    async with founded(tmp_path, Rules(webhooks_private=True)) as firm, receiving() as receiver:
        await firm.binds()
        made = await firm.does(firm.services.programs.webhooks.add, firm.factory, receiver.url)
        receiver.secret, dying = made.secret, Dying()
        async with running(sender_of(firm, dying)):  # type: ignore[arg-type]
            await firm.imports([incoming(n) for n in range(1, 7)])
            await firm.assigns(*range(1, 7))
            await until(lambda: asyncio.sleep(0, len(dying.took)), lambda n: n == 4)
        async with Poster.open(private=True) as poster:
            sender = sender_of(firm, poster)
            async with running(sender):
                firm.watch.now += LEASE
                sender.wrote()
                await until(lambda: asyncio.sleep(0, len(set(receiver.ids))), lambda n: n == 6)
    assert set(dying.took) < set(receiver.ids)


async def test_many_at_once_are_owed_in_slices_so_that_others_write_between(tmp_path: Path) -> None:
    def happen(store: SqlStore) -> None:
        [item] = store.session.scalars(select(FeedItem).limit(1))
        one = {"shop_id": firm.factory.shop_id, "audit_id": item.audit_id,
               "order_id": item.order_id, "at": store.now}  # fmt: skip
        insert_rows(store.session, FeedItem, [one] * (10_000 - 1))

    async with founded(tmp_path) as firm:
        using, delivering = firm.services.programs.webhooks, firm.services.programs.delivering
        await firm.binds()
        made = await firm.does(using.add, firm.factory, "https://erp.example.com/daifa")
        await firm.imports([incoming(1)])
        await firm.assigns(1)
        await firm.database.write(happen)
        slices, more = [0], True
        while more:
            more = await firm.database.write(delivering.owe)
            slices.append(await firm.looks(lambda s: s.webhooks.owed(key(made.webhook), 20_000)))
    assert slices == list(range(0, 10_001, SLICE))


class Turning(AbstractResolver):
    """A name that means something else each time it is asked."""

    def __init__(self, port: int) -> None:
        self.asked = 0
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port,
                              family=socket.AF_INET, proto=0, flags=0)]  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_name_that_turns_private_is_refused_when_it_is_called() -> None:
    async with receiving() as receiver:
        port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
        resolver = Turning(port)
        url = fit_url("https://erp.example.com/daifa", private=False)
        async with Poster.open(private=False, resolver=resolver) as poster:
            posted = await poster.ping(Target(1, url, [SECRET]))
    assert (posted.status, posted.why, resolver.asked) == (None, "private", 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "2130706433", "127.1"])
async def test_no_way_to_write_an_address_leads_into_the_house(host: str) -> None:
    with pytest.raises(WebhookUrlUnfit):
        fit_url(f"https://{host}/", private=False)
    async with receiving() as receiver, Poster.open(private=False) as poster:
        url = receiver.url.replace("127.0.0.1", host)
        posted = await poster.ping(Target(1, url, [SECRET]))
    assert posted.status is None
    assert receiver.received == []


async def test_one_message_that_is_refused_is_given_up_alone_while_others_get_through(
    tmp_path: Path,
) -> None:
    async with founded(tmp_path) as firm:
        using, delivering = firm.services.programs.webhooks, Delivering(lambda: 0.0)
        await firm.binds()
        made = await firm.does(using.add, firm.factory, "https://erp.example.com/daifa")
        webhook_id = key(made.webhook)

        async def sends() -> int:
            """Send what is due; the first order's event is refused. Returns how many were due."""
            await firm.database.write(delivering.owe)
            letters = await firm.database.write(lambda store: delivering.claim(store, 9, {}))
            outcomes = [
                Outcome(webhook_id, one.feed_id, "" if one.feed_id > 1 else "status_422")
                for one in sorted(letters, key=lambda one: one.feed_id)
            ]
            await firm.database.write(lambda store: delivering.settle(store, outcomes))
            return len(letters)

        for number in range(1, len(PAUSES) + 2):
            await firm.imports([incoming(number)])
            await firm.assigns(number)
            while await sends():
                pass
            firm.watch.now += PAUSES[min(number, len(PAUSES)) - 1]
        view = await firm.sees(using.one, firm.factory, webhook_id)
        assert (view.webhook.given_up, view.owed, view.webhook.disabled_at) == (1, 0, None)
        assert await firm.owed("WebhookDisabled") == 0


async def test_what_the_feed_forgets_is_owed_no_more(tmp_path: Path) -> None:
    async with founded(tmp_path) as firm:
        programs = firm.services.programs
        await firm.binds()
        made = await firm.does(programs.webhooks.add, firm.factory, "https://erp.example.com/daifa")
        await firm.imports([incoming(n) for n in (1, 2)])
        await firm.assigns(1, 2)
        await firm.database.write(programs.delivering.owe)
        firm.watch.now += timedelta(days=31)
        await firm.database.write(programs.feed.forget)
        one = programs.webhooks.one
        assert (await firm.sees(one, firm.factory, key(made.webhook))).owed == 1


async def test_a_receiver_that_asks_for_peace_is_left_alone_with_all_its_messages(
    post: Post,
) -> None:
    post.receiver.answers, post.receiver.after = [503, 429, 200], "1200"
    await post.assigns(1)
    await post.tried(1)
    await post.assigns(2)  # due at once, and yet it waits too
    post.later(PAUSES[0])
    await post.looked()
    assert len(post.receiver.received) == 1
    post.receiver.after = "Mon, 02 Mar 2026 01:00:00 GMT"  # a date that is over asks for nothing
    post.firm.watch.now += timedelta(seconds=1200)
    post.sender.wrote()
    await post.gets(2)

    async def owed() -> int:
        post.later(PAUSES[1])  # behind its pause, whenever its refusal was heard
        return (await post.view()).owed

    await until(owed, lambda n: not n)


@pytest.mark.parametrize("after", ["", "soon", "-1", "9" * 40, "Mon, 99 Mar 2026", "１２"])
async def test_whatever_a_receiver_answers_after_it_is_tried_again(post: Post, after: str) -> None:
    post.receiver.answers, post.receiver.after = [503, 200], after
    await post.assigns(1)
    await post.tried(1)
    post.later(timedelta(hours=24))
    await post.gets(2)


async def test_two_webhooks_of_a_shop_are_served_apart(post: Post) -> None:
    using, firm = post.firm.services.programs.webhooks, post.firm
    async with receiving() as second:
        made = await firm.does(using.add, firm.factory, second.url)
        second.secret = made.secret
        post.receiver.answers = [500]
        await post.assigns(1)
        await post.tried(1)
        await until(second.count, lambda n: n == 1)
        await firm.does(using.remove, firm.factory, post.webhook_id)
        await post.assigns(2)
        await until(second.count, lambda n: n == 2)
    assert len(post.receiver.received) == 1
    assert [one.body["type"] for one in second.received] == ["assignment.created"] * 2
    # The same event has an id of its own at each of them.
    assert second.received[0].id != post.receiver.received[0].id
    assert second.received[0].body["data"] == post.receiver.received[0].body["data"]


async def test_what_just_happened_does_not_wait_behind_what_is_sent_again(tmp_path: Path) -> None:
    def happened_before(store: SqlStore) -> None:
        [item] = store.session.scalars(select(FeedItem).limit(1))
        one = {"shop_id": firm.factory.shop_id, "audit_id": item.audit_id,
               "order_id": item.order_id, "at": store.now}  # fmt: skip
        insert_rows(store.session, FeedItem, [one] * (2 * SLICE))

    async with founded(tmp_path) as firm:
        using = firm.services.programs.webhooks
        await firm.binds()
        made = await firm.does(using.add, firm.factory, "https://erp.example.com/daifa")
        await firm.imports([incoming(n) for n in (1, 2)])
        await firm.assigns(1)
        await firm.database.write(happened_before)
        while await firm.database.write(LAST.owe):
            pass
        await firm.database.write(lambda store: store.webhooks.drop(key(made.webhook)))
        firm.watch.moves(hours=2)
        await firm.does(using.replay, firm.factory, key(made.webhook), 24)
        await firm.database.write(LAST.owe)
        await firm.assigns(2)
        while await firm.database.write(LAST.owe):
            pass
        first, *_ = await firm.database.write(lambda store: LAST.claim(store, 9, {}))
        newest = await firm.looks(lambda store: store.programs.kept()[1])
    assert first.feed_id == newest


class Shaky:
    """A database that fails now and then; counts how often it is asked."""

    def __init__(self, firm: Firm, failures: int = 0) -> None:
        self._database, self._failures, self.asked = firm.database, failures, 0

    async def read(self, work: Callable[[SqlStore], T]) -> T:
        self.asked += 1
        if self._failures:
            self._failures -= 1
            raise DatabaseBusy(Path("daifa.sqlite3"))
        return await self._database.read(work)

    async def write(self, work: Callable[[SqlStore], T]) -> T:
        return await self._database.write(work)


async def test_a_database_that_fails_ends_nothing(tmp_path: Path) -> None:
    async with founded(tmp_path, Rules(webhooks_private=True)) as firm, receiving() as receiver:
        await firm.binds()
        made = await firm.does(firm.services.programs.webhooks.add, firm.factory, receiver.url)
        receiver.secret = made.secret
        await firm.imports([incoming(1)])
        await firm.assigns(1)
        async with Poster.open(private=True) as poster:
            sender = Sender(Shaky(firm, 2), LAST, poster, lambda: None, retry=0.01)
            async with running(sender):
                await until(receiver.count, lambda n: n == 1)


async def test_where_there_is_no_webhook_a_write_wakes_nobody_until_one_is_added(
    tmp_path: Path,
) -> None:
    async with founded(tmp_path, Rules(webhooks_private=True)) as firm, receiving() as receiver:
        await firm.binds()
        woken, database = asyncio.Event(), Shaky(firm)
        async with Poster.open(private=True) as poster:
            sender = Sender(database, LAST, poster, lambda: None, woken)
            firm.database.after_write(sender.wrote)
            async with running(sender):
                await until(lambda: asyncio.sleep(0, database.asked), lambda n: n == 1)
                await firm.imports([incoming(n) for n in (1, 2)])
                await firm.assigns(1)
                assert database.asked == 1
                adding = firm.services.programs.webhooks.add
                made = await firm.does(adding, firm.factory, receiver.url)
                receiver.secret = made.secret
                woken.set()
                await until(lambda: asyncio.sleep(0, database.asked), lambda n: n > 1)
                await firm.assigns(2)
                await until(receiver.count, lambda n: n == 1)
