"""Text with entities: lengths as Telegram counts them, trimming, finding, and showing as HTML.

Offsets and lengths are in UTF-16 code units (Bot API, MessageEntity).
"""

import re
from html import escape
from typing import Any

Entity = dict[str, Any]

_FOUND = re.compile(
    r"(?P<email>(?<![\w.])[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<url>https?://[^\s<>\"']+)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z]\w{2,31})?(?![\w/@]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{2,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w+)",
    re.ASCII,
)
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "spoiler": "tg-spoiler",
}
FORMATTING = frozenset(_TAGS) | {"text_link", "text_mention", "custom_emoji", "date_time"}


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def find(text: str, known: list[Entity]) -> list[Entity]:
    """The entities Telegram adds by itself: commands, mentions, links, addresses, tags."""
    found = []
    if any(sign in text for sign in "/@#"):
        taken = [e for e in known if e["type"] in ("pre", "code", "text_link", "text_mention")]
        for match in _FOUND.finditer(text):
            offset = utf16_length(text[: match.start()])
            length = utf16_length(match.group())
            if not any(_overlap(offset, length, entity) for entity in taken):
                found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return in_order(known + found)


def _overlap(offset: int, length: int, entity: Entity) -> bool:
    ends: int = entity["offset"] + entity["length"]
    return offset < ends and bool(entity["offset"] < offset + length)


def in_order(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut white space at both ends, as Telegram does, moving the entities along."""
    cut = utf16_length(text) - utf16_length(text.lstrip())
    trimmed = text.strip()
    size = utf16_length(trimmed)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        end = min(size, entity["offset"] + entity["length"] - cut)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return trimmed, in_order(kept)


def to_html(text: str, entities: list[Entity]) -> str:
    """The text as the safe subset the page shows: b i u s code pre a blockquote tg-spoiler."""
    shown = [
        e for e in in_order(entities) if e["type"] in _TAGS or e["type"] in ("text_link", "url")
    ]
    if not shown:
        return escape(text)
    units = text.encode("utf-16-le", "surrogatepass")

    def cut(start: int, end: int) -> str:
        return units[start * 2 : end * 2].decode("utf-16-le", "replace")

    def render(start: int, end: int, inside: list[Entity]) -> str:
        parts = []
        at = start
        while inside:
            entity, *rest = inside
            first = max(at, entity["offset"])
            last = min(end, entity["offset"] + entity["length"])
            if last <= first:
                inside = rest
                continue
            nested = [e for e in rest if e["offset"] < last]
            parts.append(escape(cut(at, first)))
            parts.append(_wrapped(entity, render(first, last, nested), cut(first, last)))
            inside = [e for e in rest if e["offset"] + e["length"] > last]
            at = last
        parts.append(escape(cut(at, end)))
        return "".join(parts)

    return render(0, len(units) // 2, shown)


def _wrapped(entity: Entity, inner: str, plain: str) -> str:
    if entity["type"] in ("text_link", "url"):
        return f'<a href="{escape(entity.get("url", plain))}">{inner}</a>'
    tag = _TAGS[entity["type"]]
    return f"<{tag}>{inner}</{tag}>"
