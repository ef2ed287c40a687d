"""An order that its platform's own programme has given to the factory, without waiting for it."""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from core.entities import Assignment, OutsideOrder, PlatformCall, PlatformLink
from core.ids import key
from storage.database import Database
from storage.store import SqlStore
from tests.sandbox.conftest import Operator


async def given_there(
    database: Database[SqlStore], operator: Operator, shown: Mapping[str, Any], factory: int
) -> int:
    """Give every unit of an order there to the factory that has it here; returns the assignment."""
    for unit in shown["units"]:
        await operator.post("assign", unit=unit["id"], factory=factory)
    pairs = zip(shown["lines"], shown["units"], strict=True)
    handle = json.dumps({line["id"]: unit["id"] for line, unit in pairs})

    def keep(store: SqlStore) -> int:
        [order] = store.orders.find(1, shown["id"])
        outside = store.session.get_one(OutsideOrder, key(order))
        links = store.session.scalars(
            select(PlatformLink).where(col(PlatformLink.ended_at).is_(None))
        )
        acting = next(one for one in links if one.role == "factory")
        assignment = store.session.scalars(
            select(Assignment).where(col(Assignment.order_id) == key(order))
        ).one()
        call = store.session.scalars(
            select(PlatformCall).where(
                col(PlatformCall.assignment_id) == key(assignment),
                col(PlatformCall.kind) == "assign",
            )
        ).one_or_none() or PlatformCall(
            link_id=outside.link_id, order_id=key(order), assignment_id=key(assignment),
            kind="assign", due_at=store.now, owed_at=store.now,
        )  # fmt: skip
        call.state, call.handle, call.done_at = "done", handle, store.now
        call.factory_link_id = key(acting)
        store.session.add(call)
        return key(assignment)

    return await database.write(keep)
