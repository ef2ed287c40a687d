"""Tracking numbers as factories send them: read, ranked, or refused with the reason."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.carriers import CARRIERS, SHAPES, Confidence, carrier_named
from core.text.replies import read_reply
from core.text.tracking import (
    TrackingIsPhone,
    TrackingNoDigits,
    TrackingOddCharacters,
    TrackingTooLong,
    TrackingTooShort,
    TrackingWrongCheckDigit,
    fits,
    normalise,
    read,
)


def carriers(number: str) -> list[str]:
    return [candidate.carrier for candidate in read(number).candidates]


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("SF1234567890123", "sf"),
        ("YT1234567890123", "yto"),
        ("YT1234567890123456", "yunexpress"),
        ("JT1234567890123", "jt"),
        ("JDA12345678901", "jd"),
        ("JDAB123456789012", "jd"),
        ("JDVA00123456789", "jd"),
        ("JDVA00123456789-1-2-", "jd"),
        ("DPK12345678901", "deppon"),
        ("DPL123456789012", "deppon"),
        ("RR123456785CN", "ems"),
        ("78123456789012", "zto"),
        ("311234567890123", "yunda"),
        ("411234567890123", "yunda"),
        ("511234567890123", "yunda"),
        ("4312345678901", "yunda"),
    ],
)
def test_a_number_only_one_carrier_issues_needs_no_question(number: str, carrier: str) -> None:
    guess = read(number)
    assert guess.number == number
    assert guess.carrier == carrier


@pytest.mark.parametrize(
    ("number", "ranked"),
    [
        ("123456789012", ["sf", "zto"]),
        ("268123456789", ["sto", "sf", "zto"]),
        ("368123456789", ["sto", "sf", "zto"]),
        ("581234567890", ["sto", "sf", "zto"]),
        ("770123456789", ["sto", "sf", "zto"]),
        ("7312345678901", ["zto", "yunda"]),
        ("1012345678901", ["ems", "yunda"]),
        ("5212345678901", ["ems", "yunda"]),
        ("9912345678901", ["ems", "yunda"]),
        ("9312345678901", ["ems", "yunda"]),
        ("51234567890123", ["zto", "jt"]),
        ("771234567890123", ["sto", "yunda"]),
        ("12345678", ["deppon"]),
        ("1234567890", ["deppon"]),
        ("CNS123456789012", ["cainiao"]),
        ("CJ12345678901234", ["cainiao"]),
        ("RR123456785US", ["ems"]),
    ],
)
def test_digits_several_carriers_could_have_issued_are_ranked(
    number: str, ranked: list[str]
) -> None:
    assert carriers(number) == ranked


@pytest.mark.parametrize("number", ["12345678", "CNS123456789012", "123456789012"])
def test_a_weak_shape_is_asked_about_even_alone(number: str) -> None:
    assert read(number).carrier is None


def test_the_factorys_habit_comes_first_among_those_that_fit() -> None:
    habit = ["yunda", "zto", "sf", "zto"]
    ranked = [candidate.carrier for candidate in read("268123456789", habit=habit).candidates]
    assert ranked == ["zto", "sf", "sto"]
    assert read("268123456789", habit=habit).carrier is None


def test_habit_does_not_overrule_a_prefix() -> None:
    assert read("SF1234567890123", habit=["yto"] * 50).carrier == "sf"


def test_a_number_of_unknown_shape_offers_every_carrier_the_meant_one_first() -> None:
    guess = read("SF12345678901", habit=["zto"])
    ranked = [candidate.carrier for candidate in guess.candidates]
    assert ranked[:2] == ["sf", "zto"]
    assert ranked[-1] == "other"
    assert set(ranked) == set(CARRIERS)
    assert guess.carrier is None


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("好的", TrackingOddCharacters),
        ("已发货", TrackingOddCharacters),
        ("", TrackingOddCharacters),
        ("123456😀", TrackingOddCharacters),
        ("ok thanks", TrackingNoDigits),
        ("12345", TrackingTooShort),
        ("1" * 36, TrackingTooLong),
        ("RR123456784CN", TrackingWrongCheckDigit),
        ("13912345678", TrackingIsPhone),
        ("顺丰 13912345678", TrackingIsPhone),
    ],
)
def test_what_no_carrier_could_have_issued_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text)
    reply = read_reply(text)
    assert reply.numbers == ()
    assert [type(refusal) for refusal in reply.refused] == [error]


@given(st.integers(0, 99_999_999), st.sampled_from(["RR", "EA", "LZ"]))
def test_exactly_one_check_digit_makes_a_post_number(serial: int, service: str) -> None:
    def holds(digit: str) -> bool:
        try:
            return read(f"{service}{serial:08d}{digit}CN").carrier == "ems"
        except TrackingWrongCheckDigit:
            return False

    assert sum(map(holds, string.digits)) == 1


def test_post_numbers_with_the_two_special_check_digits_hold() -> None:
    assert read("RB123456785GB").number == "RB123456785GB"
    with_rest_0_and_1 = {rest: f"{rest}" for rest in (0, 1)}
    for serial in range(200):
        digits = f"{serial:08d}"
        rest = sum(w * int(d) for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), digits, strict=True)) % 11
        if rest in with_rest_0_and_1:
            assert read(f"RR{digits}{'5' if rest == 0 else '0'}CN").carrier == "ems"


@pytest.mark.parametrize(
    "text",
    [
        "ＳＦ１２３４５６７８９０１２３",
        "sf1234567890123",
        "SF 1234-5678-9012.3",
        "\u200bSF1234567890123\ufeff",
        "顺丰 SF1234567890123",
        "顺丰速运:SF1234567890123",
        "SF1234567890123 顺丰",
        "快递单号：SF1234567890123",
        "单号 SF1234567890123",
        "SF 1234567890123",
        "SF1234567890123 已发货",
        "SF1234567890123。",
    ],
)
def test_one_number_is_read_however_it_was_sent(text: str) -> None:
    reply = read_reply(text)
    assert [(guess.number, guess.carrier) for guess in reply.numbers] == [("SF1234567890123", "sf")]
    assert reply.refused == ()


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("顺丰 123456789012", "sf"),
        ("中通123456789012", "zto"),
        ("123456789012 申通快递", "sto"),
        ("ZTO 123456789012", "zto"),
        ("123456789012 sf", "sf"),
        ("韵达:123456789012", "yunda"),
        ("安能 123456789012", "ane"),
        ("百世快递 123456789012", "jt"),
    ],
)
def test_a_carriers_name_decides_for_plain_digits(text: str, carrier: str) -> None:
    (guess,) = read_reply(text).numbers
    assert (guess.number, guess.carrier) == ("123456789012", carrier)
    assert read(text) == guess


def test_a_name_against_the_numbers_own_prefix_is_asked_about() -> None:
    (guess,) = read_reply("圆通 SF1234567890123").numbers
    assert guess.carrier is None
    assert [candidate.carrier for candidate in guess.candidates] == ["yto", "sf"]


def test_several_numbers_in_one_message_are_several_parcels_and_each_counts_once() -> None:
    text = "SF1234567890123，YT1234567890123、JT1234567890123 SF1234567890124\nsf1234567890123"
    numbers = [guess.number for guess in read_reply(text).numbers]
    expected = ["SF1234567890123", "YT1234567890123", "JT1234567890123", "SF1234567890124"]
    assert numbers == expected


def test_each_name_on_a_line_is_for_the_numbers_beside_it() -> None:
    def named(text: str) -> list[tuple[str, str | None]]:
        return [(guess.number[-1], guess.carrier) for guess in read_reply(text).numbers]

    assert named("中通 123456789011, 申通 123456789012 123456789013") == [
        ("1", "zto"),
        ("2", "sto"),
        ("3", "sto"),
    ]
    assert named("123456789011 中通 123456789012 申通") == [("1", "zto"), ("2", "sto")]
    assert named("中通\n123456789011\n123456789012") == [("1", "zto"), ("2", "zto")]
    assert named("123456789011\n123456789012\n中通") == [("1", "zto"), ("2", "zto")]


def test_a_number_written_in_groups_is_one_number() -> None:
    assert [guess.number for guess in read_reply("4312 3456 7890 123").numbers] == [
        "431234567890123"
    ]


def test_a_wrong_word_beside_a_good_number_is_refused_alone() -> None:
    reply = read_reply("SF1234567890123\n12号")
    assert [guess.number for guess in reply.numbers] == ["SF1234567890123"]
    assert [refusal.text for refusal in reply.refused] == ["12号"]


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=200))
def test_any_message_is_either_read_or_refused(text: str) -> None:
    reply = read_reply(text)
    assert reply.numbers or reply.refused
    assert all(guess.candidates for guess in reply.numbers)
    assert all(6 <= len(guess.number) <= 35 for guess in reply.numbers)


@given(st.text(string.ascii_uppercase + string.digits, min_size=6, max_size=35))
def test_every_candidate_is_a_carrier_we_can_name(number: str) -> None:
    if not any(map(str.isdigit, number)):
        return
    try:
        guess = read(number)
    except (TrackingWrongCheckDigit, TrackingIsPhone):
        return
    assert all(candidate.carrier in CARRIERS for candidate in guess.candidates)


def test_names_of_carriers_are_unique_and_found_again() -> None:
    for carrier in CARRIERS.values():
        for name in (carrier.code, carrier.name, carrier.english, *carrier.aliases):
            assert carrier_named(name) == carrier.code
    assert carrier_named("好的") is None


def test_every_shape_belongs_to_a_known_carrier_and_prefixes_do_not_overlap() -> None:
    assert {shape.carrier for shape in SHAPES} <= set(CARRIERS)
    decisive = [shape for shape in SHAPES if shape.confidence is Confidence.HIGH]
    for number in ("SF1234567890123", "YT1234567890123", "JDVA00123456789", "DPK12345678901"):
        assert sum(bool(shape.pattern.fullmatch(number)) for shape in decisive) == 1
        assert len(fits(number)) == 1


def test_a_phone_beside_a_number_is_chatter_and_a_carrier_of_unknown_shapes_may_have_it() -> None:
    reply = read_reply("张三丰 13912345678\nSF1234567890123")
    assert [one.number for one in reply.numbers] == ["SF1234567890123"]
    assert reply.refused == ()
    assert read("其他快递 13912345678").carrier == "other"
