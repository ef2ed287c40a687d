"""Whether a message that was to be words is tracking numbers: sent so, it would reach no list.

Judged more strictly than a reply to an order's card, of which everybody knows that it ships.
"""

import re
from collections.abc import Collection

from core.text.carriers import Confidence
from core.text.phones import read_phone
from core.text.plain import half_width, visible
from core.text.replies import Word, words_of
from core.text.tracking import TrackingError, fits, plain_text, read

WHOLE_DIGITS = 12  # that many digits of one carrier's length are a number though others have it too

# What people write beside a number and mean nothing by. Any other word makes it a sentence: 不是,
# 退回 and 补发 turn its sense round.
_BESIDE = re.compile(
    r"(?:已经?|刚刚?|今天|请查收|查收|发货|发出|寄出|发|寄|快递|物流|运|单号|编号|号码|包裹|件"
    r"|您好|你好|好|亲|谢谢|嗯|哦|是|的|了|出)+"
    r"|ok|okay|hi|hello|sent|shipped|done|here|it|is|its|the|tracking|number|no|thanks",
    re.IGNORECASE,
)
_GOODS = re.compile(r"69\d{11}", re.ASCII)  # a product's barcode of China (GS1 prefix 690 to 699)
_RUN = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")


def plainly_numbers(text: str, *, own: Collection[str] = ()) -> bool:
    """Whether a message is tracking numbers and nothing else to speak of.

    A number is plain when its shape or a named carrier tells whose it is; a date, a count, a phone,
    a product's barcode or an order's own number is none. No question is.
    """
    words = words_of(text)
    if "?" in plain_text(text) or not all(_says_nothing(one.text) for one in words if not one.says):
        return False
    said = [one for one in words if one.says and one.text.lstrip("#").upper() not in own]
    return bool(said) and all(map(_is_plain, said))


def holds_number(text: str, *, own: Collection[str] = ()) -> bool:
    """Whether there is a tracking number among the words of a message."""
    runs = _RUN.findall(half_width(visible(text)))
    return any(_is_plain(Word(one)) for one in runs if one.upper() not in own)


def _says_nothing(text: str) -> bool:
    return _BESIDE.fullmatch(text) is not None or not any(map(str.isalpha, text))


def _is_plain(word: Word) -> bool:
    if read_phone(word.text) is not None:
        return False
    try:
        guess = read(word.text, carrier=word.carrier)
    except TrackingError:
        return False
    if word.carrier:
        return True
    known = [one.confidence for one in fits(guess.number)]
    whole = len(guess.number) >= WHOLE_DIGITS and not _is_goods(guess.number)
    return bool(known) and (whole or max(known) is Confidence.HIGH)


def _is_goods(number: str) -> bool:
    """GS1: the digits weighted 1, 3, 1, 3 … add up to a multiple of ten."""
    if not _GOODS.fullmatch(number):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number)) % 10 == 0
