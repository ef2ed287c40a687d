"""Refusals: one class for what a bot is told, one for what a person's phone is told."""

from typing import Any


class ApiError(Exception):
    """A Bot API refusal: HTTP status, Telegram's own sentence, and its `parameters` if any."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class PhoneError(Exception):
    """What a person cannot do; 400 unless the thing does not exist (404)."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def bad_request(text: str, **parameters: Any) -> ApiError:
    return ApiError(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")
