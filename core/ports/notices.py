"""Notices of changes: told to a factory, seen by whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core import entities as e
from core.changes.change_views import NoticeView, Unseen
from core.values import Actor


class NoticePort(Protocol):
    """Changes told to factories, until somebody there has seen them."""

    def add_many(self, told: Sequence[tuple[int, e.Assignment]], due_at: datetime) -> None: ...
    def see(self, assignment_id: int, account_id: int) -> int: ...
    def unseen(
        self, factory_id: int, binding_id: int, until: datetime, limit: int
    ) -> Sequence[Unseen]: ...
    def see_many(self, actor: Actor, assignment_ids: Sequence[int]) -> None: ...
    def of_order(self, order_id: int, limit: int) -> Sequence[NoticeView]: ...
    def due(self, limit: int) -> Sequence[e.ChangeNotice]: ...
