"""快递单号: one tracking number, normalised, with the carriers it may belong to.

A distinctive prefix decides. Plain digits give a ranked list in which the factory's own habit comes
first; one tap settles it. Refused is only what no carrier could have issued: fewer than 6 or more
than 35 characters, other characters than letters and digits, no digit at all, an international
post number (UPU S10) whose check digit is wrong, or the recipient's mobile copied instead.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from core.errors import Invalid
from core.text.carriers import (
    CARRIERS,
    OTHER,
    PREFIXES,
    SHAPES,
    Confidence,
    carrier_named,
    split_names,
)
from core.text.plain import half_width, visible

SHORTEST, LONGEST = 6, 35

_SPACERS = re.compile(r"[\s.\-‐-―−_·'`]+")
_PARCEL = re.compile(r"(?P<main>JD[A-Z]{0,2}\d{11,15})-(?P<n>\d{1,4})-(?P<m>\d{1,4})-?", re.ASCII)
_CHARACTERS = re.compile(r"[A-Z0-9]+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)  # none of `SHAPES` has eleven digits
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", re.ASCII)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_SHAPED = frozenset(shape.carrier for shape in SHAPES)
_LABEL = re.compile(r"(?:快递|物流|运|邮件)?(?:单号|编号|号码)\s*:?|(?:快递|物流|运单)\s*:")


class TrackingError(Invalid, ValueError):
    """A text that is no tracking number. `text` is what was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TrackingTooShort(TrackingError):
    """The number has fewer than 6 characters."""


class TrackingTooLong(TrackingError):
    """The number has more than 35 characters."""


class TrackingOddCharacters(TrackingError):
    """The number has characters no carrier uses, such as 好的."""


class TrackingNoDigits(TrackingError):
    """The number has letters only, such as ok thanks."""


class TrackingWrongCheckDigit(TrackingError):
    """An international post number (two letters, nine digits, two letters) that was mistyped."""


class TrackingIsPhone(TrackingError):
    """A mobile number: kept as a parcel's it would stand in lists that name no recipient."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One carrier a number may belong to."""

    carrier: str
    confidence: Confidence


class TrackingGuess(NamedTuple):
    """A normalised number and the carriers it may belong to, likeliest first, never empty.

    `misfit` is the carrier that was named although the number looks like another's.
    """

    number: str
    candidates: tuple[Candidate, ...]
    misfit: str | None = None

    @property
    def carrier(self) -> str | None:
        """The carrier where no question is left, else None: ask."""
        only = self.candidates[0]
        decided = len(self.candidates) == 1 and only.confidence > Confidence.LOW
        return only.carrier if decided else None


def normalise(text: str) -> str:
    """Half-width, upper case, without blanks, dots, dashes and invisible characters.

    The parcel's place at the end of a JD number (`-1-2-`) is part of the number and stays.
    """
    plain = "".join(half_width(visible(text)).split()).upper()
    parcel = _PARCEL.fullmatch(plain)
    if parcel:
        return f"{parcel['main']}-{parcel['n']}-{parcel['m']}-"
    return _SPACERS.sub("", plain)


def read(text: str, *, habit: Sequence[str] = (), carrier: str | None = None) -> TrackingGuess:
    """The one number in `text`, which may name its carrier (`顺丰 SF…`, `韵达:4312…`, `YT… 圆通`).

    `habit` holds the codes of the factory's last carriers, newest first; `carrier` is a code known
    from elsewhere. Raises a leaf of TrackingError.
    """
    bare, named = _without_name(text)
    number = normalise(bare)
    _check(number, text)
    named = carrier or named
    if _MOBILE.fullmatch(number) and (named is None or named in _SHAPED):
        raise TrackingIsPhone(text)
    candidates = _candidates(number, habit, named)
    return TrackingGuess(number, candidates, named if named and len(candidates) > 1 else None)


def plain_text(text: str) -> str:
    """The text half-width and visible, without the words that label a number (`快递单号:`)."""
    return _LABEL.sub(" ", half_width(visible(text)))


def fits(number: str) -> list[Candidate]:
    """The carriers whose shapes a normalised number has, likeliest first.

    Where a prefix tells, the weaker shapes are left out. Check digits are not looked at.
    """
    return list(_fits(number))


@lru_cache(maxsize=2048)
def _fits(number: str) -> tuple[Candidate, ...]:
    best: dict[str, Confidence] = {}
    for shape in SHAPES:
        if shape.pattern.fullmatch(number):
            best[shape.carrier] = max(shape.confidence, best.get(shape.carrier, Confidence.LOW))
    found = [Candidate(carrier, confidence) for carrier, confidence in best.items()]
    decisive = [candidate for candidate in found if candidate.confidence is Confidence.HIGH]
    return tuple(decisive or sorted(found, key=lambda candidate: -candidate.confidence))


def _without_name(text: str) -> tuple[str, str | None]:
    if text.isascii() and text.isalnum():
        return text, None  # a word by itself, as lists of numbers have them
    pieces = split_names(plain_text(text))
    named = next((code for _, code in pieces if code), None)
    words = " ".join(piece for piece, code in pieces if code is None).replace(":", " ").split()
    if named is None and len(words) > 1 and not fits(normalise("".join(words))):
        places = [place for place in (0, -1) if carrier_named(words[place])]
        named = carrier_named(words.pop(places[0])) if places else None
    return "".join(words).strip(",;。"), named


def _check(number: str, text: str) -> None:
    main = _PARCEL.sub(r"\g<main>", number)
    if not _CHARACTERS.fullmatch(main):
        raise TrackingOddCharacters(text)
    if not any(map(str.isdigit, main)):
        raise TrackingNoDigits(text)
    if len(number) < SHORTEST:
        raise TrackingTooShort(text)
    if len(number) > LONGEST:
        raise TrackingTooLong(text)
    if not _s10_holds(number):
        raise TrackingWrongCheckDigit(text)


def _s10_holds(number: str) -> bool:
    """UPU S10: r = weighted sum mod 11; the check digit is 5 if r = 0, 0 if r = 1, else 11 - r."""
    found = _S10.fullmatch(number)
    if not found:
        return True
    weighted = zip(_S10_WEIGHTS, map(int, found.group(1)), strict=True)
    rest = sum(weight * digit for weight, digit in weighted) % 11
    return int(found.group(2)) == {0: 5, 1: 0}.get(rest, 11 - rest)


def _candidates(number: str, habit: Sequence[str], named: str | None) -> tuple[Candidate, ...]:
    found = fits(number)
    if named:
        return _named_first(named, found)
    if len(found) == 1:
        return tuple(found)
    usual = {carrier: place for place, (carrier, _) in enumerate(Counter(habit).most_common())}
    last = len(usual)
    if found:
        found.sort(key=lambda candidate: usual.get(candidate.carrier, last))
        return tuple(found)
    meant = next((code for letters, code in PREFIXES.items() if number.startswith(letters)), None)
    codes = sorted(CARRIERS, key=lambda code: (code != meant, usual.get(code, last), code == OTHER))
    return tuple(Candidate(code, Confidence.LOW) for code in codes)


def _named_first(named: str, found: list[Candidate]) -> tuple[Candidate, ...]:
    """A name decides, unless the number looks like another carrier's: then both are offered.

    Digits alone speak against a carrier only where its own numbers are known.
    """
    fitting = [candidate for candidate in found if candidate.carrier == named]
    least = Confidence.MEDIUM if named in _SHAPED else Confidence.HIGH
    against = [candidate for candidate in found if candidate.confidence >= least]
    if fitting or not against:
        return (Candidate(named, Confidence.HIGH),)
    return (Candidate(named, Confidence.MEDIUM), *against)
