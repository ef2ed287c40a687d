"""Forged buttons, guessed invitations, one invitation opened by two: nothing breaks, nobody enters.

Buttons of every class are made up from a seed: bytes, ids that are not there, numbers too long and
below nothing; pressed by people who may not, on any message of any chat, and by those who may.
"""

import asyncio
import string
from dataclasses import replace
from pathlib import Path
from random import Random

from structlog.testing import capture_logs

from bot.commands import COMMANDS
from bot.guessing import OVERALL, PER_PERSON, WINDOW, Guesses
from bot.house import House
from bot.keyboards.data import KeepShipFrom
from core.people.accounts import Accounts
from playground.people import DEFAULT_BOT
from tests.core.firm import Firm, founded, incoming
from tests.proof import Proving
from tests.torture.buttons import CLASSES
from tests.torture.manor import FACTORY, FACTORY_GROUP, MERCHANT, full_house
from tests.torture.matrix import Ledger
from tests.torture.rehearsal import Rehearsal, Shown
from tests.torture.saying import shows_in_the_group
from tests.torture.telephone import Line, Telephone

SEED = 20_260_302
NUMBERS = ("0", "1", "2", "7", "-1", "999999", str(2**31), str(2**63 - 1), str(2**63), "9" * 40,
           "", "1e3", "٣", "0x1", "1.0")  # fmt: skip
WORDS = ("", "confirm", "batch", "ticked", "open", "one", "zz", "%s", "'--", "👻", "\x00", "A" * 40)


class Minutes:
    """A clock that stands until it is moved, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def house_of(firm: Firm, clock: Minutes | None = None) -> House:
    """Return a house over the firm."""
    guesses = Guesses(clock or Minutes())
    name = DEFAULT_BOT.username
    return House(firm.database, firm.services, DEFAULT_BOT.id, name, guesses=guesses)


def made_up(random: Random) -> str:
    """Return callback data that no screen made: at most 64 bytes, as Telegram lets through."""
    if random.random() < 0.1:
        letters = string.printable + "代发🏷"
        return "".join(random.choices(letters, k=random.randint(1, 20)))
    one = random.choice(list(CLASSES.values()))
    parts = [one.__prefix__]
    for about in one.model_fields.values():
        numeric = "int" in str(about.annotation)
        parts.append(random.choice(NUMBERS if numeric or random.random() < 0.3 else WORDS))
    if random.random() < 0.1:
        parts = parts[: random.randint(1, len(parts))] if random.random() < 0.5 else [*parts, "1"]
    return ":".join(parts).encode()[:64].decode("utf-8", "ignore")


async def test_made_up_buttons_break_nothing_and_open_nothing(
    tmp_path: Path, proves: Proving
) -> None:
    async with founded(tmp_path) as firm:
        await firm.binds()
        manor = await full_house(firm)
        house = house_of(firm)
        phone = Telephone(house)
        allowed = Telephone(replace(house, database=Rehearsal(house.database)))
        ledger = Ledger(tmp_path / "daifa.sqlite3", (manor.merchant.shop_id, manor.factory.shop_id))
        random, tried = Random(SEED), proves.size(400, 20_000)
        strangers = (7000, 7200, 7201)
        before = ledger.rows()
        for _ in range(tried):
            data, chat = made_up(random), random.choice((0, FACTORY_GROUP, -1_003))
            message = random.choice((1, 50_000, 999_999_999))
            lines = await phone.presses(random.choice(strangers), data, chat, message)
            assert _answered(lines), data
            assert ledger.rows() == before, data
            insider = random.choice((MERCHANT, FACTORY))
            assert _answered(await allowed.presses(insider, data, chat, message)), data
        ledger.close()
        proves.saw("made-up buttons, by strangers and by insiders: unanswered or failed",
                   f"0 of {2 * tried:,}", "0")  # fmt: skip


def _answered(lines: list[Line]) -> bool:
    return any(line.did == "AnswerCallbackQuery" for line in lines)


async def test_nobody_guesses_an_invitation_and_real_ones_go_on_working(
    tmp_path: Path, proves: Proving
) -> None:
    """Ten thousand tries by a crowd: most are not even looked at, and the log says so once."""
    async with founded(tmp_path) as firm:
        clock = Minutes()
        house = house_of(firm, clock)
        phone, tries, crowd = Telephone(house), proves.size(600, 10_000), 40
        real = await firm.database.write(Accounts().new_invite)
        looked, random = 0, Random(SEED)
        with capture_logs() as logs:
            for n in range(tries):
                token = "".join(random.choices(string.ascii_letters, k=32))
                kind = random.choice(("i_", "s_", "b_"))
                lines = await phone.says(8_000 + n % crowd, f"/start {kind}{token}")
                [text] = [line.text for line in lines if line.did == "SendMessage"]
                looked += "分钟" not in text
        alarms = [one for one in logs if "guessing" in one["event"]]
        assert len(alarms) == 1
        assert looked <= OVERALL + crowd
        assert house.guesses.total == looked
        [answer] = [
            line.text for line in await phone.says(9_001, f"/start i_{real}")
            if line.did == "SendMessage"
        ]  # fmt: skip
        assert "邀请" not in answer
        proves.saw("guessed invitations that were looked at",
                   f"{looked} of {tries:,}, and one alarm", f"≤ {OVERALL + crowd}")  # fmt: skip
        clock.now += WINDOW + 1
        own = await firm.database.write(Accounts().new_invite)
        await phone.says(8_000, f"/start i_{own}")
        account = await firm.looks(lambda store: store.accounts.by_telegram(8_000))
        assert account is not None
        assert account.invited_at is not None


async def test_a_few_links_that_do_not_work_are_nobodys_crime(tmp_path: Path) -> None:
    """The next one is not looked at, be it right; later it is, and it was not used up."""
    async with founded(tmp_path) as firm:
        clock = Minutes()
        phone = Telephone(house_of(firm, clock))
        real = await firm.database.write(Accounts().new_invite)
        said = [await phone.says(8_000, f"/start i_old{n}") for n in range(PER_PERSON)]
        assert all("邀请" in lines[0].text for lines in said)
        assert "10 分钟" in (await phone.says(8_000, f"/start i_{real}"))[0].text
        # Beginning without a link, and everybody else, are as ever.
        assert "分钟" not in (await phone.says(8_000, "/start"))[0].text
        clock.now += WINDOW + 1
        assert "分钟" not in (await phone.says(8_000, f"/start i_{real}"))[0].text


async def test_of_two_who_open_one_invitation_at_once_one_enters(tmp_path: Path) -> None:
    async with founded(tmp_path) as firm:
        await firm.binds()
        made = await firm.does(firm.services.staffing.invite, firm.merchant)
        opening = await firm.database.write(Accounts().new_invite)
        house = house_of(firm)
        one, two = Telephone(house), Telephone(house, first=10_000)
        for kind, token in (("s_", made.token), ("i_", opening)):
            said = await asyncio.gather(
                one.says(8_001, f"/start {kind}{token}"), two.says(8_002, f"/start {kind}{token}")
            )
            refused = [
                lines for lines in said
                if any("用过" in line.text or "不存在" in line.text for line in lines)
            ]  # fmt: skip
            assert len(refused) == 1, said


async def test_commands_have_no_arguments_that_break_them(tmp_path: Path, proves: Proving) -> None:
    """Whatever is said behind a command is answered in words."""
    async with founded(tmp_path) as firm:
        await firm.binds()
        house = house_of(firm)
        phone = Telephone(replace(house, database=Rehearsal(house.database)))
        random = Random(SEED)
        for command in COMMANDS:
            for _ in range(proves.size(2, 40)):
                words = random.choices((*NUMBERS, *WORDS, "B" * 3000), k=random.randint(1, 4))
                for person in (1001, 2001, 7000):
                    assert await phone.says(person, f"/{command.name} {' '.join(words)}")


async def test_what_is_refused_over_anothers_card_is_refused_in_words(tmp_path: Path) -> None:
    """A message kept as a card that its presser may not see: the reason is all they get."""
    async with founded(tmp_path) as firm:
        await firm.binds()
        await firm.imports([incoming(1)])
        [given] = await firm.assigns(1)
        house = house_of(firm)
        shown = Shown("assignment", given, firm.merchant.shop_id)
        [(message, _)] = (await shows_in_the_group(house, [shown])).values()
        nothing_waits = KeepShipFrom(shop=firm.merchant.shop_id).pack()
        lines = await Telephone(house).presses(1001, nothing_waits, FACTORY_GROUP, message)
        assert _answered(lines)
        assert not any("马克杯" in line.text for line in lines)
