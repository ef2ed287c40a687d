"""The process in which paper is drawn: two hundred slips keep a processor busy for seconds.

Standard input: `papers.request`. Standard output: `papers.answer`. Nothing is written to a disk,
since recipients stand on the paper.
"""

import json
import sys
import traceback
from pathlib import Path

from bot.printing.papers import PickPaper, answer, slips_of
from bot.printing.picks import pick_pdf
from bot.printing.slips import slips_pdf


def main() -> int:
    """Answer one request; what failed is told by where, never by a value."""
    try:
        asked = json.load(sys.stdin.buffer)
        if asked["kind"] == "pick":
            printed = pick_pdf(PickPaper(**asked["papers"]))
        else:
            printed = slips_pdf(slips_of(asked["papers"]), asked["words"])
    except Exception as error:  # noqa: BLE001 - whatever it is, its message may hold a recipient
        last = traceback.extract_tb(error.__traceback__)[-1]
        sys.stdout.write(f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}")
        return 1
    sys.stdout.buffer.write(answer(printed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
