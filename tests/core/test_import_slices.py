"""A large import is applied slice by slice: what was planned is done, and nothing else."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.errors import DraftSpent
from core.imports.import_slices import Applied
from core.imports.incoming import Sheet
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, order_no
from tests.core.truth import faults


async def test_what_another_import_changes_between_slices_is_left_alone_and_said(
    firm: Firm,
) -> None:
    slices, importing, me = firm.services.import_slices, firm.services.importing, firm.merchant
    await firm.imports([incoming(n) for n in range(12)])
    await firm.assigns(*range(12))
    news = [incoming(n, note="改") for n in range(12)] + [incoming(n) for n in range(50, 1_500)]
    draft_id = await firm.does(importing.keep, me, Sheet("doudian", tuple(news), ()), "a", (1, 1))
    seen = (await firm.sees(importing.preview, me, draft_id)).digest
    await firm.does(slices.begin, me, draft_id, taken=False)
    for refused in (importing.confirm, importing.drop):
        with pytest.raises(DraftSpent):
            await firm.does(refused, me, draft_id)
    plan = await firm.sees(slices.plan, me, draft_id, seen, Applied())
    first, second = plan.slices
    assert Counter(one.kind for one in first)["changed"] == 12  # told of in one message
    await firm.imports([incoming(1_499, note="别人"), incoming(1_498), incoming(3, note="别人")])
    applied = await firm.does(slices.apply, me, draft_id, first, Applied())
    applied = await firm.does(slices.apply, me, draft_id, second, Applied.of(applied.kept))
    done = await firm.does(slices.end, me, draft_id, plan, applied)
    assert (done.new, len(done.changed), done.known, done.undoable) == (1_448, 11, 1, True)
    assert {(one.order_no, one.reason) for one in done.skipped} == {
        (order_no(3), "changed_since"), (order_no(1_499), "changed_since"),
    }  # fmt: skip
    assert [(await firm.notes(n)).buyer_note for n in (2, 3, 1_499)] == ["改", "别人", "别人"]
    assert await firm.owed("OrdersChanged") == 1
    assert await firm.looks(faults) == []


async def test_a_file_a_day_old_is_kept_while_it_is_being_applied(firm: Firm) -> None:
    importing, me = firm.services.importing, firm.merchant
    sheet = Sheet("doudian", (incoming(1),), ())
    begun, left = [await firm.does(importing.keep, me, sheet, "a", (1, 1)) for _ in range(2)]
    await firm.does(firm.services.import_slices.begin, me, begun, taken=False)

    def states(hours: float) -> Callable[[SqlStore], list[tuple[str, bool]]]:
        def work(store: SqlStore) -> list[tuple[str, bool]]:
            store.drafts.drop_older(firm.watch.now - timedelta(hours=hours))
            store.session.expire_all()
            drafts = [store.drafts.import_(one) for one in (begun, left)]
            return [(one.state, bool(one.sealed)) for one in drafts if one]

        return work

    firm.watch.moves(hours=24, minutes=30)
    assert await firm.database.write(states(24)) == [("frozen", True), ("dropped", False)]
    firm.watch.moves(hours=1)
    assert await firm.database.write(states(24)) == [("dropped", False), ("dropped", False)]
