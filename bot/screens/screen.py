"""Screen: what a chat is shown, said neutrally so that both Telegram libraries can send it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple


class CardRef(NamedTuple):
    """What a message is about: `kind` (assignment, order, binding, batch …), its id, whose shop."""

    kind: str
    ref_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: exactly one of `data` (a packed CallbackData), `url`, `copy` is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent with the screen; a picture is shown, anything else is a document.

    A content that takes long to make is a function: called beside the event loop, when it is sent.
    A `spare` one only shows what the text says too: where it cannot be made, the text goes alone.
    """

    name: str
    content: bytes | Callable[[], bytes]
    picture: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: Telegram HTML, rows of buttons, what it is about, what is attached.

    `ask` opens a reply field with that placeholder (1–64 characters); rows are then left out.
    """

    text: str
    rows: tuple[Row, ...] = ()
    card: CardRef | None = None
    attachment: Attachment | None = None
    ask: str | None = None
    protect: bool = False
    plain: "Screen | None" = field(default=None, compare=False, repr=False)  # without a headline

    def under(self, headline: str) -> "Screen":
        """Return the same screen with a line on top: what has just happened."""
        return replace(self, text=f"{headline}\n\n{self.text}", plain=self.plain or self)

    def attaching(self, attachment: Attachment) -> "Screen":
        """Return the same screen with a file."""
        return replace(self, attachment=attachment)


@dataclass(slots=True)
class Lines:
    """Collects the lines of a text; empty ones made by conditions are left out."""

    lines: list[str] = field(default_factory=list)

    def add(self, *texts: str) -> "Lines":
        """Add lines that are not empty."""
        self.lines += [text for text in texts if text]
        return self

    def gap(self) -> "Lines":
        """Add an empty line, unless one is there or nothing is yet."""
        if self.lines and self.lines[-1]:
            self.lines.append("")
        return self

    def text(self) -> str:
        """Return everything as one text."""
        return "\n".join(self.lines).rstrip()
