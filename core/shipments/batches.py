"""A batch as the factory sees it: the digest, its list, what a bulk act is about.

A batch is what one 确认分配 gave. Everything here is asked by a factory of its own orders; what was
given to another is not found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from core.acting import acting
from core.answers.fulfilling import (
    Answered,
    Answering,
    Some,
    accepting,
    answer_many,
    declining,
    own_assignment,
    tell_answered,
)
from core.answers.holding_many import can_wait, going_on, waiting
from core.assignments.batch_views import BatchRow, Packed
from core.assignments.selecting import BATCH_LIMIT
from core.entities import AssignDraft, AssignmentStatus
from core.entities.assignment import ASSIGNMENT_MOVES
from core.errors import DraftNotFound, NothingChosen, NothingToPrint
from core.orders.notes import noted
from core.orders.views import AssignmentRow, Cursor, LineView, Page
from core.ports import Store
from core.text.periods import CHINA, LONGEST, china_day
from core.values import Actor

PAGE = 8
SLICE = 500  # orders answered in one visit
PRODUCTS = 10  # of a digest, the most pieces first
RECENT = 10


@dataclass(frozen=True, slots=True)
class Digest:
    """What a batch is and where it stands; `pieces` and `products` may still be shipped.

    `stopped` orders are open, but must not be shipped: nothing of them is counted there.
    """

    draft_id: int
    factory_id: int
    merchant_name: str
    given_at: datetime
    given: int
    states: Mapping[AssignmentStatus, int]
    stopped: int
    pieces: int
    ship_by: datetime | None
    products: Sequence[LineView]
    kinds: int
    undrawn: int = 0  # open orders an e-waybill can be drawn for
    printed: int = 0  # open orders whose e-waybill was printed and that have not left


@dataclass(frozen=True, slots=True)
class Choice:
    """A page to tick on, and what this person has ticked in all."""

    page: Page[AssignmentRow]
    ticked: frozenset[int]


class Batches:
    """Use cases of a factory over many orders at once."""

    def digest(self, store: Store, actor: Actor, draft_id: int) -> Digest:
        """Return the batch as it stands. Raises `DraftNotFound`, `WrongRole`."""
        draft = self._batch(store, actor, draft_id)
        binding = store.bindings.bound(draft.shop_id, actor.shop_id)
        products = store.assignments.products_of(draft_id)
        undrawn, printed = store.tickets.counts_of(draft_id)
        return Digest(
            draft_id=draft_id,
            factory_id=actor.shop_id,
            merchant_name=(binding and binding.factory_alias) or store.shops.of(draft.shop_id).name,
            given_at=draft.confirmed_at or draft.created_at,
            given=draft.given,
            states=store.assignments.counts_of(draft_id),
            stopped=store.assignments.stopped_of(draft_id),
            pieces=sum(one.quantity for one in products),
            ship_by=store.assignments.ship_by_of(draft_id),
            products=products[:PRODUCTS],
            kinds=len(products),
            undrawn=undrawn,
            printed=printed,
        )

    def recent(self, store: Store, actor: Actor) -> Sequence[BatchRow]:
        """Return the last batches that hold anything open, the newest first."""
        acting(store, actor, "factory")
        return store.assignments.batches_of(actor.shop_id, RECENT)

    def page(
        self, store: Store, actor: Actor, draft_id: int, cursor: Cursor | None = None
    ) -> Page[AssignmentRow]:
        """Return a page of everything the batch gave, whatever became of it."""
        self._batch(store, actor, draft_id)
        return store.assignments.batch_page(draft_id, cursor, PAGE)

    def choice(
        self, store: Store, actor: Actor, draft_id: int, cursor: Cursor | None = None
    ) -> Choice:
        """Return a page of what is open, to tick: of the batch, or (0) of the factory."""
        if draft_id:
            self._batch(store, actor, draft_id)
            page = store.assignments.batch_page(draft_id, cursor, PAGE, only_open=True)
        else:
            acting(store, actor, "factory")
            page = store.assignments.page(actor.shop_id, "to_ship", cursor, PAGE)
        ticked = store.assignments.ticked(actor.shop_id, actor.account_id)
        return Choice(page, frozenset(ticked))

    def tick(self, store: Store, actor: Actor, assignment_ids: Sequence[int]) -> None:
        """Tick these; untick them where all are ticked. Raises `AssignmentNotFound`."""
        for one in assignment_ids:
            own_assignment(store, actor, one)
        kept = set(store.assignments.ticked(actor.shop_id, actor.account_id))
        every = kept.issuperset(assignment_ids)
        for one in assignment_ids:
            if every or one not in kept:
                store.assignments.tick(actor.shop_id, actor.account_id, one)

    def untick(self, store: Store, actor: Actor) -> None:
        """Take all of this person's ticks away."""
        acting(store, actor, "factory")
        store.assignments.untick(actor.shop_id, actor.account_id)

    def size(self, store: Store, actor: Actor, of: str, ref: int) -> int:
        """Return how many orders an act on these is about. Raises as `accept`."""
        return len(self._meant(store, actor, of, ref))

    def declinable(self, store: Store, actor: Actor, of: str, ref: int) -> int:
        """Return how many of these can still be declined. Raises as `accept`."""
        meant = self._meant(store, actor, of, ref)
        found = store.assignments.answerable(actor.shop_id, meant)
        return sum("declined" in ASSIGNMENT_MOVES[one.status] for one in found)

    def holdable(self, store: Store, actor: Actor, of: str, ref: int) -> int:
        """Return how many of these can wait for goods. Raises as `accept`."""
        meant = self._meant(store, actor, of, ref)
        return sum(map(can_wait, store.assignments.answerable(actor.shop_id, meant)))

    def accepted_by_others(
        self, store: Store, actor: Actor, of: str, ref: int
    ) -> Sequence[tuple[str, int]]:
        """Return which colleagues have accepted how many of these: declining undoes their word."""
        meant = self._meant(store, actor, of, ref)
        return store.assignments.accepted_by_others(meant, actor.account_id)

    def accept(self, store: Store, actor: Actor, of: str, ref: int) -> Answered:
        """接单 of a whole batch (`ref`), or of what this person ticked.

        What cannot be accepted is left as it is and named. Raises `DraftNotFound`,
        `NothingChosen`, `WrongRole`.
        """
        return self.answer(store, actor, of, ref, accepting())

    def decline(self, store: Store, actor: Actor, of: str, ref: int, reason: str) -> Answered:
        """拒单 likewise, for one reason; each merchant is told once.

        Raises as `accept`, and `NameMissing`, `TextTooLong`.
        """
        return self.answer(store, actor, of, ref, declining(reason))

    def hold(  # noqa: PLR0917 - of which orders, until when, why
        self, store: Store, actor: Actor, of: str, ref: int, day: date, why: str
    ) -> Answered:
        """缺货等待 likewise, until one day; each merchant is told once.

        Raises as `accept`, and `DayNotAhead`, `DayTooFar`, `TextTooLong`.
        """
        return self.answer(store, actor, of, ref, waiting(day, why))

    def resume(self, store: Store, actor: Actor, of: str, ref: int) -> Answered:
        """已到货，继续 of those that wait for goods; each merchant is told once.

        Of a `day` (its ordinal) too: what was to be here on that day. Raises as `accept`.
        """
        return self.answer(store, actor, of, ref, going_on())

    def answer(self, store: Store, actor: Actor, of: str, ref: int, act: Answering) -> Answered:
        """Answer them in one go. Raises as `accept`, and as the act."""
        return answer_many(store, actor, self._meant(store, actor, of, ref), act)

    def begin(self, store: Store, actor: Actor, of: str, ref: int) -> Sequence[int]:
        """Prove who answers, and return what for, to be gone through slice by slice.

        What was begun goes on, whoever has left the shop meanwhile. Raises as `accept`.
        """
        return self._meant(store, actor, of, ref)

    def some(self, store: Store, actor: Actor, some: Sequence[int], act: Answering) -> Some:
        """Answer a slice in a visit of its own: others' presses go between. Raises as the act.

        The merchants hear of it by `told`.
        """
        return act.some(store, actor, some)

    def told(self, store: Store, actor: Actor, done: Sequence[int], act: Answering) -> None:
        """Tell each merchant, once, of all that was done slice by slice."""
        fit = store.assignments.answerable(actor.shop_id, done)
        tell_answered(store, actor, fit, act)

    def packing(self, store: Store, actor: Actor, of: str, ref: int) -> Sequence[Packed]:
        """Return what is still to be packed, nearest ship-by first; never a recipient, nor one
        in a note.

        Raises as `accept`, and `NothingToPrint` when nothing is open.
        """
        meant = self._meant(store, actor, of, ref, only_open=True)
        rows = [one for one in store.assignments.to_pack(actor.shop_id, meant) if not one.ended]
        lines = store.assignments.contents([row.id for row in rows])
        packed = [(noted(row), lines[row.id]) for row in rows if lines[row.id]]
        if not packed:
            raise NothingToPrint
        return packed

    def _meant(
        self, store: Store, actor: Actor, of: str, ref: int, *, only_open: bool = False
    ) -> Sequence[int]:
        acting(store, actor, "factory")
        if of == "batch":
            self._batch(store, actor, ref)
            if only_open:
                return store.assignments.open_of_draft(ref)
            return store.assignments.made_by(ref)
        if of == "day":
            return _held_until(store, actor, ref)
        if of == "ticked":
            found = store.assignments.ticked(actor.shop_id, actor.account_id)
        elif of == "open" and only_open:  # nobody accepts what they have not looked through
            found = store.assignments.open_ids(actor.shop_id, BATCH_LIMIT)
        else:
            raise DraftNotFound
        if not found:
            raise NothingChosen
        return found

    def _batch(self, store: Store, actor: Actor, draft_id: int) -> AssignDraft:
        acting(store, actor, "factory")
        draft = store.drafts.get(draft_id)
        mine = draft is not None and draft.factory_id == actor.shop_id and draft.given > 0
        if draft is None or not mine or draft.state != "confirmed":
            raise DraftNotFound
        return draft


def _held_until(store: Store, actor: Actor, ordinal: int) -> Sequence[int]:
    """Return what waits for goods until that day."""
    if abs(ordinal - china_day(store.now).toordinal()) > LONGEST:
        raise NothingChosen
    until = datetime.combine(date.fromordinal(ordinal), time.min, CHINA)
    return store.assignments.held_until(actor.shop_id, until, BATCH_LIMIT)
