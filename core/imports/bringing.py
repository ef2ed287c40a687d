"""Bringing judged orders in, whatever brought them: a file, a program, a platform."""

from collections.abc import Sequence

from core.assignments.auto_assigning import may_go_now
from core.changes.changing import Changing
from core.ids import key
from core.imports.verdicts import Verdict
from core.ports import Store
from core.values import Actor


def bring_in(
    store: Store, actor: Actor, changing: Changing, found: Sequence[Verdict],
    draft_id: int | None = None,
) -> list[int]:  # fmt: skip
    """Changes first, then what was undone before, then what is new; returns the last two's ids.

    `draft_id` is the file they stood in, if any.
    """
    changing.apply(store, actor, [one.change for one in found if one.change is not None])
    again = [
        (key(one.order), one.incoming)
        for one in found
        if one.kind == "new" and one.order is not None
    ]
    fresh = [one.incoming for one in found if one.kind == "new" and one.order is None]
    added = store.orders.revive_many(actor.shop_id, again, draft_id)
    added += store.orders.add_many(actor.shop_id, fresh, draft_id)
    of_draft = {"draft": draft_id} if draft_id is not None else {}
    store.record_all(actor, "imported", [{"order_id": one, **of_draft} for one in added])
    return added


def freed(found: Sequence[Verdict]) -> list[str]:
    """Return the numbers of stored orders that can be assigned only since now."""
    return [one.incoming.order_no for one in found if may_go_now(one.diffs)]
