"""Looks at recipients."""

from sqlalchemy import func, select
from sqlmodel import col

from core.entities import Look
from storage.nouns.base import Noun


class LookStore(Noun):
    """`core.ports.LookPort`."""

    def seen_today(self, shop_id: int, day: str) -> int:
        """Return at how many assignments the shop looked that day; bounded by its quota."""
        return (
            self.session.scalar(
                select(func.count(col(Look.assignment_id).distinct())).where(
                    col(Look.shop_id) == shop_id, col(Look.day) == day
                )
            )
            or 0
        )

    def seen_before(self, shop_id: int, assignment_id: int) -> bool:
        """Return whether anybody of the shop has looked at this assignment."""
        found = self.session.scalar(
            select(col(Look.id))
            .where(col(Look.assignment_id) == assignment_id, col(Look.shop_id) == shop_id)
            .limit(1)
        )
        return found is not None

    def add(self, look: Look) -> None:
        """Keep a look."""
        self.session.add(look)
        self.session.flush()
