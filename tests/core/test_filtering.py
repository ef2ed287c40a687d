"""A filter over thousands of orders: every match once, none silently missing, at a bounded cost."""

from datetime import timedelta

import pytest

from core.entities import Order, OrderLine
from core.errors import ShopNotFound, WrongRole
from core.orders.filtering import CodeUnknown, ProvinceUnknown
from core.orders.listing import PAGE
from core.orders.views import Cursor, OrderRow, Page
from core.text.periods import CHINA, PeriodTooLong, PeriodUnclear
from storage.nouns.order_filters import SCANNED
from storage.rows import insert_rows
from storage.store import SqlStore
from tests.core.firm import START, Firm, incoming

MANY = 2 * SCANNED + 3_000
RARE = (5, 40, 9_990, SCANNED + 700, MANY - 1)  # places in the list where the rare orders stand


async def crowded(firm: Firm) -> None:
    """Fill 待分配 with very many orders; five of them go to 西藏 and hold RARE-1."""
    await firm.imports([incoming(1)])
    model = (await firm.order(1)).model_dump(exclude={"id", "order_no"})
    line = (await firm.looks(lambda s: s.orders.lines([1])[1][0])).model_dump(
        exclude={"id", "order_id", "sub_order_no", "product_code"}
    )

    def fill(store: SqlStore) -> None:
        places = range(2, MANY + 1)
        insert_rows(
            store.session, Order,
            [
                model | {
                    "order_no": f"X{place:06d}", "sort_at": START + timedelta(minutes=place // 2),
                    "province": "西藏" if place in RARE else ("浙江", "广东")[place % 2],
                    "paid_at": START - timedelta(minutes=place),
                }
                for place in places
            ],
        )  # fmt: skip
        insert_rows(
            store.session, OrderLine,
            [
                line | {"order_id": place, "sub_order_no": f"{place}-1",
                        "product_code": "RARE-1" if place in RARE else "MUG-01"}
                for place in places
            ],
        )  # fmt: skip

    await firm.database.write(fill)


async def walked(firm: Firm) -> tuple[list[int], list[Page[OrderRow]]]:
    """Walk 待分配 as it is narrowed to its end."""
    use, pages = firm.services.filtering, []
    here: Cursor | None = None
    while True:
        pages.append(await firm.sees(use.page, firm.merchant, "unassigned", here))
        assert len(pages) < 500, "the pages go round in circles"
        here = pages[-1].after
        if here is None:
            return [row.id for page in pages for row in page.rows], pages


async def test_what_is_rare_is_found_however_far_it_is_and_never_silently_cut(firm: Firm) -> None:
    await crowded(firm)
    use = firm.services.filtering
    await firm.does(use.by_province, firm.merchant, "西藏自治区")
    ids, pages = await walked(firm)
    assert ids == list(RARE)
    assert [page.cut for page in pages] == ["after", "after", ""]
    assert [len(page.rows) for page in pages] == [3, 1, 1]
    # Back from the end: the same orders, and the way says again where it was cut.
    back, here = [list(pages[-1].rows)], pages[-1].before
    while here is not None:
        page = await firm.sees(use.page, firm.merchant, "unassigned", here)
        back.append(list(page.rows))
        here = page.before
        assert len(back) < 20, "the pages go round in circles"
    assert [row.id for rows in reversed(back) for row in rows] == list(RARE)
    seen = await firm.sees(use.view, firm.merchant, "unassigned")
    assert seen.matching is not None
    assert (seen.matching.n, seen.matching.more) == (3, True)
    await firm.does(use.by_province, firm.merchant, "")
    await firm.does(use.by_code, firm.merchant, "rare-1")
    assert (await walked(firm))[0] == list(RARE)


async def test_what_is_common_fills_its_pages_as_without_a_filter(firm: Firm) -> None:
    await crowded(firm)
    use = firm.services.filtering
    await firm.does(use.by_province, firm.merchant, "广东省")
    first = await firm.sees(use.page, firm.merchant, "unassigned")
    assert [row.id for row in first.rows] == [3, 7, 9, 11, 13, 15, 17, 19]
    second = await firm.sees(use.page, firm.merchant, "unassigned", first.after)
    assert len(second.rows) == PAGE
    back = await firm.sees(use.page, firm.merchant, "unassigned", second.before)
    assert [row.id for row in back.rows] == [row.id for row in first.rows]
    assert (first.cut, second.cut, back.cut) == ("", "", "")


async def test_conditions_are_joined_and_the_deadline_is_a_span_of_the_list(firm: Firm) -> None:
    await crowded(firm)
    use, day = firm.services.filtering, START.astimezone(CHINA)
    await firm.does(use.by_due, firm.merchant, due_today=True)
    rows, _ = await first_rows(firm, 40)
    midnight = (day + timedelta(days=1)).replace(hour=0, minute=0)
    assert all(row.sort_at < midnight for row in rows)
    seen = await firm.sees(use.view, firm.merchant, "unassigned")
    assert seen.matching is not None
    assert not seen.matching.more
    assert seen.matching.n == sum(1 for p in range(2, MANY + 1) if p // 2 < 15 * 60)
    await firm.does(use.by_paid, firm.merchant, "yesterday")
    await firm.does(use.by_province, firm.merchant, "浙江")
    ids, _ = await walked(firm)
    paid = [p for p in range(2, MANY + 1) if 9 * 60 < p <= 33 * 60 and p // 2 < 15 * 60]
    assert ids == [p for p in paid if p % 2 == 0 and p not in RARE]
    kept = await firm.sees(use.narrowing, firm.merchant)
    assert kept.kept() == {"province": "浙江", "paid": "yesterday", "due_today": True}
    await firm.does(use.clear, firm.merchant)
    assert not await firm.sees(use.narrowing, firm.merchant)


async def first_rows(firm: Firm, n: int) -> tuple[list[OrderRow], Cursor | None]:
    rows: list[OrderRow] = []
    here: Cursor | None = None
    while len(rows) < n:
        page = await firm.sees(firm.services.filtering.page, firm.merchant, "unassigned", here)
        rows += page.rows
        here = page.after
    return rows, here


async def test_a_factory_narrows_to_what_it_has(firm: Firm) -> None:
    await firm.opens("other", "factory", 2002)
    await firm.binds(factory="other")
    await firm.imports([incoming(one) for one in range(1, 25)])
    await firm.assigns(*range(1, 11))
    await firm.assigns(*range(11, 21), factory="other")
    use = firm.services.filtering
    await firm.does(use.by_factory, firm.merchant, firm.people["other"].shop_id)
    page = await firm.sees(use.page, firm.merchant, "to_ship")
    last = await firm.sees(use.page, firm.merchant, "to_ship", page.after)
    assert [row.id for row in (*page.rows, *last.rows)] == list(range(11, 21))
    view = await firm.sees(use.view, firm.merchant, "to_ship")
    assert view.factory_name == "other"
    assert view.matching is None


async def test_what_cannot_be_narrowed_to_is_refused_and_nothing_changes(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    use, me = firm.services.filtering, firm.merchant
    stranger = await firm.opens("stranger", "factory", 2002)
    for work, value, refusal in (
        (use.by_factory, stranger.shop_id, ShopNotFound),
        (use.by_line, 404, CodeUnknown),
        (use.by_code, "NONE", CodeUnknown),
        (use.by_code, "  ", CodeUnknown),
        (use.by_province, "火星", ProvinceUnknown),
        (use.by_paid, "随便", PeriodUnclear),
        (use.by_paid, "2020-01-01 2026-01-01", PeriodTooLong),
    ):
        with pytest.raises(refusal):
            await firm.does(work, me, value)
    with pytest.raises(WrongRole):
        await firm.does(use.by_province, firm.factory, "浙江")
    assert not await firm.sees(use.narrowing, me)


async def test_codes_and_provinces_that_occur_are_offered(firm: Firm) -> None:
    await crowded(firm)
    use = firm.services.filtering
    codes = await firm.sees(use.codes, firm.merchant, "unassigned")
    assert [one.code for one in codes] == ["MUG-01", "RARE-1"]
    await firm.does(use.by_line, firm.merchant, codes[1].line_id)
    assert (await firm.sees(use.narrowing, firm.merchant)).code == "RARE-1"
    provinces = await firm.sees(use.provinces, firm.merchant, "unassigned")
    assert provinces == ["浙江", "广东", "西藏"]
