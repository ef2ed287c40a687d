"""A new recipient out of what somebody pasted: parts that were understood, masked ones, missing.

A buyer's message, a platform's copy button, three lines with labels: name, phone and address stand
in any order. What was understood is kept while the rest is asked for, so nobody types twice. What a
platform has masked (`张**`, `139****5678`) can be shipped to nobody and is never taken.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from core.imports.incoming import IncomingRecipient
from core.text.contact import ContactParts, read_parts
from core.text.masking import is_cipher, is_masked_address, is_masked_name
from core.text.plain import half_width, one_line, visible
from core.text.regions import Region, find_region, split_region
from core.values import Recipient

Part = Literal["name", "phone", "address", "region", "detail"]

PARTS: tuple[Part, ...] = ("name", "phone", "address", "region", "detail")
SHORTEST_DETAIL, LONGEST_NAME = 2, 30

# 地址改成：…, 收货信息：…: what people write before it.
_PREFACE = re.compile(
    r"^[^\d\n]{0,20}?(?:(?:修?改|换)[成为到寄发]|收[货件]信息|地址(?=[是为])|寄[到给]|发[到给])[为是到给]?\s*[:,]?\s*"
)
_SPACED_LABEL = re.compile(r"(?<![㐀-鿿])[收姓电地手](?:[ ]+[㐀-鿿]){1,2}(?=\s*:)")  # 姓　名：
_LABELLED = re.compile(r"(?:姓名|名字|联系人|[收件货]+人|name)\s*[: ]", re.IGNORECASE)
_STAR = "[*＊•●]"
_MASKED_PHONE = re.compile(rf"(?<!\d)\d{{2,7}}(?:{_STAR}{{2,}}|[xX]{{3,}})\d{{0,4}}(?!\d)")
_MASKED_NAME = re.compile(rf"(?<![㐀-鿿])[㐀-鿿]{{1,2}}{_STAR}{{1,3}}(?![㐀-鿿*])")


@dataclass(frozen=True, slots=True)
class RecipientParts:
    """What is known of a recipient so far; `detail` is what follows the district."""

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""

    @property
    def region(self) -> tuple[str, str, str]:
        """Return province, city and district."""
        return self.province, self.city, self.district

    @property
    def missing(self) -> tuple[Part, ...]:
        """Return what nobody could ship without; `address` is region and detail both."""
        found: list[Part] = [] if self.name else ["name"]
        found += [] if self.phone else ["phone"]
        region, detail = any(self.region), len(self.detail) >= SHORTEST_DETAIL
        if not region and not detail:
            found.append("address")
        elif not region or not detail:
            found.append("detail" if region else "region")
        return tuple(found)

    def over(self, older: "RecipientParts") -> "RecipientParts":
        """Return these parts, and where one is not given the older one's."""
        place = self.region if any(self.region) else older.region
        name, phone = self.name or older.name, self.phone or older.phone
        return RecipientParts(name, phone, *place, self.detail or older.detail)

    def with_old(self, old: Recipient) -> "RecipientParts":
        """Return these parts with the old recipient's for what is missing.

        A new region does not go with an old street: then the detail stays missing.
        """
        before, gaps = parts_of(old), self.missing
        place = self
        if "address" in gaps:
            place = before
        elif "region" in gaps:
            place = replace(before, detail=self.detail)
        name, phone = self.name or before.name, self.phone or before.phone
        return replace(place, name=name, phone=phone)

    def incoming(self) -> IncomingRecipient:
        """Return it as orders take a recipient."""
        return IncomingRecipient(self.name, self.phone, *self.region, "", self.detail)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text gave: `masked` parts cannot be taken, `wrong` is no phone though meant as one."""

    parts: RecipientParts
    masked: tuple[Part, ...] = ()
    wrong: str = ""

    @property
    def nothing(self) -> bool:
        """Whether nothing in it could be understood."""
        return self.parts == NOTHING and not self.masked and not self.wrong


NOTHING = RecipientParts()


def parts_of(recipient: Recipient) -> RecipientParts:
    """Return a stored recipient in parts."""
    region, detail = split_region(recipient.address)
    return RecipientParts(
        recipient.name, recipient.phone, region.province, region.city, region.district, detail
    )


def read_recipient(text: str, known: RecipientParts = NOTHING) -> Reading:
    """Read a text that says it all, or what was missing of the `known` parts.

    The parts are those of this text alone: `RecipientParts.over` joins them. Raises
    `core.text.contact.ContactTooLong`.
    """
    plain = _PREFACE.sub("", half_width(visible(text)).strip())
    plain = _SPACED_LABEL.sub(lambda label: label.group().replace(" ", ""), plain)
    masked: set[Part] = set()
    bare = plain
    patterns: tuple[tuple[Part, re.Pattern[str]], ...] = (
        ("phone", _MASKED_PHONE), ("name", _MASKED_NAME),
    )  # fmt: skip
    for part, pattern in patterns:
        if pattern.search(bare):
            masked.add(part)
            bare = pattern.sub(" ", bare)
    read = read_parts(bare)
    if is_masked_name(read.contact):
        masked.add("name")
    if is_masked_address(read.detail) or any(map(is_cipher, plain.split())):
        masked.add("address")
    parts = _answering(read, one_line(plain), known)
    return Reading(parts, tuple(one for one in PARTS if one in masked), read.wrong)


def _answering(read: ContactParts, plain: str, known: RecipientParts) -> RecipientParts:
    """Return the parts; a text of words only answers what was asked for."""
    parts = _placed(read)
    if read.phone or read.wrong or any(parts.region):
        return parts
    if known == NOTHING:
        chat = not re.search(r"\d", plain) and not _LABELLED.search(plain)
        return NOTHING if chat else parts
    if "name" in known.missing and len(plain) <= LONGEST_NAME and not re.search(r"\d", plain):
        return RecipientParts(name=read.contact or plain)
    return RecipientParts(detail=plain) if "detail" in known.missing else parts


def _placed(read: ContactParts) -> RecipientParts:
    """Return the parts, the region found also where other words stand before it.

    Such words are the name when nothing else is: people call themselves anything.
    """
    region, detail, name = read.region, read.detail, read.contact
    begins = find_region(detail) if region == Region() else None
    if begins:
        before, (region, rest) = detail[:begins].strip(), split_region(detail[begins:])
        named = name or len(before) > LONGEST_NAME or re.search(r"\d", before)
        detail = f"{rest} {before}".strip() if named else rest
        name = name or ("" if named else before)
    return RecipientParts(name, read.phone, region.province, region.city, region.district, detail)
