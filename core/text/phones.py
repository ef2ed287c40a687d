"""Chinese telephone numbers as people and platforms write them.

Shapes: mobile (11 digits from 13 to 19), landline with or without area code, 400/800 and 95 service
numbers, each with an optional extension. Platforms hand out virtual numbers whose extension is
part of the number: it is never dropped.
"""

import re
from dataclasses import dataclass

from core.text.plain import half_width, one_line

_EXTENSION = re.compile(
    r"^(?P<main>.*?\d)\s*(?:[-,#;_~]|转|轉|分机号?|ext\.?|\(|\[|[-,]?\s*转\s*分机)+[\s:]*"
    r"(?P<extension>\d{1,6})\s*[)\]]?$",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"^(?:\(?\+\s*86\)?|0086|86(?=[\s-]*1[3-9]))[\s-]*")
_GAPS = re.compile(r"[\s\-‐-―−().]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}|9[56]\d{3,8}")
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})")


@dataclass(frozen=True, slots=True)
class Phone:
    """One number: digits only (country code removed), and its extension, if any."""

    digits: str
    extension: str = ""

    @property
    def area(self) -> str:
        """The area code of a landline (`010`, `0579`), empty for every other number."""
        found = None if self.is_mobile else _AREA.match(self.digits)
        return found.group() if found else ""

    @property
    def is_mobile(self) -> bool:
        """Whether it is an 11-digit mobile number (virtual ones included)."""
        return bool(_MOBILE.fullmatch(self.digits))

    def __str__(self) -> str:
        """As shown: `13800001111`, `17000000000-1234`, `0579-85123456`."""
        local = self.digits.removeprefix(self.area)
        main = f"{self.area}-{local}" if self.area else self.digits
        return f"{main}-{self.extension}" if self.extension else main


def read_phone(text: str) -> Phone | None:
    """The number a whole text stands for, or None when it has no Chinese number's shape."""
    plain = _COUNTRY.sub("", half_width(one_line(text)))
    whole = _GAPS.sub("", plain)
    if _is_number(whole):
        return Phone(whole)
    found = _EXTENSION.match(plain)
    if not found:
        return None
    main = _GAPS.sub("", _COUNTRY.sub("", found["main"].strip()))
    return Phone(main, found["extension"]) if _is_number(main) else None


def _is_number(digits: str) -> bool:
    shapes = (_MOBILE, _LANDLINE, _SERVICE, _LOCAL)
    return any(shape.fullmatch(digits) for shape in shapes)
