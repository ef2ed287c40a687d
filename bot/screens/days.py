"""统计 and 日报: a picture, the same figures in words below it, and when the digest comes."""

from functools import partial

from bot.charts.making import draw
from bot.charts.plans import Plan
from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.figures import (
    counted_line,
    declined_columns,
    overdue_line,
    partner_lines,
    picture_of,
    shipped_columns,
    total_lines,
    waited_columns,
)
from bot.screens.screen import Attachment, Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.texts import Translator
from core.clock.day_views import Figures
from core.clock.days import SPANS
from core.clock.digests import ToldDay
from core.entities import Job

OFF = 24
TITLE = 16  # characters of a shop's name on a picture, beside what the picture is
ASK_HOUR = "digest_hour"
PARTNERS, ROOM = 13, 560  # of a caption's 1024 characters
HOURS = range(6, 24)
WIDTH = 5  # hours side by side


def drawing(t: Translator) -> Screen:
    """Say that the picture is being drawn."""
    return Screen(t("📊 Drawing …"))


def gave_up(t: Translator, job: Job) -> Screen:
    """Say that the figures could not be shown, and how to try again."""
    text = t("The figures could not be drawn. Nothing is lost: please ask again.")
    again = Button(t("📊 Figures"), d.ShowStats(shop=job.shop_id, days=SPANS[0]).pack())
    return Screen(text, ((again,), menu_button(t, job.shop_id)))


def stats_screen(t: Translator, shop_id: int, figures: Figures) -> Screen:
    """Show the last days: picture and words."""
    first, last, total = figures.days[0].day, figures.days[-1].day, figures.total
    span = t.plain("{first} to {last}", first=first.isoformat(), last=last.isoformat())
    text = Lines([t("📊 <b>{name}</b> · last {n} days", name=cut(figures.shop_name, 30),
                    n=len(figures.days))])  # fmt: skip
    text.add(*total_lines(t, figures, total), overdue_line(t, figures))
    text.gap().add(*bounded(t, partner_lines(t, figures), most=PARTNERS, room=ROOM))
    if any(total):
        text.gap().add(counted_line(t, figures))
    columns = [shipped_columns(t, figures.days), waited_columns(t, figures.days)]
    columns += declined_columns(t, figures.days)
    title = t.plain("{name} · figures", name=cut(figures.shop_name, TITLE))
    plan = picture_of(t, figures, title, span, columns)
    spans = tuple(_span(t, shop_id, n, len(figures.days)) for n in SPANS)
    return Screen(text.text(), (spans, menu_button(t, shop_id)), attachment=_picture(plan))


def _span(t: Translator, shop_id: int, days: int, shown: int) -> Button:
    words = t.plain("Last {n} days", n=days)
    pressed = d.ShowStats(shop=shop_id, days=days, again=1)
    return Button(f"✅ {words}" if days == shown else words, pressed.pack())


def digest_screen(t: Translator, shop_id: int, told: ToldDay) -> Screen:
    """Tell a shop of a day that is over."""
    figures = told.figures
    name, columns = cut(figures.shop_name, TITLE), [shipped_columns(t, told.week)]
    title = t.plain("{name} · yesterday", name=name)
    plan = picture_of(t, figures, title, told.day.isoformat(), columns)
    rows = tuple(_digest_rows(t, shop_id))
    return Screen(day_lines(t, told).text(), rows, attachment=_picture(plan))


def day_lines(t: Translator, told: ToldDay) -> Lines:
    """Return a day that is over in words."""
    figures, total = told.figures, told.figures.total
    day = f"{told.day:%m-%d}"
    text = Lines([t("📊 <b>Yesterday, {day}</b> · {name}", day=day,
                    name=cut(figures.shop_name, 30))])  # fmt: skip
    text.add(*total_lines(t, figures, total), overdue_line(t, figures))
    text.gap().add(*bounded(t, partner_lines(t, figures), most=PARTNERS, room=ROOM))
    if told.missed:
        text.gap().add(
            t.n("{n} day before it was not told, as I was not running: /stats has it.",
                "{n} days before it were not told, as I was not running: /stats has them.",
                told.missed)
        )  # fmt: skip
    return text


def _digest_rows(t: Translator, shop_id: int) -> list[Row]:
    return [
        (
            Button(t("📊 Figures"), d.ShowStats(shop=shop_id, days=SPANS[0]).pack()),
            Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack()),
        ),
        (Button(t("⏰ Another hour, or off"), d.AskDigestHour(shop=shop_id).pack()),),
    ]


def _picture(plan: Plan) -> Attachment:
    return Attachment("figures.png", partial(draw, plan), picture=True, spare=True)


def ask_hour(t: Translator, shop_id: int, hour: int | None, *, private: bool) -> Screen:
    """Ask when the digest shall come."""
    text = Lines([t("⏰ <b>When shall yesterday's figures come each day?</b> (China time)")])
    text.add(_now(t, hour))
    text.add(
        t("Press an hour, or send one, such as <code>8</code> or <code>20:00</code>.") if private
        else t("Press an hour, or reply with one, such as <code>8</code> or <code>20:00</code>.")
    )  # fmt: skip
    hours = [
        Button(
            f"✅ {one}:00" if one == hour else f"{one}:00",
            d.SetDigestHour(shop=shop_id, hour=one).pack(),
        )
        for one in HOURS
    ]
    rows = [tuple(hours[n : n + WIDTH]) for n in range(0, len(hours), WIDTH)]
    off = Button(t("🔕 Do not send it"), d.SetDigestHour(shop=shop_id, hour=OFF).pack())
    card = CardRef(ASK_HOUR, shop_id, shop_id)
    return Screen(text.text(), (*rows, (off,), menu_button(t, shop_id)), card)


def hour_set(t: Translator, shop_id: int, hour: int | None) -> Screen:
    """Say when the digest comes from now on."""
    change = Button(t("⏰ Another hour, or off"), d.AskDigestHour(shop=shop_id).pack())
    return Screen(_now(t, hour), ((change,), menu_button(t, shop_id)))


def _now(t: Translator, hour: int | None) -> str:
    if hour is None:
        return t("🔕 Yesterday's figures are not sent. /stats shows them at any time.")
    return t("Yesterday's figures come every day at {time}.", time=f"{hour}:00")
