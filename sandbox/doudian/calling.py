"""What every Doudian call is made of, and what several of them check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from sandbox import orders
from sandbox.doudian import refusals as refuse
from sandbox.gateway import Asking, Strict
from sandbox.orders import Unit

HALF_AN_HOUR = 1_800
Page = Annotated[int, Field(ge=0)]
Size = Annotated[int, Field(ge=1, le=100)]
Line = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Done:
    """A call: the parameters it takes and what it does with them."""

    asked: type[Strict]
    act: Callable[[Any, Any], Any]


def window(start: int | None, end: int | None, *, most: int = HALF_AN_HOUR) -> tuple[int, int]:
    """Milliseconds from and until, both included. Raises for a window turned round or too wide."""
    if start is None or end is None:
        raise refuse.invalid("开始时间与结束时间须同时传入")
    if end < start:
        raise refuse.invalid("结束时间不可以小于开始时间")
    if end - start > most:
        raise refuse.invalid("开始时间结束时间间距不超过半小时")
    return start * 1000, end * 1000 + 999


def merchant_only(asking: Asking) -> None:
    if asking.shop.role != "merchant":
        raise refuse.Refused(30001, "isv.app-permissions-insufficient", "当前店铺不是代发商家")


def factory_only(asking: Asking) -> None:
    if asking.shop.role != "factory":
        raise refuse.Refused(30001, "isv.app-permissions-insufficient", "当前店铺不是代发厂家")


def unit_of_factory(asking: Asking, user_id: int, distr_order_id: str, number: int) -> Unit:
    """What this factory was assigned by the merchant of that mask; else refused with `number`."""
    unit = orders.find_units(asking.world.database, [distr_order_id]).get(distr_order_id)
    if unit is None or unit.factory != asking.shop.id:
        raise refuse.business(number, "代发单不存在")
    if asking.world.shop(unit.merchant).mask != user_id:
        raise refuse.business(number, "代发单不存在")
    return unit
