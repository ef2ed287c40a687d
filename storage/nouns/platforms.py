"""Shops linked to platforms, what their messages point at, and orders that could not be read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, exists, func, insert, or_, select, update
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import (
    OrderAside,
    OrderHint,
    OutsideOrder,
    PlatformCall,
    PlatformLink,
    PushMark,
)
from core.ids import key
from core.platforms.facts import Grant, PlatformOrder, Push, Quarantined
from storage.listed import within
from storage.nouns.platform_adopting import PlatformAdopting
from storage.nouns.shops import SUSPENDED
from storage.rows import insert_rows, rows_of, run, table_of

_NOW: Any = bindparam("now", type_=UtcDateTime())
_LIVE = col(PlatformLink.ended_at).is_(None)
_OWN = (
    select(PlatformLink)
    .where(
        col(PlatformLink.shop_id) == bindparam("shop"), _LIVE,
        col(PlatformLink.connected_at).is_not(None),
    )
    .order_by(col(PlatformLink.id))
)  # fmt: skip
_LINKED = select(PlatformLink).where(
    col(PlatformLink.platform) == bindparam("platform"),
    col(PlatformLink.outside_id) == bindparam("outside"), _LIVE,
)  # fmt: skip
_ASKED = select(PlatformLink).where(
    col(PlatformLink.asked_hash) == bindparam("asked"), col(PlatformLink.asked_until) > _NOW, _LIVE
)
_FORGET_ASKED = (
    update(table_of(PlatformLink))
    .where(
        table_of(PlatformLink).c.shop_id == bindparam("shop"),
        table_of(PlatformLink).c.platform == bindparam("for_platform"),
        table_of(PlatformLink).c.connected_at.is_(None),
        table_of(PlatformLink).c.ended_at.is_(None),
    )
    .values(ended_at=_NOW, asked_hash="")
)
_DUE = (
    select(PlatformLink)
    .where(
        col(PlatformLink.due_at) <= _NOW, _LIVE, col(PlatformLink.shop_id).not_in(SUSPENDED),
        col(PlatformLink.id).not_in(bindparam("busy", expanding=True)),
    )
    .order_by(col(PlatformLink.due_at), col(PlatformLink.id))
    .limit(1)
    .with_for_update(of=PlatformLink, skip_locked=True)
)  # fmt: skip
_LOOK_NOW = (
    update(table_of(PlatformLink)).where(table_of(PlatformLink).c.due_at > _NOW).values(due_at=_NOW)
)
_TELL_NOW = (
    update(table_of(PlatformCall))
    .where(table_of(PlatformCall).c.state == "owed", table_of(PlatformCall).c.due_at > _NOW)
    .values(due_at=_NOW)
)
_NEXT = select(func.min(col(PlatformLink.due_at))).where(
    _LIVE, col(PlatformLink.shop_id).not_in(SUSPENDED)
)
_HINTS = (
    select(col(OrderHint.order_no))
    .where(col(OrderHint.link_id) == bindparam("link"))
    .order_by(col(OrderHint.at), col(OrderHint.order_no))
    .limit(bindparam("limit"))
)
_H, _A, _M = table_of(OrderHint).c, table_of(OrderAside).c, table_of(PushMark).c
_O = table_of(OutsideOrder).c
_UNHINT = delete(table_of(OrderHint)).where(
    _H.link_id == bindparam("link"), within(_H.order_no, "numbers")
)
_NO_HINTS = delete(table_of(OrderHint)).where(_H.link_id == bindparam("link"))
_MARKED = select(_M.number).where(
    _M.platform == bindparam("platform"), within(_M.number, "numbers")
)
_FORGET_MARKS = delete(table_of(PushMark)).where(_M.at < bindparam("before", type_=UtcDateTime()))
_NOT_ASIDE = delete(table_of(OrderAside)).where(
    _A.link_id == bindparam("link"), within(_A.order_no, "numbers")
)
_ASIDES = (
    select(OrderAside)
    .where(col(OrderAside.link_id) == bindparam("link"))
    .order_by(col(OrderAside.seen_at).desc(), col(OrderAside.order_no))
    .limit(bindparam("limit"))
)
_FETCH_ASIDES = insert(table_of(OrderHint)).from_select(
    ["link_id", "order_no", "at"],
    select(_A.link_id, _A.order_no, _NOW)
    .join(table_of(PlatformLink), col(PlatformLink.id) == _A.link_id)
    .where(
        _LIVE, or_(bindparam("link", type_=Integer).is_(None), _A.link_id == bindparam("link")),
        ~exists().where(_H.link_id == _A.link_id, _H.order_no == _A.order_no),
    ),
)  # fmt: skip
_HANDLES = select(_O.order_id, _O.handles).where(within(_O.order_id, "orders"))
_NOT_OUTSIDE = delete(table_of(OutsideOrder)).where(within(_O.order_id, "orders"))


class PlatformStore(PlatformAdopting):
    """`core.ports.PlatformPort`."""

    def own(self, shop_id: int) -> Sequence[PlatformLink]:
        """Return the shop's platform shops, the oldest first."""
        return self.session.scalars(_OWN, {"shop": shop_id}).all()

    def link(self, link_id: int) -> PlatformLink | None:
        """Return a link that has not ended."""
        link = self.found(PlatformLink, link_id)
        return None if link is None or link.ended_at is not None else link

    def link_of(self, order_id: int) -> PlatformLink | None:
        """Return the link an order came in by, unless it has ended."""
        outside = self.session.get(OutsideOrder, order_id)
        return None if outside is None else self.link(outside.link_id)

    def linked(self, platform: str, outside_id: str) -> PlatformLink | None:
        """Return the link of a platform's shop."""
        values = {"platform": platform, "outside": outside_id}
        return self.session.scalars(_LINKED, values).one_or_none()

    def asked(self, asked_hash: str) -> PlatformLink | None:
        """Return the link whose authorisation is awaited under that word, in time."""
        return self.session.scalars(_ASKED, {"asked": asked_hash, "now": self.now}).one_or_none()

    def forget_asked(self, shop_id: int, platform: str) -> None:
        """End authorisations that were asked for and never came."""
        values = {"shop": shop_id, "for_platform": platform, "now": self.now}
        run(self.session, _FORGET_ASKED, values)

    def add(self, new: PlatformLink) -> PlatformLink:
        """Keep a new link."""
        self.session.add(new)
        self.session.flush()
        return new

    def keep(self, link: PlatformLink, grant: Grant) -> None:
        """Keep a link's tokens, sealed to it."""
        link.sealed_access = self._seal(link, grant.access_token, "access_token")
        link.sealed_refresh = self._seal(link, grant.refresh_token, "refresh_token")
        link.token_until = grant.until

    def tokens(self, link: PlatformLink) -> tuple[str, str]:
        """Return a link's access and refresh tokens."""
        row = str(key(link))
        return (
            self.sealer.open(
                link.sealed_access, tenant=link.shop_id, row=row, field="access_token"
            ),
            self.sealer.open(
                link.sealed_refresh, tenant=link.shop_id, row=row, field="refresh_token"
            ),
        )

    def _seal(self, link: PlatformLink, text: str, field: str) -> bytes:
        return self.sealer.seal(text, tenant=link.shop_id, row=str(key(link)), field=field)

    def end(self, link: PlatformLink) -> None:
        """End a link: no tokens, no hints, nothing owed."""
        link.ended_at, link.due_at = self.now, None
        link.sealed_access = link.sealed_refresh = b""
        run(self.session, _NO_HINTS, {"link": key(link)})
        self.drop_calls(key(link))

    def release(self) -> None:
        """Let everything that waits be due: whoever had leased it is dead.

        What could not be read is fetched again: the operator may have corrected a table.
        """
        for statement in (_LOOK_NOW, _TELL_NOW):
            run(self.session, statement, {"now": self.now})
        self.fetch_asides(None)

    def due(self, busy: Sequence[int]) -> PlatformLink | None:
        """Return the link that has been due longest, those at work left out."""
        return self.session.scalars(_DUE, {"now": self.now, "busy": list(busy)}).one_or_none()

    def next_due(self) -> datetime | None:
        """Return when the next link is due."""
        return self.session.scalar(_NEXT)

    def hints(self, link_id: int, limit: int) -> Sequence[str]:
        """Return orders that messages were about, the oldest message first."""
        return self.session.scalars(_HINTS, {"link": link_id, "limit": limit}).all()

    def hint(self, link_id: int, order_no: str) -> None:
        """Keep that an order is to be fetched."""
        if self.session.get(OrderHint, (link_id, order_no)) is None:
            self.session.add(OrderHint(link_id=link_id, order_no=order_no, at=self.now))

    def fetch_asides(self, link_id: int | None) -> None:
        """Let orders that could not be read be fetched again, one link's or all."""
        run(self.session, _FETCH_ASIDES, {"link": link_id, "now": self.now})

    def unhint(self, link_id: int, order_nos: Sequence[str]) -> None:
        """These orders were fetched."""
        if order_nos:
            run(self.session, _UNHINT, {"link": link_id, "numbers": list(order_nos)})

    def mark_pushes(self, platform: str, pushes: Sequence[Push]) -> Sequence[Push]:
        """Mark messages as taken; returns those that were not, each once."""
        once = {one.id: one for one in pushes}
        values = {"platform": platform, "numbers": list(once)}
        known = {number for (number,) in rows_of(self.session, _MARKED, values)}
        fresh = [one for one in once.values() if one.id not in known]
        rows = [{"platform": platform, "number": one.id, "at": self.now} for one in fresh]
        if rows:
            insert_rows(self.session, PushMark, rows)
        return fresh

    def forget_pushes(self, before: datetime) -> None:
        """Forget marks older than that."""
        run(self.session, _FORGET_MARKS, {"before": before})

    def set_aside(self, link_id: int, aside: Sequence[Quarantined], read: Sequence[str]) -> None:
        """List orders that could not be read, and no longer those that now could."""
        named = {one.order_no: one for one in aside if one.order_no}
        gone = [*named, *read]
        if gone:
            run(self.session, _NOT_ASIDE, {"link": link_id, "numbers": gone})
        rows = [
            {"link_id": link_id, "order_no": one.order_no, "field": one.field[:80],
             "why": one.why[:80], "seen_at": self.now}
            for one in named.values()
        ]  # fmt: skip
        if rows:
            insert_rows(self.session, OrderAside, rows)

    def asides(self, link_id: int, limit: int) -> Sequence[OrderAside]:
        """Return orders that could not be read, the newest first."""
        return self.session.scalars(_ASIDES, {"link": link_id, "limit": limit}).all()

    def put_outside(self, link_id: int, orders: Sequence[tuple[int, PlatformOrder]]) -> None:
        """Keep how the platform knows these orders, in place of what stood there.

        Ids it does not say with an order, that were looked up, stay.
        """
        if not orders:
            return
        ids = [order_id for order_id, one in orders if not one.handles]
        rows = rows_of(self.session, _HANDLES, {"orders": ids}) if ids else ()
        known = {order_id: handles for order_id, handles in rows}
        self._forget_loaded(OutsideOrder)
        run(self.session, _NOT_OUTSIDE, {"orders": [order_id for order_id, _ in orders]})
        insert_rows(
            self.session, OutsideOrder,
            [
                {"order_id": order_id, "link_id": link_id,
                 "handles": dict(one.handles) or known.get(order_id),
                 "given_to": one.given_to, "changed_at": one.changed_at}
                for order_id, one in orders
            ],
        )  # fmt: skip
