"""Public shop numbers: what one person reads out to another so that their shops can be bound.

Seven characters: the role's letter, five drawn, and a check character by ISO 7064 MOD 37,36 over
the whole, so that every single mistyped character is caught. Characters easily taken for one
another (0/O, 1/I/L, U/V) are left out.
"""

import random
import re
import secrets

from stdnum.iso7064 import mod_37_36

from core.errors import Invalid
from core.text.plain import half_width, visible

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ROLE_LETTERS = frozenset("MF")
LENGTH = 7

_SYSTEM_RANDOM = secrets.SystemRandom()
_SPACERS = re.compile(r"[\s\-‐-―−_.·]+")
_SHAPE = re.compile(rf"[MF][{ALPHABET}]{{{LENGTH - 1}}}")


class NumberError(Invalid, ValueError):
    """A text that is no shop number."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotANumber(NumberError):
    """Wrong length, or a character no shop number has. `text` is what was typed."""


class WrongCheckCharacter(NumberError):
    """The shape is right, one or more characters are not. `text` is the normalised number."""


def new_number(role_letter: str, rng: random.Random = _SYSTEM_RANDOM) -> str:
    """Draw a number for a shop of that role (`M` merchant, `F` factory).

    Uniqueness is the store's to check. Raises ValueError for any other letter.
    """
    if role_letter not in ROLE_LETTERS:
        raise ValueError(f"role letter must be M or F, not {role_letter!r}")
    while True:
        body = role_letter + "".join(rng.choice(ALPHABET) for _ in range(LENGTH - 2))
        check: str = mod_37_36.calc_check_digit(body)
        if check in ALPHABET:
            return body + check


def read_number(text: str) -> str:
    """The number meant by `text`: full-width, lower case, spaces and dashes are forgiven.

    Raises NotANumber or WrongCheckCharacter.
    """
    number = _SPACERS.sub("", half_width(visible(text))).upper()
    if not _SHAPE.fullmatch(number):
        raise NotANumber(text)
    if not mod_37_36.is_valid(number):
        raise WrongCheckCharacter(number)
    return number
