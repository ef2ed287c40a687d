"""Doudian's answers as it writes them: only the fields we read, numbers and texts taken for either.

Field names are the platform's own, as its documents and the clients generated from them have them.
What is not named here is ignored. Times are unix seconds, 0 or absent where there is none; amounts
are fen.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _nothing(value: Any) -> Any:
    """The platform writes null, 0 or an empty text where it has nothing to say."""
    return "" if value is None else value


def _no_list(value: Any) -> Any:
    return [] if value is None else value


Text = Annotated[str, BeforeValidator(_nothing)]
Seconds = Annotated[int, BeforeValidator(lambda value: value or 0), Field(ge=0, le=2**42)]
Pieces = Annotated[int, Field(ge=1, le=1_000_000)]


class Shape(BaseModel):
    """Something Doudian says."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Area(Shape):
    """A region of an address."""

    name: Text = ""


class SealedAddress(Shape):
    """An address down to the street in plain, the rest encrypted."""

    province: Area = Area()
    city: Area = Area()
    town: Area = Area()
    street: Area | None = None
    encrypt_detail: Text = ""


class MaskedAddress(Shape):
    """An address whose detail has stars."""

    detail: Text = ""


class Specification(Shape):
    """One property of what was chosen: 颜色, 红色."""

    name: Text = ""
    value: Text = ""


class AfterSaleInfo(Shape):
    """Where the after-sale of one line stands."""

    after_sale_status: Text = "0"
    refund_status: Text = "0"


class SkuOrder(Shape):
    """One line of an order: a 商品单 of its own number."""

    order_id: str = Field(min_length=1)
    order_status: Text = ""
    product_name: str = Field(min_length=1)
    spec: Annotated[list[Specification], BeforeValidator(_no_list)] = []
    code: Text = ""
    out_sku_id: Text = ""
    item_num: Pieces
    origin_amount: Annotated[int | None, Field(ge=0, le=2**53)] = None
    after_sale_info: AfterSaleInfo | None = None


class Packed(Shape):
    """What of which line is in a parcel."""

    sku_order_id: Text = ""
    product_count: int = 0


class Logistics(Shape):
    """One parcel of an order."""

    tracking_no: Text = ""
    company: Text = ""
    delivery_id: Text = ""
    product_info: Annotated[list[Packed], BeforeValidator(_no_list)] = []


class ShopOrder(Shape):
    """One order, as order.searchList and order.orderDetail give it."""

    order_id: str = Field(min_length=1)
    order_status: str = Field(min_length=1)
    main_status: Text = ""
    create_time: Seconds = 0
    update_time: Seconds = Field(gt=0)
    pay_time: Seconds = 0
    exp_ship_time: Seconds = 0
    buyer_words: Text = ""
    seller_words: Text = ""
    encrypt_post_receiver: Text = ""
    encrypt_post_tel: Text = ""
    post_addr: SealedAddress = SealedAddress()
    mask_post_receiver: Text = ""
    mask_post_tel: Text = ""
    mask_post_addr: MaskedAddress = MaskedAddress()
    open_address_id: Text = ""
    sku_order_list: list[SkuOrder] = Field(min_length=1)
    logistics_info: Annotated[list[Logistics], BeforeValidator(_no_list)] = []


class Handed(Shape):
    """One line in the dropship programme, as iop.sellerOrderList gives it."""

    distr_order_id: str = Field(min_length=1)
    shop_order_id: str = Field(min_length=1)
    distr_status: str
    supplier_shop_id: Text = ""
    product_name: Text = ""
    update_time: Seconds = 0


class Granted(Shape):
    """An access token and what renews it."""

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(min_length=1, repr=False)
    expires_in: int = Field(gt=0)
    shop_id: Text = ""
    shop_name: Text = ""
