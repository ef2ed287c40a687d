"""Photos of waybills: read beside, confirmed by one tap, never guessed and never kept."""

import io
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from bench.waybills import Photo, photo
from bot.keyboards.data import AnswerPhotos
from core.entities import PasteDraft
from core.ids import key
from core.ports import Store
from core.values import Actor
from playground.phone import Phone
from playground.seen import M
from storage.store import SqlStore
from tests.cast import CHEN_XIN, Row, order_no, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group, imports, tag_of
from tests.conversations.helping import joins, shop_id

NUMBER, OTHER, THIRD = "SF1234567890123", "SF9876543210987", "JT0001234567890"


def shot(number: str = NUMBER, *more: str, angle: float = 12) -> bytes:
    """A photo of a waybill, as a telephone sends it."""
    file = io.BytesIO()
    photo(Photo(number, angle=angle, more=more)).save(file, "JPEG", quality=85)
    return file.getvalue()


def blank() -> bytes:
    file = io.BytesIO()
    Image.new("L", (640, 480), 190).save(file, "JPEG")
    return file.getvalue()


def slip_of(card: M, number: int) -> str:
    return f"{tag_of(card)}-{order_no(number)}"


async def confirming(company: Company) -> str:
    """Return what 确认发货 under the first photo says."""
    shop = await shop_id(company.stage, company.factory_number)
    photos = company.stage.running.house.services.photos

    def look(store: Store) -> str:
        account = store.accounts.by_telegram(company.factory.person_id)
        assert account is not None
        seen = photos.view(store, Actor(key(account), shop), 1).seen
        return AnswerPhotos(shop=shop, draft=1, answer="confirm", seen=seen).pack()

    return await company.stage.read(look)


async def parcels(company: Company, order_id: int = 1) -> list[str]:
    found = await company.stage.read(lambda store: store.shipments.of_order(order_id))
    return [one.tracking_number for one in found]


async def sends_photo(phone: Phone, data: bytes, card: M | None = None) -> None:
    chat_id = card.chat_id if card else None
    await phone.uploads("1.jpg", data, "photo", reply_to=card, chat_id=chat_id)


async def test_a_photo_in_reply_to_a_card_ships_by_one_tap(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await sends_photo(company.factory, shot(angle=47), card)
    asked = await company.factory.sees(f"读到 {NUMBER}（顺丰速运）")
    assert tag_of(card) in asked.text
    assert await parcels(company) == []
    await company.factory.taps("确认发货", asked)
    await company.factory.sees("已发货")
    assert await parcels(company) == [NUMBER]
    told = await company.merchant.sees(NUMBER, anywhere=True)
    assert order_no(1) in told.text
    [now] = [m for m in await company.factory.chat() if m.message_id == card.message_id]
    assert not any("填写单号" in label for label in now.labels)


async def test_the_photo_is_not_kept_anywhere(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    await sends_photo(company.factory, shot(), card)
    await company.factory.sees("读到")
    assert list(private.iterdir()) == []
    kept = await company.stage.read(_sealed)
    assert kept
    assert NUMBER.encode() not in kept


def _sealed(store: object) -> bytes:
    assert isinstance(store, SqlStore)
    draft = store.session.get(PasteDraft, 1)
    return draft.sealed if draft else b""


async def test_an_unreadable_photo_says_so_and_the_number_may_answer_it(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await sends_photo(company.factory, blank(), card)
    said = await company.factory.sees("没有读出条码")
    assert "拍近一点" in said.text
    assert not any("确认" in label for label in said.labels)
    await company.factory.replies(said, NUMBER)
    await company.factory.sees("已发货")
    assert await parcels(company) == [NUMBER]


async def test_a_file_that_is_no_picture_and_one_too_large_say_what_to_do(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.uploads("单.png", b"no picture", reply_to=card)
    await company.factory.sees("不是能识别的图片")
    await company.factory.uploads("单.png", b"\x89PNG" + b"\0" * (21 << 20), reply_to=card)
    await company.factory.sees("图片太大了")
    file = io.BytesIO()
    photo(Photo(NUMBER)).save(file, "PNG")
    await company.factory.uploads("单.png", file.getvalue(), reply_to=card)
    await company.factory.sees(f"读到 {NUMBER}")


async def test_of_several_numbers_in_a_photo_one_is_chosen(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await sends_photo(company.factory, shot(NUMBER, OTHER), card)
    asked = await company.factory.sees("有几个单号")
    assert not any("确认发货" in label for label in asked.labels)
    await company.factory.taps(OTHER, asked)
    asked = await company.factory.sees(f"读到 {OTHER}")
    await company.factory.taps("确认发货", asked)
    await company.factory.sees("已发货")
    assert await parcels(company) == [OTHER]


async def test_a_number_without_a_known_carrier_is_asked_about_as_usual(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await sends_photo(company.factory, shot("773012345678901"), card)
    await company.factory.taps("确认发货", await company.factory.sees("读到 773012345678901"))
    asked = await company.factory.sees("是哪家快递")
    await company.factory.taps("申通", asked)
    await company.factory.sees("已发货")
    assert await parcels(company) == ["773012345678901"]


async def test_an_album_in_reply_to_a_card_is_several_parcels_of_that_order(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1), pieces=2))
    await company.factory.uploads_album([shot(), shot(OTHER, angle=50)], reply_to=card)
    asked = await company.factory.sees(f"2. 读到 {OTHER}")
    assert f"1. 读到 {NUMBER}" in asked.text
    answers = [m for m in await company.factory.chat() if m.from_bot and NUMBER in m.text]
    assert len(answers) == 1
    await company.factory.taps("确认发货", asked)
    await company.factory.sees("已发货")
    assert await parcels(company) == [NUMBER, OTHER]


async def test_an_album_of_parcels_with_our_slips_beside_is_matched_and_ships_at_once(
    company: Company,
) -> None:
    cards = await assigned(company, *(Row(order_no(n), name=f"王{n}") for n in (1, 2, 3)))
    pictures = [
        shot(NUMBER, slip_of(cards[0], 1)),
        shot(OTHER, slip_of(cards[1], 2), angle=44),
        shot(THIRD),
        blank(),
    ]
    await company.factory.uploads_album(pictures)
    asked = await company.factory.sees("4. 没有读出条码", timeout=30)
    assert f"1. {NUMBER}（顺丰速运） → {tag_of(cards[0])}" in asked.text
    assert f"2. {OTHER}（顺丰速运） → {tag_of(cards[1])}" in asked.text
    assert "3. JT0001234567890" in asked.text
    assert "不知道是哪一单" in asked.text
    await company.factory.taps("确认发货（2 单）", asked)
    done = await company.factory.sees("已发货 2 单")
    assert tag_of(cards[0]) in done.text
    assert [await parcels(company, n) for n in (1, 2, 3)] == [[NUMBER], [OTHER], []]
    answer = await company.factory.forges("ph:2:1:confirm:x", done)
    assert answer.show_alert


async def test_a_slip_of_another_order_beside_the_waybill_is_left_out(company: Company) -> None:
    cards = await assigned(company, Row(order_no(1)), Row(order_no(2)))
    await sends_photo(company.factory, shot(NUMBER, slip_of(cards[1], 2)), cards[0])
    said = await company.factory.sees("旁边的面单是另一单")
    assert tag_of(cards[1]) in said.text
    assert not any("确认发货" in label for label in said.labels)


async def test_a_stopped_order_takes_no_photo_and_ships_nothing(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await sends_photo(company.factory, shot(), card)
    asked = await company.factory.sees("读到")
    pressed = await confirming(company)
    await imports(company, replace(row, after_sale="退款中"))
    await company.factory.sees("停止发货", anywhere=True)
    # As pressed before the question was redrawn.
    answer = await company.factory.forges(pressed, asked)
    assert "照片或订单有变化" in answer.text
    assert await parcels(company) == []
    await sends_photo(company.factory, shot(), card)
    await company.factory.sees("请勿发货")


async def test_not_shipping_ships_nothing_and_a_second_press_does_not_either(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await sends_photo(company.factory, shot(), card)
    asked = await company.factory.sees("读到")
    await company.factory.taps("不发货", asked)
    await company.factory.sees("没有发货")
    assert await parcels(company) == []


async def test_in_a_group_a_reply_with_a_photo_works_and_only_for_members(
    company: Company,
) -> None:
    await assigned(company, Row(order_no(1)))
    packer = await joins(company.stage, CHEN_XIN, company.factory_number)
    chat = await group(company, packer, company.other_factory)
    card = await card_in(company, chat)
    await sends_photo(company.other_factory, shot(), card)
    await company.other_factory.sees("没有", chat_id=chat)
    await sends_photo(packer, shot(), card)
    asked = await packer.sees(f"读到 {NUMBER}", chat_id=chat)
    answer = await company.other_factory.taps("确认发货", asked, chat_id=chat)
    assert answer.show_alert
    await packer.taps("确认发货", asked, chat_id=chat)
    await packer.sees("已发货", chat_id=chat)
    assert await parcels(company) == [NUMBER]


async def test_in_a_group_a_reply_to_the_list_is_matched_by_the_slip_beside(
    company: Company,
) -> None:
    cards = await assigned(company, Row(order_no(1)), Row(order_no(2)))
    chat = await group(company)
    await company.factory.sends("/orders", chat_id=chat)
    await sends_photo(
        company.factory, shot(NUMBER, slip_of(cards[1], 2)), company.factory.last_in[chat]
    )
    asked = await company.factory.sees(f"→ {tag_of(cards[1])}", chat_id=chat)
    await company.factory.taps("确认发货（1 单）", asked, chat_id=chat)
    await company.factory.sees("已发货", chat_id=chat)
    assert [await parcels(company, n) for n in (1, 2)] == [[], [NUMBER]]


async def test_a_number_typed_under_the_picture_is_taken_as_before(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.uploads("1.jpg", shot(OTHER), "photo", NUMBER, reply_to=card)
    await company.factory.sees("已发货")
    assert await parcels(company) == [NUMBER]


async def test_a_merchants_photo_is_not_read(company: Company) -> None:
    await company.merchant.uploads("1.jpg", shot(), "photo")
    assert "条码" not in company.merchant.last.text


async def test_what_an_answer_to_an_album_leaves_open_is_asked_again(company: Company) -> None:
    rows = [Row(order_no(n), name=f"王{n}") for n in (1, 2)]
    cards = await assigned(company, *rows)
    await imports(company, replace(rows[0], status="已关闭"))
    await company.factory.sees("停止发货", anywhere=True)
    pictures = [shot(NUMBER, slip_of(cards[0], 1)), shot(OTHER, slip_of(cards[1], 2)), blank()]
    await company.factory.uploads_album(pictures)
    asked = await company.factory.sees("3. 没有读出条码", timeout=30)
    # The stopped one had left: the one that is to ship is not forgotten with that answer.
    await company.factory.taps("停发的 1 单包裹已经寄出", asked)
    rest = await company.factory.sees("同批照片里还没处理的")
    assert f"2. {OTHER}（顺丰速运） → {tag_of(cards[1])}" in rest.text
    assert "3. 没有读出条码" in rest.text
    assert NUMBER not in rest.text
    await company.factory.taps("确认发货（1 单）", rest)
    assert [await parcels(company, n) for n in (1, 2)] == [[NUMBER], [OTHER]]
    rest = await company.factory.sees("同批照片里还没处理的")
    assert "3. 没有读出条码" in rest.text
    assert OTHER not in rest.text


async def test_a_stopped_photo_may_be_answered_after_the_others_have_shipped(
    company: Company,
) -> None:
    rows = [Row(order_no(n), name=f"王{n}") for n in (1, 2)]
    cards = await assigned(company, *rows)
    await imports(company, replace(rows[0], status="已关闭"))
    await company.factory.sees("停止发货", anywhere=True)
    pictures = [shot(NUMBER, slip_of(cards[0], 1)), shot(OTHER, slip_of(cards[1], 2))]
    await company.factory.uploads_album(pictures)
    asked = await company.factory.sees("请勿发货，已取消", timeout=30)
    await company.factory.taps("确认发货（1 单）", asked)
    rest = await company.factory.sees("同批照片里还没处理的")
    assert "请勿发货，已取消" in rest.text
    assert [await parcels(company, n) for n in (1, 2)] == [[], [OTHER]]
    await company.factory.taps("停发的 1 单包裹已经寄出", rest)
    await company.merchant.sees("停发前包裹就已寄出", anywhere=True)
    assert [await parcels(company, n) for n in (1, 2)] == [[NUMBER], [OTHER]]
