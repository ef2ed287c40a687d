"""The keys recipients are sealed with, kept outside the database they protect.

A stolen database file or backup is useless without this file, and a database without it is useless
too: whoever backs up the one must back up the other, to another place.
"""

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self

from storage.durable import sync

_FORMAT = 1
_KEY_BYTES = 32  # AES-256, and HMAC-SHA256's own width


class KeyringError(Exception):
    """The key file cannot be used; the message says what to do about it."""


class KeyringMissing(KeyringError):
    """There is no key file where one is expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The key file {path} is missing. Put it back from its backup, or point "
            "DAIFA_KEYS_PATH at it. Without it the recipients already stored cannot be read."
        )
        self.path = path


class KeyringDamaged(KeyringError):
    """The key file is there but is not a key ring."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The key file {path} cannot be used ({reason}). Put it back from its backup; "
            "do not delete it, stored recipients cannot be read without it."
        )
        self.path = path
        self.reason = reason


class KeyringExposed(KeyringError):
    """Other accounts of this machine can read the key file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The key file {path} can be read by other accounts of this machine. "
            f"Run: chmod 600 {path}"
        )
        self.path = path


@dataclass(frozen=True)
class Keyring:
    """Sealing keys by id, the current one, and the key of the keyed hash.

    Ids run 1, 2, 3 … and are never reused; old keys stay, to open what they sealed. The hash key
    never rotates, or "same recipient" would stop being found.
    """

    current: int
    keys: dict[int, bytes] = field(repr=False)
    hash_key: bytes = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key file. Raises `KeyringMissing`, `KeyringDamaged`, `KeyringExposed`."""
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    raise KeyringExposed(path)
                content = file.read()
        except FileNotFoundError:
            raise KeyringMissing(path) from None
        except OSError as error:
            raise KeyringDamaged(path, error.strerror or "unreadable") from error
        try:
            return cls._decode(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            # The cause may quote the file, so it is named and not chained.
            raise KeyringDamaged(path, f"not a key ring: {type(error).__name__}") from None

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Read the key file, or make it with fresh keys if it is missing.

        The file gets mode 0600, a new folder 0700. Of several processes starting at once one makes
        the file and all read the same keys. Raises as `load` does.
        """
        try:
            return cls.load(path)
        except KeyringMissing:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = cls(1, {1: secrets.token_bytes(_KEY_BYTES)}, secrets.token_bytes(_KEY_BYTES))
        fresh._publish(path, replace=False)
        return cls.load(path)

    def rotated(self, path: Path) -> Self:
        """Add a fresh key, make it current and save; what older keys sealed stays readable.

        The operator's command, one at a time. A running house takes it up: `storage.keyfile`.
        """
        newest = max(self.keys) + 1
        keys = {**self.keys, newest: secrets.token_bytes(_KEY_BYTES)}
        ring = type(self)(newest, keys, self.hash_key)
        ring._publish(path, replace=True)
        return ring

    def without(self, path: Path, numbers: Collection[int]) -> Self:
        """Take these keys out and save: nothing sealed with them opens any more, ever."""
        keys = {number: key for number, key in self.keys.items() if number not in numbers}
        if self.current not in keys:
            raise ValueError("the current key stays")
        ring = type(self)(self.current, keys, self.hash_key)
        ring._publish(path, replace=True)
        return ring

    def fingerprint(self) -> str:
        """Sixteen hex digits that name this ring and betray nothing of it.

        Made from the hash key, so rotation keeps it. Stored in the database, it tells at start
        whether this is the ring that sealed what is in there.
        """
        return hashlib.sha256(b"daifa key ring\0" + self.hash_key).hexdigest()[:16]

    def _publish(self, path: Path, *, replace: bool) -> None:
        """Write beside, sync, then name it: no reader ever sees half a file, nor a cut of power."""
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as file:  # mode 0600
            file.write(json.dumps(self._encode(), indent=2).encode())
            file.flush()
            os.fsync(file.fileno())
            beside = Path(file.name)
            if not replace:
                try:
                    path.hardlink_to(beside)
                except FileExistsError:
                    return  # another process was first; its keys are the ones in use
            else:
                spare = beside.with_suffix(".new")  # the file under its own name is deleted below
                spare.hardlink_to(beside)
                spare.replace(path)
        sync(path.parent)

    def _encode(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "current": self.current,
            "keys": {str(number): _to_text(key) for number, key in self.keys.items()},
            "hash_key": _to_text(self.hash_key),
        }

    @classmethod
    def _decode(cls, value: dict[str, Any]) -> Self:
        if value["format"] != _FORMAT:
            raise ValueError("unknown format")
        keys = {int(number): _from_text(key) for number, key in value["keys"].items()}
        current = value["current"]
        if current not in keys or not all(0 < number < 2**32 for number in keys):
            raise ValueError("key ids")
        return cls(current, keys, _from_text(value["hash_key"]))


def _to_text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _from_text(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("key length")
    return key
