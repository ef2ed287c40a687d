"""Files both ways, and the sizes and kinds Telegram takes."""

import struct
import zlib
from pathlib import Path

import httpx
import pytest
import telegram
from aiogram import Bot
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto

from playground.phone import Phone, PhoneFailedError
from playground.pictures import size_of
from tests.playground.conftest import LIN, TOKEN, Caller


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_persons_document_reaches_the_bot_whole(
    started: Caller, lin: Phone, base_url: str, client: httpx.AsyncClient
) -> None:
    sent = await lin.uploads("订单.xlsx", b"rows", caption="今天的", wait=0)
    assert sent.document is not None
    message = (await started.updates())[-1]["message"]
    assert message["caption"] == "今天的"
    assert message["document"]["file_name"] == "订单.xlsx"
    assert message["document"]["file_size"] == 4
    assert "spreadsheet" in message["document"]["mime_type"]
    file = await started("getFile", file_id=message["document"]["file_id"])
    url = f"{base_url}/file/bot{TOKEN}/{file['file_path']}"
    assert (await client.get(url)).content == b"rows"
    assert (await client.get(url.replace(TOKEN, "1:AAAA"))).status_code == 401
    assert (await client.get(url + "x")).status_code == 404
    assert await lin.downloads(sent) == b"rows"


async def test_both_clients_send_and_fetch_files(
    started: Caller, lin: Phone, aiogram_bot: Bot, ptb_bot: telegram.Bot
) -> None:
    await aiogram_bot.send_document(LIN, BufferedInputFile(b"one", "一.csv"), caption="aiogram")
    shown = await lin.sees("aiogram", anywhere=True)
    assert shown.document is not None
    assert shown.document["file_name"] == "一.csv"
    assert await lin.downloads(shown) == b"one"
    by_ptb = await ptb_bot.send_document(LIN, b"two", filename="二.txt", caption="ptb")
    assert await lin.downloads(await lin.sees("ptb", anywhere=True)) == b"two"
    assert by_ptb.document is not None
    fetched = await (await ptb_bot.get_file(by_ptb.document.file_id)).download_as_bytearray()
    assert bytes(fetched) == b"two"
    found = await aiogram_bot.download(by_ptb.document.file_id)
    assert found is not None
    assert found.read() == b"two"
    again = await aiogram_bot.send_document(LIN, by_ptb.document.file_id)
    assert again.document is not None
    assert again.document.file_name == "二.txt"


async def test_pictures_and_albums(
    started: Caller, lin: Phone, aiogram_bot: Bot, ptb_bot: telegram.Bot
) -> None:
    picture = png(40, 30)
    sent = await aiogram_bot.send_photo(LIN, BufferedInputFile(picture, "qr.png"), caption="扫码")
    assert sent.photo is not None
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)
    shown = await lin.sees("扫码", anywhere=True)
    assert await lin.downloads(shown) == picture
    media = InputMediaPhoto(media=BufferedInputFile(png(50, 50), "b.png"), caption="新码")
    changed = await aiogram_bot.edit_message_media(media, chat_id=LIN, message_id=sent.message_id)
    assert isinstance(changed, type(sent))
    assert (await lin.chat())[-1].text == "新码"
    album = await aiogram_bot.send_media_group(
        LIN,
        [InputMediaDocument(media=BufferedInputFile(b"x", f"{n}.txt")) for n in range(2)],
    )
    assert album[0].media_group_id == album[1].media_group_id
    by_ptb = await ptb_bot.send_photo(LIN, picture)
    assert by_ptb.photo[-1].width == 40


async def test_a_text_message_may_be_given_a_file_and_stays_protected(
    started: Caller, lin: Phone, aiogram_bot: Bot
) -> None:
    sent = await aiogram_bot.send_message(LIN, "稍候", protect_content=True)
    media = InputMediaDocument(media=BufferedInputFile(b"x", "a.pdf"), caption="给你")
    await aiogram_bot.edit_message_media(media, chat_id=LIN, message_id=sent.message_id)
    shown = (await lin.chat())[-1]
    assert (shown.text, shown.protected) == ("给你", True)
    assert shown.document is not None
    assert await lin.downloads(shown) == b"x"


async def test_an_edited_caption_shows(started: Caller, lin: Phone, aiogram_bot: Bot) -> None:
    file = BufferedInputFile(b"x", "x.txt")
    sent = await aiogram_bot.send_document(LIN, file, caption="<b>old</b>", parse_mode="HTML")
    await aiogram_bot.edit_message_caption(
        chat_id=LIN, message_id=sent.message_id, caption="<i>new</i>", parse_mode="HTML"
    )
    assert (await lin.chat())[-1].html == "<i>new</i>"


async def test_what_is_no_picture_or_too_big_is_refused(
    started: Caller, lin: Phone, base_url: str, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    async def refused(method: str, field: str, data: bytes) -> str:
        answer = await client.post(
            f"{base_url}/bot{TOKEN}/{method}", data={"chat_id": LIN}, files={field: ("x.png", data)}
        )
        return str(answer.json()["description"])

    assert await refused("sendPhoto", "photo", b"no picture") == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await refused("sendPhoto", "photo", png(1, 30)) == (
        "Bad Request: PHOTO_INVALID_DIMENSIONS"
    )
    assert "is too big for a photo" in await refused("sendPhoto", "photo", b"x" * (10 << 20) + b"x")
    assert await refused("sendDocument", "document", b"") == "Bad Request: file must be non-empty"
    assert await refused("sendDocument", "document", b"x" * ((50 << 20) + 1)) == (
        "Request Entity Too Large"
    )
    big = await lin.uploads("big.bin", b"x" * ((20 << 20) + 1), wait=0)
    assert big.document is not None
    assert await started.refused("getFile", file_id=big.document["file_id"]) == (
        "Bad Request: file is too big"
    )


async def test_files_telegram_does_not_know_are_refused(started: Caller) -> None:
    wrong = "Bad Request: wrong file identifier/HTTP URL specified"
    assert await started.refused("getFile", file_id="x") == "Bad Request: invalid file_id"
    for value in ("x", "attach://nothing"):
        assert await started.refused("sendDocument", chat_id=LIN, document=value) == wrong
    assert await started.refused("sendPhoto", chat_id=LIN, photo="https://a.b/c.png") == (
        "Bad Request: failed to get HTTP URL content"
    )
    assert await started.refused("sendDocument", chat_id=LIN) == (
        "Bad Request: there is no document in the request"
    )
    caption = "字" * 1025
    file = ("x.txt", b"x")
    url = f"{started.base_url}/bot{TOKEN}/sendDocument"
    answer = await started.client.post(
        url, data={"chat_id": LIN, "caption": caption}, files={"document": file}
    )
    assert answer.json()["description"] == "Bad Request: message caption is too long"


def test_the_size_of_every_kind_of_picture_is_read() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04xx\xff\xc0\x00\x11\x08\x00\x1e\x00\x28" + bytes(10)
    gif = b"GIF89a" + struct.pack("<HH", 40, 30)
    bmp = b"BM" + bytes(16) + struct.pack("<ii", 40, -30)
    webp = b"RIFF    WEBPVP8X" + bytes(8) + (39).to_bytes(3, "little") + (29).to_bytes(3, "little")
    lossless = b"RIFF    WEBPVP8L" + bytes(5) + (39 | 29 << 14).to_bytes(4, "little") + bytes(9)
    lossy = b"RIFF    WEBPVP8 " + bytes(10) + struct.pack("<HH", 40, 30)
    for data in (png(40, 30), jpeg, gif, bmp, webp, lossless, lossy):
        assert size_of(data) == (40, 30)
    assert size_of(b"PK\x03\x04") is None
    assert size_of(b"\xff\xd8\xff") is None


async def test_an_album_of_a_person_is_an_update_for_each_photo_that_share_a_group(
    started: Caller, lin: Phone
) -> None:
    said = await started("sendMessage", chat_id=LIN, text="单")
    card = await lin.sees("单", anywhere=True)
    await lin.uploads_album([png(60, 40), png(70, 40), png(80, 40)], reply_to=card, wait=0)
    messages = [update["message"] for update in await started.updates()][-3:]
    assert [message["photo"][-1]["width"] for message in messages] == [60, 70, 80]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert {message["reply_to_message"]["message_id"] for message in messages} == {
        said["message_id"]
    }
    await lin.uploads_album([png(60, 40), png(70, 40)], wait=0)
    assert (await started.updates())[-1]["message"]["media_group_id"] != messages[0][
        "media_group_id"
    ]
    with pytest.raises(PhoneFailedError, match="2 to 10"):
        await lin.uploads_album([png(60, 40)], wait=0)
