"""A factory's answers by a program: as in chat, but an act that would do nothing is refused.

In chat a press that comes late shows how the order stands now. A program reads a status code: it
must not take a 200 for done.
"""

from dataclasses import dataclass

from core.answers.fulfilling import Fulfilling, live_assignment
from core.answers.holding import Holding
from core.answers.recall_asking import RecallAsking
from core.entities import Assignment
from core.errors import Conflict
from core.ports import Store
from core.programs.errors import OnlyPrograms
from core.values import Actor


class RecallWaits(Conflict, OnlyPrograms):
    """The merchant asks for it back: agree to that or refuse it first, or ship it."""


@dataclass(eq=False)
class RecallNotAsked(Conflict, OnlyPrograms):
    """Nobody asks for it back, or no more; it stands at `status`."""

    status: str


class GoodsAwaited(Conflict, OnlyPrograms):
    """It waits for goods: resume it, or ship it."""


@dataclass(eq=False)
class NothingAwaited(Conflict, OnlyPrograms):
    """It does not wait for goods; it stands at `status`."""

    status: str


class ProgramAnswering:
    """接单, 拒单, 缺货等待, 已到货, and the answer to 申请撤回. All raise as `live_assignment`."""

    def __init__(
        self, fulfilling: Fulfilling, holding: Holding, recall_asking: RecallAsking
    ) -> None:
        self._fulfilling, self._holding, self._asking = fulfilling, holding, recall_asking

    def accept(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Accept it; again is fine. Raises `RecallWaits`, `GoodsAwaited`, and as in chat."""
        if _answerable(store, actor, assignment_id).status == "held":
            raise GoodsAwaited
        return self._fulfilling.accept(store, actor, assignment_id)

    def decline(self, store: Store, actor: Actor, assignment_id: int, reason: str) -> Assignment:
        """Give it back. Raises `RecallWaits`, and as in chat."""
        _answerable(store, actor, assignment_id)
        return self._fulfilling.decline(store, actor, assignment_id, reason)

    def hold(self, store: Store, actor: Actor, assignment_id: int, days: int) -> Assignment:
        """Wait for goods for so many days. Raises `RecallWaits`, and as in chat."""
        _answerable(store, actor, assignment_id)
        return self._holding.hold_days(store, actor, assignment_id, days)

    def resume(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Go on, the goods are there; again is fine. Raises `NothingAwaited`, and as in chat."""
        status = _answerable(store, actor, assignment_id).status
        if status not in ("held", "accepted"):
            raise NothingAwaited(status)
        return self._holding.resume(store, actor, assignment_id)

    def answer_recall(
        self, store: Store, actor: Actor, assignment_id: int, *, agree: bool
    ) -> Assignment:
        """Give back what is asked for, or keep it. Raises `RecallNotAsked`, and as in chat."""
        assignment = live_assignment(store, actor, assignment_id)
        if assignment.status != "recall_asked":
            raise RecallNotAsked(assignment.status)
        return self._asking.answer(store, actor, assignment_id, agree=agree)


def _answerable(store: Store, actor: Actor, assignment_id: int) -> Assignment:
    assignment = live_assignment(store, actor, assignment_id)
    if assignment.status == "recall_asked":
        raise RecallWaits
    return assignment
