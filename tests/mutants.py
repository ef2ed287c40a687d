"""How many small faults put into `core/` the tests of `core/` notice: `make mutants`.

mutmut makes some 24,000 mutants of `core/`; a sample drawn from a seed gives the score within an
hour. Only the tests of `core/` itself are asked, so `unseen` is what conversations alone reach.
What survived is shown as differences, to be read: some change nothing that matters, the others want
a test. What a run learned stands in `mutants/`, and the next goes on from there.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

FOUND = Path("mutants")
FIRST = "core.moves*"  # whatever is asked for first, mutmut makes every mutant
SURVIVED = {0}
UNSEEN = {5, 33}  # no test comes by: pytest collected none
NOT_TRIED = {None, 34}  # not run, or skipped


def main() -> None:
    """Draw a sample, try it, print the score by package and each survivor."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=300, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="which of them")
    parser.add_argument("--package", default="", help="only of this package: shipments")
    given = parser.parse_args()
    if not any(FOUND.rglob("*.meta")):
        _mutmut("run", FIRST)
    drawn = draw(results(), given.sample, given.seed, given.package)
    _mutmut("run", "--max-children", str(os.cpu_count() or 1), *drawn)
    show({name: code for name, code in results().items() if name in set(drawn)})


def results() -> dict[str, int | None]:
    """Return what is known of every mutant: pytest's exit code, or None where it was not tried."""
    known: dict[str, int | None] = {}
    for meta in sorted(FOUND.rglob("*.meta")):
        known |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return known


def draw(known: dict[str, int | None], sample: int, seed: int, package: str) -> list[str]:
    """Return the names of a sample, the same for the same seed."""
    names = sorted(name for name in known if name.startswith(f"core.{package}"))
    return sorted(random.Random(seed).sample(names, min(sample, len(names))))


def show(tried: dict[str, int | None]) -> None:
    """Print survivors as differences, then the score by package."""
    scores: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, code in sorted(tried.items()):
        if code in NOT_TRIED:
            continue
        fate = "survived" if code in SURVIVED else "unseen" if code in UNSEEN else "killed"
        scores[name.split(".")[1]][fate] += 1
        if fate != "killed":
            print(f"\n{fate}: {name}", flush=True)
            _mutmut("show", name)
    whole = sum(scores.values(), Counter[str]())
    for package, score in [*sorted(scores.items()), ("all", whole)]:
        killed, of = score["killed"], sum(score.values())
        print(f"{package:12} {killed:4} of {of:4} killed, {killed / max(of, 1):.0%}")


def _mutmut(*asked: str) -> None:
    subprocess.run([sys.executable, "-m", "mutmut", *asked], check=True)


if __name__ == "__main__":
    main()
