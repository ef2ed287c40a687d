"""How Kuaishou refuses: `result` other than 1, and a sentence.

The wire page gives sentences, no numbers. 11 (shipping), 21 (business), 24 (authorisation taken
back), 3000xx (times) and 1002001xx (tokens) stand in the platform's public documents; the numbers
from 900 on are the sandbox's own.
"""

from typing import Any

from sandbox.gateway import Refusal

SHIPPING, BUSINESS, REVOKED = 11, 21, 24
TURNED_ROUND, TOO_WIDE, TOO_OLD = 300003, 300004, 300005
BAD_REQUEST, BAD_APP, BAD_TOKEN = 100200100, 100200101, 100200102
BAD_GRANT_TYPE, BAD_CODE = 100200104, 100200105
NO_METHOD, BAD_SIGN, BAD_TIME, BAD_PARAM, THROTTLED, SERVICE = 900, 901, 902, 903, 904, 905
WORDS = {
    BAD_REQUEST: "invalid_request",
    BAD_APP: "unauthorized_client",
    BAD_TOKEN: "access_denied",
    BAD_GRANT_TYPE: "unsupported_grant_type",
    BAD_CODE: "invalid_grant",
}


class Refused(Refusal):
    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said

    def told(self) -> dict[str, Any]:
        word = {"error": WORDS[self.code]} if self.code in WORDS else {}
        return {"result": self.code, **word, "error_msg": self.said}


def shipping(said: str) -> Refused:
    return Refused(SHIPPING, said)


def business(said: str) -> Refused:
    return Refused(BUSINESS, said)
