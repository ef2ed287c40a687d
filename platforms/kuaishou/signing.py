"""How calls to Kuaishou are signed, and how its messages to us are opened.

The rules are those of the platform's developer documents, as mirrored at
https://github.com/AndersonBY/kwaixiaodian-python-sdk; they could not be tried against the live
platform.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

SignMethod = Literal["MD5", "HMAC_SHA256"]


@dataclass(frozen=True, slots=True)
class App:
    """The application the operator has registered with the platform.

    `sign_secret` signs calls and is not `secret`, which exchanges authorisations; `message_key` is
    base64 and opens messages.
    """

    key: str
    secret: str = field(repr=False)
    sign_secret: str = field(repr=False)
    message_key: str = field(repr=False)
    method: SignMethod = "HMAC_SHA256"


class NotFromKuaishou(ValueError):
    """A body that our message key does not open."""


def sign(app: App, fields: Mapping[str, str | None]) -> str:
    """Return the `sign` of a call's fields, which are signed before any of them is URL-encoded.

    MD5 gives lower-case hex, HMAC-SHA256 standard base64.
    """
    said = sorted((name.encode(), value) for name, value in fields.items() if value is not None)
    text = b"&".join(name + b"=" + value.encode() for name, value in said)
    text += b"&signSecret=" + app.sign_secret.encode()
    if app.method == "MD5":
        return hashlib.md5(text, usedforsecurity=False).hexdigest()
    return base64.b64encode(hmac.digest(app.sign_secret.encode(), text, "sha256")).decode()


def opened(app: App, body: bytes) -> bytes:
    """Open a message: base64 of AES-CBC with an IV of zeros, as the platform sends it.

    The key is all that proves where it comes from: who does not have it cannot write a body that
    opens to a message with our application's key in it. Raises `NotFromKuaishou`.
    """
    try:
        sealed = base64.b64decode(body, validate=True)
        opening = Cipher(AES(base64.b64decode(app.message_key)), CBC(bytes(16))).decryptor()
        padded = opening.update(sealed) + opening.finalize()
        unpadding = PKCS7(128).unpadder()
        return unpadding.update(padded) + unpadding.finalize()
    except (binascii.Error, ValueError) as error:
        raise NotFromKuaishou from error
