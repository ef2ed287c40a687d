"""The child's side of `platforms.children`. Imports little: a child starts with every file."""

import resource
import sys


def hold_to(memory_bytes: int, cpu_seconds: int) -> None:
    """Limit this process, which is the child: it writes no files and leaves no core."""
    limits = {
        resource.RLIMIT_AS: (memory_bytes, memory_bytes),
        # The soft limit ends it with a signal of its own; at the hard one it is just killed.
        resource.RLIMIT_CPU: (cpu_seconds, cpu_seconds + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for what, soft_and_hard in limits.items():
        try:
            resource.setrlimit(what, soft_and_hard)
        except (ValueError, OSError) as error:  # macOS has no limit on address space
            if sys.platform != "darwin":
                raise RuntimeError("the reader cannot be limited") from error
