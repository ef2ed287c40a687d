"""A screen sent by the courier looks as it was meant, however long it is."""

import io
import json

import segno
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.screens.screen import Attachment, Button, Screen
from bot.splitting import TEXT_LIMIT, seen, split
from bot.telegram_out import send
from playground.seen import M
from tests.machinery.floor import WANG, Playground


async def sends(playground: Playground, bot: telegram.Bot, screen: Screen) -> list[M]:
    sent: list[int] = []
    await send(bot, WANG, screen, sent)
    shown = [message for message in await playground.wang.chat() if message.from_bot]
    assert [message.message_id for message in shown] == sent
    return shown


async def test_every_kind_of_button_arrives(started: Playground, courier_bot: telegram.Bot) -> None:
    rows = (
        (Button("接单", data="a:1"), Button("复制单号", copy="SF123")),
        (Button("打开", url="https://example.com/"),),
    )
    [message] = await sends(started, courier_bot, Screen("<b>新订单</b>", rows))
    assert message.html == "<b>新订单</b>"
    assert message.labels == ["接单", "复制单号", "打开"]
    assert (await started.wang.taps("复制单号")).copied == "SF123"


async def test_a_question_opens_a_reply_field(
    started: Playground, courier_bot: telegram.Bot
) -> None:
    await sends(started, courier_bot, Screen("单号？", ask="SF…"))
    [call] = await started.calls("sendMessage")
    markup = json.loads(call["params"]["reply_markup"])
    assert markup == {"force_reply": True, "input_field_placeholder": "SF…"}


async def test_a_recipient_is_protected_from_forwarding(
    started: Playground, courier_bot: telegram.Bot
) -> None:
    [message] = await sends(started, courier_bot, Screen("收件人", protect=True))
    assert message.protected


async def test_a_file_comes_with_its_name_and_caption(
    started: Playground, courier_bot: telegram.Bot
) -> None:
    file = Attachment("订单.csv", "订单号\n".encode())
    [message] = await sends(started, courier_bot, Screen("今天的订单", attachment=file))
    assert message.document is not None
    assert message.document["file_name"] == "订单.csv"
    assert message.text == "今天的订单"
    assert await started.wang.downloads(message) == "订单号\n".encode()


async def test_a_picture_is_shown(started: Playground, courier_bot: telegram.Bot) -> None:
    png = io.BytesIO()
    segno.make("SJ-1").save(png, kind="png", scale=4)
    file = Attachment("码.png", png.getvalue(), picture=True)
    [message] = await sends(started, courier_bot, Screen("绑定码", attachment=file))
    assert message.photo is not None


async def test_a_long_text_becomes_several_messages_with_buttons_under_the_last(
    started: Playground, courier_bot: telegram.Bot
) -> None:
    lines = [f"<b>订单 {n}</b> &amp; 杯子" + "好" * 60 for n in range(100)]
    screen = Screen("\n".join(lines), ((Button("接单", data="a:1"),),))
    shown = await sends(started, courier_bot, screen)
    assert len(shown) > 1
    assert "\n".join(message.html for message in shown) == screen.text
    assert [message.labels for message in shown] == [[]] * (len(shown) - 1) + [["接单"]]


async def test_a_long_caption_goes_on_below_the_file(
    started: Playground, courier_bot: telegram.Bot
) -> None:
    text = "\n".join(f"第 {n} 行" for n in range(400))
    file = Attachment("订单.csv", b"1")
    first, *rest = await sends(started, courier_bot, Screen(text, attachment=file))
    assert first.document is not None
    assert "\n".join(message.text for message in (first, *rest)) == text


PIECES = st.sampled_from(
    [
        "好",
        "x",
        "😀",
        "\n",
        "&amp;",
        "&#39;",
        "<b>好</b>",
        "<b>a\n<i>b</i>\nc</b>",
        '<a href="u">l</a>',
    ]
)


@given(st.lists(PIECES, max_size=60), st.integers(3, 12), st.integers(3, 12))
def test_parts_fit_are_well_formed_and_lose_nothing(
    pieces: list[str], first: int, rest: int
) -> None:
    text = "".join(pieces)
    parts = split(text, first, rest)
    assert all(seen(part) <= (rest if n else first) for n, part in enumerate(parts))
    for part in parts:
        assert part.count("<b>") == part.count("</b>")
        assert part.count("<i>") == part.count("</i>")
        assert part.count("<a ") == part.count("</a>")
    without_breaks = [seen(part.replace("\n", "")) for part in parts]
    assert sum(without_breaks) == seen(text.replace("\n", ""))


def test_what_fits_is_one_message() -> None:
    assert split("好" * TEXT_LIMIT) == ["好" * TEXT_LIMIT]
    assert len(split("好" * TEXT_LIMIT + "x")) == 2
