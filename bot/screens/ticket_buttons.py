"""Buttons around e-waybills that stand on other screens: draw them, ship what was printed."""

from bot.keyboards import data as d
from bot.screens.screen import Button
from bot.texts import Translator


def draw_button(t: Translator, shop_id: int, of: str, ref: int, n: int = 0) -> Button:
    """Return 取电子面单, of so many orders where that is known."""
    pressed = d.DrawTickets(shop=shop_id, of=of, ref=ref)
    words = t.plain("🧾 E-waybills ({n})", n=n) if n else t.plain("🧾 E-waybill")
    return Button(words, pressed.pack())


def send_button(t: Translator, shop_id: int, of: str, ref: int, n: int) -> Button:
    """Return 已打印的都发货."""
    pressed = d.SendPrinted(shop=shop_id, of=of, ref=ref)
    return Button(t.plain("🚚 Printed ones have left ({n})", n=n), pressed.pack())
