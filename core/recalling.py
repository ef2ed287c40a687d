"""Taking assigned orders back: by 撤回 while the factory has not begun, or when a binding ends."""

from collections.abc import Sequence

from core.acting import acting
from core.entities import Assignment
from core.errors import AssignmentNotFound, DraftNotFound, NotRecallable
from core.events import OrderRecalled
from core.ids import key
from core.ports import Store
from core.values import Actor


def recall_refusal(assignment: Assignment) -> str | None:
    """Return why 撤回 is too late (`NotRecallable.reason`), or None while it works."""
    if assignment.ended_at is not None and assignment.status != "shipped":
        return "ended"
    if assignment.status in ("part_shipped", "shipped"):
        return "shipped"
    if assignment.status != "assigned":
        return "accepted"
    return "looked" if assignment.looked_at is not None else None


def take_back(store: Store, actor: Actor, assignment_ids: Sequence[int]) -> int:
    """Recall these open, unshipped assignments whatever was accepted. Returns how many."""
    taken = store.assignments.take_back(assignment_ids, "recalled")
    store.record_all(
        actor, "recalled", [{"order_id": order, "assignment": one} for one, order in taken]
    )
    return len(taken)


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
        self._recall(store, actor, [assignment])
        return assignment

    def batch(self, store: Store, actor: Actor, draft_id: int) -> tuple[int, int]:
        """Recall what still can be of one 确认分配. Returns (recalled, left with the factory)."""
        acting(store, actor, "merchant")
        draft = store.drafts.get(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        assignments = store.assignments.of_draft(draft_id)
        still = [one for one in assignments if recall_refusal(one) is None]
        self._recall(store, actor, still)
        live = [one for one in assignments if one.ended_at is None]
        return len(still), len(live)

    def _recall(self, store: Store, actor: Actor, assignments: Sequence[Assignment]) -> None:
        if not assignments:
            return
        take_back(store, actor, [key(one) for one in assignments])
        events = [OrderRecalled(key(one)) for one in assignments]
        store.emit_all(events, to=assignments[0].factory_id)
