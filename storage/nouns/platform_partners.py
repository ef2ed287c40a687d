"""Who is bound to whom on a platform, and how its own programme has what was assigned here."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.entities import (
    Assignment,
    Order,
    OutsideOrder,
    OutsidePartner,
    PlatformCall,
    PlatformLink,
)
from core.ids import key
from core.platforms.facts import Partner, Ticketing
from storage.listed import within
from storage.nouns.platform_calls import PlatformCalls
from storage.rows import insert_rows, rows_of, run, table_of

_P = table_of(OutsidePartner).c
_THEIRS: Any = aliased(PlatformLink)


def may_act(link: Any) -> Any:
    """Whether a link can be acted by: it stands, is not paused, and the platform lets us in."""
    return and_(
        col(link.ended_at).is_(None), col(link.connected_at).is_not(None),
        col(link.paused_at).is_(None), col(link.due_at).is_not(None),
    )  # fmt: skip


_PARTNERS = (
    select(
        OutsidePartner,
        exists().where(
            col(_THEIRS.platform) == col(PlatformLink.platform),
            col(_THEIRS.outside_id) == col(OutsidePartner.outside_id),
            col(_THEIRS.role) == "factory", may_act(_THEIRS),
        ),
    )
    .join(PlatformLink, col(PlatformLink.id) == col(OutsidePartner.link_id))
    .where(col(OutsidePartner.link_id) == bindparam("link"))
    .order_by(col(OutsidePartner.name), col(OutsidePartner.outside_id))
)  # fmt: skip
_KNOWN = select(_P.outside_id, _P.mask).where(_P.link_id == bindparam("link"))
_NO_PARTNERS = delete(table_of(OutsidePartner)).where(_P.link_id == bindparam("link"))
_MASK = select(_P.mask).where(
    _P.link_id == bindparam("link"), _P.outside_id == bindparam("outside")
)
_KEEP_MASK = (
    update(table_of(OutsidePartner))
    .where(_P.link_id == bindparam("link"), _P.outside_id == bindparam("outside"))
    .values(mask=bindparam("found"))
)
_TICKETING = (
    select(Assignment, PlatformLink, PlatformCall, col(Order.order_no))
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .join(OutsideOrder, col(OutsideOrder.order_id) == col(Assignment.order_id))
    .join(
        PlatformLink,
        and_(
            col(PlatformLink.id) == col(OutsideOrder.link_id), col(PlatformLink.ended_at).is_(None)
        ),
    )
    .outerjoin(
        PlatformCall,
        and_(
            col(PlatformCall.assignment_id) == col(Assignment.id),
            col(PlatformCall.kind) == "assign",
        ),
    )
    .where(within(col(Assignment.id), "ids"))
    .order_by(col(Assignment.id))
)
_ACTING = (
    select(PlatformLink)
    .where(
        col(PlatformLink.shop_id) == bindparam("shop"),
        col(PlatformLink.platform) == bindparam("platform"),
        col(PlatformLink.role) == "factory", may_act(PlatformLink),
    )
    .order_by(col(PlatformLink.id))
)  # fmt: skip


class PlatformPartners(PlatformCalls):
    """The third of `PlatformStore` that is about the platform's own programme."""

    def partners(self, link_id: int) -> Sequence[tuple[OutsidePartner, bool]]:
        """Return who is bound to a link's shop there, and whether that factory is linked here."""
        rows = self.session.execute(_PARTNERS, {"link": link_id})
        return [(partner, bool(here)) for partner, here in rows]

    def put_partners(self, link_id: int, partners: Sequence[Partner]) -> None:
        """Keep who is bound to a link's shop there, in place of what stood."""
        masks = {
            outside: mask for outside, mask in rows_of(self.session, _KNOWN, {"link": link_id})
        }
        run(self.session, _NO_PARTNERS, {"link": link_id})
        self._forget_loaded(OutsidePartner)
        once = {one.outside_id: one for one in partners if one.outside_id}
        if once:
            insert_rows(
                self.session, OutsidePartner,
                [
                    {"link_id": link_id, "outside_id": one.outside_id, "name": one.name[:80],
                     "mask": masks.get(one.outside_id, "")}
                    for one in once.values()
                ],
            )  # fmt: skip

    def mask(self, link_id: int, factory_outside_id: str) -> str:
        """Return how a factory knows the merchant of that link there; empty before it is known."""
        values = {"link": link_id, "outside": factory_outside_id}
        return self.session.scalar(_MASK, values) or ""

    def keep_mask(self, link_id: int, factory_outside_id: str, mask: str) -> None:
        """Keep how a factory knows the merchant of that link."""
        values = {"link": link_id, "outside": factory_outside_id, "found": mask}
        run(self.session, _KEEP_MASK, values)

    def ticketing(self, assignment_ids: Sequence[int]) -> Sequence[Ticketing]:
        """Return how the platform has these assignments, and with what their factory acts there.

        For e-waybills and whatever else a factory does on the platform itself. Only of orders that
        came in by a link that stands; what came by a file is left out. Nothing is proved here.
        """
        rows = self.session.execute(_TICKETING, {"ids": list(assignment_ids)}).all()
        links: dict[tuple[int, str], PlatformLink | None] = {}
        found = []
        for given, merchant, call, order_no in rows:
            pair = (given.factory_id, merchant.platform)
            if pair not in links:
                links[pair] = self.acting_link(*pair)
            found.append(self._ticketing(given, order_no, merchant, call, links[pair]))
        return found

    def acting_link(self, shop_id: int, platform: str) -> PlatformLink | None:
        """Return the link a factory acts by on a platform, None where it has none."""
        return self.session.scalars(_ACTING, {"shop": shop_id, "platform": platform}).first()

    def _ticketing(
        self, given: Assignment, order_no: str, merchant: PlatformLink, call: PlatformCall | None,
        link: PlatformLink | None,
    ) -> Ticketing:  # fmt: skip
        if call is not None and call.factory_link_id is not None and call.state == "done":
            link = self.acting(call.factory_link_id)  # of two shops the one that has it
        access, refresh = self.visit.platforms.tokens(link) if link is not None else ("", "")
        handles = handles_of(call)
        state = _STATES[call.state] if call is not None else "outside"
        if state == "given" and not handles:
            state = "outside"  # taken back there
        return Ticketing(
            key(given), given.order_id, order_no, merchant.platform,
            state, call.why if call is not None else "", handles,  # type: ignore[arg-type]
            call.done_at if call is not None else None, key(merchant),
            self.mask(key(merchant), link.outside_id or "") if link is not None else "",
            key(link) if link is not None else None, access, refresh,
            link.token_until if link is not None else None,
        )  # fmt: skip

    def acting(self, link_id: int) -> PlatformLink | None:
        """Return a link that can be acted by: it stands, is not paused, the platform lets us in."""
        link = self.found(PlatformLink, link_id)
        acts = link is not None and link.ended_at is None and link.paused_at is None
        return link if acts and link is not None and link.due_at is not None else None


_STATES = {"owed": "giving", "done": "given", "given_up": "refused"}


def handles_of(call: PlatformCall | None) -> dict[str, str]:
    """Return under which ids of the platform an assignment was told, by our sub-order number."""
    if call is None or call.kind != "assign" or not call.handle:
        return {}
    return {str(ours): str(theirs) for ours, theirs in json.loads(call.handle).items()}
