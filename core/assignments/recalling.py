"""Taking assigned orders back: by 撤回 while the factory has not begun, or when a binding ends."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.acting import acting
from core.entities import BATCH_FROM, AssignDraft, Assignment, AssignmentStatus
from core.entities.assignment import OPEN_STATUSES
from core.errors import AssignmentNotFound, DraftNotFound, NotRecallable
from core.events import TAGS_NAMED, OrderRecalled, OrdersRecalled
from core.orders.shown import outdate_cards
from core.ports import Store
from core.values import Actor

SLICE: Final = 500  # orders recalled in one visit: a tenth of a millisecond each


@dataclass(frozen=True, slots=True)
class Recalled:
    """What came back of a batch; how many stay with the factory, by `NotRecallable.reason`."""

    orders: int
    left: Mapping[str, int]


def recall_refusal(assignment: Assignment) -> str | None:
    """Return why 撤回 is too late (`NotRecallable.reason`), or None while it works."""
    return _refusal(assignment.status, looked=assignment.looked_at is not None)


def _refusal(status: AssignmentStatus, *, looked: bool) -> str | None:
    if status in ("part_shipped", "shipped"):
        return "shipped"
    if status not in OPEN_STATUSES:
        return "ended"
    if status == "held":  # nothing of it is packed: the goods are not there
        return None
    if status != "assigned":
        return "accepted"
    return "looked" if looked else None


def take_back(store: Store, actor: Actor, assignment_ids: Sequence[int]) -> int:
    """Recall these open, unshipped assignments whatever was accepted. Returns how many.

    The factory is not told here: see `tell_recalled`.
    """
    taken = store.assignments.take_back(assignment_ids, "recalled")
    store.record_each(actor, "recalled", [one for one, _ in taken])
    return len(taken)


def tell_recalled(store: Store, assignment_ids: Sequence[int]) -> None:
    """Tell each factory what was taken back from it: a card for each of a few, else one message."""
    found: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    for one, factory_id, binding_id, tag in store.assignments.tags_of(assignment_ids):
        found[factory_id, binding_id].append((one, tag))
    for (factory_id, binding_id), taken in found.items():
        if len(taken) < BATCH_FROM:
            store.emit_all([OrderRecalled(one) for one, _ in taken], to=factory_id)
        else:
            tags = tuple(tag for _, tag in taken[:TAGS_NAMED])
            store.emit(OrdersRecalled(binding_id, len(taken), tags), to=factory_id)
            outdate_cards(store, len(taken), [factory_id])


class Recalling:
    """撤回 by the merchant."""

    def one(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Recall one assignment; the factory is told. Raises `NotRecallable`."""
        acting(store, actor, "merchant")
        assignment = store.assignments.get(assignment_id)
        if assignment is None or assignment.merchant_id != actor.shop_id:
            raise AssignmentNotFound
        refusal = recall_refusal(assignment)
        if refusal is not None:
            raise NotRecallable(refusal)
        take_back(store, actor, [assignment_id])
        tell_recalled(store, [assignment_id])
        return assignment

    def size(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many orders a 确认分配 gave. Raises `DraftNotFound`."""
        acting(store, actor, "merchant")
        return self._batch(store, actor, draft_id).given

    def batch(self, store: Store, actor: Actor, draft_id: int) -> Recalled:
        """Recall what still can be of one 确认分配; the factory is told once."""
        self.size(store, actor, draft_id)
        taken = store.assignments.recallable_of(draft_id)
        take_back(store, actor, taken)
        return self.told(store, draft_id, taken)

    def some(self, store: Store, actor: Actor, draft_id: int) -> Sequence[int]:
        """Recall a slice of what still can be, in a visit of its own: others' presses go between.

        Nothing is left where nothing is returned. Who began was proved by `size`: what was begun
        goes on whoever has left the shop meanwhile. The factory hears of it by `told`.
        """
        taken = store.assignments.recallable_of(draft_id)[:SLICE]
        take_back(store, actor, taken)
        return taken

    def told(self, store: Store, draft_id: int, taken: Sequence[int], before: int = 0) -> Recalled:
        """Tell the factory of all that was taken back; return that, and what stays and why.

        Of the first `before` it has heard: the work was given up there, and gone on with.
        """
        tell_recalled(store, taken[before:])
        draft = store.drafts.get(draft_id)
        if draft is not None:
            outdate_cards(store, len(taken), [draft.shop_id])
        left: dict[str, int] = defaultdict(int)
        for status, looked, n in store.assignments.states_of(draft_id):
            why = _refusal(status, looked=looked)
            if why not in (None, "ended"):
                left[str(why)] += n
        return Recalled(len(taken), dict(left))

    def _batch(self, store: Store, actor: Actor, draft_id: int) -> AssignDraft:
        draft = store.drafts.get(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        return draft
