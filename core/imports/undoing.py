"""Undoing an import for ten minutes: what it brought in goes, as far as nobody works on it yet.

An order that no factory has accepted, looked at or shipped is taken out (and first taken back from
the factory it is at); the others stay and are counted. What the file changed in older orders stays.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.acting import acting
from core.assignments.recalling import recall_refusal, take_back, tell_recalled
from core.entities import Assignment, ImportDraft
from core.errors import DraftGone, DraftNotFound, UndoneAlready, UndoTooLate
from core.ids import key
from core.imports.importing import UNDO_FOR, undo_open
from core.ports import Store
from core.values import Actor


@dataclass(slots=True)
class Undone:
    """What undoing does, or has done. `left` counts by why: accepted, looked, shipped."""

    file_name: str
    taken_out: int = 0
    taken_back: int = 0
    left: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Sorted:
    """The orders an import brought in: those to take out, and from which factories."""

    result: Undone
    out: list[int] = field(default_factory=list)
    back: Mapping[int, list[int]] = field(default_factory=dict)


class ImportUndoing:
    """撤销导入, by any member of the shop."""

    def outlook(self, store: Store, actor: Actor, draft_id: int) -> Undone:
        """Return what undoing would do now. Raises as `undo`."""
        return _sort(store, self._open(store, actor, draft_id)).result

    def undo(self, store: Store, actor: Actor, draft_id: int) -> Undone:
        """Take out what the import brought in; recipients are erased, factories told once each.

        Raises `DraftNotFound`, `UndoneAlready`, `UndoTooLate`, and `DraftGone` when it was never
        confirmed.
        """
        draft = self._open(store, actor, draft_id)
        found = _sort(store, draft)
        for assignments in found.back.values():
            take_back(store, actor, assignments)
            tell_recalled(store, assignments)
        store.flush()
        store.orders.take_out(actor.shop_id, found.out)
        rows = [{"order_id": one, "draft": draft_id} for one in found.out]
        store.record_all(actor, "import_undone", rows)
        draft.undone_at, draft.sealed = store.now, b""
        return found.result

    def size(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many orders the import held, to choose between now and a job."""
        return self._open(store, actor, draft_id).orders

    def _open(self, store: Store, actor: Actor, draft_id: int) -> ImportDraft:
        acting(store, actor, "merchant")
        draft = store.drafts.import_(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        if draft.undone_at is not None:
            raise UndoneAlready
        if draft.confirmed_at is None:
            raise DraftGone
        if not undo_open(store, draft):
            raise UndoTooLate(int(UNDO_FOR.total_seconds() // 60))
        return draft


def _sort(store: Store, draft: ImportDraft) -> _Sorted:
    orders = store.orders.of_import(key(draft))
    given: dict[int, list[Assignment]] = defaultdict(list)
    for one in store.orders.at_factories(orders):
        given[one.order_id].append(one)
    found, back = _Sorted(Undone(draft.file_name)), defaultdict[int, list[int]](list)
    for order_id in orders:
        why = _begun(given.get(order_id, ()))
        if why is not None:
            found.result.left[why] += 1
            continue
        found.out.append(order_id)
        for one in given.get(order_id, ()):
            back[one.factory_id].append(key(one))
    found.back = back
    found.result.taken_out = len(found.out)
    found.result.taken_back = sum(map(len, back.values()))
    return found


def _begun(assignments: Iterable[Assignment]) -> str | None:
    """Return why an order must stay: what its factories have begun, or None."""
    return next((why for one in assignments if (why := recall_refusal(one)) is not None), None)
