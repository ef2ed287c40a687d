"""What has become of each line of a paste: kept sealed with its draft, shown line by line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal, NamedTuple

from core.shipments.doubting import Doubt

# `again`: its parcel has that number already; `passed`: somebody chose to leave it.
State = Literal["waiting", "shipped", "corrected", "again", "passed", "refused"]
Ask = Literal["", "order", "carrier", "fix", "pieces"] | Doubt
Answer = Literal["order", "carrier", "sure", "fix", "split", "pass"]


class Answered(NamedTuple):
    """An answer to what is asked of a line: `choice` is an assignment, a carrier or a split.

    `alike`: it goes for every line that asks the same.
    """

    answer: Answer
    choice: str = ""
    alike: bool = False


@dataclass(slots=True)
class PastedNumber:
    """A number, the carriers it may belong to, and how many pieces its parcel holds."""

    number: str
    carrier: str | None
    candidates: list[str]
    named: str | None = None  # the carrier that was named and does not fit
    pieces: int | None = None


@dataclass(slots=True)
class Choice:
    """An order that a line may mean."""

    assignment_id: int
    tag: str
    order_no: str


@dataclass(slots=True)
class Entry:
    """A line and where it stands. `order` is 0 while it is not known which one is meant.

    `ask` is what must be answered first; `reason` why it was refused. `left`: somebody says that
    the parcel had left before its order was stopped, or was the factory's no more (`over`: why).
    `detail` is for the words: the number in doubt or replaced, or how many pieces are left of an
    order shipped in part. `overlooked` is what nobody had seen of a change when it shipped.
    """

    text: str
    state: State = "waiting"
    order: int = 0
    tag: str = ""
    order_no: str = ""
    numbers: list[PastedNumber] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    ask: Ask = ""
    sure: bool = False
    fix: bool = False
    left: bool = False
    reason: str = ""
    detail: str = ""
    over: str = ""
    overlooked: str = ""

    def refuse(self, reason: str, detail: str = "") -> None:
        """Hand the line back."""
        self.state, self.ask, self.reason, self.detail = "refused", "", reason, detail

    def had_left(self) -> None:
        """Take a line back that was refused as it must not ship: its parcel had left."""
        self.state, self.reason, self.detail, self.left = "waiting", "", "", True


@dataclass(frozen=True, slots=True)
class Pasted:
    """A paste as it stands. `blank` counts rows of a file without a number: they were passed over.

    `left` is how many pieces the order of the open question has, where they are what is asked.
    """

    draft_id: int
    entries: Sequence[Entry]
    blank: int = 0
    left: int = 0

    @property
    def asked(self) -> int | None:
        """The place of the line to be asked about next."""
        return next((n for n, one in enumerate(self.entries) if one.ask), None)

    @property
    def stopped(self) -> list[Entry]:
        """The lines refused because their order is stopped, or is the factory's no more."""
        return [one for one in self.entries if one.reason in ("stopped", "ended")]

    def of(self, *states: State) -> list[Entry]:
        """Return the lines in these states."""
        return [one for one in self.entries if one.state in states]

    def alike(self, place: int) -> list[Entry]:
        """Return the waiting lines that ask the same and would take the same answer."""
        asked = self.entries[place]
        if asked.ask not in ("carrier", "fix"):
            return [asked]
        return [one for one in self.entries if _question(one) == _question(asked)]


def _question(entry: Entry) -> tuple[str, tuple[str, ...]]:
    unknown = next((one for one in entry.numbers if one.carrier is None), None)
    return entry.ask, tuple(unknown.candidates) if unknown and entry.ask == "carrier" else ()


_NUMBER = attrgetter("number", "carrier", "candidates", "named", "pieces")
_CHOICE = attrgetter("assignment_id", "tag", "order_no")
_PLAIN = (
    "text", "state", "order", "tag", "order_no", "ask", "sure", "fix", "left", "reason", "detail",
    "over", "overlooked",  # new ones come last: what an older version has sealed lacks them
)  # fmt: skip
_ENTRY = attrgetter(*_PLAIN)


def origin_of(chat_id: int, message_id: int) -> str:
    """Return what names a message a paste came in: the same one again is the same paste."""
    return f"message {chat_id} {message_id}"


def to_text(entries: Sequence[Entry], blank: int) -> str:
    """Return the lines as they are sealed: bare values, since there may be hundreds."""
    rows = [
        [_ENTRY(one), [_NUMBER(n) for n in one.numbers], [_CHOICE(c) for c in one.choices]]
        for one in entries
    ]
    return json.dumps([blank, rows], ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> tuple[list[Entry], int]:
    """Return what `to_text` made a text of."""
    blank, rows = json.loads(text)
    return [
        Entry(
            **dict(zip(_PLAIN, plain, strict=False)),
            numbers=[PastedNumber(*one) for one in numbers],
            choices=[Choice(*one) for one in choices],
        )
        for plain, numbers, choices in rows
    ], blank
