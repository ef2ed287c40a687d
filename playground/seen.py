"""What a phone shows: one message, or what a tap brought; and how a phone fails a test."""

from dataclasses import dataclass
from typing import Any


class PhoneFailedError(AssertionError):
    """The phone could not do or did not see what the test said; the text shows the chat."""


@dataclass(frozen=True)
class M:
    """One message as the phone shows it; `raw` is all the playground said of it."""

    raw: dict[str, Any]

    @property
    def message_id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.raw["chat_id"])

    @property
    def text(self) -> str:
        """The text, caption or service sentence; empty for a bare file."""
        return str(self.raw.get("text") or self.raw.get("caption") or self.raw.get("service") or "")

    @property
    def html(self) -> str:
        return str(self.raw.get("html") or self.raw.get("caption_html") or "")

    @property
    def from_bot(self) -> bool:
        return bool(self.raw["from"]["is_bot"])

    def answers(self, text: str, after: "M | None" = None) -> bool:
        """Whether the bot says `text` in it, and sent it later than `after`."""
        later = after is None or self.message_id > after.message_id
        return self.from_bot and later and text in self.text

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        found: list[list[dict[str, Any]]] = self.raw.get("buttons", [])
        return found

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]

    def place_of(self, label: str) -> tuple[int, int] | None:
        """Return row and column of the button with `label` in its text, an exact one first."""
        places = [
            (button["text"] != label, row, col)
            for row, buttons in enumerate(self.buttons)
            for col, button in enumerate(buttons)
            if label in button["text"]
        ]
        return min(places)[1:] if places else None

    @property
    def document(self) -> dict[str, Any] | None:
        return self.raw.get("document")

    @property
    def photo(self) -> dict[str, Any] | None:
        return self.raw.get("photo")

    @property
    def topic(self) -> str:
        """The name of the forum topic it is in; empty for none."""
        return str(self.raw.get("topic", {}).get("name", ""))

    @property
    def edited(self) -> bool:
        return bool(self.raw["edited"])

    @property
    def protected(self) -> bool:
        return bool(self.raw["protected"])

    def __str__(self) -> str:
        rows = " / ".join("".join(f"[{b['text']}]" for b in row) for row in self.buttons)
        name = (self.document or {}).get("file_name") or ("(photo)" if self.photo else "")
        shown = "\n    ".join(filter(None, (self.text, name, rows)))
        return f"{self.message_id} {self.raw['from']['first_name']}: {shown}"


@dataclass(frozen=True)
class Answer:
    """What a tap brought: the pop-up of a callback, or what was copied, or the link opened."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None
    copied: str | None = None
    update_id: int | None = None
    answered: bool = True
