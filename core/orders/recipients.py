"""From an incoming recipient to what is kept: one address text, and its masked forms."""

from core.imports.incoming import IncomingRecipient
from core.text.masking import mask_address, mask_name, mask_phone
from core.values import MaskedRecipient, Recipient


def recipient_of(given: IncomingRecipient) -> Recipient:
    """Return name, phone and the address as one text, region first, nothing said twice."""
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
