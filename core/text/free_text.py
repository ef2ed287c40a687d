"""Free text as it may be shown: notes, reasons, questions, in which people write phones, addresses.

`as_shown` is the one rule for all of them. A telephone number in a text is masked where it stands;
a text that names a whole recipient, or another address, is hidden altogether, for nobody could cut
it out and leave a sentence. Order numbers, tracking numbers, codes, dates and prices stay.

A phone is recognised however it is written: full-width, in groups, with an extension, in Chinese
numerals. Eleven digits from 13 to 19 that stand by themselves are always taken for one.
"""

import re
import unicodedata

from core.text.masking import STARS, mask_phone
from core.text.plain import visible
from core.text.regions import find_region

HIDDEN = STARS  # stands for a whole text that is not shown
SHORT = 6  # characters that name no more than a province or a city

_NUMERALS = str.maketrans("〇零幺一二三四五六七八九", "001123456789")
_GAP = r"[ \-‐-―−.·]?"
_FREE = r"(?:(?<![0-9A-Za-z])|(?<=tel)|(?<=phone)|(?<=mobile)|(?<=vx)|(?<=wx))"
_COUNTRY = r"(?:(?:\(?\+ ?86\)?|0086|86)[ -]?)?"
_EXTENSION = (
    r"(?: ?(?:-|#|转|轉|分机号?|ext\.?|[(\[] ?(?:分机|转)?) ?:? ?[0-9]{1,6}[)\]]?"
    r"(?![0-9号栋幢楼层室弄件个双]))?"
)
_PHONE = re.compile(
    # Other groups than these are as likely a tracking number's: they must stand alone.
    rf"{_FREE}{_COUNTRY}1[3-9][0-9](?:{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}|{_GAP}[0-9]{{3}}{_GAP}"
    rf"[0-9]{{5}})(?![0-9]){_EXTENSION}"
    rf"|(?<![0-9A-Za-z])(?<![0-9][ -]){_COUNTRY}1[ -]?[3-9](?:[ -]?[0-9]){{9}}(?![ -]?[0-9])"
    rf"|{_FREE}{_COUNTRY}\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?[ -]?[2-9][0-9]{{2,3}}[ -]?[0-9]{{4}}"
    rf"(?![0-9]){_EXTENSION}"
    r"|(?P<label>(?:电话|座机|固话|tel)[ :]*)[2-9][0-9]{6,7}(?![0-9])",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"[路街巷弄村镇乡道园苑庭城][^\n,;。!?]{0,14}?[0-9]+(?! ?[0-9件个双只套码天点月日年元款米寸])"
    r"|[0-9]+ ?(?:栋|幢|单元|号楼|弄)|[0-9]{3,4} ?室"
)
_AREA = re.compile(r"[㐀-鿿]{1,6}(?:路|街|大道|巷|村|镇|乡|小区|广场|大厦|公寓|花园|家园|驿站)")
_DISTRICT = re.compile(r"[㐀-鿿]{1,6}[省市区县](?!别|分|域|间)")
_TO = re.compile(r"地址|[寄送发]到|[寄送发]往|改[到成寄为发]|换[到成]|收[件货]")
_DIGIT = re.compile(r"[0-9]")


def as_shown(text: str) -> str:
    """Return a free text as anybody may read it: phones masked, or `HIDDEN` altogether."""
    if not text:
        return text
    seen = visible(text)
    plain = _plain(seen)
    if not _DIGIT.search(plain):  # most notes: neither a phone nor a door is written without one
        return text
    return HIDDEN if _names_place(plain) else _masked(text, seen, plain)


def mask_phones_in(text: str) -> str:
    """`请打１３８ ００００ 1111` → `请打138****1111`: whatever else stands there stays as it is."""
    seen = visible(text)
    return _masked(text, seen, _plain(seen))


def _masked(text: str, seen: str, plain: str) -> str:
    end, parts = 0, list[str]()
    for found in _PHONE.finditer(plain):
        begins = found.end("label") if found["label"] else found.start()
        parts += seen[end:begins], mask_phone(plain[begins : found.end()])
        end = found.end()
    return "".join([*parts, seen[end:]]) if parts else text


def holds_recipient(text: str) -> bool:
    """Whether a text names where to send to: a phone with a place, or a street or door by itself.

    Such a note is what parcels get lost by: it changes the address where no machine reads it.
    """
    return _names_place(_plain(visible(text)))


def _names_place(plain: str) -> bool:
    if not _DIGIT.search(plain):
        return False
    region = find_region(plain) is not None or _DISTRICT.search(plain) is not None
    if _PHONE.search(plain) and (region or _AREA.search(plain) or _PLACE.search(plain)):
        return True
    return _PLACE.search(_PHONE.sub(" ", plain)) is not None and (
        region or _TO.search(plain) is not None
    )


def heard(text: str) -> str:
    """Return what was typed where something else was asked for, as an answer may repeat it.

    More strictly than `as_shown`, for nobody needs it whole: a street by itself is hidden too.
    """
    plain = _plain(visible(text))
    if _PLACE.search(plain) or _AREA.search(plain) or find_region(plain) is not None:
        return HIDDEN if len(plain) > SHORT else mask_phones_in(text)
    return as_shown(text)


def _plain(text: str) -> str:
    """Return the text with every digit as an ASCII one, character by character in its place."""
    if text.isascii():
        return text
    return "".join(map(_half, text)).translate(_NUMERALS)


def _half(char: str) -> str:
    if "！" <= char <= "～":
        return chr(ord(char) - 0xFEE0)
    if char == "\u3000":
        return " "
    return str(unicodedata.digit(char)) if char.isdigit() else char
