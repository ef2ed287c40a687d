"""What the operator's side takes: one strict model per request."""

from typing import Any, Literal

from pydantic import Field

from sandbox.cast import Platform
from sandbox.making import Strict
from sandbox.refunds import Act


class Remark(Strict):
    text: str
    star: int = Field(default=0, ge=0, le=5)


class Amount(Strict):
    """Fen more, or less."""

    by: int


class Deadline(Strict):
    """Seconds from now."""

    within: float


class Refund(Strict):
    act: Act
    line: str | None = None


class Cancel(Strict):
    reason: str = "买家取消"


class Binding(Strict):
    merchant: int
    factory: int
    status: Literal[0, 1, 2, 3, 4, 5]


class Assignment(Strict):
    unit: str
    factory: int


class ShopOnly(Strict):
    shop: int


class Expire(Strict):
    platform: Platform
    shop: int | None = None


class Stock(Strict):
    factory: int
    company: str
    left: int = Field(ge=0)


class Pickup(Strict):
    """A carrier has picked up the parcel of this number, `ago` seconds ago."""

    number: str
    ago: float = 0.0


class Clock(Strict):
    advance: float


class NewFaults(Strict):
    faults: list[dict[str, Any]]


class Made(Strict):
    """A message about an order in words of one's own: any tag or event, any data."""

    order: str
    tag: str
    data: dict[str, Any] = Field(default_factory=dict)
    shop: int | None = None


class Many(Strict):
    """One act, done to each of these orders or to none."""

    orders: list[str]
    facts: dict[str, Any] = Field(default_factory=dict)


class Send(Strict):
    """The messages named by `n`, again; or all that wait, of one platform or of both."""

    pushes: list[int] | None = None
    platform: Platform | None = None
