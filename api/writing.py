"""Answers as bytes: a shape of the document as JSON, kept answers given again."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from fastapi import Response
from pydantic import TypeAdapter

from core.values import Answer

JSON: Final = "application/json"


@cache
def _writer(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def as_json(value: object) -> bytes:
    """Return a shape of the document as JSON."""
    shape: Any = type(value)
    return _writer(shape).dump_json(value)


def response(answer: Answer | None) -> Response:
    """Return a kept answer. Raises `LookupError` where there is none."""
    if answer is None:
        raise LookupError("the last part of a request makes its answer")
    return Response(answer.body, answer.status, media_type=answer.media_type)


def written(value: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return a shape of the document as an answer."""
    return Response(as_json(value), headers=headers, media_type=JSON)
