"""Undoing an import for ten minutes: what it brought in goes, as far as nobody works on it yet.

An order that no factory has accepted, looked at or shipped is taken out (and first taken back from
the factory it is at); the others stay and are counted. What the file changed in older orders stays.

Few orders are taken out in one go (`undo`); many slice by slice, each in a visit of its own, so
that others' presses go between: `begin`, `plan`, `take_out` for each slice, `end`. Once begun it
can only be finished: by the work that began it, or, was that given up, by pressing again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import TypeAdapter

from core.acting import acting
from core.assignments.recalling import recall_refusal, take_back, tell_recalled
from core.entities import Assignment, ImportDraft
from core.errors import DraftGone, DraftNotFound, UndoneAlready, UndoTooLate
from core.ids import key
from core.imports.importing import UNDO_FOR, undo_open
from core.orders.shown import outdate_cards
from core.ports import Store
from core.values import Actor

SLICE: Final = 500  # orders: a tenth of a millisecond each, three where a factory has them


@dataclass(slots=True)
class Undone:
    """What undoing does, or has done so far. `left` counts by why: accepted, looked, shipped.

    `back` are the assignments taken back, whose factories are told at the end; they know of the
    first `told` already where that was given up half-way. `after` is the last order judged.
    """

    file_name: str
    taken_out: int = 0
    left: Counter[str] = field(default_factory=Counter)
    back: list[int] = field(default_factory=list)
    told: int = field(default=0, compare=False)
    after: int = field(default=0, compare=False)

    @property
    def taken_back(self) -> int:
        """Return how many were taken back from factories."""
        return len(self.back)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Undone":
        """Return what `kept` was made of."""
        return _UNDONE.validate_python(kept)

    @property
    def kept(self) -> dict[str, Any]:
        """Return it as JSON, to be kept with the work."""
        return _UNDONE.dump_python(self, mode="json")  # type: ignore[no-any-return]


_UNDONE = TypeAdapter(Undone)


@dataclass(slots=True)
class _Sorted:
    """Orders that an import brought in: those to take out, and where they are; why others stay."""

    out: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


class ImportUndoing:
    """撤销导入, by any member of the shop. Only what begins proves the actor."""

    def outlook(self, store: Store, actor: Actor, draft_id: int) -> Undone:
        """Return what undoing would do now. Raises as `begin`."""
        draft = _open(store, actor, draft_id)
        found = _sort(store, store.orders.of_import(draft_id))
        return Undone(draft.file_name, len(found.out), found.left, found.back)

    def size(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many orders the import held, to choose between now and a job."""
        return _open(store, actor, draft_id).orders

    def undo(self, store: Store, actor: Actor, draft_id: int) -> Undone:
        """Take out what the import brought in; recipients are erased, factories told once each.

        Raises as `begin`.
        """
        done = self.begin(store, actor, draft_id)
        done = self.take_out(store, actor, draft_id, store.orders.of_import(draft_id), done)
        return self.end(store, draft_id, done)

    def begin(self, store: Store, actor: Actor, draft_id: int, *, taken: bool = False) -> Undone:
        """Take the import for undoing; `taken` says that other work is at it.

        Raises `DraftNotFound`, `UndoneAlready`, `UndoTooLate`, and `DraftGone` when it was never
        confirmed.
        """
        draft = _open(store, actor, draft_id)
        if taken:
            raise UndoneAlready
        draft.undone_at = store.now
        return Undone(draft.file_name)

    def plan(self, store: Store, draft_id: int, done: Undone) -> Sequence[Sequence[int]]:
        """Return the orders that are still to be judged, slice by slice; changes nothing."""
        left = [one for one in store.orders.of_import(draft_id) if one > done.after]
        return [left[at : at + SLICE] for at in range(0, len(left), SLICE)]

    def take_out(
        self, store: Store, actor: Actor, draft_id: int, orders: Sequence[int], done: Undone
    ) -> Undone:
        """Take these out, as far as nobody works on them now. Returns what is done so far."""
        found = _sort(store, orders)
        take_back(store, actor, found.back)
        store.flush()
        store.orders.take_out(actor.shop_id, found.out)
        rows = [{"order_id": one, "draft": draft_id} for one in found.out]
        store.record_all(actor, "import_undone", rows)
        return Undone(
            done.file_name, done.taken_out + len(found.out), done.left + found.left,
            [*done.back, *found.back], done.told, max(orders, default=done.after),
        )  # fmt: skip

    def end(self, store: Store, draft_id: int, done: Undone) -> Undone:
        """All is judged: the factories are told, the file's content is gone."""
        done = self.tell(store, done)
        draft = store.drafts.import_(draft_id)
        if draft is not None:
            draft.sealed = b""
            outdate_cards(store, done.taken_out, [draft.shop_id])
        return done

    def tell(self, store: Store, done: Undone) -> Undone:
        """Tell the factories of what they have not heard of yet."""
        tell_recalled(store, done.back[done.told :])
        return replace(done, told=len(done.back))


def _open(store: Store, actor: Actor, draft_id: int) -> ImportDraft:
    acting(store, actor, "merchant")
    draft = store.drafts.import_(draft_id)
    if draft is None or draft.shop_id != actor.shop_id:
        raise DraftNotFound
    if draft.undone_at is not None:
        if draft.sealed:  # begun, and given up
            return draft
        raise UndoneAlready
    if draft.confirmed_at is None:
        raise DraftGone
    if not undo_open(store, draft):
        raise UndoTooLate(int(UNDO_FOR.total_seconds() // 60))
    return draft


def _sort(store: Store, orders: Sequence[int]) -> _Sorted:
    given: dict[int, list[Assignment]] = defaultdict(list)
    for one in store.orders.at_factories(orders):
        given[one.order_id].append(one)
    found = _Sorted()
    for order_id in orders:
        why = _begun(given.get(order_id, ()))
        if why is not None:
            found.left[why] += 1
            continue
        found.out.append(order_id)
        found.back += [key(one) for one in given.get(order_id, ())]
    return found


def _begun(assignments: Iterable[Assignment]) -> str | None:
    """Return why an order must stay: what its factories have begun, or None."""
    return next((why for one in assignments if (why := recall_refusal(one)) is not None), None)
