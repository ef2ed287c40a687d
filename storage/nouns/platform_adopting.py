"""What a link finds when it begins: orders of the same shop linked before, parcels nobody told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from core.entities import OutsideOrder, PlatformCall, PlatformLink
from core.ids import key
from storage.calls_owed import owe_after_refund, owe_untold
from storage.listed import within
from storage.nouns.platform_givings import PlatformGivings
from storage.rows import rows_of, run, table_of

_FORMER = select(col(PlatformLink.id), col(PlatformLink.synced_to)).where(
    col(PlatformLink.shop_id) == bindparam("shop"),
    col(PlatformLink.platform) == bindparam("platform"),
    col(PlatformLink.outside_id) == bindparam("outside"),
    col(PlatformLink.ended_at).is_not(None),
)
_ADOPT_ORDERS, _ADOPT_CALLS = (
    update(table).where(within(table.c.link_id, "former")).values(link_id=bindparam("link"))
    for table in (table_of(OutsideOrder), table_of(PlatformCall))
)


class PlatformAdopting(PlatformGivings):
    """The part of `PlatformStore` that is about how a link begins."""

    def owe_untold(self, link_id: int, order_ids: Sequence[int]) -> None:
        """Owe parcels of these orders that shipped while nobody could tell them."""
        owe_untold(self.session, link_id, self.now, order_ids)

    def owe_after_refund(self, link_id: int, order_ids: Sequence[int]) -> None:
        """Owe parcels again that were refused for a refund which is over."""
        owe_after_refund(self.session, link_id, self.now, order_ids)
        self._forget_loaded(PlatformCall)

    def adopt(self, link: PlatformLink) -> datetime | None:
        """Let a link go on where the shop's former ones of the same platform shop ended.

        Their orders are its own now, and their parcels that nobody told are owed. Returns up to
        when they had taken everything, None where there was none.
        """
        values = {"shop": link.shop_id, "platform": link.platform, "outside": link.outside_id}
        former = {one: until for one, until in rows_of(self.session, _FORMER, values)}
        if not former:
            return None
        for statement in (_ADOPT_ORDERS, _ADOPT_CALLS):
            run(self.session, statement, {"link": key(link), "former": list(former)})
        self._forget_loaded(OutsideOrder)
        self._forget_loaded(PlatformCall)
        owe_untold(self.session, key(link), self.now)
        return max((until for until in former.values() if until is not None), default=None)
