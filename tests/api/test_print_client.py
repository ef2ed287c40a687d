"""The print client of `docs/examples`, run as a factory runs it: killed, cut off, begun again.

Nothing is printed or shipped twice, nothing is lost.
"""

import ast
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import select

from core.entities import Shipment
from tests.api.conftest import Shopfront
from tests.api.wire import Wire, wired
from tests.core.firm import incoming, order_no
from tests.machinery import floor

# It may just have begun to wait for news, and the machine may be busy.
until = partial(floor.until, stuck=30.0)
CLIENT = Path(__file__).parents[2] / "docs" / "examples" / "print_client.py"
PRINTER = """#!/bin/sh
grep -q '^%PDF' "$1" || exit 1
basename "$1" >> printed
while [ -e jammed ]; do sleep 0.05; done
"""


@dataclass
class Workshop:
    """A factory's computer with a printer, on which the client lives and dies."""

    front: Shopfront
    wire: Wire
    token: str
    folder: Path
    said: list[str] = field(default_factory=list)
    life: asyncio.subprocess.Process | None = None

    @property
    def slips(self) -> Path:
        """Return the client's folder."""
        return self.folder / "slips"

    @property
    def printed(self) -> list[str]:
        """Return the tags the printer was given, in order."""
        log = self.folder / "printed"
        return [line[:4] for line in log.read_text().splitlines()] if log.exists() else []

    async def starts(self) -> None:
        """Start the client, as the guide says."""
        environment = {"DAIFA": self.wire.address, "KEY": self.token, "PYTHONUNBUFFERED": "1"}
        self.life = await asyncio.create_subprocess_exec(
            sys.executable, CLIENT, "slips", "./printer", cwd=self.folder,
            env={**os.environ, **environment}, start_new_session=True,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self._hearing = asyncio.create_task(self._hear(self.life))

    async def _hear(self, life: asyncio.subprocess.Process) -> None:
        assert life.stdout
        async for line in life.stdout:
            self.said.append(line.decode().strip())

    def dies(self) -> None:
        """Kill the client and the printer's driver with it, as a power cut does."""
        if self.life is not None and self.life.returncode is None:
            os.killpg(self.life.pid, signal.SIGKILL)

    async def is_dead(self) -> int:
        """Wait for its end; return how it ended."""
        assert self.life
        await self._hearing
        return await self.life.wait()

    async def hears(self, *words: str) -> None:
        """Wait until the client has said it."""
        await until(
            lambda: asyncio.sleep(0, list(self.said)),
            lambda said: any(all(word in line for word in words) for line in said),
        )

    async def has_printed(self, *tags: str) -> None:
        """Wait until the printer has had so many slips; they are these."""
        await until(lambda: asyncio.sleep(0, self.printed), lambda some: len(some) >= len(tags))
        assert self.printed == list(tags)

    async def stand(self, n: int, status: str) -> None:
        """Wait until the order stands so."""
        await until(lambda: self.front.firm.order(n), lambda order: order.status == status)

    async def tag(self, assignment_id: int) -> str:
        return (await self.front.firm.assignment(assignment_id)).tag

    def scans(self, *lines: str, end: str = "\n") -> None:
        """Add lines to the numbers."""
        with (self.slips / "numbers.txt").open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + end)

    async def parcels(self) -> list[str]:
        """Return every parcel's number, as they left."""
        return await self.front.firm.looks(
            lambda store: list(store.session.scalars(select(Shipment.tracking_number)))
        )


@pytest.fixture
async def workshop(front: Shopfront, tmp_path: Path) -> AsyncIterator[Workshop]:
    """A printer that works, and a key for the client."""
    folder = tmp_path / "workshop"
    folder.mkdir()
    (folder / "printer").write_text(PRINTER)
    (folder / "printer").chmod(0o700)
    async with wired(str(front.client.base_url)) as wire:
        shop = Workshop(front, wire, await front.key(), folder)
        yield shop
        shop.dies()
        if shop.life is not None:
            await shop.is_dead()


async def test_killed_at_every_turn_it_prints_and_ships_each_order_once(workshop: Workshop) -> None:
    firm = workshop.front.firm
    await firm.imports([incoming(n) for n in (1, 2, 3, 4)])
    one, two = await firm.assigns(1, 2)
    first, second = await workshop.tag(one), await workshop.tag(two)
    (workshop.folder / "jammed").touch()
    await workshop.starts()
    await workshop.has_printed(first)
    workshop.dies()  # while the printer has the slip: whether it came out, nobody knows
    await workshop.is_dead()
    (workshop.folder / "jammed").unlink()
    [three] = await firm.assigns(3)  # while it is off
    third = await workshop.tag(three)

    await workshop.starts()
    await workshop.hears(first, "was it printed?")
    await workshop.has_printed(first, second, third)
    await until(lambda: firm.assignment(three), lambda found: found.status == "accepted")
    assert (await firm.assignment(one)).status == "accepted"

    workshop.wire.cuts("/ship", then=workshop.dies)  # shipped, and it never heard of it
    workshop.scans(f"{first}-{order_no(1)} SF1234567890123", f"{second} 7312345678901")
    workshop.scans(f"{third} SF12345678", end="")
    [four] = await firm.assigns(4)
    fourth = await workshop.tag(four)
    await workshop.is_dead()
    assert await workshop.parcels() == ["SF1234567890123"]
    workshop.scans("90125")  # the rest of the line that was being written

    await workshop.starts()
    await workshop.stand(3, "shipped")
    await workshop.has_printed(first, second, third, fourth)
    assert await workshop.parcels() == ["SF1234567890123", "SF1234567890125"]
    await workshop.hears("Not shipped", second, "parcel_doubtful", "candidates")
    workshop.scans(f"{second} 7312345678901 中通", "9999 SF1", "")
    await workshop.stand(2, "shipped")
    await workshop.hears("9999", "no order of yours has that tag")
    left = [f"{fourth}-{four}.pdf"]  # nobody's address lies about once it has shipped
    await until(
        lambda: asyncio.sleep(0, [each.name for each in workshop.slips.glob("*.pdf")]),
        lambda names: names == left,
    )
    assert not [line for line in workshop.said if "already_shipped" in line]


async def test_a_changed_order_is_printed_anew_and_a_stopped_one_is_not_shipped(
    workshop: Workshop,
) -> None:
    firm = workshop.front.firm
    await firm.imports([incoming(n) for n in (1, 2)])
    one, two = await firm.assigns(1, 2)
    first, second = await workshop.tag(one), await workshop.tag(two)
    await workshop.starts()
    await workshop.has_printed(first, second)
    erp = await workshop.front.key("merchant")
    orders = [(await firm.order(n)).id for n in (1, 2)]

    async def says(n: int, what: str, **body: object) -> None:
        path = f"/v1/orders/{orders[n - 1]}/{what}"
        done = await workshop.front.asks(erp, "POST", path, json=body)
        assert done.status_code == 200, done.text

    await says(1, "change", seller_note="易碎")
    await workshop.has_printed(first, second, first)
    await until(lambda: firm.assignment(one), lambda found: found.changed_at is None)
    await says(2, "change", on_hold=True)
    await workshop.hears(second, "done with", "on_hold")
    assert not (workshop.slips / f"{second}-{two}.pdf").exists()
    workshop.scans(f"{second} SF1234567890123")
    await says(1, "cancel")
    await workshop.hears(first, "done with", "cancelled")
    await workshop.hears("Not shipped", second, "order_stopped")
    await says(2, "change", on_hold=False)
    await workshop.has_printed(first, second, first, second)
    assert await workshop.parcels() == []


async def test_it_waits_when_told_so_and_ends_when_its_key_does(workshop: Workshop) -> None:
    firm, keys = workshop.front.firm, workshop.front.firm.services.programs.keys
    await firm.imports([incoming(1)])
    [one] = await firm.assigns(1)
    made = await firm.does(keys.make, firm.factory, "打单", ["read", "ship", "recipients"])
    workshop.token = made.token
    workshop.wire.is_busy("/v1/events")
    workshop.wire.cuts("/accept")
    await workshop.starts()
    await workshop.hears("No answer, trying again")
    await workshop.has_printed(await workshop.tag(one))
    await until(lambda: firm.assignment(one), lambda found: found.status == "accepted")
    assert not workshop.wire.faults
    await firm.does(keys.revoke, firm.factory, made.key.id)
    assert await workshop.is_dead() == 1
    assert "Make a new key in chat: /apikey" in workshop.said[-1]


def test_it_is_short_and_needs_nothing_but_httpx() -> None:
    source = CLIENT.read_text("utf-8")
    assert source.count("\n") <= 120
    named = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom)
                     else [each.name for each in node.names])
    }  # fmt: skip
    assert named - sys.stdlib_module_names == {"httpx"}
