"""Asks whether anything in the lock has a known hole: exit code 1 when it has.

Where the service that knows them cannot be reached from here, that is said plainly and passes: a
machine without a way out is no reason not to land, but nobody shall take it for a clean answer.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE = 300  # seconds


def verdict(report: dict[str, Any]) -> tuple[int, str]:
    """Return the exit code and the words for what `pip-audit --format json` found."""
    every = report["dependencies"]
    unasked = [one["name"] for one in every if "skip_reason" in one]
    found = [
        f"  {one['name']} {one['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no version yet'}"
        for one in every
        for hole in one.get("vulns", ())
    ]
    lines = [
        f"Audit: {len(every) - len(unasked)} of {len(every)} locked packages were asked about."
    ]
    if found:
        lines += ["KNOWN HOLES:", *found]
    if unasked:
        lines.append(f"NOT ASKED ABOUT {len(unasked)}: the service does not know them from here.")
    return (1 if found else 0), "\n".join(lines)


def main() -> int:
    """Audit the lock with a tool in a folder of its own; returns the exit code."""
    with TemporaryDirectory() as folder:
        tool = Path(folder) / "bin" / "pip-audit"
        report = Path(folder) / "report.json"
        try:
            _runs(sys.executable, "-m", "venv", folder)
            _runs(str(tool.with_name("python")), "-m", "pip", "install", "--quiet", "pip-audit")
            subprocess.run(  # noqa: S603 - its code says what the report says better
                [str(tool), "--requirement", str(ROOT / "requirements.lock"), "--require-hashes",
                 "--disable-pip", "--format", "json", "--output", str(report)],
                check=False, capture_output=True, timeout=PATIENCE,
            )  # fmt: skip
            code, words = verdict(json.loads(report.read_text()))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            code, words = 0, f"Audit: NOT ASKED, nobody answers from here ({type(error).__name__})."
    sys.stdout.write(words + "\n")
    return code


def _runs(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603 - ours


if __name__ == "__main__":
    sys.exit(main())
