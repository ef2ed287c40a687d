"""Sealed recipients open only where they were put, and equal ones are found without opening."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keyring import Keyring
from storage.sealing import SealBroken, Sealer, SealError, SealKeyUnknown, key_id

RING = Keyring(1, {1: bytes(range(32))}, bytes(32))
LATER = Keyring(2, {**RING.keys, 2: bytes(range(1, 33))}, RING.hash_key)
SEALER = Sealer(RING)
NAME, PHONE = "王小明", "13800000000"

places = st.fixed_dictionaries(
    {
        "tenant": st.integers(-(2**63), 2**63 - 1),
        "row": st.text(max_size=12) | st.from_regex(r"[0-9:]{0,8}", fullmatch=True),
        "field": st.text(max_size=12) | st.from_regex(r"[0-9:]{0,8}", fullmatch=True),
    }
)


@given(text=st.text(), place=places)
def test_what_was_sealed_opens_in_its_place(text: str, place: dict[str, object]) -> None:
    sealed = SEALER.seal(text, **place)  # type: ignore[arg-type]
    assert SEALER.open(sealed, **place) == text  # type: ignore[arg-type]


@given(here=places, there=places)
def test_it_opens_in_no_other_place(here: dict[str, object], there: dict[str, object]) -> None:
    sealed = SEALER.seal(NAME, **here)  # type: ignore[arg-type]
    if here != there:
        with pytest.raises(SealBroken):
            SEALER.open(sealed, **there)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tenant", "row", "field"), [(8, "41", "name"), (7, "42", "name"), (7, "41", "phone")]
)
def test_moved_to_another_shop_order_or_field_it_does_not_open(
    tenant: int, row: str, field: str
) -> None:
    sealed = SEALER.seal(NAME, tenant=7, row="41", field="name")
    with pytest.raises(SealBroken, match=f"tenant {tenant}, row {row}, field {field}"):
        SEALER.open(sealed, tenant=tenant, row=row, field=field)


@given(data=st.data())
def test_one_bit_changed_anywhere_and_it_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(NAME, tenant=1, row="1", field="name"))
    position = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[position // 8] ^= 1 << position % 8
    with pytest.raises(SealError):
        SEALER.open(bytes(sealed), tenant=1, row="1", field="name")


@given(length=st.integers(0, 60))
def test_cut_short_it_does_not_open(length: int) -> None:
    sealed = SEALER.seal("x" * 29, tenant=1, row="1", field="name")
    assert len(sealed) == 61
    with pytest.raises(SealBroken):
        SEALER.open(sealed[:length], tenant=1, row="1", field="name")


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    old = SEALER.seal(NAME, tenant=1, row="1", field="name")
    rotated = Sealer(LATER)
    assert rotated.open(old, tenant=1, row="1", field="name") == NAME
    new = rotated.seal(NAME, tenant=1, row="1", field="name")
    assert (key_id(old), key_id(new), rotated.current_key) == (1, 2, 2)
    with pytest.raises(SealKeyUnknown):
        SEALER.open(new, tenant=1, row="1", field="name")


def test_the_same_name_never_looks_the_same() -> None:
    seals = {SEALER.seal(NAME, tenant=1, row="1", field="name") for _ in range(1000)}
    assert len(seals) == 1000


def test_neither_sealed_values_nor_errors_show_the_name() -> None:
    sealed = SEALER.seal(NAME, tenant=1, row="1", field="name")
    assert NAME.encode() not in sealed
    with pytest.raises(SealError) as caught:
        SEALER.open(sealed, tenant=2, row="1", field="name")
    assert NAME not in repr(caught.value)


def test_the_same_recipient_is_found_however_it_was_typed() -> None:
    known = SEALER.keyed_hash(NAME, PHONE, "浙江省杭州市A座1号")
    assert known == SEALER.keyed_hash(" 王小明 ", "１３８ 0000 0000", "浙江省 杭州市 a座１号")
    assert known != SEALER.keyed_hash(NAME, "13800000001", "浙江省杭州市A座1号")
    assert len(known) == 32


@given(
    st.lists(st.text(alphabet="ab1:", max_size=3)), st.lists(st.text(alphabet="ab1:", max_size=3))
)
def test_different_parts_have_different_hashes(one: list[str], other: list[str]) -> None:
    assert (SEALER.keyed_hash(*one) == SEALER.keyed_hash(*other)) is (one == other)


def test_the_hash_needs_the_key_and_survives_rotation(tmp_path: Path) -> None:
    other = Sealer(Keyring.load_or_create(tmp_path / "keys.json"))
    assert other.keyed_hash(PHONE) != SEALER.keyed_hash(PHONE) == Sealer(LATER).keyed_hash(PHONE)
