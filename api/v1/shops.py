"""The key's own shop, and those it works with: a merchant's factories, a factory's merchants."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.door import Caller, reading
from api.v1.inputs import After
from core.orders.views import BindingRow
from core.ports import Store
from core.programs.shop_reading import MOST_PARTNERS
from core.values import Actor

router = APIRouter(prefix="/v1", tags=["shop"])
Reads = Annotated[Caller, reading("read")]


@dataclass(slots=True)
class ShopOut:
    """The shop a key belongs to."""

    number: Annotated[str, Field(description="编号: others name it so.", examples=["F4R78MW"])]
    name: Annotated[str, Field(examples=["大力日用百货厂"])]
    role: Literal["merchant", "factory"]


@dataclass(slots=True)
class Partner:
    """A shop on the other side; orders go to factories that are `bound`."""

    id: Annotated[int, Field(description="The binding's.", examples=[7])]
    number: Annotated[str, Field(examples=["F4R78MW"])]
    name: Annotated[str, Field(description="Your alias where you gave one.", examples=["大力"])]
    status: Literal["pending", "bound"]
    open: Annotated[int, Field(description="Orders not shipped yet.", examples=[12])]

    @classmethod
    def of(cls, row: BindingRow) -> "Partner":
        """Return it from the core's row."""
        status: Literal["pending", "bound"] = "bound" if row.status == "bound" else "pending"
        return cls(row.id, row.number, row.alias or row.name, status, row.open_count)


@dataclass(slots=True)
class PartnerPage:
    """Shops in the order they were asked; `next` goes on behind them, null at the end."""

    partners: list[Partner]
    next: Annotated[int | None, Field(examples=[None])]


@router.get("/shop", summary="本店 · Your shop", response_model=ShopOut)
async def get_shop(caller: Reads) -> Response:
    """Return whose key this is: the first thing to ask, to see that it opens the door."""
    own = caller.programs.shop_reading.own

    def work(store: Store, actor: Actor) -> ShopOut:
        shop = own(store, actor)
        return ShopOut(shop.number, shop.name, shop.role)

    return await caller.answer(work)


@router.get("/partners", summary="合作店铺 · Partners", response_model=PartnerPage)
async def list_partners(
    caller: Reads,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_PARTNERS)] = 50,
) -> Response:
    """List the factories a merchant may assign to, or the merchants a factory ships for."""
    find = caller.programs.shop_reading.partners

    def page(store: Store, actor: Actor) -> PartnerPage:
        found = [Partner.of(one) for one in find(store, actor, after, limit)]
        return PartnerPage(found, found[-1].id if len(found) == limit else None)

    return await caller.answer(page)
