"""A bot without a mind: each test tells it what to say, and what to wait for."""

from typing import Any

import httpx

from playground.people import DEFAULT_BOT

Json = dict[str, Any]


class ScriptedBot:
    """Calls the Bot API over real HTTP; `hears` gives the next update of a kind."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._client = httpx.Client(base_url=f"{base_url}/bot{DEFAULT_BOT.token}", timeout=20)
        self._offset = 0
        self.forget()

    def close(self) -> None:
        self._client.close()

    def call(self, method: str, **params: Any) -> Any:
        """The method's result; refused calls fail the test with Telegram's words."""
        answer = self._client.post(f"/{method}", json=params).json()
        assert answer["ok"], f"{method}: {answer['description']}"
        return answer["result"]

    def say(self, chat_id: int, text: str, **more: Any) -> int:
        """Send an HTML text; gives its message id."""
        sent = self.call("sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **more)
        return int(sent["message_id"])

    def send_file(self, chat_id: int, method: str, field: str, name: str, data: bytes) -> Json:
        answer = self._client.post(
            f"/{method}", data={"chat_id": str(chat_id)}, files={field: (name, data)}
        ).json()
        assert answer["ok"], answer["description"]
        result: Json = answer["result"]
        return result

    def download(self, file_id: str) -> bytes:
        path = self.call("getFile", file_id=file_id)["file_path"]
        return httpx.get(f"{self._base}/file/bot{DEFAULT_BOT.token}/{path}").content

    def hears(self, kind: str) -> Json:
        """The next update of `kind` (message, callback_query …); others are passed over."""
        for _ in range(10):
            for update in self.call("getUpdates", offset=self._offset, timeout=5, limit=1):
                self._offset = update["update_id"] + 1
                if kind in update:
                    found: Json = update[kind]
                    return found
        raise AssertionError(f"the bot heard no {kind}")

    def forget(self) -> None:
        """Pass over everything said so far."""
        for update in self.call("getUpdates", offset=-1, timeout=0):
            self._offset = update["update_id"] + 1
        self.call("getUpdates", offset=self._offset, timeout=0)


def keys(*rows: list[Json]) -> Json:
    return {"inline_keyboard": list(rows)}
