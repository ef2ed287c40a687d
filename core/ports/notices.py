"""Notices of changes: told to a factory, seen by whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from core import entities as e
from core.changes.change_views import NoticeView, Unseen, Waiting
from core.values import Actor


class Hearing(NamedTuple):
    """Whether what a notice last told has arrived.

    `at` is when the first of the factory's chats had it; where none has, `waits` is from when it
    will be sent, empty when no chat takes it.
    """

    at: datetime | None
    waits: datetime | None


class NoticePort(Protocol):
    """Changes told to factories, until somebody there has seen them."""

    def add_many(self, told: Sequence[tuple[int, e.Assignment]], due_at: datetime) -> None: ...
    def see(self, assignment_id: int, account_id: int) -> int: ...
    def unseen(
        self, factory_id: int, binding_id: int, until: datetime, limit: int
    ) -> Sequence[Unseen]: ...
    def unseen_among(self, assignment_ids: Sequence[int]) -> Sequence[int]: ...
    def waiting(self, assignment_ids: Sequence[int]) -> Sequence[Waiting]: ...
    def see_many(self, actor: Actor, assignment_ids: Sequence[int]) -> None: ...
    def of_order(self, order_id: int, limit: int) -> Sequence[NoticeView]: ...
    def due(self, limit: int) -> Sequence[e.ChangeNotice]: ...
    def heard(self, notice_ids: Sequence[int]) -> Mapping[int, Hearing]: ...
