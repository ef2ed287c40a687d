"""申请撤回 that a factory does not answer: the merchant asks once more, or asks no more."""

from collections.abc import Sequence
from typing import Final

from core.acting import acting
from core.answers.recall_asking import RecallAsking
from core.clock.clock_events import RecallNudged
from core.clock.groups import Group, name_of, nudge_group, own_binding
from core.clock.timing import is_unanswered
from core.errors import Invalid
from core.ports import Store
from core.ports.clock import DueRow
from core.values import Actor

TOGETHER: Final = 500  # orders of a factory that one press is about


class NothingUnanswered(Invalid):
    """The factory has answered all of it, or was asked again a moment ago."""


class AskedBack:
    """Use cases of both sides."""

    def __init__(self, recall_asking: RecallAsking) -> None:
        self._recall_asking = recall_asking

    def unanswered(self, store: Store, actor: Actor, binding_id: int) -> Group:
        """Return what a factory is asked for and has not answered.

        Raises `BindingNotFound`, `NothingUnanswered`.
        """
        acting(store, actor, "merchant")
        group = unanswered_group(store, actor, binding_id)
        if not group.rows:
            raise NothingUnanswered
        return group

    def nudge(self, store: Store, actor: Actor, binding_id: int) -> Group:
        """催一下: the factory is told that the merchant still waits; again after as long once more.

        Raises as `unanswered`.
        """
        group = self.unanswered(store, actor, binding_id)
        group = group._replace(rows=[row for row in group.rows if row.silent_at is None])
        if not group.rows:
            raise NothingUnanswered
        nudge_group(store, actor, group, RecallNudged)
        return group

    def withdraw(self, store: Store, actor: Actor, binding_id: int) -> Group:
        """撤销申请 of all that waits for an answer; the factory goes on, and is told.

        Raises as `unanswered`.
        """
        group = self.unanswered(store, actor, binding_id)
        for draft_id in dict.fromkeys(row.draft_id for row in group.rows if row.draft_id):
            self._recall_asking.withdraw_batch(store, actor, draft_id)
        for row in group.rows:
            if not row.draft_id:  # a gift, a resend: given by itself
                self._recall_asking.withdraw(store, actor, row.id)
        return group

    def still_asked(self, store: Store, actor: Actor, event: RecallNudged) -> Sequence[DueRow]:
        """Return what of a nudge still waits for the factory's answer."""
        acting(store, actor, "factory")
        return [row for row in store.clock.rows(event.assignment_ids) if is_unanswered(row)]


def unanswered_group(store: Store, actor: Actor, binding_id: int) -> Group:
    """Return what a factory is asked for and has not answered. Raises `BindingNotFound`."""
    binding = own_binding(store, actor, binding_id)
    rows = store.clock.asked_back(binding_id, TOGETHER)
    return Group(binding_id, name_of(store, binding), [row for row in rows if is_unanswered(row)])
