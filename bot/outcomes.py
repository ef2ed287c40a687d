"""What can become of a message sent: a closed set, decided by the cause of an error.

The question is always the same: was it sent, was it not, or can nobody know? Facts relied on:
python-telegram-bot wraps httpx' errors and keeps them as `__cause__`; httpx raises connect, pool
and proxy errors before a request is written. A 5xx answer comes from a gateway or a server that may
have done the work: it is tried again until there is an answer, and marked.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

# The library's switch for durations as timedelta; without it every 429 warns of deprecation.
os.environ.setdefault("PTB_TIMEDELTA", "true")


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived, as these messages (a long text takes several)."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again after `seconds`, or after a growing pause. `doubtful`: it may have arrived."""

    seconds: float | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The chat takes no messages from this bot; `topic`: that topic of it takes none."""

    topic: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Telegram will never take this message; `reason` is its own sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was written, and no answer came: it may have arrived."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup with another id."""

    new_chat_id: int


Outcome = Sent | RetryAt | Unreachable | Rejected | Unknown | Moved

_NEVER_WRITTEN: Final = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError,
    httpx.UnsupportedProtocol,
)  # fmt: skip
# Telegram answers these with 400 though they are about the chat, not about the message.
_NO_CHAT: Final = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "have no rights to send",
    "not enough rights to send",
    "chat_write_forbidden",
)
_NO_TOPIC: Final = ("message thread not found", "topic_closed", "topic_deleted")


def outcome_of(error: TelegramError) -> Outcome:
    """Return what an error of python-telegram-bot means for the message."""
    outcome: Outcome
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            outcome = RetryAt(seconds)
        case ChatMigrated():
            outcome = Moved(error.new_chat_id)
        case Forbidden():
            outcome = Unreachable()
        case BadRequest():
            outcome = _of_refusal(error.message)
        case InvalidToken() | Conflict():
            outcome = RetryAt()  # nothing is wrong with the message; the operator must act
        case NetworkError():
            outcome = _of_network(error)
        case _:
            outcome = Unknown()  # done, with an answer nobody can read
    return outcome


def takes_no_messages(words: str) -> bool:
    """Return whether a refusal is about the chat (or its topic) and not about the message."""
    return not isinstance(_of_refusal(words), Rejected)


def _of_refusal(words: str) -> Outcome:
    if any(one in words.lower() for one in _NO_TOPIC):
        return Unreachable(topic=True)
    if any(one in words.lower() for one in _NO_CHAT):
        return Unreachable()
    return Rejected(words)


def _of_network(error: NetworkError) -> Outcome:
    if isinstance(error.__cause__, _NEVER_WRITTEN):
        return RetryAt()
    if isinstance(error.__cause__, httpx.HTTPError):
        return Unknown()
    if error.message.startswith("Too Many Requests"):
        return RetryAt()  # a gateway's 429, without Telegram's `retry_after`
    if "Too Large" in error.message:
        return Rejected(error.message)
    return RetryAt(doubtful=True)
