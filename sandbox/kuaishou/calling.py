"""What every Kuaishou call is made of, and what several of them check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from sandbox import orders
from sandbox.cast import Shop
from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.words import BY_CREATION, BY_UPDATE, NEWEST_FIRST, NO_MORE, OLDEST_FIRST
from sandbox.orders import Unit

DAY = 86_400_000
WIDEST, OLDEST = 7 * DAY, 90 * DAY
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Done:
    """A call: the parameters it takes and what it does with them."""

    asked: type[Strict]
    act: Callable[[Any, Any], Any]


class Listing(Strict):
    """What both lists of orders take. Times in milliseconds."""

    pageSize: int = Field(ge=1, le=100)  # noqa: N815  so named by the platform
    beginTime: int  # noqa: N815
    endTime: int  # noqa: N815
    cursor: str = ""
    queryType: int = Field(default=BY_CREATION, ge=BY_CREATION, le=BY_UPDATE)  # noqa: N815
    sort: int = Field(default=NEWEST_FIRST, ge=NEWEST_FIRST, le=OLDEST_FIRST)


def merchant_only(asking: Asking) -> None:
    if asking.shop.role != "merchant":
        raise refuse.business("当前用户不是代发商家")


def factory_only(asking: Asking) -> None:
    if asking.shop.role != "factory":
        raise refuse.business("当前用户不是代发厂家")


def check_times(asking: Asking, begin: int, end: int) -> None:
    """At most seven days, at most ninety days back."""
    if end <= begin:
        raise refuse.Refused(refuse.TURNED_ROUND, "ENDTIME MUST AFTER BEGINTIME")
    if end - begin > WIDEST:
        raise refuse.Refused(refuse.TOO_WIDE, "SEARCH TIME RANGE EXPAND 7 DAYS")
    if begin < asking.world.ms() - OLDEST:
        raise refuse.Refused(refuse.TOO_OLD, "CAN NOT SEARCH BEFORE 90 DAYS")


def page_of(
    asking: Asking, asked: Listing, column: str, where: str, values: list[Any]
) -> tuple[list[Unit], str]:
    """A page of units and the cursor after it: time and id of its last, so nothing is skipped.

    `column`, `where` and the way are ours; only values come from the call.
    """
    check_times(asking, asked.beginTime, asked.endTime)
    oldest_first = asked.sort == OLDEST_FIRST
    beyond, way = (">", "ASC") if oldest_first else ("<", "DESC")
    if asked.cursor == NO_MORE:
        return [], NO_MORE
    start, _, last = (asked.cursor or "").partition("_")
    if asked.cursor and not (start.isdigit() and last):
        raise refuse.Refused(refuse.BAD_PARAM, "cursor 不正确")
    rows = asking.world.database.rows(
        f"SELECT u.*, {column} AS at FROM units u JOIN orders o ON o.id = u.order_id "  # noqa: S608
        f"WHERE {where} AND {column} BETWEEN ? AND ? "
        f"AND (? = '' OR ({column}, u.id) {beyond} (?, ?)) "
        f"ORDER BY {column} {way}, u.id {way} LIMIT ?",
        *values,
        asked.beginTime,
        asked.endTime,
        asked.cursor,
        int(start or 0),
        last,
        asked.pageSize + 1,
    )
    units = orders.load_units(asking.world.database, rows[: asked.pageSize])
    if len(rows) <= asked.pageSize:
        return units, NO_MORE
    return units, f"{rows[asked.pageSize - 1]['at']}_{units[-1].id}"


def by_code(asking: Asking, code: str) -> Shop:
    """The shop behind a `factoryCode` or `userCode`, which is its mask."""
    shop = (
        asking.world.by_mask(int(code))
        if code.isascii() and code.isdigit() and len(code) < 19
        else None
    )
    if shop is None or shop.platform != "kuaishou":
        raise refuse.business("用户不存在")
    return shop


def unit_of_factory(asking: Asking, code: str, user_code: str) -> Unit:
    factory_only(asking)
    unit = orders.find_units(asking.world.database, [code]).get(code)
    merchant = by_code(asking, user_code)
    if unit is None or unit.factory != asking.shop.id or unit.merchant != merchant.id:
        raise refuse.business("代发订单不存在")
    return unit
