"""Buttons for many open orders at once: on paper, in the list, in a batch."""

from collections.abc import Mapping
from typing import Any

from bot.keyboards import data as d
from bot.screens.screen import Button, Row
from bot.texts import Translator


def file_rows(t: Translator, here: Mapping[str, Any]) -> list[Row]:
    """Return the ways to have open orders on paper."""
    return [
        (
            Button(t("📦 Packing list"), d.PackingList(**here).pack()),
            Button(t("🖨 Slips"), d.PrintSlips(**here).pack()),
            Button(t("🧺 Pick list"), d.PickList(**here).pack()),
        )
    ]


def open_rows(t: Translator, shop_id: int) -> list[Row]:
    """Return what 待发货 offers for many orders at once."""
    here = {"shop": shop_id, "of": "open"}
    tick = Button(t("☑️ Tick"), d.ListGiven(shop=shop_id, draft=0, tick=1).pack())
    return [(tick, Button(t("🗂 Batches"), d.ListBatches(shop=shop_id).pack())),
            *file_rows(t, here)]  # fmt: skip
