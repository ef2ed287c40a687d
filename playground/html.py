"""Telegram's HTML: the tags it knows become entities, everything else is refused in its words.

Offsets in the refusals are bytes of the UTF-8 text, as Telegram counts them there.
Source of tags and sentences: Bot API "HTML style", and what the official server answers.
"""

import re
from dataclasses import dataclass

from playground.entities import Entity, in_order, utf16_length

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(
    r"&(?:#(?:x(?P<hex>[0-9a-fA-F]{1,6})|(?P<dec>\d{1,7}))|(?P<name>[a-zA-Z]+));?"
)
_TAG_END = re.compile(r"\s*>")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_NEXT = re.compile(r"[<&]")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]*)\s*(?P<sign>=?)\s*(?P<value>"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[A-Za-z0-9.-]*)"""
)


class HtmlError(ValueError):
    """Telegram would not parse it; the text is its sentence after "can't parse entities: "."""


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    start: int


def parse(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities; raises `HtmlError`."""
    return _Parser(source).parse()


def unescape(text: str) -> str:
    """Only the references Telegram knows are decoded; the rest stays as written."""
    return _REFERENCE.sub(lambda match: _referred(match) or match.group(), text)


def _referred(match: re.Match[str]) -> str | None:
    if match["name"]:
        return _NAMED.get(match["name"])
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while match := _NEXT.search(self.source, self.at):
            self._text(self.source[self.at : match.start()])
            self.at = match.start()
            if match.group() == "&":
                self._reference()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._text(self.source[self.at :])
        if self.open:
            tag = self.open[-1].tag
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)  # a language needs <pre> around
        return "".join(self.parts), in_order(self.entities)

    def _text(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += utf16_length(text)

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _reference(self) -> None:
        match = _REFERENCE.match(self.source, self.at)
        character = _referred(match) if match else None
        if match is None or character is None:
            self._text("&")
            self.at += 1
        else:
            self._text(character)
            self.at = match.end()

    def _start_tag(self) -> None:
        begin = self.at
        name = _NAME.match(self.source, begin + 1)
        assert name is not None  # noqa: S101  it matches the empty string too
        if name.end() == len(self.source):
            raise HtmlError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = name.group().lower()
        if tag not in _TYPES:
            raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        self.at = name.end()
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise HtmlError(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}'
            )
        self.open.append(_Open(tag, attributes, self.length, len(self.parts)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while not (end := _TAG_END.match(self.source, self.at)):
            match = _ATTRIBUTE.match(self.source, self.at)
            place = self._byte(begin)
            if match is None or not match["name"]:
                if not self.source[self.at :].strip():
                    raise HtmlError(f"Unclosed start tag at byte offset {place}")
                raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {place}')
            if not match["sign"] and (tag, match["name"]) != ("blockquote", "expandable"):
                raise HtmlError(
                    "Expected equal sign in declaration of an attribute of the tag "
                    f'"{tag}" at byte offset {place}'
                )
            value = match["value"] if match["sign"] else ""
            quoted = value[:1] in ("'", '"') and bool(value)
            found[match["name"].lower()] = unescape(value[1:-1]) if quoted else value.lower()
            self.at = match.end() if match["sign"] else match.end("name")
            if self.at >= len(self.source):
                raise HtmlError(f"Unclosed start tag at byte offset {place}")
            if not quoted and match["sign"] and self.source[self.at] not in " \t\r\n>":
                token = self._byte(match.start("value"))
                raise HtmlError(f"Unexpected end of name token at byte offset {token}")
        self.at = end.end()
        return found

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise HtmlError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        match = _END_TAG.match(self.source, begin)
        if match is None:
            raise HtmlError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        opened = self.open[-1]
        found = match[1].lower()
        if found and found != opened.tag:
            raise HtmlError(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        self.open.pop()
        self.at = match.end()
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": _TYPES[opened.tag],
            "offset": opened.offset,
            "length": self.length - opened.offset,
        }
        attributes = opened.attributes
        if opened.tag == "a":
            url = attributes.get("href") or "".join(self.parts[opened.start :])
            if not _is_link(url):
                return None
            entity["url"] = url
        elif opened.tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            if not re.fullmatch(r"[1-9]\d{0,18}", attributes.get("emoji-id", "")):
                raise HtmlError("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = attributes["emoji-id"]
        elif opened.tag == "tg-time":
            entity |= _time_fields(attributes)
        elif opened.tag in ("pre", "code"):
            return self._close_code(opened, entity)
        self.entities.append(entity)
        return None

    def _close_code(self, opened: _Open, entity: Entity) -> None:
        """`<pre><code class="language-x">` is one entity with a language."""
        last = self.entities[-1] if self.entities else None
        language = opened.attributes.get("class", "")
        if opened.tag == "code" and language.startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        elif (
            opened.tag == "pre"
            and last is not None
            and "language" in last
            and (last["offset"], last["length"]) == (entity["offset"], entity["length"])
        ):
            last["type"] = "pre"
            return
        self.entities.append(entity)


def _time_fields(attributes: dict[str, str]) -> Entity:
    if not re.fullmatch(r"\d{1,11}", attributes.get("unix", "")):
        raise HtmlError("Invalid Unix time specified")
    found: Entity = {"unix_time": int(attributes["unix"])}
    if attributes.get("format"):
        found["date_time_format"] = attributes["format"]
    return found


def _is_link(url: str) -> bool:
    return bool(re.match(r"(?i)(https?://|tg://|ton://)?[^\s/]+\.?[^\s]*$", url)) and (
        "." in url or url.lower().startswith(("tg://", "ton://"))
    )
