"""/stats and the daily digest: a picture, the same in words, at the hour the shop chose."""

import io
from datetime import date, timedelta

from PIL import Image

from bot.attached import ready
from bot.charts.making import PictureBroken
from bot.keyboards.data import AskDigestHour, SetDigestHour, ShowStats
from bot.screens.days import digest_screen
from bot.screens.screen import Attachment, Screen
from bot.texts import translator
from core.clock.day_views import DayFigures, Figures, Tally
from core.clock.digests import ToldDay
from playground.phone import Phone
from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group, ticks

DRAWN = 60  # seconds: a picture is drawn, on machines that are busy with other tests too


async def shipped(company: Company) -> None:
    """Three are assigned: one ships in time, one late, one is declined."""
    rows = [Row(order_no(1)), Row(order_no(2), hours=-1), Row(order_no(3))]
    cards = await assigned(company, *rows)
    for card, number in zip(cards, ("SF1234567890123", "SF1234567890124"), strict=False):
        await company.factory.replies(card, number)
        await company.merchant.sees(number, anywhere=True)
    await company.factory.taps("拒单", cards[2])
    await company.factory.taps("缺货")
    await company.merchant.sees("缺货", anywhere=True)


async def picture(phone: Phone, message: M) -> Image.Image:
    """Return the picture of a message."""
    return Image.open(io.BytesIO(await phone.downloads(message)))


async def tomorrow_at_nine(company: Company) -> None:
    """Move the clock to the next digest, and let the house look at it."""
    stage = company.stage
    house = stage.running.house
    await house.database.write(house.services.digests.adopt)
    due = await stage.read(lambda store: store.days.digest(1))
    assert due is not None
    assert due.due_at is not None
    stage.clock.ahead += due.due_at - stage.clock() + timedelta(minutes=1)
    await ticks(company)


async def test_stats_are_a_picture_with_the_same_figures_in_words(company: Company) -> None:
    await shipped(company)
    merchant, factory = company.merchant, company.factory
    await merchant.sends("统计")
    shown = await merchant.sees("近 14 天", DRAWN)
    for words in (
        "新订单 3 · 分配 3 · 发货 2 · 迟发 1 · 拒单 1",
        "按时率 50%",
        "大力日用百货厂：发货 2，按时 50%",
        "按厂家计单：拆单或重新分配的，每次各算一单；赠品、补发、换货不计。",
    ):
        assert words in shown.text, shown.text
    image = await picture(merchant, shown)
    assert image.format == "PNG"
    assert image.width == 1080
    # Another span takes the place of the first.
    before = len(await merchant.chat())
    await merchant.taps("近 30 天", shown)
    shown = await merchant.sees("近 30 天", DRAWN, anywhere=True)
    assert len(await merchant.chat()) == before
    # The factory reads of its merchants.
    await factory.sends("/stats")
    shown = await factory.sees("近 14 天", DRAWN)
    assert "小满优选：发货 2，按时 50%" in shown.text
    assert "新订单" not in shown.text
    assert "同一订单再次派来会再算一单" in shown.text
    # A shop in which nothing happened has a picture that says so.
    await company.other_factory.sends("/stats")
    shown = await company.other_factory.sees("近 14 天", DRAWN)
    assert "这段时间没有订单" in shown.text
    assert (await picture(company.other_factory, shown)).width == 1080


async def test_the_digest_comes_once_in_the_morning_and_its_hour_is_changed_below_it(
    company: Company,
) -> None:
    await shipped(company)
    await tomorrow_at_nine(company)
    merchant, factory = company.merchant, company.factory
    told = await merchant.sees("昨日日报", DRAWN, anywhere=True)
    assert "新订单 3 · 分配 3 · 发货 2" in told.text
    assert (await picture(merchant, told)).width == 1080
    assert "小满优选：发货 2" in (await factory.sees("昨日日报", DRAWN, anywhere=True)).text
    await ticks(company)
    await merchant.taps("改时间", told)
    asked = await merchant.sees("日报每天几点发")
    await merchant.taps("20:00", asked)
    await merchant.sees("日报每天 20:00 发送")
    # It may be typed as well; what is no hour says so, and the question stays open.
    await merchant.taps("改时间")
    await merchant.sends("25")
    assert "没看懂“25”是几点" in merchant.last.text
    await merchant.sends("早上八点半")
    await merchant.sees("日报每天 8:00 发送")
    await merchant.sends("9")
    assert "日报每天 9:00" not in merchant.last.text
    assert sum("昨日日报" in one.text for one in await merchant.chat()) == 1
    await merchant.taps("改时间")
    await merchant.taps("不发日报")
    await merchant.sees("日报已关闭")
    company.stage.clock.ahead += timedelta(days=3)
    await assigned(company, Row(order_no(9)))
    company.stage.clock.ahead += timedelta(days=1)
    await ticks(company)
    await factory.sees("系统停过机", DRAWN, anywhere=True)
    assert sum("昨日日报" in one.text for one in await merchant.chat()) == 1


async def test_in_a_group_the_hour_is_typed_as_a_reply(company: Company) -> None:
    factory = company.factory
    chat = await group(company, company.newcomer)
    await factory.sends("/settings", chat_id=chat)
    await factory.taps("日报", chat_id=chat)
    asked = await factory.sees("日报每天几点发", chat_id=chat)
    assert "直接回复本条" in asked.text
    await factory.replies(asked, "尽快")
    assert "没看懂“尽快”是几点" in factory.last_in[chat].text
    await company.newcomer.replies(asked, "7")
    assert "日报每天 7:00" not in factory.last_in[chat].text
    await factory.replies(asked, "晚上八点")
    await factory.sees("日报每天 20:00 发送", chat_id=chat)


async def test_a_stranger_cannot_read_or_set_another_shops_days(company: Company) -> None:

    other = company.other_factory
    await other.sends("/help")
    for forged in (
        ShowStats(shop=1, days=14), AskDigestHour(shop=1), SetDigestHour(shop=1, hour=24),
    ):  # fmt: skip
        answer = await other.forges(forged.pack(), other.last)
        assert answer.show_alert
    assert "小满优选" not in other.last.text


def test_a_day_without_orders_says_so() -> None:
    day = DayFigures(date(2026, 11, 25), Tally())
    figures = Figures("merchant", "小满优选", [day], [], 0, Tally(), 0)
    screen = digest_screen(translator("zh_CN"), 1, ToldDay(day.day, figures, [day] * 7, 0))
    assert "当天没有订单" in screen.text


async def test_where_no_picture_can_be_drawn_the_words_go_alone() -> None:
    def broken() -> bytes:
        raise PictureBroken("OSError")

    screen = Screen("发货 2", attachment=Attachment("a.png", broken, picture=True, spare=True))
    assert await ready(screen) == Screen("发货 2")
