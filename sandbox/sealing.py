"""Consumers' data as a platform hands it out: ciphertext, masked forms, and who is the same.

How the platforms encrypt is theirs to know: a ciphertext here opens only under the order it was
made for, and says by itself which field it is. The data types are those of the wire page.
"""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ADDRESS, NAME, PHONE = 1, 2, 3
_KEY = hashlib.sha256(b"the sandbox's own key: what it seals is invented").digest()
_AEAD = AESGCM(_KEY)


def seal(order_id: str, data_type: int, text: str) -> str:
    """The ciphertext of one field; the same text in the same order gives the same."""
    plain = f"{data_type}{text}".encode()
    nonce = hashlib.sha256(order_id.encode() + b"/" + plain).digest()[:12]
    sealed = nonce + _AEAD.encrypt(nonce, plain, order_id.encode())
    index = base64.b64encode(hashlib.sha256(plain).digest()[:3]).decode()
    return f"#{index}#{base64.b64encode(sealed).decode()}#1##"


def unseal(order_id: str, ciphertext: str) -> tuple[int, str] | None:
    """The field's data type and text; nothing for what was not sealed for this order."""
    parts = ciphertext.split("#")
    if len(parts) != 6:
        return None
    try:
        sealed = base64.b64decode(parts[2], validate=True)
        plain = _AEAD.decrypt(sealed[:12], sealed[12:], order_id.encode()).decode()
    except (binascii.Error, InvalidTag, ValueError):
        return None
    return int(plain[0]), plain[1:]


def receiver_id(name: str, phone: str, address: str) -> str:
    """Equal when name, phone and address are."""
    return hashlib.sha256("\x1f".join((name, phone, address)).encode()).hexdigest()[:32]


def masked_name(name: str) -> str:
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_phone(phone: str) -> str:
    return phone[:3] + "****" + phone[7:11] if len(phone) >= 11 else "*" * len(phone)


def masked_detail(detail: str) -> str:
    return "".join("*" if letter.isalnum() else letter for letter in detail)
