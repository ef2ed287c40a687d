"""订单变更: the one use case by which an order changes, whatever door the news comes through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.acting import acting
from core.assignments.auto_assigning import AutoAssigning, may_go_now
from core.changes.applying import Changed, Spans
from core.changes.changing_many import apply_many
from core.changes.judging import Diff, Kind, Stored, judge
from core.changes.order_news import OrderNews
from core.clock.watching import unseen_after
from core.errors import OrderNotFound
from core.ids import key
from core.ports import Store
from core.values import NO_NOTES, Actor, Rules


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one news: changed with `diffs`, known, older than what stands, or refused.

    `why` a news is refused: `recipient_incomplete`, `no_lines`.
    """

    order_id: int
    order_no: str
    kind: Kind
    diffs: Sequence[Diff] = ()
    why: str = ""


class Changing:
    """Use cases of 订单变更."""

    def __init__(self, rules: Rules, auto: AutoAssigning) -> None:
        self._rules, self._auto = rules, auto

    def change(self, store: Store, actor: Actor, news: Sequence[OrderNews]) -> list[Outcome]:
        """Take news of a merchant's own orders; returns what became of each, in their order.

        Repeated and late news changes nothing and tells nobody. What may be shipped only since then
        goes by the merchant's rules. Raises `OrderNotFound` when one is
        not the merchant's own; nothing has changed then.
        """
        acting(store, actor, "merchant")
        outcomes: dict[int, Outcome] = {}
        for some in _rounds(news):
            outcomes |= self._take(store, actor, some)
        freed = [one.order_id for one in outcomes.values() if may_go_now(one.diffs)]
        self._auto.arrived(store, actor, list(dict.fromkeys(freed)))
        return [outcomes[place] for place in range(len(news))]

    def apply(self, store: Store, actor: Actor, changes: Sequence[Changed]) -> None:
        """Apply what was judged already, each order once; without differences, only its times.

        Who brings whole orders in hands them out too: new ones and changed ones, in one batch.
        """
        for one in changes:
            if not one.diffs:
                one.order.as_of = {**(one.order.as_of or {}), **one.as_of}
        differing = [one for one in changes if one.diffs]
        if differing:
            unseen = unseen_after(store.shops.of(actor.shop_id))
            apply_many(store, actor, differing, Spans(unseen, self._rules.under_way))

    def _take(
        self, store: Store, actor: Actor, news: Sequence[tuple[int, OrderNews]]
    ) -> dict[int, Outcome]:
        """Judge and apply news of different orders; `news` are with their places."""
        stored = _stored(store, actor, [one.order_id for _, one in news])
        outcomes: dict[int, Outcome] = {}
        changes: list[Changed] = []
        for place, one in news:
            order = stored[one.order_id].order
            judged = judge(store, stored[one.order_id], one)
            if judged.as_of:
                changes.append(Changed(order, one, judged.diffs, judged.as_of))
            outcomes[place] = Outcome(
                one.order_id, order.order_no, judged.kind, judged.diffs, judged.why
            )
        self.apply(store, actor, changes)
        return outcomes


def _rounds(news: Sequence[OrderNews]) -> Iterator[list[tuple[int, OrderNews]]]:
    """Yield the news with their places so that no order is twice in a round, in their order."""
    left = list(enumerate(news))
    while left:
        now: dict[int, tuple[int, OrderNews]] = {}
        later: list[tuple[int, OrderNews]] = []
        for place, one in left:
            if one.order_id in now:
                later.append((place, one))
            else:
                now[one.order_id] = (place, one)
        yield list(now.values())
        left = later


def _stored(store: Store, actor: Actor, order_ids: Sequence[int]) -> dict[int, Stored]:
    orders = store.orders.own(actor.shop_id, order_ids)
    lines, hashes = store.orders.lines(order_ids), store.orders.same_hashes(order_ids)
    notes = store.orders.notes(order_ids)
    if len(orders) < len(order_ids):
        raise OrderNotFound
    return {
        key(order): Stored(
            order, lines.get(key(order), []), hashes.get(key(order)),
            notes.get(key(order), NO_NOTES),
        )
        for order in orders
    }  # fmt: skip
