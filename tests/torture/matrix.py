"""The cells of the matrix: one person does one thing, and what that did and told is judged.

A cell leaks when a row of the business changed, when the answer holds anything of the victims', or
when it differs by a word from the answer to the same thing that never was.
"""

import hashlib
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.dispatcher import routing
from tests.torture.manor import Person
from tests.torture.telephone import Line, Telephone

# What every update may write for the one it is from: its mark, the question open with them, what
# their messages show, that they exist.
ONES_OWN = frozenset({"handled_update", "talk", "card", "account"})
# What is prepared in one's own shop is one's own too; there only the victims' rows count.
PREPARED = frozenset({"job", "paste_draft", "ship_draft", "order_filter", "assign_draft"})


class Ledger:
    """The business's rows, as a digest that changes with any of them."""

    def __init__(self, path: Path, victims: tuple[int, int]) -> None:
        self._raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self._victims = victims
        named = self._raw.execute("SELECT name FROM sqlite_master WHERE type='table'")
        self._tables = [name for (name,) in named if name not in ONES_OWN]
        self._version = -1
        self._kept: dict[str, bytes] = {}

    def rows(self) -> Mapping[str, bytes]:
        """Return a digest of each table."""
        [[version]] = self._raw.execute("PRAGMA data_version")
        if version != self._version:
            self._version = version
            self._kept = {one: self._digest(one) for one in self._tables}
        return self._kept

    def _digest(self, table: str) -> bytes:
        which = f"WHERE shop_id IN {self._victims}" if table in PREPARED else ""
        rows = self._raw.execute(f'SELECT * FROM "{table}" {which} ORDER BY rowid').fetchall()
        return hashlib.sha256(repr(rows).encode()).digest()

    def close(self) -> None:
        """Close the file."""
        self._raw.close()


class Reached(BaseMiddleware):
    """Notes which handlers ran."""

    def __init__(self) -> None:
        self.handlers: set[str] = set()

    async def __call__(
        self, handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject, data: dict[str, Any],
    ) -> Any:  # fmt: skip
        self.handlers.add(name_of(data["handler"].callback))
        return await handler(event, data)


def name_of(callback: Callable[..., Any]) -> str:
    """Return where a handler stands."""
    return f"{callback.__module__.removeprefix('bot.handlers.')}.{callback.__name__}"


def every_handler() -> set[str]:
    """Walk the tree of routers: every handler of what people send and press."""
    found: set[str] = set()
    for router in routing().chain_tail:
        for name, observer in router.observers.items():
            if name not in {"error", "update"}:
                found |= {name_of(one.callback) for one in observer.handlers}
    return found


@dataclass
class Matrix:
    """Everything tried so far, and what leaked."""

    phone: Telephone
    ledger: Ledger
    secrets: frozenset[str]
    tried: int = 0
    leaks: list[str] = field(default_factory=list)
    _nothing: dict[tuple[Any, ...], list[Line]] = field(default_factory=dict)

    async def presses(
        self, who: Person, packed: str, absent: str, chat: int = 0, message: int = 1
    ) -> None:
        """A press, which must be answered as the same press on what never was."""
        person, place = who.telegram_id, (chat, message)
        key = (person, absent, *place)
        if key not in self._nothing:
            self._nothing[key] = await self.phone.presses(person, absent, *place)
        act = self.phone.presses(person, packed, *place)
        lines = await self.attempt(who.who, packed, act, person)
        if _words(lines, "") != _words(self._nothing[key], ""):
            # What the message itself shows may be another thing by now: side by side, then.
            self._nothing[key] = await self.phone.presses(person, absent, *place)
            lines = await self.phone.presses(person, packed, *place)
        self.compare(f"{who.who}: {packed}", lines, self._nothing[key])

    async def attempt(
        self, who: str, what: str, act: Awaitable[list[Line]], person: int = 0
    ) -> list[Line]:
        """One cell: nothing may change, nothing may be told. Returns the answer."""
        before = self.ledger.rows()
        lines = await act
        self.tried += 1
        after = self.ledger.rows()
        for table in before:
            if before[table] != after[table]:
                self.leaks.append(f"{who}: {what}: wrote to {table}")
        for line in lines:
            self._told(f"{who}: {what}", line, person)
        return lines

    def _told(self, cell: str, line: Line, person: int) -> None:
        said = "\n".join((line.text, *line.labels, *line.files))
        typed = cell.partition(": ")[2]
        for secret in self.secrets:
            if secret in said and secret not in typed:
                self.leaks.append(f"{cell}: told {secret!r}: {said[:200]!r}")
                return
        if person > 0 and line.chat_id not in {0, person} and line.did == "SendMessage" and said:
            self.leaks.append(f"{cell}: spoke in chat {line.chat_id}: {said[:80]!r}")

    def compare(
        self, cell: str, lines: Iterable[Line], nothing: Iterable[Line], typed: str = "",
        instead: str = "",
    ) -> None:  # fmt: skip
        """The answer is that to what never was: word by word, but for what was typed."""
        one, other = _words(lines, typed), _words(nothing, instead)
        if one != other:
            self.leaks.append(f"{cell}: answered {one!r}, to nothing {other!r}"[:600])


def _words(lines: Iterable[Line], typed: str) -> str:
    said = repr([line.words for line in lines])
    return said.replace(typed, "…") if typed else said
