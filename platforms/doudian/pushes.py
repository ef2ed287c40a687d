"""Doudian's messages to us: proved over the raw bytes, then read in any of the forms it uses."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from core.platforms.facts import Push
from platforms.values import Values

DONE: Final = b'{"code":0,"msg":"success"}'  # what it wants to hear
MOST: Final = 1_000  # messages of one post; it sends far fewer


class NotAPush(ValueError):
    """A body that is signed and yet not in the platform's form."""


class Read(NamedTuple):
    """The messages of a body, and how many of them could not be read."""

    pushes: list[Push]
    left_out: int


def read_pushes(values: Values, body: bytes) -> Read:
    """Read the messages of a body that was proved. Raises `NotAPush`.

    `tag` comes as text or number, the id as `msg_id` or `msgId`, `data` as an object or a JSON
    text. A message without an id, or whose data cannot be read, is left out: the sync finds what it
    was about.
    """
    try:
        said = json.loads(body)
    except ValueError as error:
        raise NotAPush("not JSON") from error
    some = said if isinstance(said, list) else [said]
    if len(some) > MOST or not all(isinstance(one, dict) for one in some):
        raise NotAPush("not a list of messages")
    read = [push for one in some if (push := _push(values, one)) is not None]
    return Read(read, len(some) - len(read))


def _push(values: Values, said: Mapping[str, Any]) -> Push | None:
    number = said.get("msg_id") or said.get("msgId")
    data = _data(said.get("data"))
    if not isinstance(number, str | int) or data is None:
        return None
    tag = str(said.get("tag", ""))
    return Push(
        str(number)[:128], _text(data, "shop_id"), _text(data, "p_id"),
        _text(data, "distr_order_id"), values.word("tags", tag) or "", tag[:16],
    )  # fmt: skip


def _data(said: Any) -> Mapping[str, Any] | None:
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except ValueError:
            return None
    return said if isinstance(said, dict) else None


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return str(value)[:64] if isinstance(value, str | int) else ""
