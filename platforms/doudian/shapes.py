"""Doudian's answers as it writes them: only the fields we read, numbers and texts taken for either.

Field names are the platform's own, as its documents and the clients generated from them have them.
What is not named here is ignored. Times are unix seconds, 0 or absent where there is none; amounts
are fen.
"""

from typing import Annotated

from pydantic import Field

from platforms.reading import Fen, Moment, NullIsEmpty, Pieces, Shape, Text


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
    spec: Annotated[list[Specification], NullIsEmpty] = Field(default_factory=list)
    code: Text = ""
    out_sku_id: Text = ""
    item_num: Pieces
    origin_amount: Fen = None
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
    product_info: Annotated[list[Packed], NullIsEmpty] = Field(default_factory=list)


class ShopOrder(Shape):
    """One order, as order.searchList and order.orderDetail give it."""

    order_id: str = Field(min_length=1)
    order_status: str = Field(min_length=1)
    main_status: Text = ""
    create_time: Moment = 0
    update_time: Moment = Field(gt=0)
    pay_time: Moment = 0
    exp_ship_time: Moment = 0
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
    logistics_info: Annotated[list[Logistics], NullIsEmpty] = Field(default_factory=list)


class Handed(Shape):
    """One line in the dropship programme, as iop.sellerOrderList gives it."""

    distr_order_id: str = Field(min_length=1)
    shop_order_id: str = Field(min_length=1)
    distr_status: str
    distr_time: Moment = 0
    supplier_shop_id: Text = ""
    product_name: Text = ""
    out_sku_id: Text = ""
    sku_spec: Text = ""
    product_count: Text = ""


class Granted(Shape):
    """An access token and what renews it."""

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(min_length=1, repr=False)
    expires_in: int = Field(gt=0)
    shop_id: Text = ""
    shop_name: Text = ""
