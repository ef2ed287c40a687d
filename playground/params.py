"""What a bot's HTTP request carries, in any of the four ways Telegram takes it, checked strictly.

Telegram ignores unknown parameters and repairs some types; the playground refuses both, since
either is a mistake of the caller's that Telegram would hide.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from playground.errors import ApiError, bad_request
from playground.schema import METHODS, MismatchError, check

_INTEGER = re.compile(r"-?\d{1,19}")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# Telegram's own words for what is missing, or is not JSON.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
}
_JSON_NAMES = {
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "scope": "BotCommandScope",
    "menu_button": "menu button",
}


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    mime: str


@dataclass
class Raw:
    """Parameters as they came: text by text from a form, values from JSON."""

    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)
    from_json: bool = False


async def read(request: Request) -> Raw:
    """The request's parameters; those in the query and those in the body add up."""
    raw = Raw(dict(request.query_params))
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        _read_json(raw, await request.body())
    elif kind == "application/x-www-form-urlencoded":
        body = (await request.body()).decode("utf-8", "replace")
        raw.values.update(parse_qsl(body, keep_blank_values=True))
    elif kind == "multipart/form-data":
        await _read_multipart(raw, request)
    return raw


def _read_json(raw: Raw, body: bytes) -> None:
    if not body:
        return
    try:
        parsed = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse JSON object")
    if raw.values:
        raise bad_request("parameters in the query and a JSON body can't be mixed")
    raw.values = parsed
    raw.from_json = True


async def _read_multipart(raw: Raw, request: Request) -> None:
    async with request.form(max_part_size=4 * 1024 * 1024) as form:
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                raw.uploads[name] = Upload(
                    part.filename or name,
                    await part.read(),
                    part.content_type or "application/octet-stream",
                )
            else:
                raw.values[name] = part


def checked(method: str, raw: Raw) -> dict[str, Any]:
    """The parameters of `method`, typed; raises `ApiError` for unknown, missing and mistyped."""
    table = METHODS[method]["fields"]
    values = dict(raw.values)
    _check_unicode(values)
    _place_uploads(table, values, raw)
    params: dict[str, Any] = {}
    for name, value in values.items():
        if name not in table:
            raise bad_request(f'unknown parameter "{name}" of {method}')
        types = table[name]["types"]
        if value == "" and types != ["String"]:
            continue  # as Telegram: an empty parameter is an absent one
        typed = value if raw.from_json else _from_text(name, value, types)
        try:
            check(typed, types, name)
        except MismatchError as mismatch:
            raise _refusal(name, mismatch) from None
        params[name] = typed
    for name, facts in table.items():
        if facts["required"] and name not in params:
            raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
    return params


def _check_unicode(values: dict[str, Any]) -> None:
    """JSON can write half a surrogate pair, which no UTF-8 has."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def _place_uploads(table: dict[str, Any], values: dict[str, Any], raw: Raw) -> None:
    texts = json.dumps(list(values.values()))
    for name in raw.uploads:
        if name in table and "InputFile" in table[name]["types"]:
            values[name] = f"attach://{name}"
        elif f"attach://{name}" not in texts:
            raise bad_request(f'file part "{name}" belongs to no parameter')


def _from_text(name: str, text: str, types: list[str]) -> Any:
    if "Integer" in types and _INTEGER.fullmatch(text):
        return int(text)
    if "String" in types:
        return text
    if types == ["Boolean"]:
        if text.lower() not in _BOOLEANS:
            raise bad_request(f"{name} must be Boolean")
        return _BOOLEANS[text.lower()]
    if types == ["Integer"]:
        raise bad_request(f"{name} must be Integer")
    try:
        return json.loads(text)
    except ValueError:
        raise bad_request(f"can't parse {_JSON_NAMES.get(name, name)} JSON object") from None


def _refusal(name: str, mismatch: MismatchError) -> ApiError:
    if name == "reply_markup" and "inline_keyboard" in str(mismatch):
        return bad_request(f"can't parse inline keyboard button: {mismatch}")
    if name in _JSON_NAMES:
        return bad_request(f"can't parse {_JSON_NAMES[name]}: {mismatch}")
    return bad_request(str(mismatch))
