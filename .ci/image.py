"""Does what building the image does, without an engine: its steps in their order, below a folder.

Exit code 1 when one fails, or when what was installed does not run.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
STEP = re.compile(r"^(COPY|RUN) (.+)$", re.MULTILINE)


def main() -> int:
    """Build below a folder, then ask the house for its commands; returns the exit code."""
    with TemporaryDirectory() as folder:
        below = Path(folder)
        for name in ("src", "opt", "etc", "var/lib"):
            (below / name).mkdir(parents=True)
        for name in ("passwd", "group", "shadow"):
            (below / "etc" / name).touch()
        for kind, words in STEP.findall((ROOT / "Dockerfile").read_text()):
            if kind == "COPY":
                _copied(below / "src", words.split())
            elif not _ran(below, words):
                return 1
        told = subprocess.run(
            [below / "opt/daifa/bin/daifa", "--help"], cwd=below, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        print("Image: every step was run outside of a container." if told.returncode == 0
              else f"Image: what it installs does not run.\n{told.stderr}")  # fmt: skip
        return told.returncode


def _copied(source: Path, words: list[str]) -> None:
    """Copy as COPY would; from an earlier stage there is nothing to do, it is the same folder."""
    if words[0].startswith("--from"):
        return
    *names, target = words
    for name in names:
        to = source / name if target.endswith("/") else source / target
        to.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, to)


def _ran(below: Path, words: str) -> bool:
    """Run a step with the image's folders below ours."""
    line = words.replace("/opt/daifa", f"{below}/opt/daifa")
    line = line.replace("useradd ", f"useradd --prefix {below} ")
    told = subprocess.run(line, shell=True, cwd=below / "src", text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    if told.returncode:
        print(f"Image: `{words}` failed.\n{told.stdout}")
    return told.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
