"""Recipients' fields as ciphertext bound to their place, and the hash that finds "same recipient".

A sealed value opens only where it was put: tenant, row and field are authenticated with it, so a
row copied to another shop, or an address moved to another order, does not open.

Layout: 4 bytes key id (big-endian), 12 bytes nonce, ciphertext, 16 bytes tag. AES-256-GCM with
random nonces, good for 2**32 seals a key (NIST SP 800-38D, 8.3); rotate long before.
"""

import hashlib
import hmac
import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.keyfile import KeyFile
from storage.keyring import Keyring

_ID_BYTES = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16


class SealError(Exception):
    """A sealed value cannot be opened. Carries its place, never its content."""

    def __init__(self, reason: str, tenant: int, row: str, field: str) -> None:
        super().__init__(f"{reason} (tenant {tenant}, row {row}, field {field})")
        self.tenant = tenant
        self.row = row
        self.field = field


class SealBroken(SealError):
    """The value was changed, cut, or belongs to another tenant, row or field."""


class SealKeyUnknown(SealError):
    """The value was sealed with a key this ring does not hold: the wrong or an older key file."""


class _Ring:
    """A key ring made ready; another one takes its place whole."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self.head = keyring.current.to_bytes(_ID_BYTES, "big")
        self.ciphers = {number: AESGCM(key) for number, key in keyring.keys.items()}


class Sealer:
    """Seals and opens with one key ring; safe to share between threads.

    With a `file` it takes up a ring that was rotated meanwhile: for sealing within a second, for
    opening as soon as it meets a key it does not know.
    """

    def __init__(self, keyring: Keyring, file: KeyFile | None = None) -> None:
        self._ring, self._file = _Ring(keyring), file
        self._mac = hmac.new(keyring.hash_key, digestmod=hashlib.sha256)

    @property
    def current_key(self) -> int:
        """The key id new values are sealed with, to store beside the row."""
        return self._looked().keyring.current

    def _looked(self, *, now: bool = False) -> _Ring:
        if self._file is not None:
            fresh = self._file.look(now=now)
            if fresh is not self._ring.keyring:
                self._ring = _Ring(fresh)
        return self._ring

    def seal(self, text: str, *, tenant: int, row: str, field: str) -> bytes:
        """Encrypt `text` for one place. Twice the same text gives two different values."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        place = _place(tenant, row, field)
        ring = self._looked()
        cipher = ring.ciphers[ring.keyring.current]
        return ring.head + nonce + cipher.encrypt(nonce, text.encode(), place)

    def open(self, sealed: bytes, *, tenant: int, row: str, field: str) -> str:
        """The text, if it was sealed for this very place.

        Raises `SealBroken`, `SealKeyUnknown`.
        """
        if len(sealed) < _ID_BYTES + _NONCE_BYTES + _TAG_BYTES:
            raise SealBroken("the sealed value is too short", tenant, row, field)
        number = key_id(sealed)
        cipher = self._ring.ciphers.get(number) or self._looked(now=True).ciphers.get(number)
        if cipher is None:
            raise SealKeyUnknown("its key is not in the key ring", tenant, row, field)
        nonce = sealed[_ID_BYTES : _ID_BYTES + _NONCE_BYTES]
        body = sealed[_ID_BYTES + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, _place(tenant, row, field)).decode()
        except InvalidTag:
            raise SealBroken("the seal is broken", tenant, row, field) from None

    def keyed_hash(self, *parts: str) -> bytes:
        """32 bytes, equal for equal parts, that nobody without the key can make or test.

        Parts are compared as people mean them: compatibility forms, letter case and all white space
        make no difference (`１３８ 0000 0000` is `13800000000`), the division into parts does.
        """
        mac = self._mac.copy()
        for part in parts:
            mac.update(_framed("".join(unicodedata.normalize("NFKC", part).casefold().split())))
        return mac.digest()


def key_id(sealed: bytes) -> int:
    """The id of the key that sealed this value."""
    return int.from_bytes(sealed[:_ID_BYTES], "big")


def _place(tenant: int, row: str, field: str) -> bytes:
    """Length-prefixed, so that no two places share an encoding."""
    return b"%d:" % tenant + _framed(row) + _framed(field)


def _framed(text: str) -> bytes:
    encoded = text.encode()
    return b"%d:%b" % (len(encoded), encoded)
