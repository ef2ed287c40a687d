"""Shop numbers and short tags: read out, typed, mistyped."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.numbers import ALPHABET, NotANumber, WrongCheckCharacter, new_number, read_number
from core.text.tags import new_tags, read_tag

numbers = st.builds(
    lambda letter, seed: new_number(letter, random.Random(seed)),
    st.sampled_from("MF"),
    st.integers(),
)
tags = (
    st.integers()
    .map(lambda seed: new_tags(3, random.Random(seed).randbytes))
    .flatmap(lambda drawn: st.sampled_from(sorted(drawn)))
)


@given(numbers)
def test_a_new_number_reads_back_as_itself(number: str) -> None:
    assert len(number) == 7
    assert set(number[1:]) <= set(ALPHABET)
    assert read_number(number) == number


@given(numbers, st.integers(1, 6), st.sampled_from(ALPHABET))
def test_every_single_mistyped_character_is_caught(number: str, place: int, other: str) -> None:
    mistyped = number[:place] + other + number[place + 1 :]
    if mistyped == number:
        return
    with pytest.raises(WrongCheckCharacter) as caught:
        read_number(mistyped)
    assert caught.value.text == mistyped


@given(numbers)
def test_a_number_of_the_other_role_is_a_mistyped_number(number: str) -> None:
    swapped = {"M": "F", "F": "M"}[number[0]] + number[1:]
    with pytest.raises(WrongCheckCharacter):
        read_number(swapped)


@given(numbers)
def test_a_number_is_read_however_it_was_typed(number: str) -> None:
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in number)
    for typed in (
        number.lower(),
        f"  {number[:3]} {number[3:]}\n",
        f"{number[:1]}-{number[1:4]}—{number[4:]}",
        full_width,
        f"\u200b{number}\u202c",
    ):
        assert read_number(typed) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "F7K2Q9",
        "F7K2Q9XX",
        "X7K2Q9X",
        "F7K0Q9X",
        "F7KOQ9X",
        "F7K1Q9X",
        "F7K!Q9X",
        "F" * 9000,
    ],
)
def test_what_is_no_shop_number_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotANumber) as caught:
        read_number(text)
    assert caught.value.text == text


def test_only_the_two_roles_have_numbers() -> None:
    with pytest.raises(ValueError, match="role letter"):
        new_number("S")


def test_numbers_are_not_guessed_from_one_another() -> None:
    drawn = {new_number("F") for _ in range(500)}
    assert len(drawn) > 495


@given(tags)
def test_a_new_tag_reads_back_and_is_never_digits_alone(tag: str) -> None:
    assert len(tag) == 4
    assert not tag.isdigit()
    assert read_tag(tag) == tag
    assert read_tag(f" #{tag.lower()} ") == tag
    assert read_tag("".join(chr(ord(char) + 0xFEE0) for char in tag)) == tag


@pytest.mark.parametrize("text", ["", "2345", "AB2", "AB2CD", "A0BC", "AIBC", "好的呀吧", "##K7QX"])
def test_what_is_no_tag_is_none(text: str) -> None:
    assert read_tag(text) is None
