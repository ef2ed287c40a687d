"""Audit rows of many assignments at once, made by one statement from the rows they are about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Insert, bindparam, insert, select
from sqlmodel import Session, col

from core.columns import UtcDateTime
from core.entities import Assignment, AuditRow
from core.values import Actor
from storage.json_sql import json_object
from storage.rows import chunks, run, table_of


def _rows(which: ColumnElement[bool], *detail: Any) -> Insert:
    return insert(table_of(AuditRow)).from_select(
        ["at", "account_id", "shop_id", "order_id", "door", "act", "detail"],
        select(
            bindparam("now", type_=UtcDateTime()),
            bindparam("account"),
            bindparam("shop"),
            col(Assignment.order_id),
            bindparam("door"),
            bindparam("act"),
            json_object("assignment", col(Assignment.id), *detail),
        )
        .where(which)
        .order_by(col(Assignment.id)),
    )


_THESE: Any = col(Assignment.id).in_(bindparam("ids", expanding=True))
_BATCH = _rows(
    col(Assignment.draft_id) == bindparam("draft"),
    "factory",
    col(Assignment.factory_id),
    "rule",  # null where a person chose the factory
    col(Assignment.rule_id),
)
_EACH = _rows(_THESE)
_EACH_WITH_REASON = _rows(_THESE, "reason", col(Assignment.decline_reason))


def record_batch(session: Session, now: datetime, actor: Actor, act: str, draft_id: int) -> None:
    """Append a row for every assignment of a batch."""
    run(session, _BATCH, {**_by(now, actor, act), "draft": draft_id})


def record_each(
    session: Session, now: datetime, actor: Actor | None, act: str, ids: Sequence[int],
    *, reasons: bool = False,
) -> None:  # fmt: skip
    """Append a row for each of these assignments; with `reasons`, why it was declined."""
    statement = _EACH_WITH_REASON if reasons else _EACH
    for some in chunks(ids):
        run(session, statement, {**_by(now, actor, act), "ids": some})


def _by(now: datetime, actor: Actor | None, act: str) -> dict[str, Any]:
    return {
        "now": now,
        "account": actor.account_id if actor else None,
        "shop": actor.shop_id if actor else None,
        "door": actor.door if actor else "tick",
        "act": act,
    }
