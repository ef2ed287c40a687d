"""自动分配: handing orders out by the merchant's rules, as they arrive or when asked.

Set-based: however many orders, each factory gets one batch and is told once. Only whole orders that
nobody has touched go; what stays has its reason. An order a factory has given back, or that was
taken back from it, does not go there again by a rule.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.assignments.assigning import tell_assigned
from core.assignments.rule_matching import Decision, LiveRule, Matcher, OrderFacts
from core.assignments.ruling import RuleView, Ruling
from core.assignments.selecting import BATCH_LIMIT
from core.entities import AssignDraft
from core.ids import key
from core.ports import Store
from core.values import Actor

NAMED = 5  # orders named for each reason


class Told(Protocol):
    """A stored order a file said something else of: `core.imports.changed_orders.ChangedOrder`."""

    @property
    def order_no(self) -> str: ...
    @property
    def diffs(self) -> Sequence[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Left:
    """Orders that stay where they are, for one reason: how many, and the first of them."""

    why: str
    orders: int
    order_nos: Sequence[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """What the rules would do with what waits now; `mark` tells it from another time's."""

    rules: Sequence[RuleView]
    takes: Mapping[int, int]  # orders, by rule
    pieces: int
    left: Sequence[Left]
    more: bool  # more wait than go at once
    mark: int

    @property
    def orders(self) -> int:
        """Return how many orders would go."""
        return sum(self.takes.values())


@dataclass(frozen=True, slots=True)
class AutoGiven:
    """A batch a factory got by rules."""

    draft_id: int
    factory_id: int
    factory_name: str
    orders: int
    pieces: int


@dataclass(frozen=True, slots=True)
class AutoDone:
    """What the rules have done."""

    given: Sequence[AutoGiven]
    left: Sequence[Left]


class AutoAssigning:
    """Use cases of what rules do."""

    def __init__(self, ruling: Ruling) -> None:
        self._ruling = ruling

    def trial(self, store: Store, actor: Actor) -> Trial:
        """Return what the rules would do with what is unassigned now; nothing is changed."""
        rules = self._ruling.every(store, actor)
        waiting = store.rules.waiting(actor.shop_id, BATCH_LIMIT + 1)
        decided = _decide(store, actor.shop_id, rules, waiting[:BATCH_LIMIT])
        takes = Counter(one.rule.id for _, one in decided if one.rule is not None)
        pieces = sum(order.pieces for order, one in decided if one.rule is not None)
        said = [(order.id, one.rule.id if one.rule else 0) for order, one in decided]
        return Trial(
            rules, takes, pieces, _left(decided), len(waiting) > BATCH_LIMIT,
            zlib.crc32(repr(said).encode()),
        )  # fmt: skip

    def apply(self, store: Store, actor: Actor, mark: int) -> AutoDone | Trial:
        """Do what the trial with that mark showed; where it would be something else now, say what.

        A new trial is returned then, and nothing is done.
        """
        trial = self.trial(store, actor)
        if trial.mark != mark or not trial.orders:
            return trial
        waiting = store.rules.waiting(actor.shop_id, BATCH_LIMIT)
        return AutoDone(self.arrived(store, actor, waiting), trial.left)

    def brought_in(
        self, store: Store, actor: Actor, draft_id: int, changed: Sequence[Told]
    ) -> list[AutoGiven]:
        """Hand out what an import brought in, and what may be shipped only since then.

        See `may_go_now`.
        """
        freed = [one.order_no for one in changed if may_go_now(one.diffs)]
        filing = Actor(actor.account_id, actor.shop_id, "file")
        known = store.orders.standing(actor.shop_id, freed) if freed else ()
        return self.arrived(
            store, filing, [*store.orders.of_import(draft_id), *(one.id for one in known)]
        )

    def arrived(self, store: Store, actor: Actor, order_ids: Sequence[int]) -> list[AutoGiven]:
        """Hand out these orders of the actor's shop as far as its rules say where they go.

        For whatever has just brought them in: a file, the API, a platform. That has proved the
        actor, whose `door` is kept with each act.
        """
        if not order_ids or not store.rules.of(actor.shop_id):
            return []
        rules = self._ruling.of_shop(store, actor.shop_id)
        by_factory: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for order, one in _decide(store, actor.shop_id, rules, order_ids):
            if one.rule is not None:
                by_factory[one.rule.factory_id][one.rule.id].append(order.id)
        given: list[AutoGiven] = []
        for factory_id, made in by_factory.items():
            given += _give(store, actor, factory_id, made)
        return given


def may_go_now(diffs: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a change ends what kept an order from being assigned when it came in.

    Its recipient was not whole, a refund was asked for, or its merchant held it. Whatever door the
    news comes through, the order then goes by the rules as if it had just arrived.
    """
    return any(
        bool(one.get("first"))
        or (one["field"] == "after_sale" and one["new"] == "none")
        or (one["field"] == "held" and not one["new"])
        for one in diffs
    )


def _decide(
    store: Store, shop_id: int, rules: Sequence[RuleView], order_ids: Sequence[int]
) -> list[tuple[OrderFacts, Decision]]:
    live = [
        LiveRule(key(one.rule), one.rule.factory_id, one.rule.kind, one.rule.word, one.works)
        for one in rules
        if one.rule.paused_at is None
    ]
    matcher, given_back = Matcher(live), store.rules.given_back(order_ids)
    return [(one, matcher.decide(one, given_back)) for one in store.rules.facts(shop_id, order_ids)]


def _left(decided: Sequence[tuple[OrderFacts, Decision]]) -> list[Left]:
    staying: dict[str, list[str]] = defaultdict(list)
    for order, one in decided:
        if one.rule is None:
            staying[one.why].append(order.order_no)
    found = [Left(why, len(numbers), numbers[:NAMED]) for why, numbers in staying.items()]
    return sorted(found, key=lambda one: -one.orders)


def _give(
    store: Store, actor: Actor, factory_id: int, made: Mapping[int, Sequence[int]]
) -> list[AutoGiven]:
    """Give a factory what its rules took, `BATCH_LIMIT` orders a batch; it is told of each once."""
    binding = store.bindings.bound(actor.shop_id, factory_id)
    if binding is None:
        return []
    name = binding.merchant_alias or store.shops.of(factory_id).name
    orders = [one for taken in made.values() for one in taken]
    given: list[AutoGiven] = []
    for start in range(0, len(orders), BATCH_LIMIT):
        draft = store.drafts.add(
            AssignDraft(
                shop_id=actor.shop_id, account_id=actor.account_id, factory_id=factory_id,
                state="frozen", created_at=store.now,
            )
        )  # fmt: skip
        draft_id = key(draft)
        store.drafts.take(draft_id, orders[start : start + BATCH_LIMIT])
        store.drafts.confirm(draft_id)
        done = store.assignments.open_draft(draft, binding, actor)
        store.rules.mark(draft_id, made)
        tell_assigned(store, actor, draft, done.orders)
        given.append(AutoGiven(draft_id, factory_id, name, done.orders, done.pieces))
    return given
