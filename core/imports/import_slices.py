"""Applying a large import slice by slice, each in a visit of its own: others' presses go between.

From its begin to its end the draft is `frozen`: nobody confirms, discards or undoes it. Every slice
is judged anew where it is applied, and only what was planned is done: what somebody else has
changed meanwhile is left out and said. So work that is repeated after a crash just plans again:
what is in by then is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from core.acting import acting
from core.assignments.auto_assigning import AutoAssigning
from core.changes.changing import Changing
from core.changes.changing_many import is_involved
from core.entities import ImportDraft
from core.errors import DraftGone, DraftNotFound, DraftSpent, PreviewOutdated
from core.imports.bringing import bring_in
from core.imports.changed_orders import ChangedOrder, changed_order, left_waiting
from core.imports.importing import ImportPreview, judge_draft
from core.imports.verdicts import Verdict, verdicts
from core.ports import Store
from core.values import Actor, Skipped

# What one slice may cost, in new orders (a tenth of a millisecond each or two), and what a change
# costs that is not made together with others.
SLICE = 1_000
SINGLY = 10

Slice = Sequence[Verdict]


@dataclass(frozen=True, slots=True)
class Applied:
    """What has come in so far. `late` are orders somebody else has changed since the plan."""

    new: int = 0
    incomplete: int = 0
    changed: Sequence[ChangedOrder] = ()
    late: Sequence[str] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Applied":
        """Return what `kept` was made of."""
        return _APPLIED.validate_python(kept)

    @property
    def kept(self) -> dict[str, Any]:
        """Return it as JSON, to be kept with the work."""
        return _APPLIED.dump_python(self, mode="json")  # type: ignore[no-any-return]


_APPLIED = TypeAdapter(Applied)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What is to be done: changes first, that few messages tell of them, then new orders."""

    preview: ImportPreview
    orders: int
    slices: Sequence[Slice] = field(default=(), repr=False)


class ImportSlices:
    """确认导入 of a large file: `begin`, `plan`, `apply` for each slice, `end`.

    Only `begin` proves the actor: what was begun goes on whoever has left the shop meanwhile.
    """

    def __init__(self, changing: Changing, auto: AutoAssigning) -> None:
        self._changing, self._auto = changing, auto

    def begin(self, store: Store, actor: Actor, draft_id: int, *, taken: bool) -> None:
        """Take the draft; `taken` says that other work has, which goes on with it.

        Raises `DraftNotFound`, `DraftGone`, `DraftSpent`.
        """
        acting(store, actor, "merchant")
        draft = _draft(store, actor, draft_id)
        if draft.state == "confirmed" or taken:
            raise DraftSpent
        draft.state = "frozen"

    def plan(
        self, store: Store, actor: Actor, draft_id: int, seen: str, applied: Applied
    ) -> ImportPlan:
        """Return what is still to be done, judged as things stand; changes nothing.

        `seen` is the digest of the preview that was shown. Raises `PreviewOutdated` when that is no
        longer true and nothing has come in yet.
        """
        draft = _begun(store, actor, draft_id)
        preview, found = judge_draft(store, draft)
        if applied == Applied() and preview.digest != seen:
            raise PreviewOutdated
        done = {one.order_no for one in applied.changed} | set(applied.late)
        todo = [
            one for one in found if _is_due(one, draft_id) and one.incoming.order_no not in done
        ]
        todo.sort(key=lambda one: one.kind == "new")
        return ImportPlan(preview, len(found), list(_cut(todo)))

    def apply(
        self, store: Store, actor: Actor, draft_id: int, some: Slice, applied: Applied
    ) -> Applied:
        """Bring a slice in as far as it still is what was planned; factories are told at once."""
        _begun(store, actor, draft_id)
        planned = {one.incoming.order_no: _said(one) for one in some}
        todo: list[Verdict] = []
        late: list[str] = []
        for one in verdicts(store, actor.shop_id, [each.incoming for each in some]):
            if _said(one) == planned[one.incoming.order_no]:
                todo.append(one)
            elif one.kind != "known":
                late.append(one.incoming.order_no)
        new = [one for one in todo if one.kind == "new"]
        changed = [
            changed_order(one.order, one.diffs)
            for one in todo
            if one.kind == "changed" and one.order is not None
        ]
        filing = Actor(actor.account_id, actor.shop_id, "file")
        bring_in(store, filing, self._changing, todo, draft_id)
        return Applied(
            applied.new + len(new),
            applied.incomplete + sum(not one.incoming.recipient.complete for one in new),
            (*applied.changed, *left_waiting(changed, [one.order for one in todo])),
            (*applied.late, *late),
        )

    def end(
        self, store: Store, actor: Actor, draft_id: int, plan: ImportPlan, applied: Applied
    ) -> ImportPreview:
        """All is in: the draft is confirmed, and can be undone from now on."""
        draft = _begun(store, actor, draft_id)
        draft.state, draft.confirmed_at = "confirmed", store.now
        late = [Skipped(order_no, "changed_since") for order_no in applied.late]
        skipped = [*plan.preview.skipped, *late]
        given = self._auto.brought_in(store, actor, draft_id, applied.changed)
        return replace(
            plan.preview,
            state=draft.state, new=applied.new, incomplete=applied.incomplete,
            changed=list(applied.changed), skipped=skipped, undoable=applied.new > 0, given=given,
            known=plan.orders - applied.new - len(applied.changed) - len(skipped),
        )  # fmt: skip

    def let_go(self, store: Store, actor: Actor, draft_id: int) -> None:
        """Give the draft back as it was before `begin`: it is not what was shown."""
        _begun(store, actor, draft_id).state = "open"


def _draft(store: Store, actor: Actor, draft_id: int) -> ImportDraft:
    draft = store.drafts.import_(draft_id)
    if draft is None or draft.shop_id != actor.shop_id:
        raise DraftNotFound
    if draft.state == "dropped" or not draft.sealed:
        raise DraftGone
    return draft


def _begun(store: Store, actor: Actor, draft_id: int) -> ImportDraft:
    draft = _draft(store, actor, draft_id)
    if draft.state != "frozen":
        raise DraftSpent
    return draft


def _is_due(one: Verdict, draft_id: int) -> bool:
    """Whether it is to be done; what this very import brought in is not changed by it too."""
    if one.kind == "new":
        return True
    return one.change is not None and one.change.order.import_id != draft_id


def _said(one: Verdict) -> tuple[object, ...]:
    return one.kind, one.diffs, one.why


def _cost(one: Verdict) -> int:
    if one.order is None or one.change is None:
        return 1
    given = one.order.status not in ("unassigned", "closed")
    return SINGLY if is_involved(one.change, given=given) else 1


def _cut(todo: Sequence[Verdict]) -> Iterator[Slice]:
    some: list[Verdict] = []
    cost = 0
    for one in todo:
        some.append(one)
        cost += _cost(one)
        if cost >= SLICE:
            yield some
            some, cost = [], 0
    if some:
        yield some
