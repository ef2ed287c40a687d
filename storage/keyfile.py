"""The key file as a running house watches it: a key that was added while it runs is taken up.

`daifa keys rotate` is another process. Looking costs one `stat`, at most once in `EVERY` seconds,
so a second after the file was replaced everything new is sealed with its current key.
"""

import time
from pathlib import Path
from typing import Final

from storage.keyring import Keyring, KeyringError

EVERY: Final = 1.0


class KeyFile:
    """The ring of a key file, read again whenever the file is another one."""

    def __init__(self, path: Path, ring: Keyring) -> None:
        self._path = path
        self.ring = ring
        self._stamp = self._stamped()
        self._looked = time.monotonic()

    def look(self, *, now: bool = False) -> Keyring:
        """Return the ring as it stands. A file that is gone or damaged changes nothing."""
        if now or time.monotonic() - self._looked >= EVERY:
            self._looked = time.monotonic()
            stamp = self._stamped()
            if stamp not in (None, self._stamp):
                self._read(stamp)
        return self.ring

    def _read(self, stamp: tuple[int, int] | None) -> None:
        try:
            fresh = Keyring.load(self._path)
        except KeyringError:  # it is looked at again; `daifa doctor` says what is wrong with it
            return
        if fresh.fingerprint() == self.ring.fingerprint():
            self.ring, self._stamp = fresh, stamp

    def _stamped(self) -> tuple[int, int] | None:
        try:
            kept = self._path.stat()
        except OSError:
            return None
        return kept.st_ino, kept.st_mtime_ns
