"""What must not run twice runs once, and is free again however its owner ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.ownership import AlreadyOwned, Ownership

HOLD = """
import sys
from pathlib import Path
from storage.ownership import Ownership

print(Ownership(Path(sys.argv[1])).acquire(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "polling.lock"


def test_the_second_is_told_who_is_first(path: Path) -> None:
    first, second = Ownership(path), Ownership(path)
    run_id = first.acquire()
    with pytest.raises(
        AlreadyOwned, match=f"polling.lock is held by process {os.getpid()}"
    ) as told:
        second.acquire()
    assert (told.value.pid, told.value.run_id) == (os.getpid(), run_id)
    first.release()
    assert second.acquire() != run_id
    second.release()


def test_waiting_ends_after_the_time_given(path: Path) -> None:
    with Ownership(path), pytest.raises(AlreadyOwned):
        Ownership(path).acquire(timeout=0.06)


def test_released_also_when_the_work_fails(path: Path) -> None:
    with pytest.raises(LookupError), Ownership(path):
        raise LookupError
    with Ownership(path) as run_id:
        assert len(run_id) == 16


def test_taking_twice_what_one_already_holds_is_a_mistake(path: Path) -> None:
    owner = Ownership(path)
    owner.acquire()
    with pytest.raises(RuntimeError, match="already acquired"):
        owner.acquire()
    owner.release()
    owner.release()


def test_an_owner_who_has_not_signed_yet_is_called_another_process(path: Path) -> None:
    with Ownership(path):
        os.truncate(path, 0)
        with pytest.raises(AlreadyOwned, match="another process") as told:
            Ownership(path).acquire()
    assert told.value.pid is None


def test_a_killed_owner_leaves_it_free_to_whoever_waits(path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        run_id = child.stdout.readline().decode().strip()
        with pytest.raises(AlreadyOwned) as told:
            Ownership(path).acquire()
        assert (told.value.pid, told.value.run_id) == (child.pid, run_id)
        child.kill()
        waiting = Ownership(path)
        assert waiting.acquire(timeout=10) != run_id
        waiting.release()
