"""Looks at recipients."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from core.entities import Look
from storage.nouns.base import Noun
from storage.rows import chunks, insert_rows, run

_SEEN = select(col(Look.assignment_id).distinct()).where(
    col(Look.assignment_id).in_(bindparam("assignments", expanding=True)),
    col(Look.shop_id) == bindparam("shop"),
)


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

    def seen_of(self, shop_id: int, assignment_ids: Sequence[int]) -> set[int]:
        """Return at which of these assignments anybody of the shop has looked."""
        found: set[int] = set()
        for some in chunks(assignment_ids):
            rows = run(self.session, _SEEN, {"assignments": some, "shop": shop_id})
            found |= set(rows.scalars())
        return found

    def add(self, look: Look) -> None:
        """Keep a look."""
        self.session.add(look)
        self.session.flush()

    def add_many(self, looks: Sequence[Look]) -> None:
        """Keep many looks."""
        rows = [look.model_dump(exclude={"id"}) for look in looks]
        if rows:
            insert_rows(self.session, Look, rows)
