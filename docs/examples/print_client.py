"""A print system: prints each order's slip once, and ships by the numbers it is given. Run it as

    DAIFA=https://… KEY=daifa_… python print_client.py slips [lp -d labels]

Slips come as PDF files into the folder `slips`, and are printed where a command is named. Add a
line to `numbers.txt` there for each parcel: the slip's barcode or its tag, the number, and the
carrier if it is asked for. What needs a person is said on the screen. All it knows is in that
folder: end it whenever you like, nothing is printed or shipped twice and nothing is left out.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

TO_PRINT = ("assigned", "accepted", "part_shipped")


class PrintClient:
    def __init__(self, api: httpx.Client, folder: Path, command: list[str]) -> None:
        self.api, self.folder, self.command = api, folder, command
        folder.mkdir(exist_ok=True)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask until there is an answer. Raises `httpx.HTTPStatusError` when the house says no."""
        pause = 1
        while True:
            try:
                answer = self.api.request(method, path, **more)
                if answer.status_code in (401, 403):  # nothing goes on without a person
                    sys.exit(f"{answer.json()['title']} Make a new key in chat: /apikey")
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer.raise_for_status()
                pause = max(pause, int(answer.headers.get("Retry-After", 0)))
            except (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError) as error:
                print(f"No answer, trying again: {error!r}")
            time.sleep(pause)
            pause = min(2 * pause, 60)

    def follow(self) -> None:
        """Wait for news, see to every order it is about, and only then remember having heard it."""
        seen = self.recall("cursor")
        asked: dict[str, Any] = {"changed_after": seen} if seen else {"status": TO_PRINT}
        try:
            news = self.ask("GET", "/v1/events", params={"after": seen, "wait": 5} if seen else {})
        except httpx.HTTPStatusError:  # away for over 30 days: begin anew, with all that is open
            return self.keep("cursor", b"")
        while asked.get("after", 0) is not None:
            page = self.ask("GET", "/v1/assignments", params=asked).json()
            for order in page["assignments"]:
                try:
                    self.see_to(order, self.folder / f"{order['tag']}-{order['id']}.pdf")
                except httpx.HTTPStatusError as refused:
                    print(f"{order['tag']}: {refused.response.text}")
            asked["after"] = page["next"]
        return self.keep("cursor", str(news.json()["next"]).encode())

    def see_to(self, order: dict[str, Any], slip: Path) -> None:
        """Print what has no slip; do away with the slip that is done with, or wrong by now."""
        path, status = f"/v1/assignments/{order['id']}", order["status"]
        wrong = order["stopped"] or (order["changed"] and "changed")
        if slip.exists() and (wrong or status == "shipped"):
            slip.unlink()
            print(f"{order['tag']}: its slip is done with: {wrong or status}")
        if order["stopped"] or status not in TO_PRINT:
            return
        if order["changed"]:
            self.ask("POST", f"{path}/acknowledge")
        if not slip.exists():
            self.print_once(order["id"], slip, slip.with_stem(f"{slip.stem}.printing"))
        if status == "assigned":
            self.ask("POST", f"{path}/accept")

    def print_once(self, assignment_id: int, slip: Path, begun: Path) -> None:
        if begun.exists():  # whether it came out, only a person can see
            print(f"{slip.stem}: was it printed? If not, print {slip}")
        else:
            pdf = self.ask("GET", "/v1/labels.pdf", params={"assignment_id": assignment_id})
            self.keep(begun.name, pdf.content)
            while self.command and subprocess.call([*self.command, str(begun)]):
                time.sleep(5)  # the printer said why
        begun.replace(slip)

    def ship(self) -> None:
        """Ship by the new lines, each under a key of its own."""
        lines = self.recall("numbers.txt").split("\n")[:-1]  # the last is still being written
        for n in range(int(self.recall("numbers.done") or 0), len(lines)):
            try:
                slip, *given = lines[n].split()
                parcel = dict(zip(("tracking_number", "carrier"), given, strict=False))
                found = self.ask("GET", "/v1/assignments", params={"tag": slip.partition("-")[0]})
                *_, order = found.json()["assignments"]
                self.ask("POST", f"/v1/assignments/{order['id']}/ship", json={"parcels": [parcel]},
                         headers={"Idempotency-Key": f"numbers.txt {n} {order['id']}"})  # fmt: skip
            except httpx.HTTPStatusError as refused:
                print(f"Not shipped: {lines[n]}: {refused.response.text}")
            except ValueError:
                print(f"Not shipped: {lines[n]}: no order of yours has that tag")
            self.keep("numbers.done", str(n + 1).encode())

    def recall(self, name: str) -> str:
        return file.read_text("utf-8-sig") if (file := self.folder / name).exists() else ""

    def keep(self, name: str, content: bytes) -> None:
        (new := self.folder / f"{name}.new").write_bytes(content)
        new.replace(self.folder / name)  # whole, or not at all


if __name__ == "__main__":
    house = httpx.Client(base_url=os.environ["DAIFA"], timeout=60)
    house.headers["Authorization"] = f"Bearer {os.environ['KEY'].strip()}"
    client = PrintClient(house, Path(sys.argv[1]), sys.argv[2:])
    while True:
        client.follow()
        client.ship()
