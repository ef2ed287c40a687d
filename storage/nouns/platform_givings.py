"""Assignments platforms are to be told: which go in one call, what of them stands there."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import (
    Assignment,
    AssignmentPiece,
    Order,
    OrderLine,
    OutsideOrder,
    PlatformCall,
    PlatformLink,
    Shipment,
)
from core.entities.assignment import OVER_STATUSES
from core.ids import key
from core.imports.incoming import IncomingLine
from core.platforms.facts import Parcel
from core.platforms.giving_facts import ByFactory, Giving
from storage.listed import within
from storage.nouns.platform_partners import PlatformPartners, handles_of
from storage.rows import rows_of, run, table_of

_NOW: Any = bindparam("now", type_=UtcDateTime())
_C = table_of(PlatformCall).c
_BEFORE: Any = aliased(PlatformCall)
_DUE_WITH = (
    select(PlatformCall)
    .where(
        col(PlatformCall.link_id) == bindparam("link"), col(PlatformCall.state) == "owed",
        col(PlatformCall.kind) == bindparam("kind"), col(PlatformCall.due_at) <= _NOW,
        col(PlatformCall.factory_link_id) == bindparam("factory"),
    )
    .order_by(col(PlatformCall.id))
    .limit(bindparam("limit"))
)  # fmt: skip
_OF_ASSIGNMENT = select(PlatformCall).where(
    col(PlatformCall.assignment_id) == bindparam("assignment"),
    col(PlatformCall.kind) == bindparam("kind"),
)
_WHOLE_LINES = (
    select(
        col(AssignmentPiece.assignment_id), col(OrderLine.sub_order_no),
        col(OrderLine.product_name), col(OrderLine.sku_spec), col(OrderLine.product_code),
        col(OrderLine.quantity),
    )
    .join(OrderLine, col(OrderLine.id) == col(AssignmentPiece.line_id))
    .where(
        within(col(AssignmentPiece.assignment_id), "ids"), col(OrderLine.extra) == "",
        col(AssignmentPiece.quantity) == col(OrderLine.quantity),
    )
    .order_by(col(OrderLine.id))
)  # fmt: skip
_ORDERS = (
    select(col(Order.id), col(Order.order_no), col(Order.paid_at), col(OutsideOrder.handles))
    .outerjoin(OutsideOrder, col(OutsideOrder.order_id) == col(Order.id))
    .where(within(col(Order.id), "ids"))
)
# A call waits for an earlier one about the same order: what takes it back there before what gives
# it anew; a parcel only for its own assignment.
_AHEAD = (
    select(col(_BEFORE.id))
    .where(
        col(_BEFORE.order_id) == _C.order_id, col(_BEFORE.id) < _C.id,
        col(_BEFORE.state).in_(["owed", "waits"]), col(_BEFORE.kind).in_(["assign", "unassign"]),
    )
    .exists()
)  # fmt: skip
_RELEASE = (
    update(table_of(PlatformCall))
    .where(_C.state == "waits", within(_C.order_id, "orders"), ~_AHEAD)
    .values(state="owed", due_at=_NOW)
)
_TOLD_BY = select(col(PlatformCall.factory_link_id)).where(
    col(PlatformCall.shipment_id) == bindparam("shipment"), col(PlatformCall.kind) == "ship"
)
_AWAITED = (
    select(col(PlatformCall.id))
    .where(
        col(PlatformCall.order_id) == bindparam("order"),
        col(PlatformCall.state) == "waits",
        col(PlatformCall.kind) == "ship",
    )
    .limit(1)
)


class PlatformGivings(PlatformPartners):
    """The quarter of `PlatformStore` that is about assignments told."""

    def due_with(self, first: PlatformCall, limit: int) -> Sequence[PlatformCall]:
        """Return calls that are due and go in one call with `first`, it among them."""
        values = {
            "link": first.link_id, "kind": first.kind, "factory": first.factory_link_id,
            "now": self.now, "limit": limit,
        }  # fmt: skip
        return self.session.scalars(_DUE_WITH, values).all()

    def factory_link(self, call: PlatformCall) -> PlatformLink:
        """Return the factory's link a call is about, ended or not."""
        return self.session.get_one(PlatformLink, call.factory_link_id)

    def assign_call(self, assignment_id: int | None) -> PlatformCall | None:
        """Return what was owed for an assignment, None where nothing was."""
        values = {"assignment": assignment_id, "kind": "assign"}
        return self.session.scalars(_OF_ASSIGNMENT, values).one_or_none()

    def givings(self, calls: Sequence[PlatformCall]) -> Mapping[int, Giving]:
        """Return what each call is about: the lines its assignment owns whole."""
        ids = [call.assignment_id for call in calls]
        lines: dict[int, list[IncomingLine]] = defaultdict(list)
        for assignment, *facts in rows_of(self.session, _WHOLE_LINES, {"ids": ids}):
            lines[assignment].append(IncomingLine(*facts))
        asked = {"ids": sorted({call.order_id for call in calls})}
        orders = {order: rest for order, *rest in rows_of(self.session, _ORDERS, asked)}
        found = {}
        for call in calls:
            order_no, paid_at, handles = orders[call.order_id]
            owned = lines[call.assignment_id or 0]
            subs = {one.sub_order_no for one in owned}
            known = {sub: one for sub, one in (handles or {}).items() if sub in subs and one}
            others = {one for sub, one in (handles or {}).items() if sub not in subs}
            in_part = not others.isdisjoint(known.values())
            found[key(call)] = Giving(order_no, owned, known, paid_at, in_part)
        return found

    def to_take_back(self, call: PlatformCall) -> dict[str, str]:
        """Return what of an assignment the factory has there and is to have no longer."""
        told = handles_of(self.assign_call(call.assignment_id))
        stays = self._stays(call)
        kept = {told[sub] for sub in stays & told.keys()}
        return {sub: one for sub, one in told.items() if sub not in stays and one not in kept}

    def _stays(self, call: PlatformCall) -> set[str]:
        """The lines an assignment that is not over owns whole."""
        given = self.session.get_one(Assignment, call.assignment_id)
        if given.status in OVER_STATUSES:
            return set()
        return {one.sub_order_no for one in self.givings([call])[key(call)].lines}

    def keep_handles(self, call: PlatformCall, handles: Mapping[str, str]) -> None:
        """Keep under which ids the factory has an assignment there."""
        if not handles:
            return
        call.handle = json.dumps(dict(handles))
        outside = self.session.get(OutsideOrder, call.order_id)
        if outside is not None:
            outside.handles = {**(outside.handles or {}), **handles}

    def took_back(self, call: PlatformCall) -> None:
        """What was to be taken back is the factory's no longer."""
        told, back = self.assign_call(call.assignment_id), self.to_take_back(call)
        if told is not None:
            left = {sub: one for sub, one in handles_of(told).items() if sub not in back}
            told.handle = json.dumps(left) if left else ""

    def awaited(self, call: PlatformCall) -> bool:
        """Whether a parcel waits for this assignment to be told."""
        return self.session.scalar(_AWAITED, {"order": call.order_id}) is not None

    def release_waiting(self, order_ids: Sequence[int]) -> None:
        """Let calls be due that waited for others of these orders, which are over."""
        run(self.session, _RELEASE, {"orders": list(order_ids), "now": self.now})
        self._forget_loaded(PlatformCall)

    def _told_by_factory(self, call: PlatformCall) -> bool:
        """Whether the parcel that is to be corrected was told by its factory."""
        return self.session.scalar(_TOLD_BY, {"shipment": call.shipment_id}) is not None

    def by_factory(self, call: PlatformCall, parcel: Parcel) -> tuple[ByFactory | None, str]:
        """Return the factory that tells a parcel itself, or why its merchant does.

        It does where the platform has been told that it has the parcel's lines, and each of them is
        whole in it: the platform takes a line's pieces together. No reason: it never was to.
        """
        if call.kind == "correct" and not self._told_by_factory(call):
            return None, ""
        shipment = self.session.get_one(Shipment, call.shipment_id)
        given = self.session.get_one(Assignment, shipment.assignment_id)
        told = self.assign_call(given.id)
        if told is None:
            return None, ""
        whole = {one.sub_order_no: one.quantity for one in self.givings([told])[key(told)].lines}
        handles = handles_of(told)
        link = self.acting(told.factory_link_id or 0)
        if given.status in OVER_STATUSES or not parcel.pieces.keys() <= handles.keys():
            return None, told.why or "taken_back"
        if any(whole.get(sub) != pieces for sub, pieces in parcel.pieces.items()):
            return None, "line_in_part"
        if link is None or link.token_until is None:
            return None, "factory_away"
        access, refresh = self.visit.platforms.tokens(link)
        return ByFactory(
            key(link), link.outside_id or "", self.mask(told.link_id, link.outside_id or ""),
            {sub: handles[sub] for sub in parcel.pieces}, told.done_at or told.owed_at,
            access, refresh, link.token_until,
        ), ""  # fmt: skip
