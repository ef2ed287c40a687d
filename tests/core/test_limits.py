"""The limits of what goes at once: as many are fine, one more is told what to do."""

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot.screens.errors import error_text
from bot.texts import translator
from core.assignments.selecting import BATCH_LIMIT, SelectionFull
from core.entities import AssignDraftItem
from core.orders.reconciling import LIMIT, TooMuchToExport
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, order_no

T = translator("zh_CN")
PARCELS = text(
    "INSERT INTO shipment (assignment_id, order_id, merchant_id, factory_id, carrier, "
    "tracking_number, shipped_by, shipped_at, verdict) "
    "WITH RECURSIVE numbered(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbered WHERE n < :n) "
    "SELECT assignment_id, order_id, merchant_id, factory_id, carrier, "
    "'SF' || (CAST(:at AS BIGINT) + n), shipped_by, shipped_at, '' FROM shipment, numbered "
    "WHERE id = 1"
)


async def test_ten_thousand_orders_are_chosen_and_one_more_is_told_to_assign_those_first(
    firm: Firm,
) -> None:
    for at in range(0, BATCH_LIMIT + 1, 5_000):
        await firm.imports([incoming(one) for one in range(at, min(at + 5_000, BATCH_LIMIT + 1))])
    actor, selecting = firm.merchant, firm.services.assigning
    assert (await firm.does(selecting.take_all, actor)).size == BATCH_LIMIT
    await firm.does(selecting.clear, actor)
    taken = await firm.does(selecting.take_matching, actor)
    assert (taken.selection.size, taken.added, taken.more) == (BATCH_LIMIT, BATCH_LIMIT, True)

    def chosen(store: SqlStore) -> set[int]:
        of = col(AssignDraftItem.draft_id) == taken.selection.draft_id
        return set(store.session.scalars(select(AssignDraftItem.order_id).where(of)))

    inside = await firm.looks(chosen)
    [left] = {*range(1, BATCH_LIMIT + 2)} - inside
    with pytest.raises(SelectionFull) as refused:
        await firm.does(selecting.tick, actor, left)
    said = error_text(T, refused.value)
    assert said == "一次最多分配 10000 单，再选就超出了。请先把已选的分配出去，再接着选。"
    with pytest.raises(SelectionFull):
        await firm.does(selecting.take_pasted, actor, order_no(left - 1))
    assert await firm.looks(chosen) == inside
    assert (await firm.does(selecting.tick, actor, min(inside))).size == BATCH_LIMIT - 1
    assert (await firm.does(selecting.tick, actor, left)).size == BATCH_LIMIT


async def test_a_hundred_thousand_parcels_are_exported_and_one_more_is_told_to_choose_less(
    firm: Firm,
) -> None:
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    await firm.does(firm.services.shipping.reply, firm.factory, given, "SF1234567890123")
    exporting = firm.services.reconciling

    def more(store: SqlStore, n: int, at: int) -> None:
        store.session.execute(PARCELS, {"n": n, "at": at})

    await firm.database.write(lambda store: more(store, LIMIT - 1, 10**12))
    for actor in (firm.merchant, firm.factory):
        scope = await firm.sees(exporting.scope, actor, "today", 0)
        assert await firm.sees(exporting.size, actor, scope) == LIMIT
        await firm.sees(exporting.check, actor, scope)
    await firm.database.write(lambda store: more(store, 1, 2 * 10**12))
    for actor in (firm.merchant, firm.factory):
        scope = await firm.sees(exporting.scope, actor, "today", 0)
        with pytest.raises(TooMuchToExport) as refused:
            await firm.sees(exporting.check, actor, scope)
        said = error_text(T, refused.value)
        assert said == "超过 100000 个包裹，一个表格放不下。请缩短时间，或只选一家。"
