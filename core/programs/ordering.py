"""推单: a merchant's program brings orders in, says what changed, and hands them to factories."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from core.acting import acting
from core.assignments.assigning import Assigning
from core.assignments.auto_assigning import AutoAssigning
from core.changes.changing import Changing, Outcome
from core.changes.order_news import OrderNews
from core.entities import Order
from core.errors import Invalid, NothingToAssign
from core.ids import key
from core.imports.bringing import bring_in, freed
from core.imports.incoming import IncomingOrder
from core.imports.verdicts import Verdict, verdicts
from core.ports import Store
from core.programs.errors import OnlyPrograms
from core.values import Actor, Skipped

MOST: Final = 500  # orders in one request


@dataclass(eq=False)
class OrderTwice(Invalid, OnlyPrograms):
    """The same order stands twice in one request: `order_no`."""

    order_no: str


@dataclass(eq=False)
class NewsRefused(Invalid, OnlyPrograms):
    """Nobody could ship by that: `why` is `recipient_incomplete` or `no_lines`."""

    why: str


class Pushed(NamedTuple):
    """What became of an order: `why` it was left out; `complete` whether it can be assigned."""

    kind: Literal["new", "known", "changed", "skipped"]
    order_no: str
    order_id: int | None
    complete: bool
    why: str


class Given(NamedTuple):
    """An order that was to be assigned: its assignment, or why it has none."""

    order_id: int
    order_no: str
    assignment_id: int | None
    why: str


class Ordering:
    """What a merchant's programs do."""

    def __init__(self, changing: Changing, auto: AutoAssigning, assigning: Assigning) -> None:
        self._changing, self._auto, self._assigning = changing, auto, assigning

    def push(
        self, store: Store, actor: Actor, platform: str, orders: Sequence[IncomingOrder]
    ) -> list[Pushed]:
        """Bring orders of one platform in, each as it is now; returns what became of each.

        As a file does: new ones come in and go by the merchant's rules, of known ones what differs
        is applied and told, repeated and late news changes nothing. Raises `OrderTwice`.
        """
        acting(store, actor, "merchant")
        [(number, most)] = Counter(one.order_no for one in orders).most_common(1)
        if most > 1:
            raise OrderTwice(number)
        found = list(verdicts(store, actor.shop_id, orders))
        added = bring_in(store, actor, self._changing, found)
        store.flush()
        ids = _fresh(found, added)
        stored = [one.order_no for one in orders if one.order_no not in ids]
        now = store.orders.by_numbers(actor.shop_id, platform, stored) if stored else {}
        waited = [key(now[number]) for number in freed(found)]
        self._auto.arrived(store, actor, [*added, *waited])
        return [_pushed(one, ids, now.get(one.incoming.order_no)) for one in found]

    def change(self, store: Store, actor: Actor, news: OrderNews) -> Outcome:
        """Say how an order is now, or was at a time of its own; returns what that changed.

        Raises `OrderNotFound`, `NewsRefused`.
        """
        [outcome] = self._changing.change(store, actor, [news])
        if outcome.kind == "refused":
            raise NewsRefused(outcome.why)
        return outcome

    def assign(
        self, store: Store, actor: Actor, order_ids: Sequence[int], number: str
    ) -> list[Given]:
        """Assign these to the factory with that number; what cannot be is left out and says why.

        Raises `OrderNotFound` when one is not the merchant's own, and as `Assigning.factory`,
        `NotBound`.
        """
        factory = self._assigning.factory(store, number)
        selection = self._assigning.take_ids(store, actor, order_ids)
        try:
            run = self._assigning.dry_run(store, actor, selection.draft_id, key(factory))
        except NothingToAssign as none:
            return _given(store, actor, order_ids, {}, none.skipped)
        self._assigning.confirm(store, actor, run.draft_id)
        made = store.assignments.made_by(run.draft_id)
        by_order = {given.order_id: key(given) for given in map(store.assignments.of, made)}
        return _given(store, actor, order_ids, by_order, run.skipped)


def _fresh(found: Sequence[Verdict], added: Sequence[int]) -> dict[str, int]:
    """Return the ids of what was never here before, by number: `bring_in` returns them last."""
    fresh = [one.incoming.order_no for one in found if one.kind == "new" and one.order is None]
    return dict(zip(fresh, added[len(added) - len(fresh) :], strict=True))


def _pushed(one: Verdict, fresh: Mapping[str, int], stands: Order | None) -> Pushed:
    number = one.incoming.order_no
    if number in fresh:
        return Pushed(one.kind, number, fresh[number], one.incoming.recipient.complete, one.why)
    order_id = key(stands) if stands is not None and stands.tab != "undone" else None
    complete = stands is not None and stands.complete
    return Pushed(one.kind, number, order_id, complete, one.why)


def _given(
    store: Store, actor: Actor, order_ids: Sequence[int], made: dict[int, int],
    skipped: Sequence[Skipped],
) -> list[Given]:  # fmt: skip
    numbers = {key(one): one.order_no for one in store.orders.own(actor.shop_id, order_ids)}
    why = {one.order_no: one.reason for one in skipped}
    return [
        Given(one, numbers[one], made.get(one), "" if one in made else why.get(numbers[one], ""))
        for one in order_ids
    ]
