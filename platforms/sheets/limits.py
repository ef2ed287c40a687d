"""How much of a file is taken, and how much reading it may cost."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, rows with content, seconds. The child process holds itself to memory and CPU.

    A 10,000-row export of all 74 columns measured 2.5 MB, 27 MB unpacked, 2.4 s and 133 MB to read.
    """

    file_bytes: int = 20 * MEGABYTE
    rows: int = 10_000
    part_bytes: int = 150 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    ratio: int = 200
    ratio_counts_from: int = 30 * MEGABYTE
    memory_bytes: int = 768 * MEGABYTE
    cpu_seconds: int = 15
    wall_seconds: float = 20.0
    result_bytes: int = 16 * MEGABYTE
