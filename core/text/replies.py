"""A reply to an order's card: the tracking numbers in one message, and what in it is none.

Numbers stand one per line or are separated by commas, 、 or blanks; a number may itself be written
in groups. A carrier's name before or after its numbers decides for them, and so does a count of
pieces (`2件`, `x2`) for the number it stands with. Words beside a number are chatter; a message
without any number is refused whole.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from core.text.carriers import carrier_named, split_names
from core.text.tracking import (
    TrackingError,
    TrackingGuess,
    TrackingIsPhone,
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
# `x2` may touch the number it follows, `2件` may not: nobody could tell whose the digits are. Tags
# look alike (`K7X2`, `X234`): so many digits stand before, or so few behind.
_COUNT = re.compile(
    r"(?<=\d{6})[x×*X]\s*([1-9]\d{0,4})(?:\s*[件个])?(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?:[xX]\s*([1-9]\d?)|[×*]\s*([1-9]\d{0,4}))(?:\s*[件个])?(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])([1-9]\d{0,4})\s*[件个]"
)

_MAY_COUNT = re.compile(r"[x×*X件个]")  # most lines have none of these: a tenth of the time


@dataclass(frozen=True, slots=True)
class Reply:
    """What a message says: its numbers in order, each once, and the words that should be one.

    Both empty never happens. `pieces` holds the counts that were given, by number.
    """

    numbers: tuple[TrackingGuess, ...]
    refused: tuple[TrackingError, ...]
    pieces: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Word:
    """A word of the message that is no carrier's name, and the carrier named for it."""

    text: str
    carrier: str | None = None
    pieces: int | None = None

    @property
    def says(self) -> bool:
        """Whether it may be a number at all: words without digits are chatter."""
        return any(map(str.isdigit, self.text))


def read_reply(text: str, *, habit: Sequence[str] = (), own: Collection[str] = ()) -> Reply:
    """Read every number of a message. `habit`: the factory's last carriers, newest first.

    `own` names the order itself (its tag, its number): repeated in the message, they are no parcel.
    """
    found: dict[str, TrackingGuess] = {}
    refused: list[TrackingError] = []
    phones: list[TrackingError] = []
    pieces: dict[str, int] = {}
    for word in words_of(text):
        if not word.says or word.text.lstrip("#").upper() in own:
            continue
        try:
            guess = read(word.text, habit=habit, carrier=word.carrier)
        except TrackingIsPhone as error:
            phones.append(error)  # of whoever gets the parcel: chatter beside a number
        except TrackingError as error:
            refused.append(error)
        else:
            found.setdefault(guess.number, guess)
            if word.pieces is not None:
                pieces[guess.number] = pieces.get(guess.number, 0) + word.pieces
    if not found and not refused and phones:
        refused = phones
    if not found and not refused:
        latin = text.strip() and text.isascii()
        refused.append(TrackingNoDigits(text) if latin else TrackingOddCharacters(text))
    return Reply(tuple(found.values()), tuple(refused), pieces)


def words_of(text: str) -> list[Word]:
    """All words, each with its carrier. A name alone on a line is for the lines below it.

    Where there are none below, it is for the words above that no name stands with.
    """
    words: list[Word] = []
    heading: str | None = None
    used = True
    for line in plain_text(text).split("\n"):
        items = items_of(line, _texts)
        own = [item for item in items if isinstance(item, Word)]
        names = [item for item in items if isinstance(item, str)]
        if not own:
            if names:
                heading, used = names[0], False
            continue
        count_words(items)
        name_words([item for item in items if not isinstance(item, int)])
        for word in own:
            word.carrier = word.carrier or heading
        words.extend(own)
        used = used or bool(own)
    if not used:
        for word in words:
            word.carrier = word.carrier or heading
    return words


def items_of(line: str, texts: Callable[[str], Sequence[Word | str]]) -> list[Word | str | int]:
    """One line as words, the codes of the carriers it names and the counts it gives, in order.

    `texts` reads what stands between Chinese carrier names and counts.
    """
    items: list[Word | str | int] = []
    for piece, code in split_names(line):
        if code:
            items.append(code)
            continue
        if not _MAY_COUNT.search(piece):
            items += texts(piece)
            continue
        end = 0
        for count in _COUNT.finditer(piece):
            items += texts(piece[end : count.start()])
            items.append(int(count[count.lastindex or 0]))
            end = count.end()
        items += texts(piece[end:])
    return items


def _texts(piece: str) -> list[Word | str]:
    found: list[Word | str] = []
    for chunk in _SEPARATORS.split(piece):
        texts = _grouped([word.strip(_NOISE) for word in chunk.split()])
        found.extend(carrier_named(text) or Word(text) for text in texts)
    return found


def _grouped(words: list[str]) -> list[str]:
    """Words of one chunk, with the groups of one number (`4312 3456 7890 123`, `SF 12…`) joined."""
    words = [word for word in words if word]
    joined = "".join(words)
    if any(len(word) < _WHOLE for word in words) and fits(normalise(joined)):
        return [joined]
    return words


def name_words(items: list[Word | str]) -> None:
    """A line that begins with a name names what follows each name; else what stands before it."""
    forward = bool(items) and isinstance(items[0], str)
    name: str | None = None
    for item in items if forward else reversed(items):
        if isinstance(item, str):
            name = item
        else:
            item.carrier = name


def count_words(items: list[Word | str | int]) -> None:
    """A line that begins with a count counts what follows each; else what stands before it."""
    spoken = [item for item in items if isinstance(item, int) or _is_number(item)]
    forward = bool(spoken) and isinstance(spoken[0], int)
    count: int | None = None
    for item in spoken if forward else reversed(spoken):
        if isinstance(item, int):
            count = item
        elif isinstance(item, Word):
            item.pieces, count = count, None


def _is_number(item: Word | str | int) -> bool:
    return isinstance(item, Word) and item.says
