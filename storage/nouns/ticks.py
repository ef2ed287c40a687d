"""Which open assignments an act is about: those one person ticked, those of a batch, all of them.

Ticks are kept per person, so that two packers of one factory never answer for each other.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from core.entities import Assignment, AssignmentTick
from storage.nouns.base import Noun
from storage.rows import run

_OPEN = col(Assignment.tab) == "to_ship"
_NEAREST = (col(Assignment.sort_at), col(Assignment.id))
_OF_DRAFT = (
    select(col(Assignment.id))
    .where(col(Assignment.draft_id) == bindparam("draft"), _OPEN)
    .order_by(*_NEAREST)
)
_OF_FACTORY = (
    select(col(Assignment.id))
    .where(col(Assignment.factory_id) == bindparam("factory"), _OPEN)
    .order_by(*_NEAREST)
    .limit(bindparam("most"))
)
_TICKED = (
    select(col(Assignment.id))
    .join(AssignmentTick, col(AssignmentTick.assignment_id) == col(Assignment.id))
    .where(
        col(AssignmentTick.account_id) == bindparam("account"),
        col(Assignment.factory_id) == bindparam("factory"),
        _OPEN,
    )
    .order_by(*_NEAREST)
)
_UNTICK = delete(AssignmentTick).where(
    col(AssignmentTick.account_id) == bindparam("account"),
    col(AssignmentTick.shop_id) == bindparam("factory"),
)


class AssignmentTicks(Noun):
    """The part of `AssignmentStore` that says which are meant."""

    def open_of_draft(self, draft_id: int) -> Sequence[int]:
        """Return what one 确认分配 made and is still open, nearest ship-by first."""
        return run(self.session, _OF_DRAFT, {"draft": draft_id}).scalars().all()

    def open_ids(self, factory_id: int, limit: int) -> Sequence[int]:
        """Return what the factory has to ship, nearest ship-by first."""
        found = run(self.session, _OF_FACTORY, {"factory": factory_id, "most": limit})
        return found.scalars().all()

    def ticked(self, shop_id: int, account_id: int) -> Sequence[int]:
        """Return what this person has ticked and is still open, nearest ship-by first."""
        found = run(self.session, _TICKED, {"factory": shop_id, "account": account_id})
        return found.scalars().all()

    def tick(self, shop_id: int, account_id: int, assignment_id: int) -> bool:
        """Tick an assignment, or untick it if it was. Returns whether it is ticked now."""
        tick = self.found(AssignmentTick, account_id, assignment_id)
        if tick is not None:
            self.session.delete(tick)
        else:
            self.session.add(
                AssignmentTick(
                    account_id=account_id, assignment_id=assignment_id, shop_id=shop_id,
                    ticked_at=self.now,
                )
            )  # fmt: skip
        self.session.flush()
        return tick is None

    def untick(self, shop_id: int, account_id: int) -> None:
        """Take all of this person's ticks away."""
        run(self.session, _UNTICK, {"factory": shop_id, "account": account_id})
