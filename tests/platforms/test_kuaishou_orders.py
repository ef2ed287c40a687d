"""Kuaishou's orders in the platform's own shape, understood or set aside."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.platforms.facts import Leg, PlatformOrder, Quarantined
from core.text.carriers import CARRIERS
from core.values import Concealed
from platforms.failures import WHYS
from platforms.kuaishou.mapping import read_order
from platforms.kuaishou.opening import read_kuaishou_values
from platforms.values import ValuesRefused

VALUES = read_kuaishou_values()


def item(**said: Any) -> dict[str, Any]:
    return {
        "itemId": 3605, "skuId": 1780, "itemName": "示例保温杯", "skuDesc": "白;500ml",
        "skuNick": "BWB-500", "quantity": 2, "price": 3990, "refundStatus": 0,
    } | said  # fmt: skip


def order(**said: Any) -> dict[str, Any]:
    return {
        "dropshippingOrderCode": "8120000000000000010", "oid": 2332600000000010, "orderType": 1,
        "orderStatus": 30, "dropshippingStatus": 1, "refundStatus": 0, "factoryCode": "90570101",
        "createTime": 1764000000000, "payTime": 1764000030000, "updateTime": 1764000060500,
        "promiseDeliverTime": 1764172800000, "totalFee": 7980, "buyerNote": "快点",
        "sellerNote": "",
        "receiverAddress": {
            "province": "浙江省", "city": "金华市", "district": "义乌市", "town": "福田街道",
            "encryptedDetail": "#abcd#ghi#1##", "desensitiseDetail": "示例路*号",
        },
        "receiverContact": {
            "encryptedName": "#efgh#abc#1##", "desensitiseName": "张*",
            "encryptedMobile": "$ijkl$def$1$$", "desensitiseMobile": "138****0000",
        },
        "orderItemList": [item()],
        "waybillList": [{"waybillCode": "YT1", "expressCompanyCode": "6", "logisticsId": 77}],
        "anything_new": {"a": 1},
    } | said  # fmt: skip


def read(**said: Any) -> PlatformOrder:
    one = read_order(VALUES, order(**said))
    assert isinstance(one, PlatformOrder), one
    return one


def test_an_order_is_understood_whole_and_its_recipient_stays_concealed() -> None:
    one = read()
    ours = one.order
    assert (ours.order_no, ours.order_status, ours.after_sale, ours.buyer_note) == (
        "2332600000000010", "to_ship", "none", "快点",
    )  # fmt: skip
    line = ours.lines[0]
    assert (line.sub_order_no, line.product_name, line.sku_spec, line.product_code) == (
        "2332600000000010-1", "示例保温杯", "白;500ml", "BWB-500",
    )  # fmt: skip
    assert (line.quantity, line.price_fen) == (2, 3990)
    assert ours.paid_at == datetime.fromtimestamp(1764000030, UTC)
    assert ours.ship_by == datetime.fromtimestamp(1764172800, UTC)
    assert ours.at == one.changed_at == datetime.fromtimestamp(1764000060.5, UTC)
    address = "浙江省 金华市 义乌市 福田街道\n#abcd#ghi#1##"
    assert ours.recipient.concealed == Concealed(
        "#efgh#abc#1##", "$ijkl$def$1$$", address, same="#abcd#|#efgh#|$ijkl$"
    )
    assert (ours.recipient.name, ours.recipient.phone) == ("张*", "138****0000")
    assert one.handles == {"2332600000000010-1": "8120000000000000010"}
    assert (one.given_to, one.parcels) == ("90570101", [Leg("6", "YT1", {}, "77")])


def test_numbers_as_text_and_text_as_numbers_and_seconds_say_the_same() -> None:
    odd = read(
        oid="2332600000000010", dropshippingOrderCode=8120000000000000010, orderStatus="30",
        dropshippingStatus="1", payTime="1764000030", promiseDeliverTime=1764172800,
        sellerNote=None, factoryCode=90570101, refundStatus="0",
        orderItemList=[item(quantity="2", price="3990", refundStatus="0")],
        waybillList=[{"waybillCode": "YT1", "expressCompanyCode": 6, "logisticsId": "77"}],
    )  # fmt: skip
    assert odd == read()


@pytest.mark.parametrize(
    ("whole", "items", "stays", "after_sale"),
    [
        (0, [0, 0], 2, "none"),
        (1, [1, 0], 2, "open"),
        (1, [0, 0], 2, "open"),  # of the order as a whole
        (2, [2, 0], 1, "none"),  # that item's money went back: the other is shipped
        (1, [2, 1], 1, "open"),
        (2, [2, 2], 2, "refunded"),
        (3, [3, 4], 2, "none"),
    ],
)
def test_a_refund_of_an_item_stops_or_shortens_the_order(
    whole: int, items: list[int], stays: int, after_sale: str
) -> None:
    said = [item(refundStatus=status) for status in items]
    ours = read(refundStatus=whole, orderItemList=said).order
    assert (len(ours.lines), ours.after_sale) == (stays, after_sale)


def test_what_was_taken_back_from_a_factory_is_with_none() -> None:
    assert [read(dropshippingStatus=status).given_to for status in range(4)] == [
        "", "90570101", "90570101", "",
    ]  # fmt: skip


def test_the_same_text_of_another_recipient_has_another_mark() -> None:
    def mark(cipher: str) -> str:
        contact = {**order()["receiverContact"], "encryptedName": cipher}
        concealed = read(receiverContact=contact).order.recipient.concealed
        assert concealed is not None
        return concealed.same

    assert mark("#efgh#abc#1##") == mark("#efgh#another#1##") != mark("#efgi#abc#1##")
    assert mark("abcdefghij") != mark("abcdefghik")  # no index: the whole text


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"orderStatus": 999}, "orderStatus"),
        ({"refundStatus": 9}, "refundStatus"),
        ({"dropshippingStatus": 9}, "dropshippingStatus"),
        ({"updateTime": 0}, "updateTime"),
        ({"dropshippingOrderCode": ""}, "dropshippingOrderCode"),
        ({"orderItemList": []}, "orderItemList"),
        ({"orderItemList": [item(quantity=0)]}, "orderItemList.0.quantity"),
        ({"orderItemList": [item(price="1.5")]}, "orderItemList.0.price"),
        ({"orderItemList": [item(itemName=None)]}, "orderItemList.0.itemName"),
    ],
)
def test_what_nobody_knows_stands_aside_with_its_number(said: dict[str, Any], field: str) -> None:
    one = read_order(VALUES, order(**said))
    assert isinstance(one, Quarantined)
    assert (one.order_no, one.field) == ("2332600000000010", field)


@pytest.mark.parametrize("said", [None, [], "喵", {}, {"oid": ["x"]}])
def test_what_is_no_order_at_all_names_none(said: Any) -> None:
    one = read_order(VALUES, said)
    assert isinstance(one, Quarantined)
    assert one.order_no == ""


def test_a_state_that_turns_out_otherwise_is_corrected_by_the_operator(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[kuaishou.order_status]\n33 = "to_ship"\n[kuaishou.asked]\nby_update = "3"\n')
    one = read_order(read_kuaishou_values(mine), order(orderStatus=33))
    assert isinstance(one, PlatformOrder)
    assert one.order.order_status == "to_ship"
    mine.write_text('[kuaishou.order_status]\n33 = "sold"\n')
    with pytest.raises(ValuesRefused):
        read_kuaishou_values(mine)


def test_the_tables_name_only_words_the_house_knows() -> None:
    passing = {"token_stale", "throttled", "busy"}
    for table in ("why", "said"):
        assert set(VALUES[table].values()) <= WHYS | passing
    assert set(VALUES["carriers"]) <= set(CARRIERS)
