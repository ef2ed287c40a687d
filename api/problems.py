"""What went wrong, as RFC 9457 problem details with a stable code per fact of the business.

The code is the name of the core's error in snake case, its typed attributes are `facts`. What one
may not see is 404, whether it exists or not.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from core.errors import CannotKeep, Conflict, CoreError, Forbidden, Invalid, NotFound, WrongRole
from core.programs.errors import KeyRefused
from core.values import Skipped

MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final[Mapping[type[CoreError], int]] = {
    KeyRefused: 401, WrongRole: 403, NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422,
}  # fmt: skip
_CODES: Final = {400: "body_unreadable", 404: "not_found", 405: "method_not_allowed"}
_SIMPLE = (str, int, float, bool, type(None))
_NAMED = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Leads to what the code means.")
    title: str = Field(description="What it is, in a sentence.")
    status: int
    code: str = Field(description="Stable: decide by it.")
    facts: dict[str, Any] | None = Field(
        default=None, description="What the code is about: which order, which limit."
    )
    errors: list[dict[str, str]] | None = Field(
        default=None, description="Of a request that is not as documented: where, and what."
    )


_EXAMPLES: Final[Mapping[int, tuple[str, str, dict[str, Any]]]] = {
    400: ("body_unreadable", "The body is no JSON in UTF-8.", {}),
    408: ("body_too_slow", "A body comes within 30 seconds.", {"facts": {"seconds": 30.0}}),
    413: ("body_too_long", "A body has at most 2000000 bytes.", {"facts": {"limit": 2_000_000}}),
    422: (
        "request_invalid", "The request is not as documented.",
        {"errors": [{"at": "body.parcels", "what": "Field required"}]},
    ),
    429: ("too_many_requests", "Too many requests: wait as Retry-After says.", {}),
}  # fmt: skip

OF_HTTP: Final = (
    ("not_found", 404, "There is nothing at this address."),
    ("server_error", 500, "It is our fault: ask again with the same Idempotency-Key, later."),
    ("cannot_keep", 503, "Nothing can be kept just now: ask again as Retry-After says."),
    ("method_not_allowed", 405, "It cannot be asked in this way: see Allow."),
    *((code, status, title) for status, (code, title, _) in _EXAMPLES.items()),
)


def example(status: int, refused: CoreError | None) -> dict[str, Any]:
    """Return a problem as it may be answered with this status."""
    if refused is not None:
        return problem_of(refused)
    code, title, more = _EXAMPLES[status]
    return problem(status, code, title, **more)


def problem(status: int, code: str, title: str, **more: Any) -> dict[str, Any]:
    """Return a problem document."""
    return {
        "type": f"/docs/problems#{code}",
        "title": title,
        "status": status,
        "code": code,
        **more,
    }


def problem_of(refused: CoreError) -> dict[str, Any]:
    """Return the problem of a refusal of the core: its code, its first sentence, its facts."""
    kind = type(refused)
    status = status_of(kind)
    facts = _facts(refused)
    more = {"facts": facts} if facts else {}
    return problem(status, code_of(kind), title_of(kind), **more)


def answer_problem(document: Mapping[str, Any], **headers: str) -> JSONResponse:
    """Return a problem as an answer."""
    return JSONResponse(
        document, document["status"], headers=headers or None, media_type=MEDIA_TYPE
    )


def status_of(kind: type[CoreError]) -> int:
    """Return the status it is answered with."""
    return next(status for base, status in _STATUS.items() if issubclass(kind, base))


def code_of(kind: type[Exception]) -> str:
    """`OrderStopped` → `order_stopped`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def title_of(kind: type[Exception]) -> str:
    """Return the first sentence of what is said of it."""
    said = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    first = said.partition(". ")[0].replace("`", "")
    return first if first.endswith((".", "?")) else f"{first}."


def _facts(refused: CoreError) -> dict[str, Any]:
    if not is_dataclass(refused):
        return {}
    values = {one.name: getattr(refused, one.name) for one in fields(refused)}
    return {name: _plain(value) for name, value in values.items() if _is_plain(value)}


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple | list):
        return all(_is_plain(one) for one in value)
    return isinstance(value, (*_SIMPLE, date, datetime, Skipped))


def _plain(value: object) -> object:
    if isinstance(value, Skipped):
        return asdict(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def install(app: FastAPI) -> None:
    """Answer every error of this application with a problem."""

    @app.exception_handler(CoreError)
    async def refused(_: Request, error: CoreError) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, KeyRefused) else {}
        return answer_problem(problem_of(error), **headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [
            {"at": ".".join(map(_part, one["loc"])), "what": _what(request, one)}
            for one in error.errors()
        ]
        status = 400 if any(one["type"] == "json_invalid" for one in error.errors()) else 422
        code, title, _ = _EXAMPLES[status]
        return answer_problem(problem(status, code, title, errors=wrong))

    @app.exception_handler(CannotKeep)
    async def unkept(_: Request, __: CannotKeep) -> JSONResponse:  # nothing of it happened
        [said] = (one for one in OF_HTTP if one[1] == 503)
        return answer_problem(problem(503, said[0], said[2]), **{"Retry-After": "10"})

    @app.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> JSONResponse:  # it is logged all the same
        [said] = (one for one in OF_HTTP if one[1] == 500)
        return answer_problem(problem(500, said[0], said[2]))

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, "refused")
        headers = error.headers or {}  # which methods there are, for one
        title = next((said for one, _, said in OF_HTTP if one == code), str(error.detail))
        return answer_problem(problem(error.status_code, code, title), **headers)


def _part(part: object) -> str:
    """Return a part of where something is wrong; names of fields are repeated, no other words."""
    named = isinstance(part, int) or _NAMED.fullmatch(str(part)) is not None
    return str(part) if named else "…"


def _what(request: Request, wrong: Mapping[str, Any]) -> str:
    """Return what is wrong; of a body nobody could look into, why."""
    kind = request.headers.get("content-type", "")
    if tuple(wrong["loc"]) == ("body",) and wrong["type"] != "missing" and "json" not in kind:
        return "Send JSON, and say so: Content-Type: application/json"
    return str(wrong["msg"])
