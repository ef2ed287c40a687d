"""Our own numbers among a server's advisory locks; the first half of each says "daif"."""

from typing import Final

LOCKS: Final = 0x64616966 << 8
MIGRATING: Final = LOCKS + 1
FEEDING: Final = LOCKS + 2
