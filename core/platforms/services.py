"""All that is done about platforms, in one value."""

from core.platforms.linking import Linking
from core.platforms.syncing import Syncing
from core.platforms.telling import Telling
from core.programs.ordering import Ordering


class Platforms:
    """Linking, taking orders in, telling parcels."""

    def __init__(self, ordering: Ordering) -> None:
        self.linking = Linking()
        self.syncing = Syncing(ordering)
        self.telling = Telling()
