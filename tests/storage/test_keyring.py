"""The key file: made once, never half, never readable by others, never silently replaced."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storage.keyring import (
    Keyring,
    KeyringDamaged,
    KeyringError,
    KeyringExposed,
    KeyringMissing,
)

Damage = Callable[[dict[str, Any]], str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "keys.json"


def test_the_first_start_makes_keys_only_their_owner_can_read(path: Path) -> None:
    ring = Keyring.load_or_create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert Keyring.load_or_create(path) == Keyring.load(path) == ring
    assert [len(key) for key in (*ring.keys.values(), ring.hash_key)] == [32, 32]
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_many_starting_at_once_end_up_with_the_same_keys(path: Path) -> None:
    with ThreadPoolExecutor(16) as starters:
        rings = list(starters.map(Keyring.load_or_create, [path] * 64))
    assert {(ring.fingerprint(), ring.keys[1]) for ring in rings} == {
        (rings[0].fingerprint(), Keyring.load(path).keys[1])
    }
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_rotation_adds_a_key_and_keeps_the_old_ones(path: Path) -> None:
    first = Keyring.load_or_create(path)
    second = first.rotated(path)
    assert second == Keyring.load(path)
    assert second.current == 2
    assert second.keys[1] == first.keys[1] != second.keys[2]
    assert second.hash_key == first.hash_key
    assert second.fingerprint() == first.fingerprint()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_two_rings_have_different_fingerprints(tmp_path: Path) -> None:
    rings = [Keyring.load_or_create(tmp_path / name) for name in ("a.json", "b.json")]
    assert rings[0].fingerprint() != rings[1].fingerprint()


def test_a_missing_file_is_named_and_not_replaced(path: Path) -> None:
    with pytest.raises(KeyringMissing, match=r"keys\.json is missing.*backup"):
        Keyring.load(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda ring: "",
        lambda ring: "not json",
        lambda ring: "[]",
        lambda ring: json.dumps({**ring, "current": 2}),
        lambda ring: json.dumps({**ring, "format": 99}),
        lambda ring: json.dumps({**ring, "hash_key": "c2hvcnQ="}),
        lambda ring: json.dumps({**ring, "keys": {"1": "not base64!"}}),
        lambda ring: json.dumps({**ring, "keys": {"one": ring["hash_key"]}}),
        lambda ring: json.dumps({"format": 1}),
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(path: Path, damage: Damage) -> None:
    Keyring.load_or_create(path)
    damaged = damage(json.loads(path.read_text()))
    path.write_text(damaged)
    for read in (Keyring.load, Keyring.load_or_create):
        with pytest.raises(KeyringDamaged, match="do not delete"):
            read(path)
    assert path.read_text() == damaged


def test_a_file_others_can_read_is_refused_with_the_way_out(path: Path) -> None:
    Keyring.load_or_create(path)
    path.chmod(0o640)
    with pytest.raises(KeyringExposed, match="chmod 600"):
        Keyring.load(path)


def test_keys_show_up_in_no_representation_and_no_error(path: Path) -> None:
    ring = Keyring.load_or_create(path)
    path.write_text(path.read_text().replace("format", "shape"))
    with pytest.raises(KeyringError) as caught:
        Keyring.load(path)
    shown = repr(ring) + ring.fingerprint() + repr(caught.value) + repr(caught.value.__cause__)
    for key in (*ring.keys.values(), ring.hash_key):
        assert key.hex()[:8] not in shown
        assert repr(key)[2:10] not in shown
