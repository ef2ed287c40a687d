"""How large a picture is looked at, and how much looking may cost."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Pixels, bytes, seconds. The child holds itself to memory and processor time.

    A photo of 48 million pixels, the most telephones commonly take, measured 250 MB and 3 s.
    """

    pixels: int = 64_000_000
    longest: int = 3_000  # a side; larger pictures are looked at smaller
    memory_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 12
    wall_seconds: float = 20.0
    result_bytes: int = 64 * 1024
