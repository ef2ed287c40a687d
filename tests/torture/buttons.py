"""Every button a full house shows to the rightful: found by pressing, each press taken back."""

import inspect
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiogram.filters.callback_data import CallbackData
from sqlmodel import col, select

from bot.keyboards import data as d
from bot.screens.alerts import alert_screen
from core.entities import Alert
from storage.store import SqlStore
from tests.core.firm import Firm
from tests.torture.telephone import Line, Telephone

CLASSES = {
    one.__prefix__: one
    for _, one in inspect.getmembers(d, inspect.isclass)
    if issubclass(one, CallbackData) and one is not CallbackData
}
# Fields that name a thing somebody owns. The rest are words, places on a page and marks.
IDS = frozenset({
    "shop", "assignment", "order", "binding", "draft", "question", "factory", "partner", "shipment",
    "link", "call", "hook", "key", "rule", "account", "line", "ref", "after", "before",
})  # fmt: skip
NOWHERE = 4_000_000  # an id that nothing has


def read(packed: str) -> CallbackData:
    """Return the decision in a button's data."""
    return CLASSES[packed.split(":", maxsplit=1)[0]].unpack(packed)


# Where `ref` is a place in a list, or a day.
PLACES = frozenset({"province", "paid", "due", "day"})


def things(one: CallbackData) -> dict[str, Any]:
    """Return the fields that name something, other than the shop."""
    named = {name: value for name, value in one if name in IDS and name != "shop" and value}
    if PLACES & {value for _, value in one if isinstance(value, str)}:
        named.pop("ref", None)
    return named


def elsewhere(one: CallbackData, *, shop: bool) -> str:
    """Return the same decision about things that never were; `shop`: of a shop that never was."""
    changed = dict.fromkeys(things(one), NOWHERE)
    if shop and "shop" in type(one).model_fields:
        changed["shop"] = NOWHERE
    return one.model_copy(update=changed).pack()


def of_shop(one: CallbackData, shop_id: int) -> str:
    """Return the same decision in the name of another shop."""
    return one.model_copy(update={"shop": shop_id}).pack()


def _kind(one: CallbackData) -> tuple[Any, ...]:
    """Return what makes two buttons the same decision about different things."""
    fixed = (value for name, value in one if name not in IDS and name not in {"at", "row", "mark"})
    return type(one), *fixed


@dataclass
class Found:
    """The buttons of one person, and what each was answered."""

    person: int
    answers: dict[str, list[Line]] = field(default_factory=dict)
    _of: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    _queue: deque[str] = field(default_factory=deque)

    def offer(self, buttons: Iterable[str], most: int) -> None:
        """Take buttons in to be pressed, so many of each kind."""
        for packed in buttons:
            kind = _kind(read(packed))
            if packed not in self.answers and self._of[kind] < most:
                self._of[kind] += 1
                self.answers[packed] = []
                self._queue.append(packed)

    async def press(self, phone: Telephone, most: int, chat: int = 0) -> None:
        """Press what waits, and what that brings up."""
        while self._queue:
            packed = self._queue.popleft()
            lines = await phone.presses(self.person, packed, chat)
            self.answers[packed] = lines
            for line in lines:
                self.offer(line.data, most)


async def alert_buttons(firm: Firm, shop_id: int) -> list[str]:
    """Return the buttons under every alert a shop was ever owed, as they would be sent now."""
    render = alert_screen(firm.services, "zh_CN")

    def look(store: SqlStore) -> list[str]:
        alerts = store.session.scalars(select(Alert).where(col(Alert.shop_id) == shop_id)).all()
        screens = [render(store, one) for one in alerts]
        rows = [row for one in screens if one is not None for row in one.rows]
        return [key.data for row in rows for key in row if key.data]

    return await firm.looks(look)
