"""What people do: one act after another, drawn from what their chats show.

They press buttons old and new, reply to cards, paste, type, send files, ask for everything. Nobody
knows what an act will come to: whatever people do, the promises hold.
"""

import random
from dataclasses import dataclass, field
from typing import Final, Literal

from playground.messages import Message
from playground.rooms import Room
from tests.cast import COLUMNS, Row, order_no
from tests.torture.simulator.hours import START
from tests.torture.simulator.town import (
    BOT,
    FACTORY,
    MERCHANT,
    OTHER,
    PACKER,
    PEOPLE,
    Town,
    refused,
)

ORDERS: Final = 12
Kind = Literal["says", "presses", "uploads"]
_EVERYBODY: Final = (
    "/help",
    "/start",
    "/cancel",
    "/shop",
    "/settings",
    "/staff",
    "你好",
    "3",
    "/lang",
)
_COMMANDS: Final = {
    MERCHANT: ("/assign", "/orders", "待分配", "已发货", "售后", "/overdue", "/factories", "/rules",
               "/export", "/template", "/assign", "待发货", "周末送"),
    FACTORY: ("/orders", "待发货", "有变更", "/merchants", "/overdue", "缺货", "/link", "2"),
}  # fmt: skip
# Pictures and paper are drawn by processes, which the simulator has not; the rest ends a shop.
_NEVER: Final = ("打印", "面单", "拣货", "统计", "日报", "图", "English", "二维码", "注销", "转让")
_SELDOM: Final = ("解绑", "移除", "退出", "免打扰", "取消本群", "撤销")
_WORDS: Final = (
    "缺货", "两天后有货", "蓝色吗？", "明天", "1", "改地址", "易碎", "22:00-8:00", "MUG-01",
    "李四 13700002222 浙江省金华市义乌市北苑街道 5 号",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody does. `message` is the bot's that is pressed or replied to."""

    person: int
    kind: Kind
    chat: int = BOT
    text: str = ""
    message: int = 0
    data: str = ""
    file: bytes = b""

    def __str__(self) -> str:
        said = self.data or self.text or f"{len(self.file)} bytes"
        where = "" if self.chat == BOT else f" in {self.chat}"
        about = f" at {self.message}" if self.message else ""
        return f"{self.person} {self.kind}{where}{about}: {said!r}"


@dataclass
class Crowd:
    """Everybody's next act, from one source of chance."""

    town: Town
    rng: random.Random
    numbers: int = 0
    files: dict[int, int] = field(default_factory=dict)

    def draws(self, person: int) -> Act:
        """Return something the person may do now."""
        in_group = person in (FACTORY, PACKER) and self.rng.random() < 0.5
        chat = self.town.old_group().group if in_group else BOT
        seen = self.town.messages(person, chat)
        roll = self.rng.random()
        if roll < 0.5 and (pressed := self._presses(person, chat, seen)) is not None:
            return pressed
        if roll < 0.72 and seen:
            return self._replies(person, chat, seen)
        if person == MERCHANT and roll < 0.86:
            return self._gives(person)
        if roll < 0.86:
            return Act(person, "says", chat, self._paste())
        return Act(person, "says", chat, self._types(person))

    def _presses(self, person: int, chat: int, seen: list[Message]) -> Act | None:
        able = [one for one in seen if buttons(one)]
        if not able:
            return None
        place = min(int(self.rng.expovariate(0.7)), len(able) - 1)
        message = able[-1 - place]
        data = [
            one for label, one in buttons(message)
            if not any(word in label for word in _NEVER)
            and (self.rng.random() < 0.05 or not any(word in label for word in _SELDOM))
        ]  # fmt: skip
        if not data:
            return None
        return Act(person, "presses", chat, message=message.id, data=self.rng.choice(data))

    def _replies(self, person: int, chat: int, seen: list[Message]) -> Act:
        message = self.rng.choice(seen)
        number = person != MERCHANT and self.rng.random() < 0.7
        text = self._number() if number else self.rng.choice(_WORDS)
        return Act(person, "says", chat, text, message.id)

    def _gives(self, person: int) -> Act:
        """Hand some orders to a factory, or bring some in."""
        some = self._some()
        if self.rng.random() < 0.45:
            to = self.town.numbers[self.rng.choice((FACTORY, OTHER))]
            return Act(person, "says", text=f"/assign {' '.join(map(order_no, some))} {to}")
        return Act(person, "uploads", text="订单.csv", file=self.file(some))

    def file(self, some: list[int]) -> bytes:
        """Return an export of these orders, some of them as they were before, some changed."""
        rows = [
            Row(
                order_no(n), hours=30 + n * 5, pieces=self.rng.choice((1, 1, 2)),
                status=self.rng.choice(("待发货",) * 6 + ("已关闭", "已发货")),
                after_sale=self.rng.choice(("-",) * 6 + ("退款中", "退款成功")),
                buyer_note=self.rng.choice(("-", "-", "周末送")),
                address=self.rng.choice(("示例路 1 号", "示例路 1 号", "新华路 9 号")),
            )
            for n in some
        ]  # fmt: skip
        return sheet(rows)

    def _types(self, person: int) -> str:
        order = order_no(self.rng.randint(1, ORDERS))
        side = MERCHANT if person == MERCHANT else FACTORY
        said = (*_EVERYBODY, *_COMMANDS[side], *_COMMANDS[side], f"/find {order}", f"/why {order}")
        return self.rng.choice(said)

    def _paste(self) -> str:
        return "\n".join(f"{order_no(n)} {self._number()}" for n in self._some())

    def _some(self) -> list[int]:
        count = self.rng.choice((1, 1, 2, 3, 5))
        return sorted(self.rng.sample(range(1, ORDERS + 1), count))

    def _number(self) -> str:
        """Return a tracking number, now and then one that was used."""
        if self.rng.random() > 0.1 or not self.numbers:
            self.numbers += 1
            return f"SF{self.numbers:013d}"
        return f"SF{self.rng.randint(1, self.numbers):013d}"


def sheet(rows: list[Row]) -> bytes:
    """Return the rows as a platform exports them, as comma-separated text."""
    lines = [COLUMNS, *(row.cells(START) for row in rows)]
    return "\n".join(",".join(cells) for cells in lines).encode("utf-8-sig")


def buttons(message: Message) -> list[tuple[str, str]]:
    """Return label and data of each button that tells the bot something."""
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    return [
        (button["text"], button["callback_data"])
        for row in rows for button in row if "callback_data" in button
    ]  # fmt: skip


def done(town: Town, act: Act) -> int:
    """Do it; returns the number of the update it made, 0 for none."""
    match act.kind:
        case "says":
            reply = act.message or None
            return refused(lambda: town.says(act.person, act.text, reply, act.chat)) or 0
        case "uploads":
            return refused(lambda: town.uploads(act.person, act.text, act.file)) or 0
        case "presses":
            room = Room(group=act.chat) if act.chat < 0 else Room(bot=BOT, person=act.person)
            message = town.world.messages.get(room, act.message)
            if message is None:
                return 0
            return refused(lambda: town.presses(act.person, message, act.data)) or 0


__all__ = ["ORDERS", "PEOPLE", "Act", "Crowd", "buttons", "done", "sheet"]
