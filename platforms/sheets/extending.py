"""Column names the operator adds: platforms rename their columns faster than we release.

A TOML file: a table for each platform, in it a field and its further names, as they stand in the
file's header:

    [kuaishou]
    order_no = ["订单号"]
    quantity = ["件数", "商品件数"]
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast, get_args

from platforms.sheets.alias_table import BUILT_IN, MoreNames, column_key
from platforms.sheets.aliases import Field, Platform

_LARGEST = 64 * 1024
_LONGEST_NAME = 60
_PLATFORMS: tuple[str, ...] = get_args(Platform)
_FIELDS: tuple[str, ...] = get_args(Field)


class AliasesRefused(Exception):
    """The file cannot be used; the message says where and why."""


def read_more_names(path: Path) -> MoreNames:
    """The names in a file, checked. Raises AliasesRefused with one sentence."""
    try:
        if path.stat().st_size > _LARGEST:
            raise AliasesRefused(f"{path} is larger than {_LARGEST // 1024} KB.")
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise AliasesRefused(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise AliasesRefused(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise AliasesRefused(f"{path} is not TOML: {error}.") from None
    try:
        more = {platform: dict(_fields(platform, fields)) for platform, fields in given.items()}
    except AliasesRefused as error:
        raise AliasesRefused(f"{path}: {error}") from None
    return cast("MoreNames", more)


def _fields(platform: str, fields: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if platform not in _PLATFORMS:
        raise AliasesRefused(f"[{platform}] is no platform; there are {', '.join(_PLATFORMS)}.")
    if not isinstance(fields, dict):
        raise AliasesRefused(f"write [{platform}] as a table of fields.")
    known = BUILT_IN.keys[cast("Platform", platform)]
    taken: dict[str, str] = {key: field for field, keys in known.items() for key in keys}
    for field, names in fields.items():
        where = f"{field} of [{platform}]"
        if field not in _FIELDS:
            raise AliasesRefused(f"{where} is no field; there are {', '.join(_FIELDS)}.")
        if not isinstance(names, list) or not all(map(_is_name, names)):
            raise AliasesRefused(
                f'write {where} as a list of names of 1 to {_LONGEST_NAME} characters, ["…", "…"].'
            )
        for name in names:
            owner = taken.setdefault(column_key(name), field)
            if owner != field:
                raise AliasesRefused(f"{name} in {where} is a name of {owner} already.")
        yield field, tuple(names)


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(column_key(name)) <= _LONGEST_NAME
