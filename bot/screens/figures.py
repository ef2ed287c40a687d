"""Figures in words, and the plan of their picture: what 统计 and 日报 share."""

from collections.abc import Sequence
from datetime import date

from bot.charts.plans import Columns, Layer, Plan, Rate, Rates
from bot.screens.short import cut
from bot.texts import Html, Translator
from core.clock.day_views import DayFigures, Figures, PartnerFigures, Tally
from core.clock.days import OVERDUE_COUNTED

NAME = 20
IN_TIME, LATE, WAITED, DECLINED = "#2a9d8f", "#d64545", "#457b9d", "#8d6a9f"


def day_words(day: date) -> str:
    """Return a day as it stands on an axis."""
    return f"{day:%m-%d}"


def _nothing(t: Translator, figures: Figures) -> str:
    """Say that nothing happened on that day, or in these days."""
    if len(figures.days) == 1:
        return t.plain("No orders that day")
    return t.plain("No orders in these days")


def total_lines(t: Translator, figures: Figures, tally: Tally) -> list[str]:
    """Return the sums in words: nobody needs the picture."""
    if not any(tally):
        return [_nothing(t, figures)]
    counts = [t("Assigned {n}", n=tally.assigned), t("shipped {n}", n=tally.shipped)]
    if figures.role == "merchant":
        counts.insert(0, t("New {n}", n=tally.new))
    if tally.late:
        counts.append(t("late {n}", n=tally.late))
    if tally.declined:
        counts.append(t("declined {n}", n=tally.declined))
    lines = [" · ".join(counts)]
    if tally.rate is not None and tally.hours is not None:
        lines.append(t("On time <b>{rate}%</b>; from assigned to shipped {time} on average",
                       rate=tally.rate, time=_waited(t, tally.hours)))  # fmt: skip
    return lines


def counted_line(t: Translator, figures: Figures) -> Html:
    """Return what one order is in the figures: they count what factories were given."""
    if figures.role == "merchant":
        return t("Counted per factory: an order that was split, or assigned again, counts each "
                 "time. Gifts, resends and exchanges are left out.")  # fmt: skip
    return t("Counted as you were given them: an order you get again counts again. Gifts, resends "
             "and exchanges are left out.")  # fmt: skip


def _waited(t: Translator, hours: float) -> Html:
    return t("{n} h", n=f"{hours:.1f}") if hours >= 1 else t("{n} min", n=round(hours * 60))


def overdue_line(t: Translator, figures: Figures) -> str:
    """Return what is late and still here, if anything."""
    if not figures.overdue:
        return ""
    if figures.overdue >= OVERDUE_COUNTED:
        return t("⏰ <b>{n} orders or more are past their deadline and not shipped</b>",
                 n=figures.overdue)  # fmt: skip
    return t.n("⏰ <b>{n} order is past its deadline and not shipped</b>",
               "⏰ <b>{n} orders are past their deadline and not shipped</b>",
               figures.overdue)  # fmt: skip


def partner_lines(t: Translator, figures: Figures) -> list[str]:
    """Return a line for each partner, the busiest first."""
    lines: list[str] = [_partner(t, one) for one in figures.partners]
    if figures.others:
        others = t.n("{n} other", "{n} others", figures.others)
        lines.append(_partner(t, PartnerFigures(others, figures.rest)))
    return lines


def _partner(t: Translator, one: PartnerFigures) -> Html:
    tally, name = one.tally, cut(one.name, NAME)
    if tally.rate is None:
        line = t("• {name}: nothing shipped", name=name)
    else:
        line = t("• {name}: shipped {n}, on time {rate}%", name=name, n=tally.shipped,
                 rate=tally.rate)  # fmt: skip
    if tally.declined:
        line = Html(f"{line} · {t('declined {n}', n=tally.declined)}")
    return line


def large_figures(t: Translator, figures: Figures, tally: Tally) -> list[tuple[str, str]]:
    """Return what stands large on the picture."""
    shown = [
        (t.plain("Assigned"), f"{tally.assigned:,}"),
        (t.plain("Shipped"), f"{tally.shipped:,}"),
        (t.plain("On time"), "–" if tally.rate is None else f"{tally.rate}%"),
        (t.plain("Declined"), f"{tally.declined:,}"),
    ]
    new = (t.plain("New"), f"{tally.new:,}")
    return [new, *shown] if figures.role == "merchant" else shown


def shipped_columns(t: Translator, days: Sequence[DayFigures]) -> Columns:
    """Return the panel of what shipped each day."""
    layers = [
        Layer(t.plain("in time"), IN_TIME, [one.tally.on_time for one in days]),
        Layer(t.plain("late"), LATE, [one.tally.late for one in days]),
    ]
    return Columns(t.plain("Shipped per day"), _labels(days), layers)


def waited_columns(t: Translator, days: Sequence[DayFigures]) -> Columns:
    """Return the panel of how long orders took."""
    title = t.plain("Hours from assigned to shipped")
    return Columns(title, _labels(days), [Layer("", WAITED, [one.tally.hours for one in days])])


def declined_columns(t: Translator, days: Sequence[DayFigures]) -> list[Columns]:
    """Return the panel of what was declined; none where nothing was."""
    values = [one.tally.declined for one in days]
    title = t.plain("Declined per day")
    return [Columns(title, _labels(days), [Layer("", DECLINED, values)])] if any(values) else []


def _labels(days: Sequence[DayFigures]) -> list[str]:
    return [day_words(one.day) for one in days]


def partner_rates(t: Translator, figures: Figures) -> list[Rates]:
    """Return the panel of on-time rates; none where there is no partner."""
    merchant = figures.role == "merchant"
    title = (
        t.plain("On-time rate per factory") if merchant else t.plain("On-time rate per merchant")
    )
    rows = [Rate(one.name, one.tally.rate, _note(t, one.tally)) for one in figures.partners]
    if figures.others:
        others = t.n("{n} other", "{n} others", figures.others)
        rows.append(Rate(others, figures.rest.rate, _note(t, figures.rest)))
    return [Rates(title, rows)] if rows else []


def _note(t: Translator, tally: Tally) -> str:
    if tally.declined:
        return t.plain("{n} shipped · {declined} declined", n=tally.shipped,
                       declined=tally.declined)  # fmt: skip
    return t.plain("{n} shipped", n=tally.shipped)


def picture_of(
    t: Translator, figures: Figures, title: str, about: str, columns: Sequence[Columns]
) -> Plan:
    """Return the picture's plan; where nothing happened it says so."""
    large = large_figures(t, figures, figures.total)
    if not any(figures.total) and not figures.partners:
        return Plan(title, about, large, empty=_nothing(t, figures))
    return Plan(title, about, large, columns, partner_rates(t, figures))
