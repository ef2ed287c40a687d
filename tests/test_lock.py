"""The lock holds what is installed to its bytes, names no index, and is asked about known holes."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()
AUDIT = runpy.run_path(str(ROOT / ".ci" / "audit.py"))
HOLE = {"id": "GHSA-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}


def test_every_locked_package_is_pinned_with_hashes() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.strip(), flags=re.IGNORECASE)
    assert len(entries) > 50
    for one in entries:
        assert re.match(r"[\w.-]+==[\w.+!-]+", one), one.splitlines()[0]
        assert "--hash=sha256:" in one, one.splitlines()[0]


def test_the_lock_names_no_address() -> None:
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", LOCK)


@pytest.mark.parametrize(("dependencies", "code", "said"), [
    ([{"name": "a", "version": "1", "vulns": []}], 0, "1 of 1 locked packages were asked about"),
    ([{"name": "a", "version": "2.0", "vulns": [HOLE]}], 1, "a 2.0: GHSA-1, mended in 2.1"),
    ([{"name": "a", "skip_reason": "not found"}], 0, "NOT ASKED ABOUT 1"),
])  # fmt: skip
def test_a_known_hole_fails_and_what_was_not_asked_about_is_said(
    dependencies: list[dict[str, Any]], code: int, said: str
) -> None:
    ended, words = AUDIT["verdict"]({"dependencies": dependencies, "fixes": []})
    assert ended == code
    assert said in words
