"""Asking a factory for what it has begun: 申请撤回, 同意撤回, 已打包,拒绝.

What a factory has not begun, or holds for want of goods, needs no asking:
`core.assignments.recalling`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from core.acting import acting
from core.answers.answer_events import (
    RecallAnswered,
    RecallAsked,
    RecallsAnswered,
    RecallsAsked,
    RecallsUnasked,
    RecallUnasked,
)
from core.answers.fulfilling import live_assignment, move_assignment, shops_of
from core.assignments.batch_views import Answerable
from core.assignments.reassigning import keep_for_reassigning
from core.assignments.recalling import Recalling, recall_refusal
from core.clock.watching import silent_from
from core.entities import BATCH_FROM, Assignment
from core.errors import AssignmentNotFound, DraftNotFound, NotRecallable
from core.events import NUMBERS_NAMED, TAGS_NAMED, Event
from core.orders.shown import outdate_cards
from core.ports import Store
from core.values import Actor

ASKABLE = ("accepted", "looked")  # refusals of 撤回 after which the factory may be asked


class RecallAsking:
    """Use cases of both sides."""

    def __init__(self, recalling: Recalling) -> None:
        self._recalling = recalling

    def one(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Take an order back, or, once the factory has begun it, ask for it; the factory is told.

        Asking again asks nobody twice. Raises `AssignmentNotFound`, `NotRecallable`.
        """
        assignment = _mine(store, actor, assignment_id)
        refusal = recall_refusal(assignment)
        if refusal is None:
            return self._recalling.one(store, actor, assignment_id)
        if refusal not in ASKABLE:
            raise NotRecallable(refusal)
        if assignment.status == "recall_asked":
            return assignment
        again = silent_from(store, actor.shop_id)
        store.assignments.ask_back([assignment_id], actor.account_id, again)
        store.record(actor, "recall_asked", order_id=assignment.order_id, assignment=assignment_id)
        store.emit(RecallAsked(assignment_id), to=assignment.factory_id)
        return assignment

    def askable(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many of a 确认分配 the factory can still be asked for.

        Raises `DraftNotFound`.
        """
        self._recalling.size(store, actor, draft_id)
        return len(store.assignments.askable_of(draft_id))

    def batch(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Ask for what the factory has begun of one 确认分配, all in one message.

        Returns how many are asked for now; those asked for before are not asked again.
        """
        self._recalling.size(store, actor, draft_id)
        ids = store.assignments.askable_of(draft_id)
        if not ids:
            return 0
        store.assignments.ask_back(ids, actor.account_id, silent_from(store, actor.shop_id))
        store.record_each(actor, "recall_asked", ids)
        _tell(store, actor, draft_id, ids, alone=RecallAsked, many=RecallsAsked)
        return len(ids)

    def withdrawable(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many of a 确认分配 are asked for and not answered. Raises `DraftNotFound`."""
        self._recalling.size(store, actor, draft_id)
        return len(store.assignments.asked_of(draft_id))

    def withdraw_batch(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Ask for nothing more of one 确认分配: the factory goes on, and is told once.

        What it has answered stays as answered. Returns how many are asked for no more. Raises
        `DraftNotFound`.
        """
        self._recalling.size(store, actor, draft_id)
        ids = store.assignments.asked_of(draft_id)
        if not ids:
            return 0
        store.assignments.keep_asked(ids)
        store.record_each(actor, "recall_unasked", ids)
        _tell(store, actor, draft_id, ids, alone=RecallUnasked, many=RecallsUnasked)
        return len(ids)

    def withdraw(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Ask no more: the factory goes on, and is told. Nothing happens once it has answered."""
        assignment = _mine(store, actor, assignment_id)
        if assignment.status != "recall_asked":
            return assignment
        move_assignment(store, assignment, "accepted")
        assignment.recall_asked_by = None
        store.record(
            actor, "recall_unasked", order_id=assignment.order_id, assignment=assignment_id
        )
        store.emit(RecallUnasked(assignment_id), to=assignment.factory_id)
        return assignment

    def answer(self, store: Store, actor: Actor, assignment_id: int, *, agree: bool) -> Assignment:
        """Give it back, or keep it because it is packed. Nothing happens when nobody asks (more).

        Raises `AssignmentNotFound`, `AlreadyShipped`, `AssignmentEnded`.
        """
        assignment = live_assignment(store, actor, assignment_id)
        if assignment.status == "recall_asked":
            self._answer(store, actor, [assignment_id], agree=agree)
        return assignment

    def asked(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many of a batch wait for the factory's answer. Raises `DraftNotFound`."""
        return len(self._asked(store, actor, draft_id))

    def answer_batch(self, store: Store, actor: Actor, draft_id: int, *, agree: bool) -> int:
        """Answer all that is asked for of one batch alike. Returns how many.

        Raises `DraftNotFound`.
        """
        ids = self._asked(store, actor, draft_id)
        self._answer(store, actor, ids, agree=agree)
        return len(ids)

    def _asked(self, store: Store, actor: Actor, draft_id: int) -> Sequence[int]:
        acting(store, actor, "factory")
        draft = store.drafts.get(draft_id)
        if draft is None or draft.factory_id != actor.shop_id or draft.state != "confirmed":
            raise DraftNotFound
        return store.assignments.asked_of(draft_id)

    def _answer(self, store: Store, actor: Actor, ids: Sequence[int], *, agree: bool) -> None:
        asked = store.assignments.answerable(actor.shop_id, ids)
        if agree:
            orders = dict(store.assignments.take_back(ids, "recalled"))
        else:
            orders = {}
            store.assignments.keep_asked(ids)
        store.record_each(actor, "recall_agreed" if agree else "recall_refused", ids)
        by_binding: dict[tuple[int, int], list[Answerable]] = defaultdict(list)
        for one in asked:
            by_binding[one.merchant_id, one.binding_id].append(one)
        for (merchant_id, binding_id), told in by_binding.items():
            if len(told) < BATCH_FROM:
                events = [RecallAnswered(one.id, agree) for one in told]
                store.emit_all(events, to=merchant_id)
                continue
            back = [orders[one.id] for one in told if one.id in orders]
            draft_id = keep_for_reassigning(store, merchant_id, back)
            numbers = tuple(one.order_no for one in told[:NUMBERS_NAMED])
            event = RecallsAnswered(binding_id, agree, len(told), numbers, draft_id)
            store.emit(event, to=merchant_id)
        outdate_cards(store, len(asked), shops_of(actor, asked))


def _tell(
    store: Store, actor: Actor, draft_id: int, ids: Sequence[int], *,
    alone: Callable[[int], Event], many: Callable[[int, int, int, tuple[str, ...]], Event],
) -> None:  # fmt: skip
    """Tell the factory of a 确认分配 what is asked of these, in one message where they are many."""
    found = store.assignments.tags_of(ids)
    [(_, factory_id, binding_id, _), *_] = found
    if len(found) < BATCH_FROM:
        store.emit_all([alone(one) for one in ids], to=factory_id)
    else:
        tags = tuple(tag for *_, tag in found[:TAGS_NAMED])
        store.emit(many(binding_id, draft_id, len(found), tags), to=factory_id)
    outdate_cards(store, len(found), (actor.shop_id, factory_id))


def _mine(store: Store, actor: Actor, assignment_id: int) -> Assignment:
    acting(store, actor, "merchant")
    assignment = store.assignments.get(assignment_id)
    if assignment is None or assignment.merchant_id != actor.shop_id:
        raise AssignmentNotFound
    return assignment
