"""Personal data as it may be shown in passing, and data that reached us already hidden.

Masks keep what recognises a parcel (a surname, the phone's ends, the district) and nothing more;
their stars do not tell how much they hide. The recognisers know the masks platforms export (`张**`,
`138****0000`, `某某路*号`) and the ciphertexts of their interfaces (`#…#`, `$…$`, `~…~`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from core.text.phones import read_phone
from core.text.plain import half_width, one_line

STARS = "****"
_STAR = re.compile(r"[*＊✱∗•●█■]|[xX]{3,}")
_ADDRESS_STAR = re.compile(r"[*＊✱∗•●█■]{2,}|(?<!\d)[*＊✱∗]|[*＊✱∗](?!\d)|[xX]{3,}")
_CIPHER = re.compile(
    r"(?P<mark>[#$~])[^\s#$~]+(?:(?P=mark)[^\s#$~]*)+(?P=mark){1,2}"
    r"|(?P<ends>[#$~])[\w+/=-]{12,}(?P=ends)|##.+"
)
_SUSPICIOUS = re.compile(r"[*＊✱∗•●█■xX#$~]")
_LONGEST_REGION = 15


def mask_name(name: str) -> str:
    """`张三丰` → `张**`: the first character and two stars, whatever the length."""
    plain = one_line(name)
    if not plain or is_cipher(plain) or _STAR.match(plain):
        return "**"
    return f"{plain[0]}**"


def mask_phone(phone: str) -> str:
    """`13800000000` → `138****0000`, `0579-85123456` → `0579****3456`; an extension → `-****`.

    Shown are the area code or the first three digits, and at most the last four; at least four
    digits between them stay hidden, fewer than seven digits show nothing. A phone that came masked
    keeps its own mask.
    """
    plain = half_width(one_line(phone))
    if is_cipher(plain):
        return STARS
    if _STAR.search(plain):
        return _keep_mask(plain)
    read = read_phone(plain)
    digits = read.digits if read else "".join(re.findall(r"[0-9]", plain))
    head = (read.area if read else "") or digits[:3]
    shown = min(4, len(digits) - len(head) - len(STARS))
    if shown < 0:
        return STARS
    tail = f"-{STARS}" if read and read.extension else ""
    return head + STARS + digits[len(digits) - shown :] + tail


@lru_cache(maxsize=8_192)  # regions: a day of orders comes from a few thousand of them
def mask_address(*, province: str = "", city: str = "", district: str = "") -> str:
    """`浙江省 金华市 义乌市 ****`: down to the district, each name once, never a street.

    A region that cannot be one (too long, or holding digits) is left out: people put whole
    addresses into the wrong column.
    """
    parts: list[str] = []
    for region in map(one_line, (province, city, district)):
        fits = len(region) <= _LONGEST_REGION and not any(map(str.isdigit, region))
        if region and fits and region not in parts and not is_cipher(region):
            parts.append(region)
    return " ".join([*parts, STARS])


def is_cipher(value: str) -> bool:
    """Whether the value is a platform's ciphertext (`#…#…#1##`, `$…$…$1$$`, `~…~…~1~`)."""
    return bool(_CIPHER.fullmatch(value.strip()))


def is_masked_name(value: str) -> bool:
    """Whether a name came masked or encrypted: `张**`, `王*`, `*`."""
    return bool(_STAR.search(value)) or is_cipher(value)


def is_masked_phone(value: str) -> bool:
    """Whether a phone came masked or encrypted: `138****0000`, `*`. A virtual number did not."""
    return bool(_STAR.search(value)) or is_cipher(value)


def is_masked_address(value: str) -> bool:
    """Whether an address came masked or encrypted. A star between digits (`3*4米`) is no mask."""
    return bool(_ADDRESS_STAR.search(value)) or is_cipher(value)


def nothing_masked(values: Iterable[str]) -> bool:
    """Whether no value has any character a mask or a ciphertext is made of: asked of many rows."""
    return not any(map(_SUSPICIOUS.search, values))


def _keep_mask(plain: str) -> str:
    """Of a phone that came masked, its first three and last four at most."""
    head = re.match(r"\d{0,3}", plain)
    tail = re.search(r"(?<=\*)\d{1,4}$", plain)
    return (head.group() if head else "") + STARS + (tail.group() if tail else "")
