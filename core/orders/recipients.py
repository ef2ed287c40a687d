"""From an incoming recipient to what is kept: one address text, and its masked forms."""

from typing import Final, NamedTuple

from core.imports.incoming import IncomingRecipient
from core.text.masking import mask_address, mask_name, mask_phone
from core.values import Concealed, MaskedRecipient, Recipient

_CONCEALED: Final = "platform:"


def concealed_hash(keyed: str) -> str:
    """Return the hash of a recipient that a platform conceals: it says so itself."""
    return _CONCEALED + keyed


def is_concealed(same_hash: str | None) -> bool:
    """Whether this is the hash of a recipient that a platform conceals."""
    return same_hash is not None and same_hash.startswith(_CONCEALED)


class Known(NamedTuple):
    """What is known of a recipient without opening it."""

    same_hash: str
    masked: MaskedRecipient


def same_recipient(one: Known, other: Known) -> bool | None:
    """Whether two recipients are the same; None where that cannot be said.

    A platform's own mark may be another each time, and its masks are not ours: of two that it
    conceals, other masks are sure to be another recipient.
    """
    if one.same_hash == other.same_hash:
        return True
    concealed = [is_concealed(known.same_hash) for known in (one, other)]
    if not any(concealed):
        return False
    return False if all(concealed) and one.masked != other.masked else None


def recipient_of(given: IncomingRecipient) -> Recipient | Concealed:
    """Return name, phone and the address as one text, region first, nothing said twice.

    What the platform conceals stays as it came.
    """
    if given.concealed is not None:
        return given.concealed
    parts: list[str] = []
    for part in (given.province, given.city, given.district, given.street, given.address):
        if part and part not in parts:
            parts.append(part)
    return Recipient(given.name, given.phone, " ".join(parts))


def masked_of(given: IncomingRecipient) -> MaskedRecipient:
    """Return what lists and cards may show of the recipient."""
    return MaskedRecipient(
        mask_name(given.name),
        mask_phone(given.phone),
        mask_address(province=given.province, city=given.city, district=given.district),
    )
