"""The process in which a picture is drawn: the library alone takes more memory than the bot.

Standard input: `plans.written`. Standard output: a PNG.
"""

import sys
import traceback
from pathlib import Path


def main() -> int:
    """Draw one picture; what failed is told by where, never by a value."""
    try:
        from bot.charts.drawing import png
        from bot.charts.plans import plan_of

        picture = png(plan_of(sys.stdin.buffer.read().decode()))
    except Exception as error:  # noqa: BLE001 - whatever it is, its message may hold a shop's name
        last = traceback.extract_tb(error.__traceback__)[-1]
        sys.stdout.write(f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}")
        return 1
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
