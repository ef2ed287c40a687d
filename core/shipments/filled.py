"""A packing list sent back with its number column filled: rows, as they were read from the file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from core.text.carriers import carrier_named, split_names
from core.text.pasting import PastedLine, read_lines
from core.text.replies import Word


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row with a number. `fault` is set where a spreadsheet has spoilt it (`mangled`)."""

    row: int
    tag: str
    order_no: str
    quantity: int | None
    carrier: str
    number: str
    fault: str = ""

    @property
    def text(self) -> str:
        """The row as a line that can be mended and sent again."""
        return " ".join(filter(None, (self.tag or self.order_no, self.carrier, self.number)))


@dataclass(frozen=True, slots=True)
class FilledList:
    """What a file held: rows under our headings, or plain `texts` like a paste.

    `blank` counts the rows of orders whose number was left empty.
    """

    rows: tuple[FilledRow, ...] = ()
    texts: tuple[str, ...] = ()
    blank: int = 0


def filled_lines(found: FilledList) -> list[PastedLine]:
    """Return the file as the lines of a paste.

    An order has a row for each of its products: where these have several numbers, each row's
    quantity is in its parcel; one number is for everything.
    """
    if not found.rows:
        return read_lines(found.texts)
    orders: dict[tuple[str, str], dict[str, list[FilledRow]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in found.rows:
        orders[row.tag, row.order_no][row.number].append(row)
    return [
        _line(rows, several=len(numbers) > 1)
        for numbers in orders.values()
        for rows in numbers.values()
    ]


def _line(rows: Sequence[FilledRow], *, several: bool) -> PastedLine:
    first = rows[0]
    counts = [row.quantity for row in rows]
    pieces = sum(one for one in counts if one) if several and all(counts) else None
    words = tuple(Word(one) for one in (first.tag, first.order_no) if one)
    number = Word(first.number, _carrier(first.carrier), pieces)
    return PastedLine(first.text, words, (number,), first.fault)


def _carrier(text: str) -> str | None:
    named = next((code for _, code in split_names(text) if code), None)
    return named or carrier_named(text)
