"""Answering taps, and fetching files."""

import json
import re
from typing import Any

from playground.entities import utf16_length
from playground.errors import bad_request
from playground.files import DOWNLOAD_LIMIT
from playground.methods import Call, method

ANSWER_LIMIT = 200
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> Any:
    """Once, and soon: a second or late answer is refused."""
    text = call.get("text", "")
    if utf16_length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    url = call.get("url")
    if url and not re.match(rf"(?i)(https?://)?t\.me/{call.bot.username}\?", url):
        raise bad_request("URL_INVALID")
    world = call.world
    number = call.params["callback_query_id"]
    answer = {"text": text, "show_alert": bool(call.get("show_alert")), "url": url}
    changed = re.fullmatch(r"\d{1,18}", number) and world.database.run(
        "UPDATE callbacks SET answer = ? WHERE id = ? AND bot = ? AND answer IS NULL AND made > ?",
        json.dumps(answer, ensure_ascii=False),
        int(number),
        call.bot.id,
        world.now() - world.config.callback_lifetime,
    )
    if not changed:
        raise bad_request(_TOO_OLD)
    world.bells.ring(f"callback/{number}")
    return True


@method("getFile")
def get_file(call: Call) -> Any:
    file = call.world.files.get(call.params["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }
