"""Owing events to chats: which chats a shop has, and from when each may be told.

A chat in its quiet hours is told at their end, unless the event is urgent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from core.clock.quiet import quiet_until
from core.entities import Account, Alert, Chat, Member, QuietHours, Shop
from core.events import Event
from storage.rows import insert_rows, run

_QUIET = (col(QuietHours.starts), col(QuietHours.ends))
_PRIVATE = (col(Account.id), col(Account.telegram_id), col(Chat.chat_id), *_QUIET)
# Who is in the shop, each with the group it has instead of their private chats, if any.
_CHATS = (
    select(
        *_PRIVATE, col(Shop.alert_chat_id), col(Shop.alert_thread_id), col(Shop.alert_account_id)
    )
    .join(Member, col(Member.account_id) == col(Account.id))
    .join(Shop, col(Shop.id) == col(Member.shop_id))
    .outerjoin(Chat, col(Chat.chat_id) == col(Account.telegram_id))
    .outerjoin(
        QuietHours,
        col(QuietHours.chat_id) == func.coalesce(Shop.alert_chat_id, Account.telegram_id),
    )
    .where(col(Member.shop_id) == bindparam("shop"), col(Member.left_at).is_(None))
)
_OF_PEOPLE = (
    select(*_PRIVATE)
    .outerjoin(Chat, col(Chat.chat_id) == col(Account.telegram_id))
    .outerjoin(QuietHours, col(QuietHours.chat_id) == col(Account.telegram_id))
    .where(col(Account.id).in_(bindparam("accounts", expanding=True)))
)

Place = dict[str, Any]  # the columns of an alert that say where it goes, and its quiet hours


def chats_of_shop(session: Session, shop_id: int) -> list[Place]:
    """Return every chat of the shop: its group, else its people's private chats."""
    found = run(session, _CHATS, {"shop": shop_id}).all()
    for *private, group, thread, account in found[:1]:
        if group is not None:
            return [
                {"chat_id": group, "thread_id": thread, "account_id": account, "state": "owed",
                 "quiet": private[3:]}
            ]  # fmt: skip
    return [_private(*row[:5]) for row in found]


def chats_of_people(session: Session, accounts: Sequence[int]) -> list[Place]:
    """Return these people's private chats."""
    return [_private(*row) for row in run(session, _OF_PEOPLE, {"accounts": list(accounts)})]


def owe(
    session: Session, now: datetime, shop_id: int, events: Sequence[Event], chats: Sequence[Place]
) -> None:
    """Owe these events about a shop, in order, to these chats."""
    rows = []
    for place in chats:
        starts, ends = place["quiet"]
        later = quiet_until(now, starts, ends) if starts is not None else None
        for event in events:
            row = {
                **place, "shop_id": shop_id, "event": type(event).__name__,
                "payload": event.payload(), "attempts": 0, "doubtful": False, "created_at": now,
                "due_at": now if later is None or event.passes_quiet() else later,
            }  # fmt: skip
            del row["quiet"]
            if not (event.joins and _joined(session, row)):
                rows.append(row)
    if rows:
        insert_rows(session, Alert, rows)


def _joined(session: Session, row: Mapping[str, Any]) -> bool:
    """Add the event to one of its kind that nobody has begun to send to that place yet."""
    there = session.scalars(
        select(Alert)
        .where(
            *(
                getattr(Alert, name) == row[name]
                for name in ("state", "chat_id", "thread_id", "shop_id", "account_id", "event")
            ),
            col(Alert.attempts) == 0,
        )
        .limit(1)
    ).one_or_none()
    if there is not None:
        there.payload = joined(there.payload, row["payload"])
        there.due_at = min(there.due_at, row["due_at"])  # what is urgent takes the rest along
    return there is not None


def joined(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the two payloads as one: lists one after the other, each thing in them once."""
    return {name: list(dict.fromkeys([*before.get(name, ()), *after[name]])) for name in after}


def release(session: Session, now: datetime, chat_id: int, until: datetime | None) -> None:
    """The quiet hours of a chat are others now: what waits for their end goes at `until`."""
    session.flush()
    session.execute(
        update(Alert)
        .where(
            col(Alert.state) == "owed",
            col(Alert.chat_id) == chat_id,
            col(Alert.attempts) == 0,
            col(Alert.due_at) > now,
        )
        .values(due_at=until or now)
    )


def _private(
    account_id: int, chat_id: int, dead: int | None, starts: int | None, ends: int | None
) -> Place:
    """Return where somebody's alert goes; one to a dead chat is owed for later."""
    return {
        "chat_id": chat_id, "thread_id": None, "account_id": account_id,
        "state": "unreachable" if dead else "owed", "quiet": (starts, ends),
    }  # fmt: skip
