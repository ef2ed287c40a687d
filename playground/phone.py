"""A person's phone for tests: it sends, taps and sees over the playground's HTTP, nothing else."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpx

from playground.seen import Answer, M, PhoneFailedError

__all__ = ["Answer", "M", "Phone", "PhoneFailedError"]


class Phone:
    """`chat_id` None is the private chat with the first bot. Waits are in seconds.

    Acts return when the bot has acknowledged the update; `wait=0` returns at once.
    """

    def __init__(self, base_url: str, person_id: int, client: httpx.AsyncClient) -> None:
        self._base = base_url.rstrip("/")
        self.person_id = person_id
        self._client = client
        self._bot: dict[str, Any] = {}
        self._seq = -1
        self._acted: int | None = None  # the last event before the phone's last act
        self._shown: dict[tuple[int, int], M] = {}
        self._events: list[dict[str, Any]] = []
        self.update_id: int | None = None
        self.last_in: dict[int, M] = {}

    @property
    def last(self) -> M:
        """The newest message of the bot in the private chat, as of the phone's last act or look."""
        if not self._bot or self._bot["id"] not in self.last_in:
            raise PhoneFailedError(f"the bot has not said anything to {self.person_id}")
        return self.last_in[self._bot["id"]]

    async def catches_up(self) -> None:
        """Look at all there is, as if the last of it had been this phone's doing."""
        await self._chat(None)
        self._acted = self._seq

    # Acts

    async def sends(
        self,
        text: str,
        reply_to: M | None = None,
        *,
        chat_id: int | None = None,
        topic: int | None = None,
        anonymous: bool = False,
        wait: float = 10,
    ) -> M:
        body = {"chat_id": await self._chat(chat_id), "text": text, "topic": topic}
        body.update(anonymous=anonymous, reply_to=reply_to.message_id if reply_to else None)
        return await self._act("send", wait, json=body)

    async def replies(self, message: M, text: str, *, wait: float = 10) -> M:
        return await self.sends(text, message, chat_id=message.chat_id, wait=wait)

    async def uploads(
        self,
        name: str,
        data: bytes,
        kind: str = "document",
        caption: str | None = None,
        *,
        chat_id: int | None = None,
        reply_to: M | None = None,
        wait: float = 10,
    ) -> M:
        form = {"chat_id": str(await self._chat(chat_id)), "kind": kind}
        if caption is not None:
            form["caption"] = caption
        if reply_to is not None:
            form["reply_to"] = str(reply_to.message_id)
        return await self._act("upload", wait, data=form, files={"file": (name, data)})

    async def uploads_album(
        self, pictures: Sequence[bytes], *, reply_to: M | None = None, wait: float = 10
    ) -> M:
        """Photos sent together, in reply or in the private chat; the last message is returned."""
        where = reply_to.chat_id if reply_to else await self._chat(None)
        form = {"chat_id": str(where), "reply_to": str(reply_to.message_id) if reply_to else ""}
        files = [("files", (f"{n}.jpg", one)) for n, one in enumerate(pictures)]
        return await self._act("upload_album", wait, data=form, files=files)

    async def opens(self, start: str | None = None, *, wait: float = 10) -> M:
        await self._chat(None)
        body = {"bot": self._bot["username"], "start": start}
        return await self._act("open", wait, json=body)

    async def edits(self, message: M, text: str, *, wait: float = 10) -> M:
        body = {"chat_id": message.chat_id, "message_id": message.message_id, "text": text}
        return await self._act("edit", wait, json=body)

    async def deletes(self, message: M) -> None:
        body = {"chat_id": message.chat_id, "message_id": message.message_id}
        await self._post("delete", json=body)
        await self._look()

    async def blocks(self, *, wait: float = 10) -> None:
        await self._chat(None)
        done = await self._post("block", json={"bot": self._bot["username"]})
        await self._handled([done["update_id"]], wait)

    async def unblocks(self, *, wait: float = 10) -> None:
        await self._chat(None)
        done = await self._post("unblock", json={"bot": self._bot["username"]})
        await self._handled([done["update_id"]], wait)

    async def taps(
        self,
        label: str,
        message: M | None = None,
        *,
        chat_id: int | None = None,
        wait: float = 10,
    ) -> Answer:
        """Tap the newest button whose text contains `label` (an exact one first).

        Of a `message` the buttons it has now are tapped, not those it had when it was seen.
        """
        where = await self._chat(chat_id)
        await self._look()
        among = [self._now(message)] if message else reversed(self._messages(where))
        found, row, col = self._button(label, among, where)
        body = {"chat_id": found.chat_id, "message_id": found.message_id, "row": row, "col": col}
        return await self._tap("tap", body, wait)

    async def forges(self, data: str, message: M, *, wait: float = 10) -> Answer:
        """A tap with callback data of one's own making on `message`."""
        body = {"chat_id": message.chat_id, "message_id": message.message_id, "data": data}
        return await self._tap("tap_data", body, wait)

    # Looks

    async def chat(self, chat_id: int | None = None) -> list[M]:
        """Everything in the chat, oldest first."""
        where = await self._chat(chat_id)
        await self._look()
        return self._messages(where)

    async def sees(
        self,
        text: str,
        timeout: float = 10,  # noqa: ASYNC109  the server waits, by long poll
        *,
        anywhere: bool = False,
        after: M | None = None,
        chat_id: int | None = None,
    ) -> M:
        """The bot's message, new or edited since the phone's last act, that contains `text`.

        `anywhere`, and a phone that has not acted yet, take any message standing in the chat, the
        newest first; `after` a message, only those sent later: older ones may say the same still.
        """
        where = await self._chat(chat_id)
        await self._look()
        left = timeout
        while True:
            found = self._matching(text, where, after, standing=anywhere or after is not None)
            if found is not None:
                return found
            if left <= 0:
                break
            before = time.monotonic()
            await self._look(wait=left)
            left -= time.monotonic() - before
        shown = "\n  ".join(str(m) for m in self._messages(where)) or "(nothing)"
        raise PhoneFailedError(
            f"{self.person_id} did not see {text!r} within {timeout} s; the chat shows:\n  {shown}"
        )

    async def commands(self, chat_id: int | None = None) -> list[str]:
        """The names in the command menu of that chat."""
        where = await self._chat(chat_id)
        chats = (await self._get("chats"))["chats"]
        return [c["command"] for chat in chats if chat["id"] == where for c in chat["commands"]]

    async def downloads(self, message: M) -> bytes:
        """The document or photo of a message."""
        file = message.document or message.photo
        if file is None:
            raise PhoneFailedError(f"there is no file in: {message}")
        response = await self._client.get(self._base + file["url"])
        response.raise_for_status()
        return response.content

    # Inside

    async def _chat(self, chat_id: int | None) -> int:
        if self._seq < 0:
            listed = await self._client.get(f"{self._base}/api/people")
            self._bot = listed.json()["bots"][0]
            await self._load()
        return int(self._bot["id"]) if chat_id is None else chat_id

    async def _load(self) -> None:
        found = await self._get("chats")
        self._seq = found["seq"]
        self._shown = {
            (m["chat_id"], m["message_id"]): M(m) for c in found["chats"] for m in c["messages"]
        }
        self._remember_last()

    async def _look(self, wait: float = 0) -> None:
        """Take in what happened since the last look; `wait` for something when nothing did."""
        found = await self._get("events", after=self._seq, wait=wait)
        self._seq = max(found["seq"], self._seq)
        self._events += [e for e in found["events"] if e["seq"] > (self._acted or 0)]
        for event in found["events"]:
            place = (event["chat_id"], event.get("message_id"))
            if event["type"] in ("message", "edited"):
                self._shown[place] = M(event["message"])
            elif event["type"] == "deleted":
                self._shown.pop(place, None)
        if any(event["type"] == "chat" for event in found["events"]):
            await self._load()
        self._remember_last()

    def _remember_last(self) -> None:
        shown = sorted(self._shown.items())
        self.last_in = {chat_id: one for (chat_id, _), one in shown if one.from_bot}

    def _messages(self, chat_id: int) -> list[M]:
        return [m for (where, _), m in sorted(self._shown.items()) if where == chat_id]

    def _now(self, message: M) -> M:
        """Return how the message stands in its chat now; a deleted one, as it was last seen."""
        return self._shown.get((message.chat_id, message.message_id), message)

    def _matching(self, text: str, chat_id: int, after: M | None, *, standing: bool) -> M | None:
        if standing or self._acted is None:
            found = self._messages(chat_id)
        else:
            news = (e for e in self._events if e["type"] in ("message", "edited"))
            found = [M(event["message"]) for event in news if event["chat_id"] == chat_id]
        return next((m for m in reversed(found) if m.answers(text, after)), None)

    def _button(self, label: str, among: Iterable[M], where: int) -> tuple[M, int, int]:
        for message in among:
            if place := message.place_of(label):
                return message, *place
        seen = [label for m in self._messages(where) for label in m.labels]
        raise PhoneFailedError(f"{self.person_id} sees no button {label!r} but {seen}")

    async def _act(self, act: str, wait: float, **content: Any) -> M:
        done = await self._post(act, **content)
        await self._handled(done["update_ids"], wait)
        return M(done["message"])

    async def _tap(self, act: str, body: dict[str, Any], wait: float) -> Answer:
        done = await self._post(act, json={**body, "wait": float(wait)})
        await self._handled([done["update_id"]], wait)
        given = done.get("answer") or {}
        return Answer(
            text=given.get("text", ""),
            show_alert=given.get("show_alert", False),
            url=given.get("url") or done.get("url"),
            copied=done.get("copied"),
            update_id=done["update_id"],
            answered=done["kind"] != "callback" or done["answer"] is not None,
        )

    async def _handled(self, update_ids: list[int | None], wait: float) -> None:
        for update_id in update_ids:
            if update_id is None:
                continue
            self.update_id = update_id
            if wait <= 0:
                continue
            url = f"{self._base}/api/updates/{update_id}"
            done = await self._client.get(url, params={"wait": wait}, timeout=wait + 10)
            if not done.json()["acknowledged"]:
                raise PhoneFailedError(f"the bot did not take update {update_id} within {wait} s")
        await self._look()

    async def _post(self, act: str, **content: Any) -> dict[str, Any]:
        if self._seq < 0:
            await self._chat(None)
        url = f"{self._base}/api/people/{self.person_id}/{act}"
        done = self._read(await self._client.post(url, timeout=70, **content), act)
        self._acted, self._events = done["seq"], []
        return done

    async def _get(self, what: str, **params: Any) -> dict[str, Any]:
        url = f"{self._base}/api/people/{self.person_id}/{what}"
        wait = params.get("wait", 0)
        return self._read(await self._client.get(url, params=params, timeout=wait + 10), what)

    def _read(self, response: httpx.Response, what: str) -> dict[str, Any]:
        found: dict[str, Any] = response.json()
        if response.is_error:
            raise PhoneFailedError(f"{self.person_id} could not {what}: {found['error']}")
        return found
