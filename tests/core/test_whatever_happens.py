"""Orders change, people are late: a state machine over everybody, and what must always hold.

Hypothesis looks for the shortest way to break a promise. `make test` walks 200 examples; the long
run is `python -m pytest -m long tests/core/test_whatever_happens.py`: 5,000 of 50 steps.
"""

import pkgutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import update
from sqlmodel import col, func, select

from core.answers.asking import Asking
from core.answers.stop_events import Say
from core.assignments.splitting import Choice, SplitPlan
from core.changes.order_news import OrderNews
from core.entities import Alert, Assignment, ChangeNotice, OrderQuestion, Role, Shipment
from core.errors import CoreError
from core.ids import key
from core.shipments.shipping import Question
from core.text.pasting import read_paste
from core.values import Actor
from storage.store import SqlStore
from tests.core.everybody import (
    DEEDS,
    DONE,
    FACTORIES,
    MERCHANTS,
    ORDERS,
    Everybody,
    NothingThere,
    Pick,
    factories,
    merchants,
    numbers,
    picks,
)
from tests.core.firm import START, incoming, line, order_no

LATE_DEEDS = [
    "edits", "platform says", "had left", "judges", "lets go", "waits", "asks", "replies", "splits",
    "keeps a rule", "applies rules", "agrees", "goes on", "asks back", "asks no more", "answers",
    "nudges", "takes back the silent", "pastes what had left", "claims",
]  # fmt: skip


@st.composite
def some_news(draw: st.DrawFn) -> dict[str, Any]:
    """Draw one or two things that somebody says of an order; its lines as quantities."""
    said = {
        "recipient": st.sampled_from(["示例路", "新华路"]),
        "buyer_note": st.sampled_from(["", "周末送"]),
        "seller_note": st.sampled_from(["", "易碎"]),
        "ship_by": st.integers(1, 72).map(lambda n: START + timedelta(hours=n)),
        "lines": st.lists(st.integers(0, 3), min_size=1, max_size=2),
        "held": st.booleans(),
        "after_sale": st.sampled_from(["none", "open", "open", "refunded"]),
        "closed": st.sampled_from(["cancelled", "shipped_elsewhere"]),
    }
    usual = ["recipient", "buyer_note", "ship_by", "lines", "held", "after_sale", "after_sale"]
    fields = draw(st.lists(st.sampled_from([*usual, *said]), min_size=1, max_size=2, unique=True))
    return {field: draw(said[field]) for field in fields}


verdicts: st.SearchStrategy[Any] = st.sampled_from([None, "intercept", "let_go"])


class LatePeople(Everybody):
    """Everybody, with changes through every door, answers of both sides, and the clock."""

    def news(self, store: SqlStore, who: str, n: int, said: dict[str, Any]) -> OrderNews:
        """Return the news of the merchant's nth order."""
        values = dict(said)
        if "recipient" in said:
            values["recipient"] = incoming(1, street=said["recipient"]).recipient
        if "lines" in said:
            counts = enumerate(said["lines"], 1)
            values["lines"] = tuple(line(n, count, which) for which, count in counts)
        return OrderNews(self.order(store, who, n), **values)

    @rule(who=merchants, n=numbers, said=some_news())
    def edits(self, who: str, n: int, said: dict[str, Any]) -> None:
        def work(store: SqlStore) -> None:
            news = replace(self.news(store, who, n, said), by_hand=True)
            self.s.changing.change(store, self.people[who], [news])

        self.does("edits", work)

    @rule(who=merchants, n=numbers, said=some_news(), minutes=st.integers(0, 600))
    def platform_says(self, who: str, n: int, said: dict[str, Any], minutes: int) -> None:
        """It comes late, before or after other news, and once more: that changes nothing."""
        platform = replace(self.people[who], door="platform")
        at = self.watch.now - timedelta(minutes=minutes)

        def work(store: SqlStore) -> str:
            news = replace(self.news(store, who, n, said), at=at)
            return self.s.changing.change(store, platform, [news])[0].kind

        self.does("platform says", work)
        owed = self.desk.visit(alerts_owed)
        try:
            assert self.desk.visit(work) != "changed", "the same news once more"
        except NothingThere:
            return
        assert self.desk.visit(alerts_owed) == owed, "told once more"

    @rule(pick=picks, pieces=st.sampled_from(["", "", " x1"]), say=verdicts)
    def had_left(self, pick: Pick, pieces: str, say: Say | None) -> None:
        """A refund is asked for while the parcel is under way; the merchant decides, or not yet."""
        self.refund_opens(pick)
        said = self.number() + pieces

        def work(store: SqlStore) -> None:
            who, given = self.chosen(store, pick)
            done = self.s.shipping.reply(store, who, given, said)
            if not isinstance(done, Question) or done.kind != "stopped":
                raise NothingThere
            self.s.shipping.left_before(store, who, done.draft_id)

        self.does("had left", work)
        if say is not None:
            self.judges(pick, say)

    @rule(pick=picks)
    def lets_go(self, pick: Pick) -> None:
        self.refund_opens(pick)

        def work(store: SqlStore) -> None:
            who, given = self.chosen(store, pick, "merchant")
            self.s.stopping.let_go(store, who, store.assignments.of(given).order_id)

        self.does("lets go", work)

    def refund_opens(self, pick: Pick) -> None:
        def work(store: SqlStore) -> None:
            who, given = self.chosen(store, pick, "merchant")
            news = OrderNews(store.assignments.of(given).order_id, after_sale="open")
            self.s.changing.change(store, who, [news])

        self.does("refund opens", work)

    @rule(who=factories, orders=st.lists(numbers, min_size=1, unique=True), pick=picks)
    def pastes_what_had_left(self, who: str, orders: Sequence[int], pick: Pick) -> None:
        self.refund_opens(pick)
        text = "\n".join(f"{order_no(one)} {self.number()}" for one in orders)
        lines, origin = read_paste(text), f"message 2 {self.parcels}"

        def work(store: SqlStore) -> None:
            done = self.s.entering.paste(store, self.people[who], lines, origin=origin)
            if not done.stopped:
                raise NothingThere
            self.s.entering.left_before(store, self.people[who], done.draft_id)

        self.does("pastes what had left", work)

    @rule(pick=picks, pieces=st.sampled_from(["", "", " x1"]), say=verdicts, twice=st.booleans(),
          how=st.sampled_from(["recalls", "declines", ""]), elsewhere=st.booleans())  # fmt: skip
    def claims(  # noqa: PLR0917 - everything that may differ
        self, pick: Pick, pieces: str, say: Say | None, twice: bool, how: str, elsewhere: bool
    ) -> None:
        """A factory loses the order, and says that the parcel had left; the merchant decides.

        Others may have it by then.
        """
        mine, said = Pick(pick.which, ""), self.number() + pieces
        if how == "recalls":
            self.recalls(mine)
        elif how == "declines":
            self.declines(mine, "price")
        if elsewhere:
            for who in MERCHANTS:
                self.assigns(who, FACTORIES[pick.which % 2], range(1, ORDERS + 1))

        def work(store: SqlStore) -> None:
            some = col(Assignment.status).in_(["declined", "recalled"])
            over = store.session.scalars(select(Assignment).where(some)).all()
            if not over:
                raise NothingThere
            one = over[pick.which % len(over)]
            who = self.people[pick.stranger] if pick.stranger else self.shop(one.factory_id)
            self.s.shipping.had_left(store, who, key(one), said)

        self.does("claims", work)
        if say is not None:
            self.judges(pick, say, twice=twice)

    def judges(self, pick: Pick, say: Say, *, twice: bool = False) -> None:
        def work(store: SqlStore) -> None:
            asked = store.session.scalars(select(Shipment).where(col(Shipment.verdict) != "")).all()
            if not asked:
                raise NothingThere
            one = asked[pick.which % len(asked)]
            judge, actor = self.s.under_way.judge, self.shop(one.merchant_id)
            judge(store, actor, one.assignment_id, say, twice=twice)

        self.does("judges", work)

    @rule(pick=picks, days=st.integers(1, 3))
    def waits(self, pick: Pick, days: int) -> None:
        hold = self.s.holding.hold_days
        self.does("waits", lambda store: hold(store, *self.chosen(store, pick), days))

    @rule(pick=picks)
    def agrees(self, pick: Pick) -> None:
        self.first("held", lambda: self.waits(Pick(pick.which, ""), 1))
        agree = self.s.holding.agree
        self.does("agrees", lambda store: agree(store, *self.standing(store, pick, "held")))

    @rule(pick=picks)
    def goes_on(self, pick: Pick) -> None:
        self.first("held", lambda: self.waits(Pick(pick.which, ""), 1))
        resume = self.s.holding.resume
        self.does("goes on", lambda store: resume(store, *self.standing(store, pick, "held", 1)))

    @rule(pick=picks)
    def asks_back(self, pick: Pick) -> None:
        one = self.s.recall_asking.one
        self.does("asks back", lambda store: one(store, *self.chosen(store, pick, "merchant")))

    @rule(pick=picks)
    def asks_no_more(self, pick: Pick) -> None:
        self.first("recall_asked", lambda: self.asks_for_one_begun(pick))
        withdraw, at = self.s.recall_asking.withdraw, "recall_asked"
        self.does("asks no more", lambda store: withdraw(store, *self.standing(store, pick, at)))

    def asks_for_one_begun(self, pick: Pick) -> None:
        mine = Pick(pick.which, "")
        self.accepts(mine)
        self.asks_back(mine)

    @rule(pick=picks, agree=st.booleans())
    def answers(self, pick: Pick, agree: bool) -> None:
        self.first("recall_asked", lambda: self.asks_for_one_begun(pick))

        def work(store: SqlStore) -> None:
            who, given = self.standing(store, pick, "recall_asked", 1)
            self.s.recall_asking.answer(store, who, given, agree=agree)

        self.does("answers", work)

    @rule(pick=picks, back=st.booleans())
    def asks(self, pick: Pick, back: bool) -> None:
        asking: Asking = self.s.asking
        side: Role = "merchant" if back else "factory"
        self.does(
            "asks", lambda store: asking.ask(store, *self.chosen(store, pick, side), "蓝色吗？")
        )

    @rule(which=st.integers(0, 9))
    def replies(self, which: int) -> None:
        self.asks(Pick(which, ""), back=False)

        def work(store: SqlStore) -> None:
            asked = store.session.scalars(select(OrderQuestion)).all()
            if not asked:
                raise NothingThere
            one = asked[which % len(asked)]
            self.s.asking.answer(store, self.shop(one.to_shop), key(one), "蓝色")

        self.does("replies", work)

    def divisible(self, store: SqlStore, who: str, n: int) -> SplitPlan:
        """Return the first order of a merchant's, from the nth on, that can be split."""
        for one in range(n, n + ORDERS):
            with suppress(CoreError, NothingThere):
                order_id = self.order(store, who, one % ORDERS + 1)
                return self.s.splitting.plan(store, self.people[who], order_id)
        raise NothingThere

    @rule(who=merchants, n=numbers, factory=factories, counts=st.lists(
        st.integers(0, 2), min_size=2, max_size=2))  # fmt: skip
    def splits(self, who: str, n: int, factory: str, counts: Sequence[int]) -> None:
        def work(store: SqlStore) -> None:
            actor, plan = self.people[who], self.divisible(store, who, n)
            to, choice = self.people[factory].shop_id, Choice(counts, plan.mark)
            self.s.splitting.split(store, actor, key(plan.order), to, choice)

        self.does("splits", work)

    @rule(who=merchants, factory=factories, kind=st.sampled_from(["all", "code", "province"]))
    def keeps_a_rule(self, who: str, factory: str, kind: str) -> None:
        def work(store: SqlStore) -> None:
            actor, word = self.people[who], {"code": "MUG-01", "province": "浙江"}.get(kind, "")
            new = self.s.ruling.looks_for(store, actor, kind, word)
            self.s.ruling.add(store, actor, self.people[factory].shop_id, new.mark)

        self.does("keeps a rule", work)

    @rule(who=merchants, factory=factories)
    def applies_rules(self, who: str, factory: str) -> None:
        """Hand out what stood there before its rule; who has no such rule makes one first."""

        def work(store: SqlStore) -> None:
            actor = self.people[who]
            trial = self.s.auto.trial(store, actor)
            if not trial.orders:
                new = self.s.ruling.looks_for(store, actor, "all", "")
                self.s.ruling.add(store, actor, self.people[factory].shop_id, new.mark)
                trial = self.s.auto.trial(store, actor)
            if not trial.orders:
                raise NothingThere
            self.s.auto.apply(store, actor, trial.mark)

        self.does("applies rules", work)

    @rule(pick=picks, back=st.booleans())
    def loses_patience(self, pick: Pick, back: bool) -> None:
        """Nudge a factory that does nothing, or take its orders back."""
        self.ticks(20)
        act = self.s.due.take_back if back else self.s.due.nudge

        def work(store: SqlStore) -> None:
            who, given = self.standing(store, pick, "assigned")
            act(store, who, store.assignments.of(given).binding_id)

        self.does("takes back the silent" if back else "nudges", work)

    @rule(hours=st.integers(0, 20), arrives=st.booleans())
    def ticks(self, hours: int, *, arrives: bool = True) -> None:
        self.watch.moves(hours=hours)
        self.does("ticks", self.tick)
        if arrives:
            self.desk.visit(all_arrives)

    def tick(self, store: SqlStore) -> None:
        """Do what the house does by the clock alone, of orders."""
        self.s.timing.tell_due(store, 100)
        while self.s.days.tally(store, 10):
            pass
        self.s.digests.adopt(store)
        self.s.digests.tell(store, 100)

    def teardown(self) -> None:
        """In the end all that fell due is told: every change is seen, or the merchant knows."""
        for _ in range(3):
            self.watch.moves(days=7)
            self.desk.visit(self.tick)
            self.desk.visit(all_arrives)
        owed = self.desk.visit(alerts_owed)
        self.desk.visit(self.tick)
        try:
            assert self.desk.visit(alerts_owed) == owed, "told twice"
            slipped = self.desk.visit(lambda store: slips(store, self.watch.now))
            assert not slipped, slipped
        finally:
            super().teardown()

    def first(self, status: str, act: Callable[[], None]) -> None:
        """Do what the rule needs, where no assignment stands so yet."""
        query = select(func.count(col(Assignment.id))).where(col(Assignment.status) == status)
        if not self.desk.visit(lambda store: store.session.scalar(query)):
            act()

    def shop(self, shop_id: int) -> Actor:
        return next(actor for actor in self.people.values() if actor.shop_id == shop_id)

    def standing(
        self, store: SqlStore, pick: Pick, status: str, factory: int = 0
    ) -> tuple[Actor, int]:
        """Return one side of an assignment with this status, or a stranger, and the assignment."""
        query = select(Assignment).where(col(Assignment.status) == status)
        found = store.session.scalars(query.order_by(col(Assignment.id))).all()
        if not found:
            raise NothingThere
        one = found[pick.which % len(found)]
        own = self.shop(one.factory_id if factory else one.merchant_id)
        return self.people[pick.stranger] if pick.stranger else own, key(one)


def all_arrives(store: SqlStore) -> None:
    """Take everything as sent: the courier is not in this."""
    owed = update(Alert).where(col(Alert.state) == "owed")
    store.session.execute(owed.values(state="sent", settled_at=store.now))


def alerts_owed(store: SqlStore) -> int:
    return store.session.scalar(select(func.count()).select_from(Alert)) or 0


def slips(store: SqlStore, now: datetime) -> list[str]:
    """Return what was never told: changes neither seen nor escalated, moments that have passed."""
    query = select(ChangeNotice, Assignment).join(
        Assignment, col(Assignment.id) == col(ChangeNotice.assignment_id)
    )
    told = store.session.execute(query).all()
    unseen = [
        f"{notice} of {given.status}"
        for notice, given in told
        if given.ended_at is None and notice.seen_at is None and notice.escalated_at is None
    ]
    due = [
        one
        for one in store.session.scalars(select(Assignment))
        if any(
            at is not None and at <= now for at in (one.remind_at, one.silent_at, one.hold_due_at)
        )
    ]
    return [*unseen, *map(str, due), *(str(n) for n, _ in told if n.due_at is not None)]


USUAL = settings(
    max_examples=200,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def load_everything() -> None:
    """Load the whole house: Hypothesis draws the constants of loaded modules as well.

    Which examples are walked would else hang on the tests that happened to run before.
    """
    for room in ("app", "bench", "bot", "core", "playground", "storage"):
        house = pkgutil.walk_packages(import_module(room).__path__, f"{room}.")
        for name in (found.name for found in house):
            if not name.endswith("__main__") and "migrations" not in name:
                import_module(name)


def test_whatever_happens_the_promises_hold() -> None:
    load_everything()
    DONE.clear()
    run_state_machine_as_test(LatePeople, settings=USUAL)
    # It is no stroll: every deed was done, not only refused.
    rare = {deed: DONE[deed] for deed in (*DEEDS, *LATE_DEEDS) if DONE[deed] < 3}
    assert not rare, DONE


@pytest.mark.long
def test_whatever_happens_for_long_the_promises_hold() -> None:
    long = settings(USUAL, max_examples=5_000, stateful_step_count=50, derandomize=False)
    run_state_machine_as_test(LatePeople, settings=long)
