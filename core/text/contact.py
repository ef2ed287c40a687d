"""Name, phone and address out of one free message, in any order: of a sender, of a recipient.

Understood are labels (`联系人：`, `电话：`, `地址：`), lines, commas, and a bare line such as
`王大力 13800001111 浙江省义乌市稠江街道88号`. What was understood is shown for confirmation, so a
guess is allowed where a person would guess the same; a part that is missing is asked for by name.
"""

import re
from dataclasses import dataclass

from core.errors import Invalid
from core.text.phones import read_phone
from core.text.plain import half_width, visible
from core.text.regions import Region, find_region, is_region, split_region

LONGEST = 500
SHORTEST_ADDRESS = 5

_LABELS = {
    "contact": "[收发寄]件?货?人姓名|[收发寄]件人|[收发]货人|联系人|姓名|名字|收件方|contact|name",
    "phone": "手机号码|联系电话|电话号码|联系方式|联系手机|手机号|手机|电话|mobile|phone|tel",
    "address": "详细地址|发货地址|收货地址|寄件地址|收件地址|联系地址|新地址|地址|address",
    "region": "所在地区|所在区域|省市区|地区",
    "postcode": "邮政编码|邮编|postcode|zip",
}
_LABEL = re.compile(
    r"(?:^|(?<=[\s,;、。|/\d]))(?:"
    + "|".join(f"(?P<{part}>{words})" for part, words in _LABELS.items())
    + r")(?:\s*[:=]\s*|[ \t]+|(?=\n)\n)",
    re.IGNORECASE | re.MULTILINE,
)
_EXTENSION = r"(?:\s*(?:-|#|转|轉|分机号?|ext\.?|\(分机)\s*:?\s*\d{1,6}\)?(?![\d号栋幢楼层室弄]))?"
_PHONE = re.compile(
    r"(?<![\d-])(?:\(?\+\s*86\)?[\s-]*|0086[\s-]*|86[\s-]*(?=1))?"
    r"(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?[2-9]\d{6,7}|[48]00[\s-]?\d{3}[\s-]?\d{4})"
    r"(?!\d)" + _EXTENSION,
    re.IGNORECASE,
)
_LONG_DIGITS = re.compile(r"(?<!\d)\+?\d[\d -]{5,18}\d(?!\d)")
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d|[号栋幢楼层室弄])")
_SEPARATORS = re.compile(r"[\s,;、。|/]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.'’-]*")
_CHINESE_NAME = re.compile(
    r"[㐀-鿿]{1,4}(?:·[㐀-鿿]{1,8})*(?:先生|女士|小姐|经理|老板|师傅)?(?:[\[(][\d㐀-鿿]{1,6}[\])])?"
)
_PLACE_ENDS = (
    *"省市区县镇乡村路街道里巷弄号栋幢楼层室园厂店仓库旗州盟座苑城",
    "广场", "大厦", "公寓", "中心", "学校", "大学", "中学", "小学", "医院", "公司", "驿站", "超市",
    "酒店", "宾馆", "院内", "门口", "柜",
)  # fmt: skip
_MARK = "\x00"
_NOWHERE = Region()


class ContactError(Invalid, ValueError):
    """A message that is no complete 发货信息."""


@dataclass(eq=False)
class ContactTooLong(ContactError):
    """More than `limit` characters."""

    limit: int


@dataclass(eq=False)
class PhoneLooksWrong(ContactError):
    """Digits that were meant as a phone, and are none. `value` is what was typed."""

    value: str


@dataclass(eq=False)
class ContactIncomplete(ContactError):
    """`missing` names every part that is not there: phone, contact, address."""

    missing: tuple[str, ...]


class MissingPhone(ContactIncomplete):
    """No phone, and perhaps more is missing."""


class MissingName(ContactIncomplete):
    """No contact's name, and perhaps no address."""


class MissingAddress(ContactIncomplete):
    """No address."""


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """发货信息 in parts; `detail` is what follows the district."""

    contact: str
    phone: str
    region: Region
    detail: str

    @property
    def address(self) -> str:
        """The address as one text, region first, nothing said twice."""
        parts = (self.region.province, self.region.city, self.region.district, self.detail)
        return " ".join(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class ContactParts:
    """What a message names; empty what it does not. `wrong` is what was meant as a phone."""

    contact: str = ""
    phone: str = ""
    region: Region = _NOWHERE
    detail: str = ""
    wrong: str = ""


def read_contact(text: str) -> ContactDetails:
    """Read one message that must hold everything.

    Raises ContactTooLong, PhoneLooksWrong, MissingPhone, MissingName or MissingAddress
    (the first of what is missing, naming all).
    """
    parts = read_parts(text)
    if parts.wrong:
        raise PhoneLooksWrong(parts.wrong)
    region, detail = parts.region, parts.detail
    address = "".join((region.province, region.city, region.district, detail))
    _complain(parts.phone, parts.contact, address)
    return ContactDetails(parts.contact, parts.phone, region, detail)


def read_parts(text: str) -> ContactParts:
    """Read what one message names of a contact. Raises ContactTooLong."""
    if len(text) > LONGEST:
        raise ContactTooLong(LONGEST)
    parts, free = _labelled(half_width(visible(text)))
    phone, wrong, free = _phone(parts.get("phone", ""), free)
    name, rest = (parts["contact"], _tokens(free)) if parts.get("contact") else _name(free)
    given = (parts.get("region", ""), parts.get("address", ""))
    region, detail = split_region(" ".join([*filter(None, given), *rest]))
    return ContactParts(name, phone, region, detail, wrong)


def _labelled(text: str) -> tuple[dict[str, str], str]:
    """The values behind labels, and the text that has none."""
    parts: dict[str, str] = {}
    free: list[str] = []
    found = list(_LABEL.finditer(text))
    ends = [label.start() for label in found] + [len(text)]
    free.append(text[: ends[0]])
    for label, end in zip(found, ends[1:], strict=True):
        value, _, more = text[label.end() : end].strip().partition("\n")
        part = str(label.lastgroup)
        if part != "phone" and _PHONE.search(value):  # 收件人：张三 138… 浙江…: it names them all
            free.append(value)
        else:
            parts.setdefault(part, " ".join(value.split()).strip(" ,;。"))
        free.append(more)
    return parts, "\n".join(free)


def _phone(labelled: str, free: str) -> tuple[str, str, str]:
    """The phone as shown, else what is wrong as one, and the free text with a mark at phones."""
    source = labelled or free
    found = _PHONE.search(source)
    read = read_phone(found.group() if found else labelled)
    if read and (read.is_mobile or read.area or len(read.digits) == 10):
        return str(read), "", _PHONE.sub(f" {_MARK} ", free)
    wrong = labelled or next((run.group() for run in _LONG_DIGITS.finditer(free)), "")
    return "", wrong.strip(), free.replace(wrong, f" {_MARK} ") if wrong else free


def _tokens(free: str) -> list[str]:
    return [
        token for token in _SEPARATORS.split(_POSTCODE.sub(" ", free)) if token != _MARK and token
    ]


def _name(free: str) -> tuple[str, list[str]]:
    """The name nearest to the phone, and the other words."""
    tokens: list[str] = []
    for token in filter(None, _SEPARATORS.split(_POSTCODE.sub(" ", free))):
        begins = find_region(token)
        glued = begins and begins >= 2 and _CHINESE_NAME.fullmatch(token[:begins])
        tokens.extend([token[:begins], token[begins:]] if glued else [token])
    tokens = _join_latin(tokens)
    mark = tokens.index(_MARK) if _MARK in tokens else 0
    names = [place for place, token in enumerate(tokens) if _is_name(token)]
    chosen = min(names, key=lambda place: (abs(place - mark), place), default=None)
    name = "" if chosen is None else tokens[chosen]
    rest = [token for place, token in enumerate(tokens) if place != chosen and token != _MARK]
    return name, rest


def _join_latin(tokens: list[str]) -> list[str]:
    joined: list[str] = []
    for token in tokens:
        if joined and _LATIN.fullmatch(token) and _LATIN.fullmatch(joined[-1].split()[-1]):
            joined[-1] += f" {token}"
        else:
            joined.append(token)
    return joined


def _is_name(token: str) -> bool:
    if all(map(_LATIN.fullmatch, token.split())):
        return True
    if not _CHINESE_NAME.fullmatch(token) or is_region(token):
        return False
    return "·" in token or not token.endswith(_PLACE_ENDS)


def _complain(phone: str, name: str, address: str) -> None:
    parts = (
        ("phone", bool(phone), MissingPhone),
        ("contact", bool(name), MissingName),
        ("address", len(address) >= SHORTEST_ADDRESS, MissingAddress),
    )
    missing = tuple(part for part, there, _ in parts if not there)
    for part, _, error in parts:
        if part in missing:
            raise error(missing)
