"""Text and buttons a bot sends, made into what is stored; refused as Telegram refuses them."""

import re
from typing import Any
from urllib.parse import urlsplit

from playground.entities import FORMATTING, Entity, find, trim, utf16_length
from playground.errors import bad_request
from playground.html import HtmlError, parse
from playground.messages import user
from playground.methods import Call
from playground.schema import fields

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT = 1 << 15
_ACTIONS = frozenset(fields("InlineKeyboardButton")) - {"text", "style", "icon_custom_emoji_id"}
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


def formatted(
    call: Call, source: str, parse_mode: str | None, entities: list[Entity] | None
) -> tuple[str, list[Entity]]:
    """The clean text and all its entities."""
    if len(source.encode()) > RAW_LIMIT:
        raise bad_request("text is too long")
    mode = (parse_mode or "none").lower()
    if mode == "html":
        try:
            text, marks = parse(source)
        except HtmlError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    elif mode in ("markdown", "markdownv2"):
        raise bad_request(f"parse_mode {parse_mode} is not in the playground")
    elif mode == "none":
        text, marks = source, [_own_entity(source, entity) for entity in entities or []]
    else:
        raise bad_request("unsupported parse_mode")
    text, marks = trim(text, [m for m in _mentions(call, marks) if m["type"] in FORMATTING])
    return text, find(text, marks)


def _own_entity(text: str, entity: Entity) -> Entity:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    if start < 0 or entity["length"] <= 0 or end > utf16_length(text):
        raise bad_request("ENTITY_BOUNDS_INVALID")
    return entity


def _mentions(call: Call, marks: list[Entity]) -> list[Entity]:
    """A link to tg://user?id=… mentions somebody known, and is dropped otherwise."""
    kept = []
    for mark in marks:
        link = _USER_LINK.fullmatch(mark.get("url", ""))
        if link is None:
            kept.append(mark)
        elif mentioned := call.world.rooms.someone(int(link[1])):
            rest = {k: v for k, v in mark.items() if k != "url"}
            kept.append({**rest, "type": "text_mention", "user": user(mentioned)})
    return kept


def text_body(call: Call, too_long: str = "message is too long") -> dict[str, Any]:
    if not call.params["text"]:
        raise bad_request("message text is empty")
    text, entities = formatted(
        call, call.params["text"], call.get("parse_mode"), call.get("entities")
    )
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request(too_long)
    body: dict[str, Any] = {"text": text}
    if entities:
        body["entities"] = entities
    if preview := call.get("link_preview_options"):
        body["link_preview_options"] = preview
    return body


def caption_body(call: Call, source: dict[str, Any]) -> dict[str, Any]:
    """`source` is the call's parameters, or one InputMedia."""
    text, entities = formatted(
        call, source.get("caption", ""), source.get("parse_mode"), source.get("caption_entities")
    )
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def inline_keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The checked inline keyboard; None when there is none or it has no button."""
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: dict[str, Any]) -> None:
    actions = button.keys() & _ACTIONS
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        named = ", ".join(sorted(actions))
        raise bad_request(
            f"can't parse inline keyboard button: exactly one action is allowed, not {named}"
        )
    if "callback_data" in button:
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "copy_text" in button:
        if not 1 <= utf16_length(button["copy_text"]["text"]) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif "url" in button:
        _check_url(button["url"])
    else:
        raise bad_request(f"button action {actions.pop()} is not in the playground")


def _check_url(url: str) -> None:
    def refused(why: str) -> Exception:
        return bad_request(f"inline keyboard button URL '{url}' is invalid: {why}")

    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme.lower() in ("tg", "ton"):
        return
    if parts.scheme.lower() not in ("http", "https"):
        raise refused("Unsupported URL protocol")
    try:
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise refused("Wrong port number specified in the URL") from None
    if not host:
        raise refused("URL host is empty")
    if ("." not in host and ":" not in host) or re.search(r"\s", url):
        raise refused("Wrong HTTP URL")
