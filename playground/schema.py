"""The field tables of the official Bot API, as checks: unknown, missing and mistyped is said.

The tables (`bot_api_10.1_fields.json`) name every method's parameters and every type's fields.
A type with `subtypes` is told apart by its `type` (or `status`, `source`) field, whose values
follow from the names: `BotCommandScopeAllGroupChats` is `all_group_chats`.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

TABLES: dict[str, Any] = json.loads(
    Path(__file__).with_name("bot_api_10.1_fields.json").read_text(encoding="utf-8")
)
METHODS: dict[str, Any] = TABLES["methods"]
TYPES: dict[str, Any] = TABLES["types"]
METHOD_NAMES = {name.lower(): name for name in METHODS}
_TELLING_FIELDS = ("type", "status", "source")
# Where the value of the telling field is not the name in snake case.
_TELLING_VALUES = {"ChatMemberOwner": "creator", "ChatMemberBanned": "kicked"}


class MismatchError(Exception):
    """A value does not fit its table; the text says where and why."""


@cache
def _telling_value(parent: str, name: str) -> str:
    tail = name.removeprefix(parent)
    return _TELLING_VALUES.get(name, re.sub(r"(?<!^)([A-Z])", r"_\1", tail).lower())


@cache
def _alternatives(names: tuple[str, ...]) -> tuple[str, ...]:
    """Subtypes in the place of the types that have them."""
    flat: list[str] = []
    for name in names:
        flat.extend(TYPES.get(name, {}).get("subtypes") or (name,))
    return tuple(flat)


def is_object(name: str) -> bool:
    return name in TYPES and name != "InputFile"


def check(value: Any, names: list[str], where: str) -> None:
    """Raise `MismatchError` unless `value` (as parsed from JSON) is of one of the named types."""
    options = _alternatives(tuple(names))
    if isinstance(value, list):
        return _check_array(value, options, where)
    if isinstance(value, dict):
        return _check_object(value, names, options, where)
    if not any(_is_plain(value, name) for name in options):
        raise MismatchError(f"{where} must be {' or '.join(options)}")
    return None


def _is_plain(value: Any, name: str) -> bool:
    if name in ("String", "InputFile"):
        return isinstance(value, str)
    if name in ("Boolean", "True"):
        return value is True or (name == "Boolean" and value is False)
    if name == "Integer":
        return type(value) is int
    return name == "Float" and type(value) in (int, float)


def _check_array(value: list[Any], options: tuple[str, ...], where: str) -> None:
    inner = [name.removeprefix("Array of ") for name in options if name.startswith("Array of ")]
    if not inner:
        raise MismatchError(f"{where} must be {' or '.join(options)}, not an Array")
    for index, item in enumerate(value):
        check(item, inner, f"{where}[{index}]")


def _check_object(
    value: dict[str, Any], names: list[str], options: tuple[str, ...], where: str
) -> None:
    objects = [name for name in options if is_object(name)]
    if not objects:
        raise MismatchError(f"{where} must be {' or '.join(options)}, not an Object")
    chosen = _told_by_field(value, names, objects, where)
    if chosen is not None:
        return check_fields(value, chosen, where)
    failures: list[MismatchError] = []
    for name in objects:
        try:
            return check_fields(value, name, where)
        except MismatchError as mismatch:
            failures.append(mismatch)
    # The type whose fields were hit best says most about what is wrong.
    raise max(
        zip(objects, failures, strict=True), key=lambda pair: len(value.keys() & fields(pair[0]))
    )[1]


def _told_by_field(
    value: dict[str, Any], names: list[str], objects: list[str], where: str
) -> str | None:
    parents = [name for name in names if TYPES.get(name, {}).get("subtypes")]
    # An array of several input media names its types one by one, without their parent.
    parent = parents[0] if parents else "InputMedia" if "InputMediaPhoto" in objects else None
    if parent is None:
        return None
    for field in _TELLING_FIELDS:
        if all(field in fields(name) for name in objects):
            told = value.get(field)
            for name in objects:
                if told == _telling_value(parent, name):
                    return name
            raise MismatchError(f'{where} has unsupported {field} "{told}"')
    return None


def fields(name: str) -> dict[str, Any]:
    found: dict[str, Any] = TYPES[name].get("fields", {})
    return found


def check_fields(value: dict[str, Any], name: str, where: str) -> None:
    """Check one object against one type: no unknown field, none missing, each well typed."""
    table = fields(name)
    for field in value:
        if field not in table:
            raise MismatchError(f'{where}: {name} has no field "{field}"')
    for field, facts in table.items():
        if field in value:
            check(value[field], facts["types"], f"{where}.{field}")
        elif facts["required"]:
            raise MismatchError(f'Can\'t find field "{field}" in {where}')
