"""Doudian's orders and messages in the platform's own shape, understood or set aside."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.platforms.facts import PlatformOrder, Push, Quarantined
from core.values import Concealed
from platforms.doudian import shapes
from platforms.doudian.mapping import read_order
from platforms.doudian.pushes import NotAPush, read_pushes
from platforms.failures import WHYS
from platforms.values import Values, ValuesRefused, read_values

TABLES = Path(shapes.__file__).with_name("values.toml")
VALUES = read_values("doudian", TABLES)


def sku(**said: Any) -> dict[str, Any]:
    return {
        "order_id": "6920000000000000011", "parent_order_id": "6920000000000000010",
        "product_name": "示例保温杯", "code": "BWB-500", "item_num": 2, "origin_amount": 3990,
        "spec": [{"name": "颜色", "value": "白"}, {"name": "容量", "value": "500ml"}],
        "after_sale_info": {"after_sale_status": 0, "after_sale_type": 0, "refund_status": 0},
    } | said  # fmt: skip


def order(**said: Any) -> dict[str, Any]:
    area = {"id": 330000, "name": "浙江省"}
    return {
        "order_id": "6920000000000000010", "order_status": 2, "main_status": 2,
        "create_time": 1764000000, "update_time": 1764000060, "pay_time": 1764000030,
        "exp_ship_time": 1764172800, "buyer_words": "快点", "seller_words": "",
        "encrypt_post_receiver": "##abc", "encrypt_post_tel": "$$def$1$$",
        "post_addr": {
            "province": area, "city": {"id": 1, "name": "金华市"},
            "town": {"id": 2, "name": "义乌市"}, "street": {"id": 3, "name": "福田街道"},
            "encrypt_detail": "##ghi",
        },
        "mask_post_receiver": "张*", "mask_post_tel": "138****0000",
        "mask_post_addr": {"detail": "示例路*号"}, "open_address_id": "#same",
        "sku_order_list": [sku()], "logistics_info": [], "b_type": 2, "anything_new": {"a": 1},
    } | said  # fmt: skip


def read(**said: Any) -> PlatformOrder:
    one = read_order(VALUES, order(**said))
    assert isinstance(one, PlatformOrder), one
    return one


def test_an_order_is_understood_whole_and_its_recipient_stays_concealed() -> None:
    one = read()
    ours = one.order
    assert (ours.order_no, ours.order_status, ours.after_sale) == (
        "6920000000000000010", "to_ship", "none",
    )  # fmt: skip
    line = ours.lines[0]
    assert (line.product_name, line.sku_spec, line.product_code, line.quantity, line.price_fen) == (
        "示例保温杯", "颜色:白; 容量:500ml", "BWB-500", 2, 3990,
    )  # fmt: skip
    assert ours.ship_by == datetime.fromtimestamp(1764172800, UTC)
    assert ours.at == one.changed_at == datetime.fromtimestamp(1764000060, UTC)
    address = "浙江省 金华市 义乌市 福田街道\n##ghi"
    assert ours.recipient.concealed == Concealed("##abc", "$$def$1$$", address, same="#same")
    assert (ours.recipient.name, ours.recipient.phone) == ("张*", "138****0000")
    assert ours.recipient.complete


def test_numbers_as_text_and_text_as_numbers_and_thousandths_say_the_same() -> None:
    odd = read(
        order_id=6920000000000000010, order_status="2", main_status="2", pay_time="1764000030",
        update_time=1764000060000, exp_ship_time="1764172800", seller_words=None,
        sku_order_list=[sku(item_num="2", origin_amount="3990", order_id=6920000000000000011,
                            after_sale_info={"after_sale_status": "0", "refund_status": "0"})],
    )  # fmt: skip
    assert odd == read()


@pytest.mark.parametrize(
    ("statuses", "stays", "after_sale"),
    [
        ([(0, 0), (0, 0)], 2, "none"),
        ([(6, 1), (0, 0)], 2, "open"),
        ([(12, 3), (0, 0)], 1, "none"),  # that line's money went back: the other is shipped
        ([(12, 3), (7, 1)], 1, "open"),
        ([(12, 3), (12, 3)], 2, "refunded"),
        ([(28, 4), (0, 0)], 2, "none"),
    ],
)
def test_a_refund_of_a_line_stops_or_shortens_the_order(
    statuses: list[tuple[int, int]], stays: int, after_sale: str
) -> None:
    lines = [
        sku(order_id=str(n), after_sale_info={"after_sale_status": status, "refund_status": money})
        for n, (status, money) in enumerate(statuses, 1)
    ]
    ours = read(sku_order_list=lines).order
    assert (len(ours.lines), ours.after_sale) == (stays, after_sale)


@pytest.mark.parametrize(
    ("main", "status", "after_sale"),
    [(1, "unpaid", "none"), (105, "to_ship", "none"), (2, "to_ship", "none"),
     (101, "part_shipped", "none"), (3, "shipped", "none"), (4, "closed", "none"),
     (5, "done", "none"), (21, "closed", "refunded")],
)  # fmt: skip
def test_every_state_of_the_platform_has_a_word_of_ours(
    main: int, status: str, after_sale: str
) -> None:
    ours = read(main_status=main).order
    assert (ours.order_status, ours.after_sale) == (status, after_sale)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"sku_order_list": []}, "sku_order_list"),
        ({"sku_order_list": [sku(item_num=0)]}, "sku_order_list.0.item_num"),
        ({"sku_order_list": [sku(product_name=None)]}, "sku_order_list.0.product_name"),
        ({"update_time": 0}, "update_time"),
        ({"update_time": "gestern"}, "update_time"),
        ({"order_status": 77, "main_status": 77}, "order_status"),
        (
            {"sku_order_list": [sku(after_sale_info={"after_sale_status": 99})]},
            "after_sale_info.after_sale_status",
        ),
        ({"mask_post_addr": "示例路1号"}, "mask_post_addr"),
    ],
)
def test_an_order_that_cannot_be_read_stands_aside_by_name(
    said: dict[str, Any], field: str
) -> None:
    one = read_order(VALUES, order(**said))
    assert isinstance(one, Quarantined)
    assert (one.order_no, one.field) == ("6920000000000000010", field)
    assert "示例路" not in repr(one)


@pytest.mark.parametrize("said", [None, [], "text", 7, {"order_id": [1]}])
def test_what_is_no_order_at_all_stands_aside_too(said: Any) -> None:
    assert isinstance(read_order(VALUES, said), Quarantined)


def test_an_operator_corrects_a_value_and_only_with_a_word_there_is(tmp_path: Path) -> None:
    mended = tmp_path / "values.toml"
    mended.write_text('[doudian.after_sale]\n27 = "none"\n[doudian.carriers]\nsf = "shunfeng"\n')
    values = read_values("doudian", TABLES, mended)
    line = sku(after_sale_info={"after_sale_status": 27})
    before, after = (read_order(one, order(sku_order_list=[line])) for one in (VALUES, values))
    assert isinstance(before, PlatformOrder)
    assert isinstance(after, PlatformOrder)
    assert (before.order.after_sale, after.order.after_sale) == ("open", "none")
    assert values.word("carriers", "sf") == "shunfeng"
    for wrong, says in (
        ('[doudian.after_sale]\n27 = "off"\n', "is none of"),
        ("[doudian.colours]\n", "there is no table"),
        ("[doudian", "cannot be read"),
    ):
        mended.write_text(wrong)
        with pytest.raises(ValuesRefused, match=says):
            read_values("doudian", TABLES, mended)


DATA = {"p_id": 6920000000000000010, "shop_id": 95250, "s_ids": [1]}


@pytest.mark.parametrize(
    "said",
    [
        {"tag": "101", "msg_id": "m1", "data": DATA},
        {"tag": 101, "msgId": "m1", "data": json.dumps(DATA)},
    ],
)
def test_a_message_is_read_in_either_form(said: dict[str, Any]) -> None:
    for body in ([said], said):
        assert read_pushes(VALUES, json.dumps(body).encode()).pushes == [
            Push("m1", "95250", "6920000000000000010", "", "paid", "101")
        ]


def test_an_unknown_tag_is_still_news_of_its_order_and_a_broken_message_of_none() -> None:
    body = [
        {"tag": 999, "msg_id": "m2", "data": DATA},
        {"tag": 101, "data": DATA},
        {"tag": 101, "msg_id": "m3", "data": "not json"},
        {"tag": "501", "msg_id": "m4", "data": {"distr_order_id": "D1", "shop_id": 5}},
    ]
    pushes, left_out = read_pushes(VALUES, json.dumps(body).encode())
    assert [(one.id, one.news, one.handle) for one in pushes] == [
        ("m2", "", ""), ("m4", "assigned", "D1"),
    ]  # fmt: skip
    assert left_out == 2


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"[1]", b'"x"', b"[" + b'{"a":1},' * 1_000 + b"{}]"]
)
def test_a_signed_body_of_another_form_is_refused_whole(body: bytes) -> None:
    with pytest.raises(NotAPush):
        read_pushes(VALUES, body)


def test_the_tables_name_only_words_the_house_knows() -> None:
    assert isinstance(VALUES, Values)
    passing = {"token_stale", "throttled", "busy"}
    for table in ("why", "outer"):
        assert set(VALUES[table].values()) <= WHYS | passing
