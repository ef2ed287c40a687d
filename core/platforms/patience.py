"""How long a call to a platform is somebody's, and when one that failed is made again."""

from datetime import timedelta
from typing import Final

LEASE: Final = timedelta(seconds=60)  # sent again after it, should the house die meanwhile
PAUSES: Final = (
    timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15),
    timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4),
    timedelta(hours=8), timedelta(hours=16),
)  # fmt: skip
PATIENCE: Final = 4  # tries, 21 minutes: then a parcel waits for no assignment and no factory
