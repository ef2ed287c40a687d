"""A reply to an order's card: the tracking numbers in one message, and what in it is none.

Numbers stand one per line or are separated by commas, 、 or blanks; a number may itself be written
in groups. A carrier's name before or after its numbers decides for them. Words beside a number are
chatter; a message without any number is refused whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.carriers import carrier_named, split_names
from core.tracking import (
    TrackingError,
    TrackingGuess,
    TrackingNoDigits,
    TrackingOddCharacters,
    fits,
    normalise,
    plain_text,
    read,
)

_SEPARATORS = re.compile(r"[,;、|/和]+")
_NOISE = ":。.!?~()[]#"
_WHOLE = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """What a message says: its numbers in order, each once, and the words that should be one.

    Both empty never happens.
    """

    numbers: tuple[TrackingGuess, ...]
    refused: tuple[TrackingError, ...]


@dataclass(slots=True)
class _Word:
    """A word of the message that is no carrier's name, and the carrier named for it."""

    text: str
    carrier: str | None = None


def read_reply(text: str, *, habit: Sequence[str] = ()) -> Reply:
    """Read every number of a message. `habit`: the factory's last carriers, newest first."""
    found: dict[str, TrackingGuess] = {}
    refused: list[TrackingError] = []
    for word in _words(text):
        if not any(map(str.isdigit, word.text)):
            continue
        try:
            guess = read(word.text, habit=habit, carrier=word.carrier)
        except TrackingError as error:
            refused.append(error)
        else:
            found.setdefault(guess.number, guess)
    if not found and not refused:
        latin = text.strip() and text.isascii()
        refused.append(TrackingNoDigits(text) if latin else TrackingOddCharacters(text))
    return Reply(tuple(found.values()), tuple(refused))


def _words(text: str) -> list[_Word]:
    """All words, each with its carrier. A name alone on a line is for the lines below it.

    Where there are none below, it is for the words above that no name stands with.
    """
    words: list[_Word] = []
    heading: str | None = None
    used = True
    for line in plain_text(text).split("\n"):
        items = _items(line)
        own = [item for item in items if isinstance(item, _Word)]
        if items and not own:
            heading, used = str(items[0]), False
            continue
        _name_words(items)
        for word in own:
            word.carrier = word.carrier or heading
        words.extend(own)
        used = used or bool(own)
    if not used:
        for word in words:
            word.carrier = word.carrier or heading
    return words


def _items(line: str) -> list[_Word | str]:
    """One line as words and the codes of the carriers it names, in order."""
    items: list[_Word | str] = []
    for piece, code in split_names(line):
        if code:
            items.append(code)
            continue
        for chunk in _SEPARATORS.split(piece):
            texts = _grouped([word.strip(_NOISE) for word in chunk.split()])
            items.extend(carrier_named(text) or _Word(text) for text in texts)
    return items


def _grouped(words: list[str]) -> list[str]:
    """Words of one chunk, with the groups of one number (`4312 3456 7890 123`, `SF 12…`) joined."""
    words = [word for word in words if word]
    joined = "".join(words)
    if any(len(word) < _WHOLE for word in words) and fits(normalise(joined)):
        return [joined]
    return words


def _name_words(items: list[_Word | str]) -> None:
    """A line that begins with a name names what follows each name; else what stands before it."""
    forward = bool(items) and isinstance(items[0], str)
    name: str | None = None
    for item in items if forward else reversed(items):
        if isinstance(item, str):
            name = item
        else:
            item.carrier = name
