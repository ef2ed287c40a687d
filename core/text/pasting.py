"""A paste of `order  number` lines, as text: which words may name an order, which are numbers.

Any separator, either first; a carrier's name anywhere on the line, or alone above its lines; a
count of pieces beside a number. What a line means is settled against the orders in
`core.shipments.matching`: here nothing is known of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.text.carriers import Confidence, carrier_named
from core.text.free_text import as_shown, mask_phones_in
from core.text.plain import half_width, visible
from core.text.replies import Word, count_words, items_of, name_words
from core.text.tags import read_tag
from core.text.tracking import fits, normalise

LINES = 500
SHORTEST_END = 4  # characters of an order's number that may stand for it

REASON_MARK = "←"  # behind it stands why a line was handed back: no part of it when it comes again
_WORD = re.compile(r"[0-9A-Za-z#](?:[0-9A-Za-z_.+\-]*[0-9A-Za-z])?")
# `7.8E+13`, `7.8E13`, `8E+13`; not `8E13`, which is a tag.
_SCIENTIFIC = re.compile(r"\d(?:\.\d+[eE]\+?|[eE]\+)\d{1,3}")
_TAIL_ZERO = re.compile(r"(\d{7,})\.0+")
_DIGIT = re.compile(r"\d")
_BREAK = re.compile(r"[\s,;、|]+")
_CODE = re.compile(r"#?[0-9A-Za-z][0-9A-Za-z_.+\-]{3,}")
_SLIP = re.compile(r"([0-9A-Za-z]{4})-(.+)")
_DASHES = re.compile(r"[-_.+]")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line: its text as it came, and its words in order.

    `numbers` is set where a column says which words are the numbers; `fault` where what stands
    there is none (`mangled`: a spreadsheet has rounded it).
    """

    text: str
    words: tuple[Word, ...]
    numbers: tuple[Word, ...] = ()
    fault: str = ""


def handed_back(text: str) -> str:
    """Return a line as it is shown again, to be mended and sent once more.

    Of one that names a recipient only the words are left that may name an order or a parcel.
    """
    if as_shown(text) == text:
        return text
    words = _BREAK.split(mask_phones_in(half_width(visible(text))))
    return " ".join([*filter(_CODE.fullmatch, words), "…"])


def read_paste(text: str) -> list[PastedLine]:
    """Return the lines that say something; headers, headings and chatter are left out."""
    return read_lines(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def read_lines(texts: Sequence[str]) -> list[PastedLine]:
    """Read lines that are separate already."""
    lines: list[PastedLine] = []
    heading: str | None = None
    for text in texts:
        said = half_width(visible(text.replace("\t", " "))).split(REASON_MARK)[0]
        items = items_of(said, _texts)
        words = [item for item in items if isinstance(item, Word)]
        if not words:
            heading = next((item for item in items if isinstance(item, str)), heading)
            continue
        count_words(items)
        names = {item for item in items if isinstance(item, str)}
        if len(names) > 1:
            name_words([item for item in items if not isinstance(item, int)])
        usual = names.pop() if len(names) == 1 else heading
        for word in words:
            word.carrier = word.carrier or usual
        lines.append(_line(text.strip(), words))
    return lines


def _line(text: str, words: list[Word]) -> PastedLine:
    for word in words:
        zeros = _TAIL_ZERO.fullmatch(word.text)
        word.text = zeros.group(1) if zeros else word.text
    mangled = any(_SCIENTIFIC.fullmatch(word.text) for word in words)
    return PastedLine(text, tuple(words), fault="mangled" if mangled else "")


def _texts(piece: str) -> list[Word | str]:
    found: list[Word | str] = []
    for text in _WORD.findall(piece):
        digits = _DIGIT.search(text)
        code = None if digits else carrier_named(text)  # no carrier is called by a digit
        if code:
            found.append(code)
        elif digits or (len(text) <= SHORTEST_END + 1 and read_tag(text)):
            # A slip's barcode, or a tag and a number with nothing but a dash between them.
            slip = _SLIP.fullmatch(text)
            tagged = slip is not None and read_tag(slip[1]) is not None
            found += [Word(one) for one in (slip.groups() if slip and tagged else (text,))]
    return found


def parts(line: PastedLine) -> list[PastedLine]:
    """Return the line, and how a single word of it may be cut in two where a dash joins them."""
    if len(line.words) != 1 or line.numbers:
        return [line]
    [word] = line.words
    cuts = [one.start() for one in _DASHES.finditer(word.text)]
    return [
        line,
        *(
            replace(
                line,
                words=(
                    Word(word.text[:cut], word.carrier),
                    replace(word, text=word.text[cut + 1 :]),
                ),
            )
            for cut in dict.fromkeys([*cuts[:1], *cuts[-1:]])
        ),
    ]


def looks_pasted(text: str) -> bool:
    """Return whether some line names an order beside a number; a number in groups does not."""
    return any(_names_both(one) for line in read_paste(text) for one in parts(line))


def _names_both(line: PastedLine) -> bool:
    words = [word.text for word in line.words]
    if len(words) < 2 or grouped(words):
        return False
    numbers = [word for word in words if fits(normalise(word))]
    likely = [word for word in numbers if is_likely(word)]
    orders = [word for word in words if read_tag(word) or len(word) >= SHORTEST_END]
    return bool(numbers) and len(orders) > 1 and len(likely) < len(words)


def grouped(words: Sequence[str]) -> str | None:
    """Return the one number that several short words write in groups (`4312 3456 7890 123`)."""
    joined = normalise("".join(words))
    short = len(words) > 1 and all(len(word) <= SHORTEST_END + 1 for word in words)
    return joined if short and fits(joined) and not any(map(read_tag, words)) else None


def is_likely(word: str) -> bool:
    """Return whether a word looks like the number of some carrier, not only like digits."""
    return _strength(word) >= Confidence.MEDIUM


def is_certain(word: str) -> bool:
    """Return whether a word is the number of one carrier by its prefix."""
    return _strength(word) >= Confidence.HIGH


@lru_cache(maxsize=4 * LINES)  # asked several times of each word while its line is matched
def _strength(word: str) -> int:
    return max((one.confidence for one in fits(normalise(word))), default=0)
