"""What the rightful can do, found by doing it: each act is tried, read, and taken back.

Whoever presses a button gets more buttons, is asked something, or a message is remembered to show
something. All of that is collected here, so that the matrix has every real button, question and
card of a full house, with the marks and digests that no forger could guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from sqlmodel import select

from bot.house import Database
from core.entities import Card, Talk
from core.ports import Store
from storage.store import SqlStore

T = TypeVar("T")


class Question(NamedTuple):
    """What somebody was asked, and the data it is asked with."""

    step: str
    data: Mapping[str, Any]


class Shown(NamedTuple):
    """What a message was remembered to show."""

    kind: str
    ref_id: int
    shop_id: int


class _TakenBack(Exception):
    def __init__(self, result: object) -> None:
        super().__init__()
        self.result = result


@dataclass
class Rehearsal:
    """The house's database, in which nothing written stays; `questions` and `cards` are kept."""

    database: Database
    questions: dict[str, Question] = field(default_factory=dict)
    cards: set[Shown] = field(default_factory=set)

    async def read(self, work: Callable[[Store], T]) -> T:
        """Run `work` on what stands."""
        return await self.database.read(work)

    async def write(self, work: Callable[[Store], T]) -> T:
        """Run `work`, look at what it left, and take it back. Raises what it raises."""

        def tried(store: Store) -> T:
            result = work(store)
            self._keep(cast("SqlStore", store))
            raise _TakenBack(result)

        try:
            return await self.database.write(tried)
        except _TakenBack as done:
            return cast("T", done.result)

    def _keep(self, store: SqlStore) -> None:
        store.session.flush()
        for one in store.session.scalars(select(Card)).all():
            self.cards.add(Shown(one.kind, one.ref_id, one.shop_id))
        for talk in store.session.scalars(select(Talk)).all():
            asked = store.accounts.talk(talk.account_id)
            if asked is not None:
                self.questions[asked[0]] = Question(*asked)
        store.session.expunge_all()
