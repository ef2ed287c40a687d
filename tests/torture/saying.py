"""Everything that can be said: commands, numbers, replies to cards, stolen questions' answers."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.commands import COMMANDS
from bot.house import House
from core.entities import Card
from core.ids import key
from core.ports import Store
from tests.torture.buttons import IDS, NOWHERE
from tests.torture.manor import FACTORY_GROUP, Person
from tests.torture.matrix import Matrix
from tests.torture.rehearsal import Question, Shown
from tests.torture.telephone import Line, file, photo

# Begin something of one's own, or ask a shop by its number, which is made to be found by.
NOT_WITH_ARGUMENTS = frozenset({"start", "bind", "lang", "cancel", "help"})
ANSWERS = ("2", "SF1234567890777", "缺货了，换一家", "2026-05-01")


class Named(NamedTuple):
    """Something of the victims' that can be typed, and the like of it that never was."""

    real: str
    never: str


async def follows_links(matrix: Matrix, person: Person, used: str) -> None:
    """Open links nobody was given: made up, or used by another; and what may always be said."""
    phone = matrix.phone
    for kind in ("s_", "b_", "i_"):
        for token in ("x" * 32, "0", "7" * 60, used):
            text = f"/start {kind}{token}"
            await matrix.attempt(person.who, text, phone.says(person.telegram_id, text))
    for text in ("/start", "/help", "/lang", "/cancel", "/bind", "……"):
        await matrix.attempt(person.who, text, phone.says(person.telegram_id, text))
    for data in ("x", "lang:zh_CN", "zz:1"):
        await matrix.attempt(person.who, data, phone.presses(person.telegram_id, data))


async def says_everything(matrix: Matrix, person: Person, named: Sequence[Named]) -> None:
    """Every command, alone and about the victims' things, and those things by themselves."""
    for chat in (0, FACTORY_GROUP):
        for command in COMMANDS:
            if command.name not in NOT_WITH_ARGUMENTS:
                for one in named:
                    await _says(matrix, person, f"/{command.name} ", one, chat)
        for one in named:
            for before, behind in (("", ""), ("", " SF1234567890777"), ("/assign ", " F000000")):
                await _says(matrix, person, before, one, chat, behind=behind)


async def _says(
    matrix: Matrix, person: Person, before: str, one: Named, chat: int, *, behind: str = ""
) -> None:
    nothing = await matrix.phone.says(person.telegram_id, f"{before}{one.never}{behind}", chat)
    said = f"{before}{one.real}{behind}"
    act = matrix.phone.says(person.telegram_id, said, chat)
    lines = await matrix.attempt(person.who, said, act)
    matrix.compare(f"{person.who}: {said}", lines, nothing, one.real, one.never)


async def shows_in_the_group(house: House, cards: Sequence[Shown]) -> dict[Shown, tuple[int, int]]:
    """Let messages of the factory's group show these; each has a twin that shows what never was."""
    places = {one: (50_000 + 2 * n, 50_001 + 2 * n) for n, one in enumerate(cards)}

    def keep(store: Store) -> None:
        for one, (real, never) in places.items():
            nothing = one.ref_id if one.kind.startswith("filter_") else NOWHERE  # that is a tab
            for message_id, ref in ((real, one.ref_id), (never, nothing)):
                store.chats.remember(Card(
                    bot_id=house.bot_id, chat_id=FACTORY_GROUP, message_id=message_id,
                    kind=one.kind, ref_id=ref, shop_id=one.shop_id, shown_at=store.now,
                ))  # fmt: skip

    await house.database.write(keep)
    return places


async def replies_to(
    matrix: Matrix, person: Person, places: Mapping[Shown, tuple[int, int]], answers: Sequence[str]
) -> None:
    """Reply to what the group shows, in words, with a photo and with a file."""
    contents: list[dict[str, Any]] = [photo(), file("运单.xlsx")]
    for shown, (real, never) in places.items():
        said = [*((text, {}) for text in answers), *(("", content) for content in contents)]
        for text, content in said:
            nothing = await _replies(matrix, person, text, never, content)
            act = _replies(matrix, person, text, real, content)
            what = f"reply to a {shown.kind}: {text or list(content)}"
            lines = await matrix.attempt(person.who, what, act)
            matrix.compare(f"{person.who}: {what}", lines, nothing)


async def _replies(
    matrix: Matrix, person: Person, text: str, to: int, content: dict[str, Any]
) -> list[Line]:
    return await matrix.phone.says(person.telegram_id, text, FACTORY_GROUP, to, **content)


async def answers_stolen(
    matrix: Matrix, person: Person, questions: Sequence[Question], answers: Sequence[str]
) -> None:
    """Answer what another was asked, as if the question had been put to oneself."""
    for question in questions:
        never = {
            name: NOWHERE if name in IDS and value else value
            for name, value in question.data.items()
        }
        for text in answers:
            await _is_asked(matrix, person, question.step, never)
            nothing = await matrix.phone.says(person.telegram_id, text)
            await _is_asked(matrix, person, question.step, question.data)
            act = matrix.phone.says(person.telegram_id, text)
            what = f"asked {question.step}, says {text}"
            lines = await matrix.attempt(person.who, what, act)
            matrix.compare(f"{person.who}: {what}", lines, nothing)
    await matrix.phone.says(person.telegram_id, "/cancel")


async def _is_asked(matrix: Matrix, person: Person, step: str, data: Mapping[str, object]) -> None:
    def ask(store: Store) -> None:
        account = matrix.phone.house.services.accounts.meet(store, person.telegram_id, "路人")
        store.accounts.ask(key(account), step, data)

    await matrix.phone.house.database.write(ask)
