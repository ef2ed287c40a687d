"""Our own numbers among a server's advisory locks; the first half of each says "daif"."""

from typing import Final

_OURS: Final = 0x64616966 << 8
MIGRATING: Final = _OURS + 1
FEEDING: Final = _OURS + 2
