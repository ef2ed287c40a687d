"""Kuaishou's answers as it writes them: only the fields we read.

No public document names the fields of a dropship order: these follow the names of the requests, as
the sandbox has them, and an order that lacks one stands aside. Times are thousandths of a second;
amounts are fen.
"""

from typing import Annotated

from pydantic import Field

from platforms.reading import Fen, Moment, NullIsEmpty, Pieces, Shape, Text


class Address(Shape):
    """An address down to the town in plain, the rest encrypted and masked."""

    province: Text = ""
    city: Text = ""
    district: Text = ""
    town: Text = ""
    encryptedDetail: Text = ""  # noqa: N815 - so named by the platform
    desensitiseDetail: Text = ""  # noqa: N815


class Contact(Shape):
    """A recipient's name and phone, encrypted and masked."""

    encryptedName: Text = ""  # noqa: N815
    desensitiseName: Text = ""  # noqa: N815
    encryptedMobile: Text = ""  # noqa: N815
    desensitiseMobile: Text = ""  # noqa: N815


class Item(Shape):
    """One product of an order; it has no number of its own."""

    itemName: str = Field(min_length=1)  # noqa: N815
    skuDesc: Text = ""  # noqa: N815
    skuNick: Text = ""  # noqa: N815
    quantity: Pieces
    price: Fen = None
    refundStatus: Text = "0"  # noqa: N815


class Waybill(Shape):
    """One parcel of an order; `logisticsId` is what its correction is told under."""

    waybillCode: Text = ""  # noqa: N815
    expressCompanyCode: Text = ""  # noqa: N815
    logisticsId: Text = ""  # noqa: N815


class DropOrder(Shape):
    """One order of a merchant, as order.merchant.list and order.merchant.detail give it."""

    dropshippingOrderCode: str = Field(min_length=1)  # noqa: N815
    oid: str = Field(min_length=1)
    orderStatus: str = Field(min_length=1)  # noqa: N815
    dropshippingStatus: Text = ""  # noqa: N815
    refundStatus: Text = "0"  # noqa: N815
    factoryCode: Text = ""  # noqa: N815
    payTime: Moment = 0  # noqa: N815
    updateTime: Moment = Field(gt=0)  # noqa: N815
    promiseDeliverTime: Moment = 0  # noqa: N815
    buyerNote: Text = ""  # noqa: N815
    sellerNote: Text = ""  # noqa: N815
    receiverAddress: Address = Address()  # noqa: N815
    receiverContact: Contact = Contact()  # noqa: N815
    orderItemList: list[Item] = Field(min_length=1)  # noqa: N815
    waybillList: Annotated[list[Waybill], NullIsEmpty] = Field(default_factory=list)  # noqa: N815


class Granted(Shape):
    """An access token and what renews it; `open_id` is the shop, as this application knows it."""

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(min_length=1, repr=False)
    expires_in: int = Field(gt=0)
    open_id: Text = ""


class Answered(Shape):
    """What became of one order of a batch."""

    dropshippingOrderCode: Text = ""  # noqa: N815
    success: bool = False
    errorMsg: Text = ""  # noqa: N815


class Decrypted(Shape):
    """One field in plain, or why not."""

    decryptedData: Text = Field(default="", repr=False)  # noqa: N815
    errorCode: Text = "0"  # noqa: N815
    errorMsg: Text = ""  # noqa: N815
